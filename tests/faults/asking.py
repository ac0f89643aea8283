"""Parties that ask again until they are answered, as the hub asks its partners to."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.local.cast import demo_cast
from deploy.local.journey.parties import Identity, SecretIdentity, StaffIdentity, Surroundings
from shared.platform.peers import ClientIdentity
from tests.faults.stage import Stage
from tests.faults.wire import Answer, NoAnswer, Wire
from tests.hub import person

_PAUSE_SECONDS = 0.2


@dataclass(frozen=True)
class World:
    """What an asker needs to reach the hub; `retries` counts why it was asked again."""

    around: Surroundings
    wire: Wire
    retries: Counter[str] = field(default_factory=Counter)


@asynccontextmanager
async def world_of(
    stage: Stage, *, seconds: float, retries: Counter[str] | None = None
) -> AsyncIterator[World]:
    """Open the way to a stage; no exchange takes longer than so many seconds."""
    async with Wire(seconds=seconds) as wire, httpx.AsyncClient(timeout=seconds, trust_env=False) as http:
        yield World(
            Surroundings(http, stage.folder, stage.ports), wire, Counter() if retries is None else retries
        )


class Asker:
    """An agency's system or a person."""

    def __init__(self, name: str, world: World, identity: Identity) -> None:
        self.name = name
        self._world = world
        self._identity = identity

    async def just_once(
        self,
        method: str,
        service: str,
        path: str,
        *,
        said: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Return the answer, whatever it is, be it access's to the wish for a token; raises NoAnswer."""
        try:
            token = await self._identity.token()
        except httpx.TransportError as error:
            raise NoAnswer from error
        except httpx.HTTPStatusError as error:
            refused = error.response
            return Answer(refused.status_code, dict(refused.headers), refused.content)
        told = {"Authorization": f"Bearer {token}", **(headers or {})}
        return await self._world.wire.ask(method, self._world.around.ports.url(service) + path, told, said)

    async def once(self, method: str, service: str, path: str, **content: Any) -> Answer | None:
        """Return the answer; None when there was none, or the hub said to come back later."""
        try:
            answer = await self.just_once(method, service, path, **content)
        except NoAnswer:
            self._world.retries["no answer"] += 1
            return None
        if answer.status == 503:
            assert int(answer.headers["retry-after"]) > 0, "a 503 says when to come back"
            self._world.retries["503"] += 1
            return None
        assert answer.status < 500, f"{method} {path} answered {answer.status}: {answer.body!r}"
        return answer

    async def insist(self, method: str, service: str, path: str, **content: Any) -> Answer:
        """Ask until there is an answer, and return it."""
        while True:
            answer = await self.once(method, service, path, **content)
            if answer is not None and not _is_in_flight(answer):
                return answer
            if answer is not None:
                self._world.retries["409, first one in flight"] += 1
            await asyncio.sleep(_PAUSE_SECONDS)


def _is_in_flight(answer: Answer) -> bool:
    return answer.status == 409 and answer.json()["code"] == "request_in_flight"


def system(client_id: str, world: World) -> Asker:
    """Return the system of a demo agency."""
    client = next(client for client in demo_cast().clients if client.client_id == client_id)
    around = world.around
    if not client.has_key:
        return Asker(client_id, world, SecretIdentity(around, client))
    key_file, access_url = around.folder.key_of(client_id), around.ports.url("access")
    identity = ClientIdentity(around.http, client_id=client_id, key_file=key_file, access_url=access_url)
    return Asker(client_id, world, identity)


def someone(username: str, world: World) -> Asker:
    """Return a person of the demo."""
    return Asker(username, world, StaffIdentity(world.around, person(username)))
