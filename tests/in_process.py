"""Calls between services that run in one process."""

from collections.abc import Awaitable, Callable

import httpx
from fastapi import FastAPI


class InProcess(httpx.AsyncBaseTransport):
    """Carries a call to the application whose name is the host of its URL."""

    def __init__(self) -> None:
        self._ways: dict[str, httpx.ASGITransport] = {}
        self._first: dict[str, Callable[[], Awaitable[None]]] = {}

    def join(self, name: str, app: FastAPI) -> None:
        self._ways[name] = httpx.ASGITransport(app, raise_app_exceptions=False)

    def do_first(self, name: str, act: Callable[[], Awaitable[None]]) -> None:
        """Do something before each call to an application."""
        self._first[name] = act

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if act := self._first.get(request.url.host):
            await act()
        return await self._ways[request.url.host].handle_async_request(request)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self, timeout=10)
