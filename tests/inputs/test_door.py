"""Before anything of a body is read: who asks, what for, and with which method."""

import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.hub import URLS, Hub
from tests.inputs.badges import BAD_TOKENS
from tests.inputs.conftest import require_silence
from tests.inputs.doors import CANARY, DOORS, Door
from tests.tokens import bearer, hub_token

Note = Callable[[str, object], None]

#: One address of each service that a system of the police may read.
READABLE = (
    f"{URLS['intake']}/v1/referrals",
    f"{URLS['triage']}/v1/information-requests",
    f"{URLS['notifications']}/v1/outcomes",
    f"{URLS['access']}/v1/agencies",
)
UNKNOWN = "0198f0a0-0000-7000-8000-00000000ffff"


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


async def _get_case(hub: Hub, written: str) -> httpx.Response:
    headers = await hub.as_staff("dana.reid")
    return await hub.http.get(f"{URLS['triage']}/v1/cases/{written}", headers=headers)


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


@pytest.mark.parametrize("name", DOORS)
async def test_nothing_is_read_from_someone_without_the_right(
    name: str, doors: dict[str, Door], hub: Hub, record_property: Note
) -> None:
    door, body = doors[name], Untouched()
    answer = await door.send(body, await hub.as_staff("helen.cho"))
    assert (answer.status_code, body.taken) == (403, 0)
    assert answer.headers["www-authenticate"].startswith("Bearer ")
    record_property("bad_inputs", 1)


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


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "HEAD", "OPTIONS", "FROBNICATE"])
async def test_a_method_that_is_not_taken_is_named_as_such(
    method: str, hub: Hub, record_property: Note
) -> None:
    headers = await hub.as_client("northshire-police") | {"Origin": "https://evil.example"}
    for url in READABLE:
        answer = await hub.http.request(method, url, headers=headers)
        assert (url, answer.status_code) == (url, 405)
        assert "GET" in answer.headers["allow"]
        assert "access-control-allow-origin" not in answer.headers
    record_property("bad_inputs", len(READABLE))


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/referrals/", "/v1//referrals", "/V1/referrals", "/v1/referrals/SH-00000000-0/", "/", "/v1"),
        *("/v1/referrals/%00", "/v1/referrals/%2e%2e%2fx", "/v1/referrals/%0d%0aSet-Cookie:%20x=1"),
        *("/v1/referrals/..%2f..%2fmetrics", "/v1/referrals/%ff%fe", "/v1/referrals/" + "9" * 8_000),
        f"/v1/referrals/{CANARY}",
        *("/docs", "/redoc", "/admin", "/.env", "/internal/referrals/x", "/health/live/x"),
    ],
)
async def test_an_address_that_is_none_is_not_found(
    path: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    headers = await hub.as_client("northshire-police")
    answer = await hub.http.get(f"{URLS['intake']}{path}", headers=headers, follow_redirects=False)
    assert answer.status_code in ({403, 404} if path.startswith("/internal") else {404}), answer.text
    assert "location" not in answer.headers
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@pytest.mark.parametrize(
    "written",
    [
        "x",
        "%00",
        "0",
        f"{{{UNKNOWN}}}",
        f"urn:uuid:{UNKNOWN}",
        UNKNOWN.replace("-", ""),
        UNKNOWN + "0",
        CANARY,
    ],
)
async def test_an_id_is_written_in_one_way(
    written: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    absent = await _get_case(hub, UNKNOWN)
    answer = await _get_case(hub, written)
    assert answer.status_code == 404
    assert answer.json() | {"request_id": ""} == absent.json() | {"request_id": ""}
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


@pytest.mark.parametrize("handler", ["%00", "OPEN_CASE", "%ff", "a" * 61, "..%2f..", "%0d%0aX:y", CANARY])
async def test_the_name_of_a_handler_is_a_name(
    handler: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    url = f"{URLS['triage']}/v1/parked-events/{handler}/{UNKNOWN}/release"
    answer = await hub.http.post(url, headers=await hub.as_staff("sam.field"))
    assert answer.status_code == 404
    require_silence(answer, logs)
    record_property("bad_inputs", 1)


async def test_an_id_is_the_same_in_capitals_and_not_in_braces(hub: Hub, doors: dict[str, Door]) -> None:
    case_id = doors["decision"].url.split("/")[5]
    statuses = [
        (await _get_case(hub, written)).status_code
        for written in (
            case_id,
            case_id.upper(),
            f"{{{case_id}}}",
            f"urn:uuid:{case_id}",
            case_id.replace("-", ""),
        )
    ]
    assert statuses == [200, 200, 404, 404, 404]


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
