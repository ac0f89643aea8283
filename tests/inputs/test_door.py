"""Before anything of a body is read: who asks, what for, and with which method."""

import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.hub import Hub
from tests.inputs.badges import BAD_TOKENS
from tests.inputs.conftest import require_silence
from tests.inputs.doors import CANARY, DOORS, READABLE, WORRIES, Door
from tests.tokens import bearer, hub_token

Note = Callable[[str, object], None]


class Untouched:
    """A body that notes whether anyone began to read it."""

    def __init__(self, size: int = 1) -> None:
        self.taken = 0
        self._size = size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken += self._size
            yield b" " * self._size


async def test_a_token_made_the_same_way_but_good_is_taken(hub: Hub) -> None:
    every = "referral:read information:write outcome:read"
    for url in READABLE:
        answer = await hub.http.get(url, headers=bearer(hub_token(hub.folder, scope=every)))
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_a_bad_token_is_refused_by_every_service(
    name: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    token = BAD_TOKENS[name](hub.folder)
    for url in READABLE:
        answer = await hub.http.get(url, headers=bearer(token))
        assert (url, answer.status_code) == (url, 401), answer.text
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        require_silence(answer, logs)
        assert token[:200] not in answer.text + logs.getvalue()
    record_property("bad_inputs", len(READABLE))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 401),
        ([("Authorization", "")], 401),
        ([("Authorization", "Bearer")], 401),
        ([("Authorization", "Bearer  ")], 401),
        ([("Authorization", f"Basic {CANARY}")], 401),
        ([("Authorization", f"Digest {CANARY}")], 401),
        ([("Authorization", CANARY)], 401),
        ([("Cookie", f"hub_session={CANARY}")], 401),
        ([("X-Api-Key", CANARY)], 401),
        ([("Authorization", "Bearer a"), ("Authorization", "Bearer b")], 400),
        ([("Authorization", "Bearer " + CANARY * 6_000)], 431),
        ([("X-Filler", CANARY * 6_000)], 431),
        ([(f"X-Filler-{number}", CANARY) for number in range(1_200)], 431),
    ],
)
async def test_who_shows_no_token_is_refused(
    headers: list[tuple[str, str]], status: int, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    for url in READABLE:
        answer = await hub.http.get(url, headers=headers)
        assert (url, answer.status_code) == (url, status)
        require_silence(answer, logs)
    record_property("bad_inputs", len(READABLE))


@pytest.mark.parametrize("name", DOORS)
async def test_nothing_is_read_from_someone_unknown(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    door, body = doors[name], Untouched()
    answer = await door.send(body, {"Authorization": ""})
    assert (answer.status_code, body.taken) == (401, 0)
    not_json = await door.send(f"{{{CANARY}", {"Authorization": "Bearer x"})
    assert not_json.status_code == 401
    require_silence(not_json, logs)
    record_property("bad_inputs", 2)


@pytest.mark.parametrize("name", [name for name in DOORS if name not in WORRIES])
async def test_nothing_is_read_from_someone_without_the_right(
    name: str, doors: dict[str, Door], hub: Hub, record_property: Note
) -> None:
    door, body = doors[name], Untouched()
    answer = await door.send(body, await hub.as_staff("helen.cho"))
    assert (answer.status_code, body.taken) == (403, 0)
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    record_property("bad_inputs", 1)


@pytest.mark.parametrize("name", WORRIES)
async def test_a_worry_of_someone_without_the_right_is_read_to_be_held_and_no_further_than_any(
    name: str, doors: dict[str, Door], hub: Hub, record_property: Note
) -> None:
    door, endless = doors[name], Untouched(100_000)
    staff = await hub.as_staff("helen.cho")
    held = await door.send("She was crying again.", staff)
    too_large = await door.send(endless, staff)
    assert (held.status_code, held.json()["code"]) == (403, "not_permitted")
    assert held.headers["www-authenticate"].startswith("Bearer ")
    assert (too_large.status_code, endless.taken <= 2_200_000) == (413, True)
    record_property("bad_inputs", 2)


@pytest.mark.parametrize("name", DOORS)
async def test_a_body_that_says_it_is_too_large_is_not_read(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    body = Untouched()
    answer = await doors[name].send(body, {"Content-Length": "2000001"})
    assert (answer.status_code, answer.json()["code"], body.taken) == (413, "too_large", 0)
    record_property("bad_inputs", 1)


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("announced", ["", "1", "0", "-1", "many"])
async def test_a_body_is_counted_as_it_comes_whatever_was_said_of_it(
    name: str, announced: str, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    body = Untouched(100_000)
    answer = await doors[name].send(body, {"Content-Length": announced})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert body.taken <= 2_200_000
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


async def test_bytes_are_counted_and_not_characters(doors: dict[str, Door], record_property: Note) -> None:
    said = '{"x": "' + "\u6bd4" * 700_000 + '"}'
    answer = await doors["referral"].send(said.encode())
    assert (len(said) < 2_000_000, answer.status_code) == (True, 413)
    record_property("bad_inputs", 1)


@pytest.mark.parametrize("accepted", ["application/xml", "text/html", "", "*/*;q=0", CANARY])
async def test_a_refusal_has_one_form_whatever_is_accepted(
    accepted: str, hub: Hub, logs: io.StringIO
) -> None:
    answer = await hub.http.get(READABLE[0], headers={"Accept": accepted})
    assert answer.status_code == 401
    require_silence(answer, logs)


async def test_who_says_to_be_someone_else_is_not_believed(hub: Hub) -> None:
    claimed = {
        "X-Forwarded-For": "10.0.0.1",
        "Forwarded": f"for={CANARY}",
        "X-User-Id": "0198f0a0-0000-7000-8000-000000000101",
        "X-Agency-Id": "0198f0a0-0000-7000-8000-000000000002",
        "X-Original-Url": "/v1/cases",
        "X-Http-Method-Override": "DELETE",
    }
    headers = await hub.as_client("northshire-police")
    plain = await hub.http.get(READABLE[0], headers=headers)
    answer = await hub.http.get(READABLE[0], headers=headers | claimed)
    assert (answer.status_code, answer.json()) == (200, plain.json())


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([], "protocol_misuse"),
        ([""], "protocol_misuse"),
        (['""'], "protocol_misuse"),
        (["a b"], "protocol_misuse"),
        ([CANARY * 20], "protocol_misuse"),
        ([f"{CANARY}\x7f"], "protocol_misuse"),
        ([f"{CANARY}\xe9"], "protocol_misuse"),
        (["one", "two"], "protocol_misuse"),
    ],
)
async def test_a_referral_needs_one_good_key(
    keys: list[str], code: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    own = await hub.as_client("northshire-police") | {"Content-Type": "application/json"}
    headers = [*own.items(), *(("Idempotency-Key", key.encode("latin-1")) for key in keys)]
    sent: Any = [(name, value) for name, value in headers]
    answer = await hub.http.post(READABLE[0], content=b"{}", headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("", 428),
        ("7", 412),
        ('"7"', 412),
        ('W/"7"', 412),
        ("*", 412),
        ('"-1"', 412),
        ('"x"', 412),
        (f'"{CANARY}"', 412),
        ('"99999999999999999999"', 412),
        ('"1", "2"', 412),
        ('"\xb2"', 412),
    ],
)
async def test_a_decision_is_for_the_version_that_stands(
    given: str, status: int, doors: dict[str, Door], logs: io.StringIO, record_property: Note
) -> None:
    door = doors["decision"]
    good = door.good | {"supersedes": None, "rationale": f"As discussed, {uuid4()}."}
    headers: Any = {"If-Match": given.encode("latin-1") if given else ""}
    answer = await door.send(json.dumps(good), headers)
    assert answer.status_code == status, answer.text
    require_silence(answer, logs)
    record_property("bad_inputs", 1)
