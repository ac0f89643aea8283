"""Triage while intake does not answer."""

import httpx

from tests.hub import Hub


def without_intake(hub: Hub) -> httpx.AsyncClient:
    """Return a client that reaches every service but intake."""

    async def carry(request: httpx.Request) -> httpx.Response:
        if request.url.host == "intake":
            raise httpx.ConnectError("away")
        body = await request.aread()
        return await hub.http.request(request.method, request.url, headers=request.headers, content=body)

    return httpx.AsyncClient(transport=httpx.MockTransport(carry))
