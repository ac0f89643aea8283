"""How many bodies a process holds at once: memory stays bounded however many send, and however much.

A body costs the process many times its size while it is read and written down. So what is on its way in is
counted in bytes, and whoever comes when the sum is reached is told to come back, before anything is read.
"""

import asyncio
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform import log, telemetry
from shared.platform.refusals import Advise, nothing_to_advise, problem_response
from shared.problems import Unavailable
from shared.schemas.ids import new_id

# More than what anybody writes by hand.
_LARGE_BYTES = 100_000
# Longer than any network pauses that still works; a sender that has gone away without a word frees its place.
_LONGEST_SILENCE_SECONDS = 20.0
_RETRY_AFTER_SECONDS = 2

Route = tuple[str, str]


class Overloaded(Unavailable):
    """The hub is busy with what others send."""

    code = "overloaded"

    def __init__(self) -> None:
        super().__init__(
            "The hub is busy with what others send, and has not read this. Send the same request again.",
            retry_after_seconds=_RETRY_AFTER_SECONDS,
        )


class TooSlow(Unavailable):
    """The body stopped coming."""

    code = "body_stopped"

    def __init__(self) -> None:
        super().__init__("What you sent stopped coming halfway. Send the same request again.")


@dataclass(frozen=True, slots=True)
class Room:
    """How much a process takes in at once.

    Attributes:
        bytes_at_once: the sum of the bodies on their way in.
        largest_body: what a body that does not say its length is counted as.
        first: routes that may fill all of it; others leave them a quarter. Large bodies leave half to small
            ones whatever the route: some slow ones must not keep out all that is written by hand.
        longest_silence_seconds: how long a sender may pause in the middle of a body.
    """

    bytes_at_once: int
    largest_body: int
    first: frozenset[Route] = frozenset()
    longest_silence_seconds: float = _LONGEST_SILENCE_SECONDS

    def holds(self, taken: int, size: int, route: Route) -> bool:
        """Say whether a body of `size` bytes can come in when `taken` are on their way."""
        # One alone is let in whatever its size: a limit set too low must not close the door.
        if taken == 0:
            return True
        share = 0.5 if size > _LARGE_BYTES else 1.0 if route in self.first else 0.75
        return taken + size <= share * self.bytes_at_once


class Admission:
    """Stands before everything else of an application, so that a refusal costs next to nothing."""

    def __init__(self, app: ASGIApp, *, room: Room, advise: Advise = nothing_to_advise) -> None:
        self._app = app
        self._room = room
        self._advise = advise
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; one without a body is always let in."""
        size = self._size_of(scope) if scope["type"] == "http" else 0
        if size == 0:
            await self._app(scope, receive, send)
            return
        if not self._room.holds(self._taken, size, (scope["method"], scope["path"])):
            await self._refuse(Overloaded(), scope, receive, send)
            return
        self._taken += size
        try:
            await self._let_in(scope, receive, send)
        finally:
            self._taken -= size

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = _Body(receive, self._room.longest_silence_seconds)
        answer = _Answer(send)
        await self._app(scope, body, answer)
        if body.stopped and not answer.started:
            await self._refuse(TooSlow(), scope, receive, send)

    async def _refuse(self, problem: Unavailable, scope: Scope, receive: Receive, send: Send) -> None:
        telemetry.turned_away.labels(problem.code).inc()
        token = log.request_id.set(str(new_id()))
        response = problem_response(problem, self._advise(scope["method"], scope["path"]))
        response.headers["X-Request-Id"] = log.request_id.get()
        await response(scope, receive, send)
        log.request_id.reset(token)

    def _size_of(self, scope: Scope) -> int:
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers:
            return self._room.largest_body
        announced = headers.get("content-length", "0")
        # What is larger is refused without being read; what is not a number is not a length.
        return min(int(announced), self._room.largest_body) if announced.isdecimal() else 0


class _Body:
    """A `receive` that ends when nothing has come for too long: as if the sender had gone away."""

    def __init__(self, receive: Receive, longest_silence_seconds: float) -> None:
        self._receive = receive
        self._patience = longest_silence_seconds
        self._is_whole = False
        self.stopped = False

    async def __call__(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout(self._patience):
                message = await self._receive()
        except TimeoutError:
            self.stopped = True
            return {"type": "http.disconnect"}
        self._is_whole = not message.get("more_body", False)
        return message


class _Answer:
    """A `send` that remembers whether an answer has been given."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        self.started = True
        await self._send(message)
