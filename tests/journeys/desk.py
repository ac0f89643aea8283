"""A browser before a console on the real services."""

import httpx

from tests.console.conftest import hidden_fields
from tests.hub import URLS, Hub

CONSOLE = URLS["console"]


class Desk:
    """A browser at the console and at access's sign-in page."""

    def __init__(self, http: httpx.AsyncClient, hub: Hub) -> None:
        self.http = http
        self.hub = hub

    async def sign_in(self, username: str, path: str) -> httpx.Response:
        """Open a page as someone who has yet to sign in."""
        leaving = await self.http.get(CONSOLE + path)
        page = await self.http.get(leaving.headers["location"])
        password = self.hub.folder.demo_password.read_text().strip()
        typed = hidden_fields(page.text) | {"username": username, "password": password}
        back = await self.http.post(f"{URLS['access']}/sign-in", data=typed)
        landed = await self.http.get(back.headers["location"])
        return await self.http.get(CONSOLE + landed.headers["location"])

    async def open(self, path: str) -> httpx.Response:
        return await self.http.get(CONSOLE + path)

    async def post(self, path: str, fields: dict[str, str]) -> httpx.Response:
        """Fill in the form at `path` and send it."""
        page = await self.open(path)
        return await self.http.post(
            CONSOLE + path, data=hidden_fields(page.text) | fields, headers={"Origin": CONSOLE}
        )


class Both(httpx.AsyncBaseTransport):
    """Carries a browser's requests to the console, and those for the sign-in page to access."""

    def __init__(self, console: httpx.AsyncBaseTransport, access: httpx.AsyncClient) -> None:
        self._console = console
        self._access = access

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "console":
            return await self._console.handle_async_request(request)
        return await self._access.send(request)
