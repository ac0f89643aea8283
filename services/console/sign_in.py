"""Signing in and out: access shows the page and keeps the session, the console holds a cookie for it."""

import hmac
import secrets
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.exchange import SignedOut
from services.console.forms import OwnForm
from services.console.pages.showing import show
from services.console.session import (
    Now,
    SignedIn,
    desk_of,
    drop_session,
    keep_session,
    session_id_of,
)
from shared.problems import Unavailable

router = APIRouter(include_in_schema=False)

_ON_THE_WAY_SECONDS: Final = 3600
_MOST_ATTEMPTS: Final = 5
_ATTEMPT: Final = "sign_in_"
SIGNED_IN_AGAIN: Final = "/signed-in-again"


def to_sign_in(request: Request, path: str) -> Response:
    """Send the browser to access's sign-in page, and remember where it wanted to go.

    One cookie for each attempt: two tabs may be on their way at once.
    """
    desk = desk_of(request)
    state = secrets.token_urlsafe(24)
    query = urlencode({"return_to": f"{desk.public_url}/signed-in", "state": state})
    response = RedirectResponse(f"{desk.sign_in_url}?{query}", 303)
    if len(begun := desk.cookies.names_of(request, _ATTEMPT)) >= _MOST_ATTEMPTS:
        # A page that keeps reloading signed out must not grow a header that no server takes.
        for name in begun:
            desk.cookies.drop(response, name)
    desk.cookies.put(response, _attempt(state), f"{state} {path}", seconds=_ON_THE_WAY_SECONDS)
    return response


def own_path(path: str) -> str:
    """Return `path` if it leads to a page of this console, else the work list: nobody is sent elsewhere."""
    plain = path.isascii() and path.isprintable() and "\\" not in path and " " not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/"


def wanted_path(request: Request) -> str:
    """Return the page that was asked for, with its query."""
    query = request.url.query
    return own_path(request.url.path + (f"?{query}" if query else ""))


def _attempt(state: str) -> str:
    return f"{_ATTEMPT}{state[:8]}"


@router.get("/sign-in")
async def get_sign_in(request: Request) -> Response:
    """Sign in in another tab, to carry on in this one with a form that must not be lost."""
    return to_sign_in(request, SIGNED_IN_AGAIN)


@router.get("/signed-in")
async def get_signed_in(request: Request, now: Now, code: str = "", state: str = "") -> Response:
    """Take the one-use code that the browser brings back, if this browser is the one that set out."""
    desk = desk_of(request)
    expected, _, path = (desk.cookies.read(request, _attempt(state)) or "").partition(" ")
    if not expected or not hmac.compare_digest(expected.encode(), state.encode()):
        return _again(request)
    try:
        session = await desk.staff.start(code)
    except SignedOut:
        response = _again(request)
    else:
        response = RedirectResponse(own_path(path), 303)
        keep_session(request, response, session, now)
    desk.cookies.drop(response, _attempt(state))
    return response


@router.get(SIGNED_IN_AGAIN)
async def get_signed_in_again(person: SignedIn, request: Request) -> Response:
    """Tell the person to go back to the tab with what they typed."""
    return show(request, "signed_in_again.html", person=person)


@router.post("/sign-out")
async def post_sign_out(_form: OwnForm, request: Request) -> Response:
    """End the session everywhere, and on this browser whatever access says."""
    session_id = session_id_of(request)
    response = RedirectResponse("/signed-out", 303)
    if session_id is not None:
        try:
            await desk_of(request).staff.end(session_id)
        except Unavailable:
            response = RedirectResponse("/signed-out?ended=no", 303)
    drop_session(request, response)
    return response


@router.get("/signed-out")
async def get_signed_out(request: Request, ended: str = "yes") -> Response:
    """Say that the person is signed out, and whether the hub knows it."""
    return show(request, "signed_out.html", ended=ended != "no")


def _again(request: Request) -> Response:
    """Offer to start again, at the console's proper address: by another name its cookies are not found."""
    return show(request, "sign_in_again.html", status=400, start=f"{desk_of(request).public_url}/")
