"""Access over ASGI, on a real PostgreSQL with a database of its own."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateSchema

from deploy.local.postgres import PostgresServer, running_postgres
from services.access.app import create_app
from services.access.models import Agency, Client, Staff, Table
from services.access.settings import Settings
from shared.clock import utc_now
from shared.platform import audit
from shared.platform.database import Sessions, transaction
from tests.access.people import (
    CONSOLE_URL,
    ISSUER,
    PASSWORD,
    System,
    a_client,
    a_key,
    a_person,
    an_agency,
    assertion_form,
    public,
)


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Clock:
    """The real time, moved on by hand."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@dataclass
class Access:
    """Access as a test sees it: its records, its clock, and its HTTP face."""

    http: httpx.AsyncClient
    sessions: Sessions
    clock: Clock
    services: dict[str, System] = field(default_factory=dict)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def save(self, *rows: Table) -> None:
        async with transaction(self.sessions, "test") as tx:
            for row in rows:
                tx.add(row)
                await tx.flush()

    async def change(self, row: Table, **values: Any) -> None:
        async with transaction(self.sessions, "test") as tx:
            stored = await tx.merge(row)
            for name, value in values.items():
                setattr(stored, name, value)

    async def audit(self, actor_id: str) -> list[tuple[str, str, str | None]]:
        """Return action, allow or deny, and rule of what was written down of an actor."""
        query = "SELECT action, allowed, rule FROM audit.entry WHERE actor_id = :actor ORDER BY at"
        async with transaction(self.sessions, "test") as tx:
            return [tuple(row) for row in await tx.execute(text(query), {"actor": actor_id})]

    async def refusals_about(self, record_id: UUID) -> list[tuple[str, str]]:
        """Return who was refused what concerning one record, and why."""
        query = (
            "SELECT actor_id, rule FROM audit.entry"
            " WHERE subject_ids @> ARRAY[CAST(:id AS uuid)] AND allowed = 'deny' ORDER BY at"
        )
        async with transaction(self.sessions, "test") as tx:
            return [tuple(row) for row in await tx.execute(text(query), {"id": record_id})]

    async def system(self, agency: Agency, **given: Any) -> System:
        """Return a saved client system with a key."""
        key = a_key()
        client = a_client(agency, jwks=public(key), **given)
        await self.save(client)
        return System(client.client_id, key)

    async def token(self, system: System, **form: str) -> str:
        answer = await self.http.post("/oauth2/token", data=assertion_form(system.assertion(), **form))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def service(self, name: str) -> dict[str, str]:
        """Return the Authorization header of one of the hub's own services, made known on first use."""
        async with self.one_at_a_time:
            if name not in self.services:
                key = a_key()
                await self.save(a_client(None, client_id=name, name=name, jwks=public(key)))
                self.services[name] = System(name, key)
        return bearer(await self.token(self.services[name]))

    async def sign_in(self, person: Staff, password: str = PASSWORD, **given: str) -> httpx.Response:
        """Fill in the sign-in page as a browser would."""
        journey = {"return_to": f"{CONSOLE_URL}/signed-in", "state": "state-1"}
        page = await self.http.get("/sign-in", params=journey)
        form = journey | {"csrf": page.cookies["hub_sign_in"], "username": person.username}
        return await self.http.post("/sign-in", data=form | {"password": password} | given)

    async def session_of(self, person: Staff) -> dict[str, Any]:
        """Sign a person in, all the way to the console."""
        answer = await self.sign_in(person)
        code = httpx.URL(answer.headers["location"]).params["code"]
        swap = await self.http.post(
            "/internal/sessions", json={"code": code}, headers=await self.service("console")
        )
        assert swap.status_code == 200, swap.text
        return dict(swap.json())

    async def staff_token(self, session_id: str) -> httpx.Response:
        headers = await self.service("console")
        return await self.http.post(f"/internal/sessions/{session_id}/token", headers=headers)

    async def is_live(self, token: str) -> bool:
        answer = await self.http.post(
            "/internal/introspect", data={"token": token}, headers=await self.service("intake")
        )
        assert answer.status_code == 200, answer.text
        return bool(answer.json()["active"])


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with running_postgres(tmp_path_factory.mktemp("postgres"), a_free_port(), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
async def database_url(postgres: PostgresServer) -> str:
    engine = create_async_engine(postgres.url)
    async with engine.begin() as connection:
        for metadata in (Table.metadata, audit.metadata):
            await connection.execute(CreateSchema(metadata.schema or ""))
            await connection.run_sync(metadata.create_all)
    await engine.dispose()
    return postgres.url


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    keys = tmp_path_factory.mktemp("keys")
    return Settings(
        port=0,
        access_url=ISSUER,
        public_url=ISSUER,
        console_url=CONSOLE_URL,
        database_url=database_url,
        nats_url="nats://127.0.0.1:1",
        key_file=_key_file(keys / "access.jwk"),
        signing_key_file=_key_file(keys / "signing.jwk"),
        allow_unsafe_durability=True,
        demo=True,
    )


def _key_file(path: Path) -> Path:
    path.write_text(json.dumps(a_key().as_dict(private=True)))
    return path


@pytest.fixture(scope="session")
async def running(settings: Settings) -> AsyncIterator[Access]:
    clock = Clock()
    app = create_app(settings, clock=clock)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as http:
            yield Access(http, app.state.sessions, clock)


@pytest.fixture
async def access(running: Access) -> Access:
    running.http.cookies.clear()
    running.clock.ahead = timedelta()
    return running


@pytest.fixture
async def agency(access: Access) -> Agency:
    saved = an_agency()
    await access.save(saved)
    return saved


@pytest.fixture
async def police(access: Access, agency: Agency) -> System:
    """A police force's system, which signs with its own key."""
    return await access.system(agency)


@pytest.fixture
async def school(access: Access, agency: Agency) -> Client:
    """A school's system, which shows a secret: the word secret."""
    saved = a_client(agency)
    await access.save(saved)
    return saved


@pytest.fixture
async def person(access: Access, agency: Agency) -> Staff:
    saved = a_person(agency)
    await access.save(saved)
    return saved
