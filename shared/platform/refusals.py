"""What becomes of a refusal: recorded, its content perhaps kept, and its sender told in one shape."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import Scope

from shared.platform import log
from shared.platform.auth import Caller
from shared.problems import FieldError, Problem, TooLarge

_PROBLEM_TYPE = "urn:safeguarding-hub:problem:"
#: How long the hub waits for what is left of a request that it has refused already.
_LATE_SECONDS = 15.0

Content = Callable[[], Awaitable[bytes | None]]


async def no_content() -> None:
    """Give the content of a request whose content nobody may ask for."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that was turned away, for the audit: who, what, why.

    Attributes:
        method_and_path: as they were sent. An address may be what someone else calls a child's record: it
            is not for the audit.
        content: gives what the request said, all of it, to who may keep it; None when its sender went away
            in the middle of it. Raises TooLarge when it is more than the hub takes.
    """

    caller: Caller
    action: str
    path_ids: dict[str, str]
    status: int
    code: str
    request_id: str
    errors: tuple[FieldError, ...] = ()
    method_and_path: tuple[str, str] = ("", "")
    content: Content = field(default=no_content, repr=False)


#: Takes note of a refusal, and says what its sender is advised to do where there is more to say than why.
OnRefusal = Callable[[Refusal], Awaitable[str | None]]
#: Says what the sender of a request, by its method and path, is advised when nothing of it was kept.
Advise = Callable[[str, str], str | None]


async def nobody_to_tell(_refusal: Refusal) -> None:
    """Take note of nothing: for the console, whose refusals the services behind it record."""


def nothing_to_advise(_method: str, _path: str) -> None:
    """Advise nothing: where a refusal leaves nobody in danger."""


async def content_of(request: Request) -> bytes | None:
    """Return what a refused request says, read to its end if it was refused before that.

    Half of it is nothing that anybody sent: whoever goes away in the middle, or takes for ever, has no
    answer to rely on and sends it again.

    Raises:
        TooLarge: it is more than the hub takes.
    """
    try:
        async with asyncio.timeout(_LATE_SECONDS):
            # What the endpoint has read already is kept in the request: nothing is read or held twice.
            return await request.body()
    except (ClientDisconnect, TimeoutError):
        return None


def problem_response(problem: Problem, advice: str | None = None) -> JSONResponse:
    """Return `problem` as RFC 9457 `application/problem+json`.

    Args:
        advice: what to do now, where a child may be in danger.
    """
    body: dict[str, Any] = {
        "type": _PROBLEM_TYPE + problem.code,
        "title": problem.title,
        "status": problem.status,
        "code": problem.code,
        "detail": problem.detail,
        "request_id": log.request_id.get(),
    }
    if advice:
        body["advice"] = advice
    if problem.errors:
        body["errors"] = [
            {
                name: value
                for name in ("pointer", "parameter", "code", "detail")
                if (value := getattr(error, name))
            }
            for error in problem.errors
        ]
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JSONResponse(body, problem.status, headers, media_type="application/problem+json")


async def answer_problem(
    scope: Scope,
    problem: Problem,
    on_refusal: OnRefusal,
    *,
    content: Content = no_content,
    advise: Advise = nothing_to_advise,
) -> JSONResponse:
    """Return the answer to `problem`, after the refusal of a known caller has been recorded.

    When the record cannot be written the answer is a 503: a look that nobody can account for is not
    answered, not even with a no. What is left of the body is read only where it is to be kept; if it turns
    out to be more than the hub takes, that is why it is refused.
    """
    advice: str | None = None
    caller = scope["state"].get("caller")
    if caller is not None and problem.status < 500:
        try:
            advice = await on_refusal(_refusal(scope, caller, problem, content))
        except TooLarge as too_large:
            return await answer_problem(scope, too_large, on_refusal, advise=advise)
        except Problem as failed:
            problem = failed
    return problem_response(problem, advice or advise(scope["method"], scope["path"]))


def _refusal(scope: Scope, caller: Caller, problem: Problem, content: Content) -> Refusal:
    return Refusal(
        caller,
        f"{scope['method']} {route_of(scope)}",
        {name: str(value) for name, value in scope.get("path_params", {}).items()},
        problem.status,
        problem.code,
        log.request_id.get(),
        problem.errors,
        (scope["method"], scope["path"]),
        content,
    )


def route_of(scope: Scope) -> str:
    """Return the path with its ids left out, as it stands in the API's description."""
    route = scope.get("route")
    return str(getattr(route, "path", "unknown"))
