"""A console in process with a script of services behind it, and a browser that keeps cookies."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey

from services.console.app import create_app
from services.console.settings import Settings
from shared.schemas.access import StaffMember
from tests.console.fakes import ACCESS, ACCESS_FOR_BROWSERS, INTAKE, NOTIFICATIONS, TRIAGE, FakeHub
from tests.console.scenes import MARGE, NIA, NOW, OMAR, PRIYA

CONSOLE = "http://127.0.0.1:8000"


class Browser:
    """What a person does at the console: opens pages, fills in the form that is on the page, sends it."""

    def __init__(self, app: FastAPI, hub: FakeHub) -> None:
        self.hub = hub
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=CONSOLE)

    async def open(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def sign_in(self, staff: StaffMember, path: str = "/") -> httpx.Response:
        """Go through the sign-in page as access would lead a browser, and open what was wanted."""
        leaving = await self.http.get(path)
        state = httpx.URL(leaving.headers["location"]).params["state"]
        code = self.hub.a_code_for(staff)
        back = await self.http.get("/signed-in", params={"code": code, "state": state})
        return await self.http.get(back.headers["location"])

    async def post(
        self, path: str, fields: dict[str, str], page: httpx.Response | None = None
    ) -> httpx.Response:
        """Send a form as the page at `path` would: with the hidden fields it carries, from our own origin."""
        shown = page or await self.open(path)
        return await self.http.post(path, data=hidden_fields(shown.text) | fields, headers=FROM_HERE)


FROM_HERE = {"Origin": CONSOLE, "Sec-Fetch-Site": "same-origin"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms."""
    return dict(_HIDDEN.findall(page))


def own_key_file(folder: Path) -> Path:
    """Return the file with a console's own private key."""
    path = folder / "console.jwk"
    path.write_text(json.dumps(ECKey.generate_key("P-256", {"kid": "console-1"}).as_dict(private=True)))
    return path


@pytest.fixture
def hub() -> FakeHub:
    """The services behind the console."""
    return FakeHub()


@pytest.fixture
def app(hub: FakeHub, tmp_path: Path) -> FastAPI:
    """The console, at a fixed time."""
    settings = Settings(
        port=8000,
        public_url=CONSOLE,
        access_url=ACCESS,
        access_public_url=ACCESS_FOR_BROWSERS,
        triage_url=TRIAGE,
        intake_url=INTAKE,
        notifications_url=NOTIFICATIONS,
        key_file=own_key_file(tmp_path),
    )
    made = create_app(settings, hub.client())
    made.state.clock = lambda: NOW
    return made


@pytest.fixture
async def browser(app: FastAPI, hub: FakeHub) -> AsyncIterator[Browser]:
    """A browser that nobody has signed in with yet."""
    one = Browser(app, hub)
    yield one
    await one.http.aclose()


@pytest.fixture
async def priya(browser: Browser) -> Browser:
    """A browser in which Priya Shah, decision-maker, is signed in."""
    await browser.sign_in(PRIYA)
    return browser


@pytest.fixture
async def nia(browser: Browser) -> Browser:
    """A browser in which Nia Morgan, who represents the health trust, is signed in."""
    await browser.sign_in(NIA)
    return browser


@pytest.fixture
async def marge(browser: Browser) -> Browser:
    """A browser in which Marge Hill, the hub's manager, is signed in."""
    await browser.sign_in(MARGE)
    return browser


@pytest.fixture
async def omar(browser: Browser) -> Browser:
    """A browser in which Omar Hill, who represents the police, is signed in."""
    await browser.sign_in(OMAR)
    return browser
