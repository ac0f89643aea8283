"""Parties that ask again until they are answered, as the hub asks its partners to."""

import asyncio
from collections import Counter
from typing import Any

import httpx

from deploy.local.cast import demo_cast
from deploy.local.journey.parties import Identity, SecretIdentity, StaffIdentity, Surroundings
from shared.platform.peers import ClientIdentity
from tests.faults.stage import Stage
from tests.hub import person

_PAUSE_SECONDS = 0.2


class Asker:
    """An agency's system or a person, who counts in `retries` why it had to ask again."""

    def __init__(self, name: str, around: Surroundings, identity: Identity, retries: Counter[str]) -> None:
        self.name = name
        self._around = around
        self._identity = identity
        self._retries = retries

    async def just_once(self, method: str, service: str, path: str, **content: Any) -> httpx.Response:
        """Return the answer, whatever it is.

        Raises:
            httpx.TransportError: there was none.
            httpx.HTTPStatusError: access gave no token.
        """
        headers = {"Authorization": f"Bearer {await self._identity.token()}", **content.pop("headers", {})}
        url = self._around.ports.url(service) + path
        return await self._around.http.request(method, url, headers=headers, **content)

    async def once(self, method: str, service: str, path: str, **content: Any) -> httpx.Response | None:
        """Return the answer; None when there was none, or the hub said to come back later."""
        try:
            answer = await self.just_once(method, service, path, **content)
        except httpx.TransportError:
            self._retries["no answer"] += 1
            return None
        except httpx.HTTPStatusError as refused:
            # The token: access says 503 while its database is away.
            answer = refused.response
        if answer.status_code == 503:
            assert answer.headers["Retry-After"], "a 503 says when to come back"
            self._retries["503"] += 1
            return None
        assert answer.status_code < 500, f"{method} {path} answered {answer.status_code}: {answer.text}"
        return answer

    async def insist(self, method: str, service: str, path: str, **content: Any) -> httpx.Response:
        """Ask until there is an answer, and return it."""
        while True:
            answer = await self.once(method, service, path, **content)
            if answer is not None and not _is_in_flight(answer):
                return answer
            if answer is not None:
                self._retries["409, first one in flight"] += 1
            await asyncio.sleep(_PAUSE_SECONDS)


def _is_in_flight(answer: httpx.Response) -> bool:
    return answer.status_code == 409 and answer.json()["code"] == "request_in_flight"


def surroundings_of(stage: Stage, http: httpx.AsyncClient) -> Surroundings:
    """Return what an identity needs to know of a stage."""
    return Surroundings(http, stage.folder, stage.ports)


def system(client_id: str, around: Surroundings, retries: Counter[str]) -> Asker:
    """Return the system of a demo agency."""
    client = next(client for client in demo_cast().clients if client.client_id == client_id)
    if not client.has_key:
        return Asker(client_id, around, SecretIdentity(around, client), retries)
    identity = ClientIdentity(
        around.http,
        client_id=client_id,
        key_file=around.folder.key_of(client_id),
        access_url=around.ports.url("access"),
    )
    return Asker(client_id, around, identity, retries)


def someone(username: str, around: Surroundings, retries: Counter[str]) -> Asker:
    """Return a person of the demo."""
    return Asker(username, around, StaffIdentity(around, person(username)), retries)
