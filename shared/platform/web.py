"""How every service's application is put together: routes, problems, health, metrics, description."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from shared.platform import openapi
from shared.platform.auth import Authenticator
from shared.platform.edge import Edge
from shared.platform.refusals import (
    Advise,
    OnRefusal,
    answer_problem,
    content_of,
    nobody_to_tell,
    nothing_to_advise,
)
from shared.problems import (
    FieldError,
    Invalid,
    MethodNotAllowed,
    NotFound,
    Problem,
    ProtocolMisuse,
    Unavailable,
    UnsupportedMedia,
)

ReadyCheck = Callable[[], Awaitable[bool]]
Notes = Callable[[], Awaitable[Mapping[str, str]]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

#: Open to everyone: none of it speaks of a person.
OPEN_PATHS = ("/health/", "/metrics", "/openapi.json")


@dataclass(frozen=True, slots=True)
class Gate:
    """Who is let in, and who hears of those who are not.

    Attributes:
        authenticate: turns tokens into callers before a body is read; None for pages with a cookie of
            their own.
        on_refusal: records the refusal of a known caller, in a transaction of its own.
        advise: what a sender is told to do when it gets a problem for an answer and `on_refusal` has
            nothing to say.
        open_paths: prefixes that need no token, beside health, metrics and the description.
    """

    authenticate: Authenticator | None
    on_refusal: OnRefusal = nobody_to_tell
    advise: Advise = nothing_to_advise
    open_paths: tuple[str, ...] = ()
    max_body_bytes: int = 2_000_000


@dataclass(frozen=True, slots=True)
class About:
    """What the API's description opens with, written for the developers of partner systems."""

    title: str
    description: str


async def _nothing_to_note() -> Mapping[str, str]:
    return {}


def create_app(
    about: About,
    *,
    gate: Gate,
    routers: Sequence[APIRouter],
    lifespan: Lifespan,
    ready: ReadyCheck,
    notes: Notes = _nothing_to_note,
) -> FastAPI:
    """Return a service's application.

    Args:
        lifespan: opens what the service stands on (state.sessions, clients) and closes it again.
        ready: whether what the service stands on answers now, for /health/ready.
        notes: codes that stand beside that answer: what is still under way, and keeps nobody waiting.
    """
    app = FastAPI(
        title=about.title,
        description=about.description,
        version="1",
        lifespan=lifespan,
        redirect_slashes=False,
        # What generated clients call their functions: the endpoint's own name.
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,
        redoc_url=None,
    )
    for router in routers:
        app.include_router(router)
    app.include_router(_health(ready, notes))
    _answer_problems(app, gate)
    openapi.install(app)
    app.add_middleware(
        Edge,
        authenticate=gate.authenticate,
        open_paths=OPEN_PATHS + gate.open_paths,
        max_body_bytes=gate.max_body_bytes,
        on_refusal=gate.on_refusal,
        advise=gate.advise,
    )
    return app


def _answer_problems(app: FastAPI, gate: Gate) -> None:
    """Turn every refusal, ours or the framework's, into one shape in one place."""

    async def answer(request: Request, error: Exception) -> JSONResponse:
        problem = as_problem(error)
        if isinstance(problem, MethodNotAllowed):
            problem.headers["Allow"] = ", ".join(_methods_at(app, request.scope["path"]))
        content = partial(content_of, request)
        return await answer_problem(
            request.scope, problem, gate.on_refusal, content=content, advise=gate.advise
        )

    for error_class in (Problem, RequestValidationError, HTTPException):
        app.add_exception_handler(error_class, answer)


def _methods_at(app: FastAPI, path: str) -> list[str]:
    """Return every method that an address takes; Starlette names those of one of its routes alone."""
    here = (each for each in iter_route_contexts(app.routes) if each.methods and each.path_regex.match(path))
    return sorted({method for route in here for method in route.methods or ()})


def as_problem(error: Exception) -> Problem:
    """Return the problem that `error` is, in the hub's own words."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return _parameter_problem(error)
        case HTTPException(status_code=404):
            return NotFound()
        case HTTPException(status_code=405):
            return MethodNotAllowed("This address does not take that method.")
        case HTTPException(status_code=415):
            return UnsupportedMedia("The hub does not read this kind of body here.")
        case _:
            return ProtocolMisuse("The request could not be understood.")


def _parameter_problem(error: RequestValidationError) -> Problem:
    faults = error.errors()
    if any(fault["loc"][0] == "path" for fault in faults):
        # An id that cannot be one is answered like one that is not there.
        return NotFound()
    return Invalid(
        "Some parameters are not acceptable; see errors.",
        errors=tuple(
            FieldError(fault["type"], fault["msg"], parameter=str(fault["loc"][-1])) for fault in faults
        ),
    )


def _health(ready: ReadyCheck, notes: Notes) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        """Say that the process runs."""
        return {"status": "live"}

    @router.get("/health/ready")
    async def readiness() -> dict[str, str]:
        """Say whether what this service stands on answers."""
        if not await ready():
            raise Unavailable
        return {"status": "ready", **await notes()}

    @router.get("/metrics")
    async def metrics() -> Response:
        """Give the figures in the Prometheus text format."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def etag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'
