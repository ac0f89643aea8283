"""How a staff page is made: templates over the shared layout, sent with headers that keep it to itself."""

import hashlib
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
)
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_COMPONENTS = "govuk_frontend_jinja"
_A_YEAR_SECONDS = 31_536_000

SERVICE_NAME = "Safeguarding Hub"


class _Components(PackageLoader):
    """The design system's components, compiled for an environment of their own.

    They ask `{% if params.classes %}` for parameters nobody gave, which our own templates may not do: there
    a name that was not given is an error, not an empty place on a page about a child.
    """

    def __init__(self) -> None:
        super().__init__(_COMPONENTS)
        self._lenient = Environment(autoescape=True, loader=PrefixLoader({_COMPONENTS: self}))

    def load(
        self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """Return a component; what `environment` thinks of missing names does not count inside it."""
        return super().load(self._lenient, name, globals)


def environment(*template_folders: Path) -> Environment:
    """Return the templates of one service over the shared ones.

    A template opens with `{% extends "layout.html" %}`; a component of the design system is imported as
    `{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}`. Everything shown is
    escaped, and a name that was not given is an error.

    Args:
        template_folders: the service's own, looked through before the shared one.
    """
    own = FileSystemLoader([*template_folders, _HERE / "templates"])
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=ChoiceLoader([own, PrefixLoader({_COMPONENTS: _Components()})]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    made.globals["service_name"] = SERVICE_NAME
    return made


def render(
    templates: Environment, name: str, *, status: int = 200, forms_lead_to: Iterable[str] = (), **shown: Any
) -> HTMLResponse:
    """Return the page made from the template `name` and what is `shown` on it.

    Args:
        status: the HTTP status; a form that is shown again with errors is a 422.
        forms_lead_to: other origins that a form of this page may end at, through a redirect.
    """
    body = templates.get_template(name).render(**shown)
    return HTMLResponse(body, status, page_headers(forms_lead_to=forms_lead_to))


def page_headers(*, forms_lead_to: Iterable[str] = ()) -> dict[str, str]:
    """Return the headers of every page: nothing from elsewhere, no frame, no trace in another's log."""
    # A browser applies form-action to the redirect after a form as well.
    forms = " ".join(["'self'", *forms_lead_to])
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "media-src": "'self'",
        "connect-src": "'self'",
        "form-action": forms,
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Frame-Options": "DENY",
        # Not no-referrer: with that, a browser hides the Origin of our own forms from us too.
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }


def asset(name: str) -> str:
    """Return the address of a static file, with a version that changes when any of them does."""
    return f"/assets/{name}?v={_VERSION}"


def static_files() -> StaticFiles:
    """Return the application that serves the shared static files; mount it at /assets."""
    return _Versioned(directory=_STATIC)


class _Versioned(StaticFiles):
    """Files kept by the browser for a year when asked for with their version, else asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        current = scope["query_string"] == f"v={_VERSION}".encode()
        kept = f"public, max-age={_A_YEAR_SECONDS}, immutable" if current else "no-cache"
        response.headers["Cache-Control"] = kept
        return response


def _version_of_files() -> str:
    content = hashlib.sha256()
    for file in sorted(_STATIC.iterdir()):
        content.update(file.read_bytes())
    return content.hexdigest()[:12]


_VERSION = _version_of_files()
