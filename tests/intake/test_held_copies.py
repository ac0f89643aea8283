"""Whatever is refused from a known sender is kept, sealed, before the sender hears of it."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import insert, text
from structlog.testing import capture_logs

from deploy.local.postgres import PostgresServer
from services.intake.actions.holding import keeping
from services.intake.models import HeldCopy, IdempotencyKey
from shared.clock import utc_now
from shared.platform.auth import Caller, CallerKind
from shared.platform.database import transaction
from shared.platform.refusals import Refusal
from tests.hub import Hub, agency_id_of
from tests.intake.kept import (
    CANARY,
    a_copy,
    copies_count,
    copies_of,
    opened,
    send,
    vault_of,
)
from tests.referrals import a_referral
from tests.tokens import bearer, hub_token

UNKNOWN = "/SH-7K3QX9MA-9"
TELEPHONE = "the hub's duty line"
NO_KEY: dict[str, str | None] = {"Idempotency_Key": None}


def words(**given: Any) -> bytes:
    """Return a body that is new each time, and is refused unless it is changed."""
    return json.dumps({"concerns": f"{CANARY} {uuid4()}"} | given).encode()


def a_version() -> bytes:
    return json.dumps({"reason": f"{CANARY} {uuid4()}", "referral": a_referral()}).encode()


def a_withdrawal() -> bytes:
    return json.dumps({"reason": f"{CANARY} {uuid4()}"}).encode()


def good() -> bytes:
    return json.dumps(a_referral(actions_taken=CANARY)).encode()


#: What is sent, to where, with which headers, and how it is refused.
REFUSED: list[tuple[str, str, bytes, dict[str, str | None], int, str]] = [
    ("empty", "", b" " * 4417, {}, 400, "unreadable"),
    ("cut off", "", words()[:-1], {}, 400, "unreadable"),
    ("two documents", "", words() + b"{}", {}, 400, "unreadable"),
    ("no text", "", b"\xff\xfe\x00" + words(), {}, 400, "unreadable"),
    ("a key twice", "", b'{"kind": "referral", ' + words()[1:-1] + b', "kind": 1}', {}, 400, "unreadable"),
    ("deep", "", b"[" * 4000 + words() + b"]" * 4000, {}, 400, "unreadable"),
    ("no idempotency key", "", good(), NO_KEY, 400, "protocol_misuse"),
    ("a bad idempotency key", "", good(), {"Idempotency_Key": "two words"}, 400, "protocol_misuse"),
    ("a parameter twice", "?a=1&a=2", good(), {}, 400, "protocol_misuse"),
    ("an unknown parameter", "?a=1", good(), {}, 422, "invalid"),
    ("endless headers", "", good(), {"X-Endless": "x" * 33_000}, 431, "headers_too_large"),
    ("as text", "", good(), {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
    ("compressed", "", gzip.compress(good()), {"Content-Encoding": "gzip"}, 415, "unsupported_media_type"),
    ("the wrong shape", "", words(), {}, 422, "invalid"),
    ("half a character", "", words(kind="\ud800"), {}, 422, "invalid"),
    ("to an address with a slash", "/", good(), {}, 404, "not_found"),
    ("a version of nothing", f"{UNKNOWN}/versions", a_version(), {}, 404, "not_found"),
    ("a version in the wrong shape", f"{UNKNOWN}/versions", words(), {}, 422, "invalid"),
    ("a version without a key", f"{UNKNOWN}/versions", good(), NO_KEY, 400, "protocol_misuse"),
    ("a withdrawal of nothing", f"{UNKNOWN}/withdrawal", a_withdrawal(), {}, 404, "not_found"),
    ("a withdrawal without a reason", f"{UNKNOWN}/withdrawal", words(), {}, 422, "invalid"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "content", "headers", "status", "code"),
    [case[1:] for case in REFUSED],
    ids=[case[0] for case in REFUSED],
)
async def test_what_is_refused_is_kept_as_it_was_sent(
    hub: Hub, path: str, content: bytes, headers: dict[str, str | None], status: int, code: str
) -> None:
    before = await copies_count(hub)
    answer = await send(hub, content, path, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await copies_count(hub) == before + 1
    [copy] = [copy for copy in await copies_of(hub, content) if copy.code == code]
    assert (copy.status, copy.client_id, copy.state) == (status, "northshire-police", "waiting")
    assert copy.agency_id == agency_id_of("northshire-police")
    assert "has kept what you sent" in answer.json()["advice"]


@pytest.mark.parametrize("scope", ["outcome:read", ""])
async def test_what_a_system_without_the_right_sends_is_kept_although_nobody_read_it(
    hub: Hub, scope: str
) -> None:
    content = good()
    token = bearer(hub_token(hub.folder, scope=scope))["Authorization"]
    answer = await send(hub, content, Authorization=token)
    assert answer.status_code == 403
    assert len(await copies_of(hub, content)) == 1


async def test_what_staff_send_to_the_wrong_door_is_kept(hub: Hub) -> None:
    content = good()
    answer = await send(hub, content, **await hub.as_staff("lucy.grant"))
    assert answer.status_code == 403
    assert [copy.client_name for copy in await copies_of(hub, content)] == ["Lucy Grant"]


async def test_a_reference_or_a_key_that_was_used_for_something_else_is_kept(hub: Hub) -> None:
    first, key = a_referral(), str(uuid4())
    await hub.post_referral(first, key=key)
    for code, changed in (
        ("duplicate_reference", {"Idempotency_Key": str(uuid4())}),
        ("idempotency_mismatch", {"Idempotency_Key": key}),
    ):
        content = json.dumps(first | {"actions_taken": f"{CANARY} {code}"}).encode()
        answer = await send(hub, content, **changed)
        assert answer.json()["code"] == code
        assert len(await copies_of(hub, content)) == 1


async def test_nothing_is_kept_of_what_nobody_known_sent(hub: Hub) -> None:
    before = await copies_count(hub)
    for token in ("Bearer nothing", bearer(hub_token(hub.folder, aud="someone else"))["Authorization"]):
        answer = await send(hub, good(), Authorization=token)
        assert answer.status_code == 401
        assert answer.json()["advice"].startswith("If a child is in danger, ring 999")
    assert await copies_count(hub) == before


async def test_nothing_is_kept_of_what_is_too_large_even_when_it_is_refused_before_that(hub: Hub) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b" " * 100_000

    before = await copies_count(hub)
    narrow = bearer(hub_token(hub.folder, scope="outcome:read"))["Authorization"]
    for content, token in ((b" " * 2_000_001, None), (endless(), None), (endless(), narrow)):
        headers = {"Authorization": token} if token else {}
        answer = await send(hub, content, **headers)
        assert (answer.status_code, "Do not rely" in answer.json()["advice"]) == (413, True)
    assert await copies_count(hub) == before


async def test_nothing_is_kept_or_even_read_of_what_must_wait_its_turn(hub: Hub) -> None:
    async def unread() -> bytes:
        raise AssertionError

    write = keeping(hub.sessions["intake"], vault_of(hub), telephone=TELEPHONE)
    caller = Caller(CallerKind.CLIENT, "northshire-police", "A system")
    where = ("POST", "/v1/referrals")
    refusal = Refusal(caller, "POST /v1/referrals", {}, 429, "too_many_requests", "r", (), where, unread)
    assert await write(refusal) is None


async def test_nothing_is_kept_while_the_first_request_is_being_answered(hub: Hub) -> None:
    key, before = str(uuid4()), await copies_count(hub)
    agency_id = agency_id_of("northshire-police")
    async with transaction(hub.sessions["intake"], "test") as tx:
        row = {"agency_id": agency_id, "client_id": "northshire-police", "key": key, "fingerprint": "x"}
        await tx.execute(
            insert(IdempotencyKey).values(row | {"status": 201, "answer": {}, "created_at": utc_now()})
        )
        answer = await send(hub, good(), Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (409, "request_in_flight")
    assert await copies_count(hub) == before


async def test_the_same_sent_again_is_counted_and_not_kept_twice(hub: Hub) -> None:
    content = words()
    await asyncio.gather(*(send(hub, content) for _ in range(5)))
    [copy] = await copies_of(hub, content)
    assert (copy.times_sent, copy.last_sent_at >= copy.first_sent_at) == (5, True)
    await send(hub, content, "/SH-7K3QX9MA-9/versions")
    await send(hub, content, "/SH-00000000-0/versions")
    assert len(await copies_of(hub, content)) == 3


async def test_the_copy_is_there_before_the_sender_hears_of_it(hub: Hub) -> None:
    content = words()
    kept: list[HeldCopy] = []
    app: Any = hub.http._transport._ways["intake"].app  # type: ignore[attr-defined]
    given = bearer(hub_token(hub.folder)) | {"Content-Type": "application/json", "Idempotency-Key": "k"}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content}

    async def hang_up(message: dict[str, Any]) -> None:
        kept.extend(await copies_of(hub, content))
        raise ConnectionResetError

    scope = {
        "type": "http", "method": "POST", "path": "/v1/referrals", "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    with pytest.raises(ConnectionResetError):
        await app(scope, receive, hang_up)
    assert len(kept) == 1


async def test_a_refusal_that_cannot_be_kept_is_not_answered_as_one(hub: Hub, server: PostgresServer) -> None:
    owner = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    content, entries = words(), "SELECT count(*) FROM audit.entry WHERE action = 'request.refused'"
    before = await owner.fetchval(entries)
    await owner.execute("REVOKE INSERT ON intake.held_copy FROM hub_intake")
    try:
        answer = await send(hub, content)
    finally:
        await owner.execute("GRANT INSERT ON intake.held_copy TO hub_intake")
    after = await owner.fetchval(entries)
    await owner.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "Do not rely" in answer.json()["advice"]
    assert (after - before, await copies_of(hub, content)) == (0, [])


async def test_nothing_can_be_read_in_the_table_or_in_a_log(hub: Hub) -> None:
    content = words(kind=f"{CANARY} as a kind")
    with capture_logs() as lines:
        await send(hub, content, f"/{CANARY}/versions")
        await opened(hub, await a_copy(hub))
    assert CANARY not in repr(lines)
    async with transaction(hub.sessions["intake"], "test") as tx:
        rows = [row for (row,) in await tx.execute(text("SELECT held_copy::text FROM intake.held_copy"))]
    assert [row for row in rows if CANARY in row or CANARY.encode().hex() in row] == []


@pytest.mark.parametrize(
    ("content", "danger"),
    [
        (words(immediate_danger=True), True),
        (words(immediate_danger="True"), True),
        (words(referral={"immediate_danger": True}), True),
        (words(immediate_danger=True)[:-1], True),
        (gzip.compress(words(immediate_danger=True)), True),
        (b'{"immediate_danger": true, "immediate_danger": false}', True),
        (words(immediate_danger=False), False),
        (words(actions_taken="immediate_danger is not true"), False),
    ],
    # The words are new in every run; the names of the tests must not be.
    ids=["said", "in words", "inside", "cut off", "packed", "said and unsaid", "denied", "spoken of"],
)
async def test_what_speaks_of_danger_is_told_so_first(hub: Hub, content: bytes, danger: bool) -> None:
    answer = await send(hub, content)
    assert [copy.immediate_danger for copy in await copies_of(hub, content)] == [danger]
    advice = answer.json()["advice"]
    assert advice.startswith("If the child is in danger now") is danger
    assert f"ring {TELEPHONE}" in advice
