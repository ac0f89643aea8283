"""How many bodies a process takes in at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from shared.platform.admission import Admission, Room

REFERRALS = "/v1/referrals"
ROOM = Room(
    bytes_at_once=1_000_000,
    largest_body=900_000,
    first=frozenset({("POST", REFERRALS)}),
    longest_silence_seconds=0.05,
)


async def test_a_body_that_finds_no_room_is_turned_away_unread() -> None:
    door = Door()
    async with door.holding(450_000):
        refused = await door.send(200_000)
    assert (refused.status, refused.problem["code"], refused.parts_read) == (503, "overloaded", 0)
    assert refused.headers[b"retry-after"] == b"2"
    assert refused.headers[b"content-type"] == b"application/problem+json"
    assert refused.headers[b"x-request-id"].decode() == refused.problem["request_id"]
    assert refused.problem["advice"] == "Ring the hub."


async def test_room_is_given_back_when_the_answer_is_given() -> None:
    door = Door()
    async with door.holding(450_000):
        assert (await door.send(450_000)).status == 503
    assert (await door.send(450_000)).status == 201


async def test_room_is_given_back_when_the_application_fails() -> None:
    async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError

    door = Door(fail)
    with suppress(RuntimeError):
        await door.send(900_000)
    async with door.holding(450_000):
        assert (await door.send(3_000, app=read_it)).status == 201


async def test_large_bodies_leave_room_for_small_ones() -> None:
    door = Door()
    async with door.holding(450_000):
        assert (await door.send(450_000)).status == 503
        assert (await door.send(3_000, app=read_it)).status == 201


async def test_a_referral_finds_room_when_nothing_else_does() -> None:
    door = Door()
    async with door.holding(760_000):
        assert (await door.send(3_000, path="/v1/referrals/check")).status == 503
        assert (await door.send(3_000, app=read_it)).status == 201


async def test_a_request_without_a_body_is_never_turned_away() -> None:
    door = Door()
    async with door.holding(900_000):
        assert (await door.send(0, method="GET", app=read_it)).status == 201


async def test_a_body_that_does_not_say_its_length_counts_as_the_largest() -> None:
    door = Door()
    async with door.holding(3_000):
        assert (await door.send(10, chunked=True)).status == 503


async def test_a_body_larger_than_all_the_room_is_let_in_alone() -> None:
    door = Door(read_it)
    assert (await door.send(5_000_000)).status == 201


async def test_a_sender_that_falls_silent_is_told_to_come_back_and_frees_its_place() -> None:
    door = Door(read_it)
    answer = await door.send(900_000, stops=True)
    assert (answer.status, answer.problem["code"]) == (503, "body_stopped")
    assert (await door.send(900_000)).status == 201


async def read_it(scope: Scope, receive: Receive, send: Send) -> None:
    """Read a body to its end, as the hub does: whoever goes away in the middle gets no answer."""
    try:
        await Request(scope, receive).body()
    except ClientDisconnect:
        return
    await Response(status_code=201)(scope, receive, send)


class Answer:
    """What a sender was told, and how much of what it sent was taken."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.parts_read = 0
        self._body = b""

    @property
    def problem(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._body)
        return said

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self._body += message["body"]


App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Door:
    """An application behind the admission of bodies."""

    def __init__(self, app: App = read_it) -> None:
        self._app = app
        self._admission = Admission(self._answer, room=ROOM, advise=lambda _method, _path: "Ring the hub.")

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (scope["app"] or self._app)(scope, receive, send)

    @asynccontextmanager
    async def holding(self, size: int) -> AsyncIterator[None]:
        """Have a body of so many bytes on its way in for the length of a `with` block."""
        inside, let_go = asyncio.Event(), asyncio.Event()

        async def wait(scope: Scope, receive: Receive, send: Send) -> None:
            inside.set()
            await let_go.wait()
            await read_it(scope, receive, send)

        held = asyncio.create_task(self.send(size, app=wait))
        await inside.wait()
        yield
        let_go.set()
        assert (await held).status == 201

    async def send(
        self,
        size: int,
        *,
        method: str = "POST",
        path: str = REFERRALS,
        chunked: bool = False,
        stops: bool = False,
        app: App | None = None,
    ) -> Answer:
        """Announce a body of `size` bytes; with `stops`, nothing comes after the first of them."""
        answer = Answer()

        async def receive() -> Message:
            answer.parts_read += 1
            if answer.parts_read > 1:
                await asyncio.sleep(60)
            return {"type": "http.request", "body": b"x", "more_body": stops}

        length = (b"transfer-encoding", b"chunked") if chunked else (b"content-length", str(size).encode())
        scope = {"type": "http", "method": method, "path": path, "headers": [length], "app": app}
        await self._admission(scope, receive, answer.take)
        return answer
