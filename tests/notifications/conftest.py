"""Notifications on a real PostgreSQL, behind its real edge; partners' servers on loopback."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.schema import CreateSchema

from deploy.local.postgres import PostgresServer
from services.notifications.actions.giving_notice import Announcement, give_notice
from services.notifications.actions.telling import News, make_outcomes
from services.notifications.api import ROUTERS
from services.notifications.events import Here
from services.notifications.models import MAILBOX, Table
from services.notifications.webhooks.sending import Guard
from services.notifications.webhooks.signing import Vault
from shared.platform import audit
from shared.platform.audit import Ledger
from shared.platform.auth import Caller
from shared.platform.database import Sessions, create_engine, create_sessions, transaction
from shared.platform.settings import DatabaseSettings
from shared.platform.subscriptions import Workplace
from shared.platform.web import About, Gate, create_app
from shared.problems import NotAuthenticated
from shared.schemas.ids import EventId
from tests.notifications.making import TEN_ON_MONDAY, TERMS
from tests.notifications.owners import Owners, here_with, write_key
from tests.notifications.receiver import Receiver, running_receiver

METADATA = (Table.metadata, audit.metadata)
TABLES = ", ".join(str(table) for metadata in METADATA for table in metadata.tables)


async def eventually(holds: Callable[[], Awaitable[bool]], *, within_seconds: float = 10.0) -> None:
    """Wait until `holds`, or fail."""
    async with asyncio.timeout(within_seconds):
        while not await holds():  # noqa: ASYNC110  # what is waited for happens in a database
            await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
async def database_url(server: PostgresServer) -> str:
    """A database for notifications alone, on the server that all tests share."""
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    await connection.execute("CREATE DATABASE notifications_alone")
    await connection.close()
    return server.url.removesuffix("/hub") + "/notifications_alone"


@pytest.fixture(scope="session")
async def made_sessions(database_url: str) -> AsyncIterator[Sessions]:
    settings = DatabaseSettings(
        database_url=database_url,
        pool_size=20,
        # Sixty at once wait for each other, on a machine that may be busy with other things.
        pool_acquire_timeout=timedelta(seconds=30),
        allow_unsafe_durability=True,
    )
    engine = create_engine(settings, application_name="tests")
    async with engine.begin() as connection:
        for metadata in METADATA:
            await connection.execute(CreateSchema(str(metadata.schema)))
            await connection.run_sync(metadata.create_all)
    yield create_sessions(engine)
    await engine.dispose()


@pytest.fixture
async def sessions(made_sessions: Sessions) -> Sessions:
    """The database, empty."""
    async with transaction(made_sessions, "tests") as tx:
        await tx.execute(text(f"TRUNCATE {TABLES}"))
    return made_sessions


async def tell(sessions: Sessions, news: News, *, now: datetime = TEN_ON_MONDAY) -> list[EventId]:
    async with transaction(sessions, "tests") as tx:
        return await make_outcomes(tx, news, TERMS, now=now)


async def give(
    sessions: Sessions, announcement: Announcement, *, now: datetime = TEN_ON_MONDAY
) -> list[EventId]:
    async with transaction(sessions, "tests") as tx:
        return await give_notice(tx, announcement, TERMS, now=now)


async def ask(sessions: Sessions, statement: str) -> object:
    """Return the first value of an SQL query, asked as the owner of the database."""
    async with transaction(sessions, "tests") as tx:
        return await tx.scalar(text(statement))


@dataclass
class Door:
    """The application, and who stands before it: a bearer token is the caller's place in `known`."""

    app: FastAPI
    known: dict[str, Caller] = field(default_factory=dict)

    async def authenticate(self, token: str, *, method: str, path: str) -> Caller:
        try:
            return self.known[token]
        except KeyError:
            raise NotAuthenticated from None

    @asynccontextmanager
    async def for_caller(self, caller: Caller) -> AsyncIterator[httpx.AsyncClient]:
        token = f"token-{len(self.known)}"
        self.known[token] = caller
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url="http://notifications",
            headers={"Authorization": f"Bearer {token}"},
        ) as client:
            yield client


@pytest.fixture
def vault() -> Vault:
    return Vault(Fernet.generate_key().decode())


async def resolve_for_tests(host: str) -> list[str]:
    """Stand for the network's resolver: one public name, one inside, one that is both, no other."""
    known = {
        "police.example": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
        "inside.example": ["10.0.0.7"],
        "mixed.example": ["93.184.215.14", "127.0.0.1"],
        "receiver.example": ["127.0.0.1"],
        "localhost": ["127.0.0.1"],
    }
    if host not in known:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return known[host]


@pytest.fixture
def door(sessions: Sessions, vault: Vault, owners: Owners, key_file: Path) -> Door:
    doors: list[Door] = []

    async def authenticate(token: str, *, method: str, path: str) -> Caller:
        return await doors[0].authenticate(token, method=method, path=path)

    async def ready() -> bool:
        return True

    @asynccontextmanager
    async def live(_app: FastAPI) -> AsyncIterator[None]:
        yield

    gate = Gate(authenticate, on_refusal=Ledger("notifications").on_refusal(sessions))
    app = create_app(About("tests", "tests"), gate=gate, routers=ROUTERS, lifespan=live, ready=ready)
    app.state.sessions, app.state.vault = sessions, vault
    app.state.guard = Guard(own_hosts=frozenset({"hub.example"}), resolver=resolve_for_tests)
    app.state.clock = lambda: TEN_ON_MONDAY
    app.state.triage = here_with(owners, key_file).triage
    doors.append(Door(app))
    return doors[0]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture
def owners() -> Owners:
    return Owners()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return write_key(tmp_path / "notifications.json")


@pytest.fixture
def workplace(sessions: Sessions, owners: Owners, key_file: Path) -> Workplace[Here]:
    """What the handlers of notifications work with, before owners that know what a test tells them."""
    return Workplace(MAILBOX, sessions, here_with(owners, key_file))
