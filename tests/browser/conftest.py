"""A console that a real browser can open: scripted services behind it, a sign-in page beside it."""

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page, async_playwright, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deploy.local.browser import find_browser
from services.console.app import create_app
from services.console.settings import Settings
from shared.schemas.words import Role
from tests.console.conftest import own_key_file
from tests.console.fakes import ACCESS, INTAKE, NOTIFICATIONS, TRIAGE, FakeHub
from tests.console.scenes import MARGE, NIA, NOW, OMAR, PRIYA

CHROMIUM = find_browser()
#: How long a server or what a page should show is waited for: everything else may run beside it.
PATIENCE_SECONDS = 60
#: Looks after how the hub's records are used, and reads none of them.
HELEN = PRIYA.model_copy(update={"username": "helen.ash", "roles": [Role.INFORMATION_GOVERNANCE]})
STAFF = {member.username: member for member in (PRIYA, NIA, MARGE, OMAR, HELEN)}

#: A page's scripts, and axe-core above all, run for half a second in each: to make them faster takes longer.
_COMPILE_QUICKLY = "--js-flags=--always-sparkplug,--no-maglev,--no-opt"

expect.set_options(timeout=PATIENCE_SECONDS * 1000)
_THROUGH = """async () => {
    const scripts = [...document.querySelectorAll('script[type="module"][src]')];
    await Promise.all(scripts.map((script) => import(script.src)));
}"""


async def settle(page: Page) -> None:
    """Wait until a page has loaded and each of its scripts is through.

    A script that reads another one first works on after the page's `load`: until then the errors of a refused
    form have no focus, and what is looked at may still change. To ask for a script again is to wait for it.
    """
    await page.wait_for_load_state()
    await page.evaluate(_THROUGH)


@dataclass
class Site:
    """The console as it runs, and the services it runs on."""

    url: str
    hub: FakeHub


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Running:
    """A uvicorn of its own thread: the browser and the tests share the other one."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        config = uvicorn.Config(
            app, host="127.0.0.1", port=port, log_config=None, access_log=False, ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._server.started:
            if time.monotonic() > until:
                raise TimeoutError
            time.sleep(0.02)

    def __exit__(self, *_unused: object) -> None:
        self.stop()
        self._thread.join(timeout=PATIENCE_SECONDS)

    def stop(self) -> None:
        """Have it end, without waiting until it has."""
        self._server.should_exit = True


def sign_in_site(hub: FakeHub) -> Starlette:
    """Return access's sign-in page as a browser meets it: a form, then the way back with a code."""

    async def page(request: Request) -> Response:
        query = request.url.query
        form = (
            f'<form method="post" action="/sign-in?{query}"><label>Username <input name="username"></label>'
        )
        return HTMLResponse(f"<title>Sign in</title>{form}<button>Sign in</button></form>")

    async def back(request: Request) -> Response:
        username = (await request.body()).decode().removeprefix("username=")
        code = hub.a_code_for(STAFF[username])
        query = request.query_params
        return RedirectResponse(f"{query['return_to']}?code={code}&state={query['state']}", 303)

    return Starlette(routes=[Route("/sign-in", page), Route("/sign-in", back, methods=["POST"])])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The console and the sign-in page, each on a port of its own."""
    port, sign_in_port = _free_port(), _free_port()
    hub = FakeHub()
    settings = Settings(
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        access_url=ACCESS,
        access_public_url=f"http://127.0.0.1:{sign_in_port}",
        triage_url=TRIAGE,
        intake_url=INTAKE,
        notifications_url=NOTIFICATIONS,
        key_file=own_key_file(tmp_path),
    )
    app = create_app(settings, hub.client())
    app.state.clock = lambda: NOW
    beside = _Running(sign_in_site(hub), sign_in_port)
    with beside, _Running(app, port):
        yield Site(settings.public_url, hub)
        beside.stop()


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The one browser of this worker."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run the browser tests")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", _COMPILE_QUICKLY],
        )
        yield browser
        await browser.close()
