"""The only place where access is put together."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from fastapi import FastAPI

from services.access.actions.clearing import clearing
from services.access.api import agencies, demo, internal, oauth, sign_in
from services.access.api.parts import Parts
from services.access.authenticator import OwnAuthenticator
from services.access.errors import TokenRefused
from services.access.passwords import PasswordCheck
from services.access.settings import Settings
from services.access.tokens import Signer
from shared.clock import utc_now
from shared.design.pages import environment, static_files
from shared.platform.process import Worker
from shared.platform.runtime import Runtime
from shared.platform.web import About, Gate
from shared.platform.web import create_app as create_web_app

_TEMPLATES = Path(__file__).parent / "templates"
_OPEN_PATHS = ("/oauth2/", "/.well-known/", "/sign-in", "/assets/")
_ABOUT = About(
    "Access",
    "Who may come in: tokens for partner systems, sign-in for staff, and the agencies of the partnership.",
)


def create_app(
    settings: Settings, *, with_workers: bool = True, clock: Callable[[], datetime] = utc_now
) -> FastAPI:
    """Return access's application.

    Args:
        with_workers: whether expired codes and assertions are cleared away in this process.
        clock: what time it is, in UTC; another one only in tests.
    """
    runtime = Runtime("access", settings)
    signer = Signer(settings.signing_key_file, issuer=settings.issuer)
    authenticate = OwnAuthenticator(runtime.sessions, signer, idle=settings.session_idle_limit, clock=clock)
    gate = Gate(
        authenticate,
        on_refusal=runtime.ledger.on_refusal(runtime.sessions),
        open_paths=_OPEN_PATHS,
        max_body_bytes=settings.max_body_bytes,
    )
    rooms = (oauth, sign_in, agencies, internal, *((demo,) if settings.demo else ()))
    app = create_web_app(
        _ABOUT,
        gate=gate,
        routers=[room.router for room in rooms],
        lifespan=runtime.lifespan(lambda: workers(runtime, clock) if with_workers else {}),
        ready=runtime.ready,
    )
    app.mount("/assets", static_files())
    app.add_exception_handler(TokenRefused, oauth.answer_refusal)
    app.state.parts = Parts(settings, signer, environment(_TEMPLATES), PasswordCheck())
    app.state.clock = clock
    return app


def workers(runtime: Runtime, clock: Callable[[], datetime] = utc_now) -> Mapping[str, Worker]:
    """Return what access does beside answering."""
    return {"clearing": clearing(runtime.sessions, clock)}
