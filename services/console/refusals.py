"""What a person sees when something does not work: a page with the next step, and never a lost word."""

from fastapi import FastAPI, Request
from jinja2 import Environment
from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.console.exchange import Restricted, SignedOut
from services.console.forms import NOTHING_TYPED, NotConfirmed, Typed
from services.console.pages.showing import frame_for, show
from services.console.session import Person, desk_of, session_id_of, signed_in
from services.console.sign_in import own_path, to_sign_in, wanted_path
from shared.design.pages import page_headers
from shared.platform.refusals import answer_problem, nobody_to_tell
from shared.platform.web import OPEN_PATHS
from shared.problems import Problem, Unavailable

_PROBLEM_MEDIA = b"application/problem+json"

#: Title and sentence by status; the last is for whatever is not listed.
_WORDS = {
    403: (
        "You cannot do this",
        "Your role does not carry the right to do it. If it should, ask your hub's administrator.",
    ),
    404: (
        "There is nothing here that you can see",
        "It may not exist, or it may not be yours to read. Check the address, or start from the work list.",
    ),
    409: (
        "Somebody else was quicker",
        "What you meant to settle was settled or replaced in the meantime: read it again.",
    ),
    413: ("That was too much at once", "What you sent is larger than the hub takes."),
    429: ("Too many requests", "Wait a moment, then try again."),
    503: (
        "The hub cannot answer just now",
        "Part of it is away for the moment. Nothing that was recorded is lost. Try again in a minute.",
    ),
}
_UNREADABLE = ("The hub could not read that", "Go back, load the page again, and try once more.")
_FAILED = ("Something went wrong", "The hub failed to answer. Tell your administrator the number below.")


def install(app: FastAPI) -> None:
    """Have `app` answer what it must refuse with pages."""
    app.add_exception_handler(SignedOut, _signed_out)
    app.add_exception_handler(NotConfirmed, _not_confirmed)
    app.add_exception_handler(Unavailable, _unavailable)
    app.add_exception_handler(Restricted, _restricted)
    app.add_middleware(ProblemsAsPages, templates=app.state.templates)


async def _signed_out(request: Request, _error: Exception) -> Response:
    if (session_id := session_id_of(request)) is not None:
        desk_of(request).staff.forget(session_id)
    if _typed(request) is not None:
        return _keep(request, "signed_out", 401)
    if request.method in {"GET", "HEAD"}:
        return to_sign_in(request, wanted_path(request))
    return RedirectResponse("/", 303)


async def _not_confirmed(request: Request, _error: Exception) -> Response:
    return _keep(request, "confirm", NotConfirmed.status)


async def _unavailable(request: Request, error: Exception) -> Response:
    if _typed(request) is not None:
        return _keep(request, "away", Unavailable.status)
    problem = error if isinstance(error, Problem) else Unavailable()
    return await answer_problem(request.scope, problem, nobody_to_tell)


async def _restricted(request: Request, _error: Exception) -> Response:
    case_id = request.path_params.get("case_id")
    return RedirectResponse(f"/cases/{case_id}/closed" if case_id else "/restricted", 303)


def _typed(request: Request) -> Typed | None:
    typed: Typed | None = getattr(request.state, "typed", None)
    return typed


def _keep(request: Request, why: str, status: int) -> Response:
    """Return the page that holds what was typed, to be sent again with one press."""
    typed = _typed(request)
    fields = typed.kept if typed else {}
    return show(request, "kept.html", status=status, why=why, fields=fields, back=own_path(request.url.path))


class ProblemsAsPages:
    """Outermost: whatever refuses a page's request, the person gets a page and not a problem in JSON."""

    def __init__(self, app: ASGIApp, templates: Environment) -> None:
        self._app = app
        self._templates = templates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; machines asking for health, metrics or the description get JSON."""
        if scope["type"] != "http" or scope["path"].startswith(OPEN_PATHS):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Page(scope, send, self._templates))


class _Page:
    """A `send` that puts a page in the place of a problem."""

    def __init__(self, scope: Scope, send: Send, templates: Environment) -> None:
        self._scope = scope
        self._send = send
        self._templates = templates
        self._replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            self._replaced = headers.get("content-type", "").encode().startswith(_PROBLEM_MEDIA)
            if self._replaced:
                await self._answer(message, headers)
                return
        if not self._replaced:
            await self._send(message)

    async def _answer(self, start: Message, headers: MutableHeaders) -> None:
        body = await self._body(start["status"], headers.get("x-request-id", ""))
        headers.update(page_headers())
        headers["content-type"] = "text/html; charset=utf-8"
        headers["content-length"] = str(len(body))
        del headers["www-authenticate"]
        await self._send(start)
        shown = b"" if self._scope["method"] == "HEAD" else body
        await self._send({"type": "http.response.body", "body": shown})

    async def _body(self, status: int, request_id: str) -> bytes:
        request = Request(self._scope)
        heading, words = _WORDS.get(status, _FAILED if status >= 500 else _UNREADABLE)
        can_repeat = self._scope["method"] == "GET" and status in {429, 503}
        template = self._templates.get_template("problem.html")
        return template.render(
            heading=heading,
            status=status,
            words=words,
            request_id=request_id,
            again=own_path(self._scope["path"]) if can_repeat else None,
            typed=_typed(request) or NOTHING_TYPED,
            **frame_for(request, await _whoever_is_signed_in(request)),
        ).encode()


async def _whoever_is_signed_in(request: Request) -> Person | None:
    """Return who it is, so that a refusal is no dead end; None, too, while nobody can say."""
    try:
        return await signed_in(request)
    except Problem:
        return None
