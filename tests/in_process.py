"""Calls between services that run in one process."""

import httpx
from fastapi import FastAPI


class InProcess(httpx.AsyncBaseTransport):
    """Carries a call to the application whose name is the host of its URL."""

    def __init__(self) -> None:
        self._ways: dict[str, httpx.ASGITransport] = {}

    def join(self, name: str, app: FastAPI) -> None:
        self._ways[name] = httpx.ASGITransport(app, raise_app_exceptions=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._ways[request.url.host].handle_async_request(request)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self, timeout=10)
