"""Intake with a triage that does not answer as it should: away, refusing, slow or odd."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx

from services.intake import app as intake
from tests.hub import Hub


class _Carrier(httpx.AsyncBaseTransport):
    """Carries calls to the services of the hub, but those to triage into the dark."""

    def __init__(self, hub: Hub, how: str) -> None:
        self._hub = hub
        self._how = how

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "triage":
            return await self._as_told(request)
        answer = await self._hub.http.send(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    async def _as_told(self, request: httpx.Request) -> httpx.Response:
        match self._how:
            case "away":
                raise httpx.ConnectError("away", request=request)
            case "slow":
                await asyncio.sleep(30)
                return httpx.Response(200)
            case "odd":
                return httpx.Response(200, json={"children": "none"})
            case _:
                return httpx.Response(503)


@asynccontextmanager
async def intake_with(hub: Hub, *, triage: str, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of an intake whose triage is `away`, `refusing`, `slow` or `odd`."""
    changed = {"check_patience": timedelta(seconds=0.3)} | settings
    own = hub.settings["intake"].model_copy(update=changed)
    http = httpx.AsyncClient(transport=_Carrier(hub, triage))
    app = intake.create_app(own, with_workers=False, http=http)
    async with app.router.lifespan_context(app):
        yield httpx.AsyncClient(transport=httpx.ASGITransport(app))
