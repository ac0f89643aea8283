"""A publisher and a listener on a real PostgreSQL and a real NATS, both of which may be killed."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import nats
import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.schema import CreateSchema

from deploy.local.nats import NatsServer, running_nats
from deploy.local.postgres import PostgresServer, running_postgres
from shared.clock import utc_now
from shared.platform import reconciler
from shared.platform.bus import Bus
from shared.platform.database import Sessions, create_engine, create_sessions, transaction
from shared.platform.listening import consume
from shared.platform.mailbox import Mailbox
from shared.platform.outbox import publish, relay
from shared.platform.resending import mailbox_in
from shared.platform.settings import DatabaseSettings
from shared.platform.subscriptions import Handler, Pace, Subscriptions, Workplace
from shared.schemas.events import Event, ReferralReceived
from shared.schemas.ids import AgencyId, EventId, ReferralId, new_id

#: Impatient, so that tests are short.
QUICK = Pace(
    tries=3,
    first_try_delay=0.05,
    longest_try_delay=0.2,
    first_away_delay=0.05,
    longest_away_delay=0.3,
    idle_seconds=1.0,
)

effects = Table("effect", MetaData(schema="triage"), Column("event_id", Uuid), Column("handler", Text))

ALL_TABLES = (
    mailbox_in("intake").outbox.metadata,
    mailbox_in("triage").outbox.metadata,
    effects.metadata,
    reconciler.metadata,
)


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def a_referral(**given: Any) -> ReferralReceived:
    facts: dict[str, Any] = {
        "occurred_at": utc_now(),
        "referral_id": ReferralId(new_id()),
        "version": 1,
        "agency_id": AgencyId(new_id()),
    }
    return ReferralReceived(**facts | given)


async def eventually(holds: Callable[[], Awaitable[bool]], *, within_seconds: float = 60.0) -> None:
    """Wait until `holds`, or fail."""
    async with asyncio.timeout(within_seconds):
        while not await holds():  # noqa: ASYNC110  # what is waited for happens in a database
            await asyncio.sleep(0.02)


@dataclass
class Owner:
    """Stands for the services that a handler asks, and for what may be wrong with an event."""

    is_away: Exception | None = None
    poison: set[UUID] = field(default_factory=set)
    asked: list[UUID] = field(default_factory=list)


async def ask(owner: Owner, event: Event) -> None:
    owner.asked.append(event.event_id)
    if owner.is_away is not None:
        raise owner.is_away


async def open_case(tx: AsyncSession, event: Event, fetched: None, owner: Owner) -> None:
    await tx.execute(effects.insert().values(event_id=event.event_id, handler="open_case"))
    if event.event_id in owner.poison:
        raise LookupError("this event cannot be handled")


OPEN_CASE: Handler[Owner, Any, None] = Handler("open_case", fetch=ask, apply=open_case)


@dataclass
class Stage:
    """Intake publishes, triage listens."""

    sessions: Sessions
    bus_server: NatsServer
    intake: Mailbox
    triage: Mailbox

    async def refer(self, count: int = 1) -> list[EventId]:
        """Publish so many events, each in a transaction of its own."""
        events = [a_referral() for _ in range(count)]
        for event in events:
            async with transaction(self.sessions, "test") as tx:
                await publish(tx, self.intake.outbox, event)
        return [event.event_id for event in events]

    async def effects(self) -> list[UUID]:
        async with transaction(self.sessions, "test") as tx:
            return list(await tx.scalars(select(effects.c.event_id)))

    async def have_effect(self, event_ids: list[EventId]) -> bool:
        return set(await self.effects()) >= set(event_ids)

    async def count(self, table: Table) -> int:
        async with transaction(self.sessions, "test") as tx:
            return await tx.scalar(select(func.count()).select_from(table)) or 0

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        async with transaction(self.sessions, "test") as tx:
            return [dict(row) for row in (await tx.execute(table.select())).mappings()]

    def workplace(self, owner: Owner, **given: Any) -> Workplace[Owner]:
        return Workplace(self.triage, self.sessions, owner, **{"pace": QUICK} | given)

    @asynccontextmanager
    async def bus(self) -> AsyncIterator[Bus]:
        async with Bus(self.bus_server.url, name="test") as bus:
            await eventually(bus.ready)
            yield bus

    @asynccontextmanager
    async def relaying(self, bus: Bus) -> AsyncIterator[None]:
        async with working(lambda stop: relay(self.sessions, self.intake.outbox, bus, stop=stop)):
            yield

    @asynccontextmanager
    async def listening(
        self, bus: Bus, owner: Owner, *, handler: Handler[Owner, Any, Any] = OPEN_CASE
    ) -> AsyncIterator[None]:
        subscriptions: Subscriptions = {ReferralReceived: (handler,)}
        place = self.workplace(owner)
        async with working(lambda stop: consume(bus, subscriptions, place, stop=stop)):
            yield

    async def is_parked(self) -> bool:
        return await self.count(self.triage.parked) > 0

    async def is_listening(self) -> bool:
        return await self.count(self.triage.consumer) > 0


async def has_durable(stage: Stage) -> bool:
    client = await nats.connect(stage.bus_server.url)
    try:
        await client.jetstream().consumer_info("HUB", "triage_open_case")
    except nats.js.errors.NotFoundError:
        return False
    finally:
        await client.close()
    return True


@asynccontextmanager
async def working(work: Callable[[asyncio.Event], Awaitable[None]]) -> AsyncIterator[None]:
    """Run `work` beside the block, then tell it to stop and see that it does."""
    stop = asyncio.Event()
    task = asyncio.ensure_future(work(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(60):
            await task


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with running_postgres(tmp_path_factory.mktemp("postgres"), a_free_port(), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def database_url(postgres: PostgresServer) -> str:
    return postgres.url


@pytest.fixture(scope="session")
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(DatabaseSettings(database_url=database_url), application_name="test")
    async with engine.begin() as connection:
        for service in ("intake", "triage", "reconciler"):
            await connection.execute(CreateSchema(service))
        for metadata in ALL_TABLES:
            await connection.run_sync(metadata.create_all)
    yield engine
    await engine.dispose()


@pytest.fixture
async def sessions(engine: AsyncEngine) -> Sessions:
    """Sessions on empty tables."""
    names = ", ".join(table.fullname for metadata in ALL_TABLES for table in metadata.sorted_tables)
    async with engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY"))
    return create_sessions(engine)


@pytest.fixture
def bus_server(tmp_path: Path) -> Iterator[NatsServer]:
    with running_nats(tmp_path, a_free_port()) as server:
        yield server


@pytest.fixture
def stage(sessions: Sessions, bus_server: NatsServer) -> Stage:
    return Stage(sessions, bus_server, mailbox_in("intake"), mailbox_in("triage"))


@pytest.fixture
async def bus(stage: Stage) -> AsyncIterator[Bus]:
    async with stage.bus() as bus:
        yield bus
