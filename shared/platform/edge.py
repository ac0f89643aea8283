"""The edge of every service, in pure ASGI: request id, body cap, authentication, one log line, no 5xx text.

Pure ASGI because Starlette's BaseHTTPMiddleware loses connections when a client goes away.
"""

import re
import time
from contextlib import suppress
from urllib.parse import parse_qsl

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.platform import log, telemetry
from shared.platform.auth import Authenticator
from shared.platform.refusals import (
    Advise,
    OnRefusal,
    answer_problem,
    content_of,
    nothing_to_advise,
    problem_response,
    route_of,
)
from shared.problems import HeadersTooLarge, NotAuthenticated, Problem, ProtocolMisuse, TooLarge
from shared.schemas.ids import new_id

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_MAX_HEADER_BYTES = 32_768
# Never sent: for the log and the figures alone, in the number that web servers use for it.
_CLIENT_GONE = 499


class _InternalError(Problem):
    """Something of ours broke; the request id leads to it in the log."""

    status, code, title = 500, "internal_error", "The hub failed"


class Edge:
    """Wraps a service's application."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticate: Authenticator | None,
        open_paths: tuple[str, ...],
        max_body_bytes: int,
        on_refusal: OnRefusal,
        advise: Advise = nothing_to_advise,
    ) -> None:
        self._app = app
        self._authenticate = authenticate
        self._open_paths = open_paths
        self._max_body_bytes = max_body_bytes
        self._on_refusal = on_refusal
        self._advise = advise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; everything but HTTP is passed on untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        given = Headers(scope=scope).get("x-request-id", "")
        token = log.request_id.set(given if _REQUEST_ID.fullmatch(given) else str(new_id()))
        answer = _Answer(send, log.request_id.get())
        started = time.perf_counter()
        try:
            await self._guarded(scope, receive, answer)
        finally:
            self._account_for(scope, answer.status, time.perf_counter() - started)
            log.request_id.reset(token)

    async def _guarded(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            await self._admit(scope)
            await self._app(scope, _Capped(receive, scope, self._max_body_bytes), answer)
        except Problem as problem:
            response = await self._refuse(scope, receive, problem)
            await response(scope, receive, answer)
        except ClientDisconnect:
            # Gone before the whole request was here: nobody to answer, and nothing of ours failed.
            answer.status = answer.status or _CLIENT_GONE
        except Exception as error:
            # The last resort: say where, not what, since an error's words may hold a child's name.
            structlog.get_logger().error(
                "request_failed",
                error_type=type(error).__name__,
                place=log.where(error),
                route=route_of(scope),
            )
            if answer.status:
                raise
            failed = _InternalError("The hub failed to answer; nothing was recorded.")
            response = problem_response(failed, self._advise(scope["method"], scope["path"]))
            await response(scope, receive, answer)

    async def _refuse(self, scope: Scope, receive: Receive, problem: Problem) -> JSONResponse:
        async def content() -> bytes | None:
            return await content_of(Request(scope, _Capped(receive, scope, self._max_body_bytes)))

        return await answer_problem(scope, problem, self._on_refusal, content=content, advise=self._advise)

    async def _admit(self, scope: Scope) -> None:
        """Authenticate before anything of the body is read."""
        try:
            _no_endless_headers(scope)
            _no_parameter_twice(scope)
        except Problem:
            # Even so it is worth knowing whose it is: what a known sender says is not lost.
            with suppress(NotAuthenticated, ProtocolMisuse):
                await self._know_caller(scope)
            raise
        await self._know_caller(scope)

    async def _know_caller(self, scope: Scope) -> None:
        if self._authenticate is None or scope["path"].startswith(self._open_paths):
            return
        token = bearer_token(Headers(scope=scope))
        scope["state"]["caller"] = await self._authenticate(token, method=scope["method"], path=scope["path"])

    def _account_for(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope)
        telemetry.requests.labels(scope["method"], route, str(status)).observe(seconds)
        if route not in _QUIET or status >= 400:
            structlog.get_logger().info(
                "request",
                method=scope["method"],
                route=route,
                status=status,
                duration_ms=round(seconds * 1000, 1),
            )


_QUIET = {"/health/live", "/health/ready", "/metrics"}


def bearer_token(headers: Headers) -> str:
    """Return the one bearer token of a request.

    Raises:
        NotAuthenticated: there is none.
        ProtocolMisuse: two Authorization headers; the hub will not choose.
    """
    given = headers.getlist("authorization")
    if len(given) > 1:
        raise ProtocolMisuse("Authorization is given twice.")
    scheme, _, token = (given[0] if given else "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthenticated
    return token.strip()


def _no_endless_headers(scope: Scope) -> None:
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _MAX_HEADER_BYTES:
        raise HeadersTooLarge(f"The hub takes at most {_MAX_HEADER_BYTES} bytes of headers.")


def _no_parameter_twice(scope: Scope) -> None:
    names = [name for name, _ in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)]
    if len(names) != len(set(names)):
        raise ProtocolMisuse("A query parameter is given twice.")


class _Answer:
    """A `send` that remembers the status and adds the headers every answer carries."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self._request_id
            headers.setdefault("Cache-Control", "no-store")
            headers["X-Content-Type-Options"] = "nosniff"
        await self._send(message)


class _Capped:
    """A `receive` that counts bytes, whatever Content-Length says."""

    def __init__(self, receive: Receive, scope: Scope, limit: int) -> None:
        self._receive = receive
        self._left = limit
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > limit:
            raise _too_large(limit)
        self._limit = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                raise _too_large(self._limit)
        return message


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The hub takes at most {limit} bytes.")
