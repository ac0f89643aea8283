"""The edge when whoever asked does not wait for the answer, or is refused before all of it was read."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from shared.platform import refusals
from shared.platform.auth import Caller, CallerKind, permit
from shared.platform.edge import Edge
from shared.platform.openapi import json_body
from shared.platform.refusals import Refusal, nobody_to_tell
from shared.platform.web import About, Gate, create_app
from shared.problems import NotAuthenticated
from shared.schemas.shapes import Form
from shared.schemas.words import Scope as Right


async def test_a_client_that_goes_away_is_no_failure_of_the_hub() -> None:
    async def broken_off(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ClientDisconnect

    sent: list[Message] = []
    with capture_logs() as lines:
        await _edge_of(broken_off)(_request(), _nothing_comes, _into(sent))
    assert sent == []
    assert [(line["event"], line["log_level"], line["status"]) for line in lines] == [
        ("request", "info", 499)
    ]


@pytest.mark.parametrize(
    ("right", "query", "headers", "status"),
    [
        (None, b"", {}, 403),
        (Right.REFERRAL_WRITE, b"", {"content-type": "text/plain"}, 415),
        (Right.REFERRAL_WRITE, b"", {}, 422),
        (Right.REFERRAL_WRITE, b"a=1&a=2", {}, 400),
        (Right.REFERRAL_WRITE, b"", {"x-endless": "x" * 33_000}, 431),
    ],
)
async def test_whoever_keeps_what_is_refused_is_given_all_of_it(
    right: Right | None, query: bytes, headers: dict[str, str], status: int
) -> None:
    kept = _Kept()
    await _ask(kept, _parts(b'{"wor', b'ds": ', b"1}"), right=right, query=query, headers=headers)
    assert (kept.status, kept.contents) == (status, [b'{"words": 1}'])


async def test_what_nobody_keeps_is_not_read_once_it_is_refused() -> None:
    asked, sent = _parts(b"{", b"}"), _Kept(wants=False)
    await _ask(sent, asked, right=None)
    assert (sent.status, [message["body"] for message in asked]) == (403, [b"{", b"}"])


async def test_what_is_refused_and_turns_out_too_large_is_refused_for_that() -> None:
    kept = _Kept()
    await _ask(kept, _parts(*[b" " * 600] * 3), right=None)
    assert (kept.status, kept.contents, kept.codes) == (413, [], ["not_permitted", "too_large"])


async def test_half_of_a_refused_request_is_not_kept_but_the_refusal_is_noted() -> None:
    kept = _Kept()
    await _ask(kept, iter([next(_parts(b"{", b"}"))]), right=None)
    assert (kept.contents, kept.codes) == ([None], ["not_permitted"])


async def test_the_rest_of_a_refused_request_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(refusals, "_LATE_SECONDS", 0.05)
    kept = _Kept()
    await _served(kept, right=None)(_request(), never, _into(kept.sent))
    assert (kept.status, kept.contents) == (403, [None])


async def test_nobody_is_given_what_an_unknown_sender_says() -> None:
    kept = _Kept()
    await _ask(kept, _parts(b"{}"), token="somebody else's")
    assert (kept.status, kept.codes) == (401, [])


class _Kept:
    """Takes note of refusals, and of what was said in them unless it does not want to know."""

    def __init__(self, *, wants: bool = True) -> None:
        self._wants = wants
        self.codes: list[str] = []
        self.contents: list[bytes | None] = []
        self.sent: list[Message] = []

    async def __call__(self, refusal: Refusal) -> None:
        self.codes.append(refusal.code)
        if self._wants and refusal.status != 413:
            self.contents.append(await refusal.content())

    @property
    def status(self) -> int:
        status: int = self.sent[0]["status"]
        return status


class _Worry(Form):
    words: str


def _served(kept: _Kept, *, right: Right | None) -> FastAPI:
    async def authenticate(token: str, *, method: str, path: str) -> Caller:
        if token != "a token":
            raise NotAuthenticated
        return Caller(CallerKind.CLIENT, "a-system", "A system", scopes=frozenset({right} if right else ()))

    router = APIRouter()

    @router.post("/v1/referrals")
    async def post_worry(
        caller: Annotated[Caller, permit(scope=Right.REFERRAL_WRITE)],
        worry: Annotated[_Worry, json_body(_Worry)],
    ) -> None: ...

    gate = Gate(authenticate, on_refusal=kept, max_body_bytes=1000)
    return create_app(About("A", "B"), gate=gate, routers=[router], lifespan=_idle, ready=_ready)


def _idle(_app: FastAPI) -> Any:
    raise AssertionError("never started")


async def _ready() -> bool:
    return True


async def _ask(
    kept: _Kept,
    parts: Iterator[Message],
    *,
    right: Right | None = Right.REFERRAL_WRITE,
    query: bytes = b"",
    headers: dict[str, str] | None = None,
    token: str = "a token",
) -> None:
    async def receive() -> Message:
        return next(parts, {"type": "http.disconnect"})

    given = {"content-type": "application/json", "authorization": f"Bearer {token}"} | (headers or {})
    await _served(kept, right=right)(_request(query, given), receive, _into(kept.sent))


def _parts(*bodies: bytes) -> Iterator[Message]:
    last = len(bodies) - 1
    return iter(
        {"type": "http.request", "body": body, "more_body": place < last} for place, body in enumerate(bodies)
    )


def _request(query: bytes = b"", headers: dict[str, str] | None = None) -> dict[str, Any]:
    given = headers if headers is not None else {"authorization": "Bearer a token"}
    return {
        "type": "http",
        "method": "POST",
        "path": "/v1/referrals",
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }


def _edge_of(app: Any) -> Edge:
    return Edge(app, authenticate=None, open_paths=(), max_body_bytes=1000, on_refusal=nobody_to_tell)


async def _nothing_comes() -> Message:
    return {"type": "http.disconnect"}


def _into(sent: list[Message]) -> Callable[[Message], Awaitable[None]]:
    async def send(message: Message) -> None:
        sent.append(message)

    return send
