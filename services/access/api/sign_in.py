"""Access's own sign-in page: shown, filled in, and the browser sent back to the console."""

import hmac
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.access import rules
from services.access.actions.proving import NotProven, Password, Proven, prove_by_password
from services.access.actions.sessions import open_door
from services.access.api.forms import SentForm
from services.access.api.parts import OpenedParts, Parts
from services.access.errors import ForeignForm
from services.access.passwords import new_secret
from shared.design.pages import page_headers, render
from shared.platform.requests import Now

router = APIRouter(include_in_schema=False)

_COOKIE = "hub_sign_in"
_COOKIE_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
_SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class _Journey:
    """Where the browser came from and goes back to."""

    return_to: str
    state: str


@router.get("/sign-in")
async def get_sign_in(request: Request, parts: OpenedParts, return_to: str = "", state: str = "") -> Response:
    """Show the sign-in page."""
    if not return_to and not state:
        # Someone kept the address of this page: the console knows where to begin.
        return _redirect(parts.settings.console_url)
    if not _is_ours(parts, return_to, state):
        return _wrong_link(parts)
    return _page(request, parts, _Journey(return_to, state))


@router.post("/sign-in")
async def post_sign_in(request: Request, form: SentForm, parts: OpenedParts, now: Now) -> Response:
    """Check what was typed; send the browser back with a one-use code, or show the page again."""
    _refuse_foreign(request, parts)
    journey = _Journey(form.get("return_to", ""), form.get("state", ""))
    if not _is_ours(parts, journey.return_to, journey.state):
        return _wrong_link(parts)
    if not _same_browser(request, form.get("csrf", "")):
        return _page(request, parts, journey, status=403, stale=True)
    typed = Password(form.get("username", ""), form.get("password", ""))
    if missing := [name for name in ("username", "password") if not form.get(name, "").strip()]:
        return _page(request, parts, journey, status=422, missing=missing, username=typed.username)
    sessions = request.app.state.sessions
    outcome = await prove_by_password(sessions, typed, parts.check, now=now)
    if not isinstance(outcome, Proven):
        return _refused(request, parts, journey, outcome, typed.username)
    code = await open_door(sessions, outcome, lifetime=parts.settings.session_lifetime, now=now)
    return _redirect(rules.way_home(journey.return_to, code=code, state=journey.state))


def _is_ours(parts: Parts, return_to: str, state: str) -> bool:
    return rules.leads_home(return_to, parts.settings.console_url) and rules.is_state(state)


def _refuse_foreign(request: Request, parts: Parts) -> None:
    origin = request.headers.get("origin", "null")
    ours = {urlsplit(parts.settings.public_url).netloc, request.headers.get("host", "")}
    if origin != "null" and urlsplit(origin).netloc not in ours:
        raise ForeignForm
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise ForeignForm


def _same_browser(request: Request, token: str) -> bool:
    cookie = request.cookies.get(_COOKIE, "")
    return bool(_COOKIE_VALUE.fullmatch(cookie)) and hmac.compare_digest(cookie.encode(), token.encode())


def _page(request: Request, parts: Parts, journey: _Journey, *, status: int = 200, **shown: Any) -> Response:
    cookie = request.cookies.get(_COOKIE, "")
    # Kept while it is well formed, so that two tabs of one browser can both sign in.
    token = cookie if _COOKIE_VALUE.fullmatch(cookie) else new_secret()
    values = {"missing": [], "failed": False, "stale": False, "username": ""} | shown
    page = render(
        parts.templates,
        "sign_in.html",
        status=status,
        forms_lead_to=[_origin(parts.settings.console_url)],
        journey=journey,
        csrf=token,
        home=parts.settings.console_url,
        **values,
    )
    secure = parts.settings.public_url.startswith("https:")
    page.set_cookie(_COOKIE, token, path="/sign-in", secure=secure, httponly=True, samesite="strict")
    return page


def _refused(request: Request, parts: Parts, journey: _Journey, reason: NotProven, username: str) -> Response:
    if reason is NotProven.WRONG:
        return _page(request, parts, journey, status=422, failed=True, username=username)
    minutes = int(rules.FAILURE_WINDOW.total_seconds()) // 60
    page = render(
        parts.templates, "too_many.html", status=429, home=parts.settings.console_url, minutes=minutes
    )
    page.headers["Retry-After"] = str(minutes * 60)
    return page


def _wrong_link(parts: Parts) -> Response:
    return render(parts.templates, "wrong_link.html", status=400, home=parts.settings.console_url)


def _redirect(address: str) -> Response:
    return RedirectResponse(address, _SEE_OTHER, page_headers())


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
