"""How long after its commit an event has had its effect, at a steady rate: outbox, bus, inbox and all."""

import asyncio
import time
from uuid import UUID

from sqlalchemy import MetaData, Table, make_url, text
from sqlalchemy import event as hooks
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from bench.figures import Figure, percentile, say
from shared.clock import utc_now
from shared.platform.database import Sessions, create_engine, create_sessions, transaction
from shared.platform.messaging import declare_mailbox, events_worker
from shared.platform.outbox import publish
from shared.platform.settings import DatabaseSettings
from shared.platform.subscriptions import Handler, Workplace
from shared.schemas.events import ReferralReceived
from shared.schemas.ids import AgencyId, ReferralId, new_id

RATE = 150
_DATABASE = "bench_events"


class Effects:
    """When each event was committed and when its effect was, by one clock."""

    def __init__(self) -> None:
        self.committed: dict[UUID, float] = {}
        self.done: dict[UUID, float] = {}
        self.one_more = asyncio.Event()

    async def all_done(self) -> None:
        """Wait until every event that was committed has had its effect."""
        while self.committed.keys() - self.done.keys():
            self.one_more.clear()
            await self.one_more.wait()

    async def fetch(self, _here: None, _event: ReferralReceived) -> None:
        """Ask nobody: it is the way of the event that is measured."""

    async def apply(self, tx: AsyncSession, event: ReferralReceived, _fetched: None, _here: None) -> None:
        """Note the instant at which this transaction, with its inbox row, is committed."""

        def committed(_session: object) -> None:
            self.done[event.event_id] = time.perf_counter()
            self.one_more.set()

        hooks.listen(tx.sync_session, "after_commit", committed, once=True)


async def measure_events(url: str, nats_url: str, *, seconds: float) -> list[Figure]:
    """Publish at a steady rate and measure from commit to committed effect, in one process."""
    settings = DatabaseSettings(database_url=await _make_database(url))
    engine = create_engine(settings, application_name="bench")
    sessions = create_sessions(engine)
    sender, listener = (declare_mailbox(MetaData(schema=name)) for name in ("intake", "triage"))
    async with engine.begin() as connection:
        for mailbox in (sender, listener):
            await connection.execute(text(f"CREATE SCHEMA {mailbox.service}"))
            await connection.run_sync(mailbox.outbox.metadata.create_all)
    effects = Effects()
    handler = Handler("bench", fetch=effects.fetch, apply=effects.apply)
    stop = asyncio.Event()
    workers = [
        events_worker(nats_url, {}, Workplace(sender, sessions, None)),
        events_worker(nats_url, {ReferralReceived: (handler,)}, Workplace(listener, sessions, None)),
    ]
    say(f"Publishing {RATE} events a second for {seconds:.0f} s.")
    running = asyncio.gather(*(worker(stop) for worker in workers))
    await asyncio.sleep(1.0)
    await _publish_steadily(sessions, sender.outbox, effects, seconds)
    async with asyncio.timeout(30):
        await effects.all_done()
    stop.set()
    await running
    await engine.dispose()
    return _figures(effects)


async def _publish_steadily(sessions: Sessions, outbox: Table, effects: Effects, seconds: float) -> None:
    began, tasks = time.perf_counter(), []
    for number in range(int(RATE * seconds)):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        tasks.append(asyncio.create_task(_publish_one(sessions, outbox, effects)))
    await asyncio.gather(*tasks)


async def _publish_one(sessions: Sessions, outbox: Table, effects: Effects) -> None:
    event = ReferralReceived(
        referral_id=ReferralId(new_id()), version=1, agency_id=AgencyId(new_id()), occurred_at=utc_now()
    )
    async with transaction(sessions, "bench") as tx:
        await publish(tx, outbox, event)
    effects.committed[event.event_id] = time.perf_counter()


def _figures(effects: Effects) -> list[Figure]:
    # An effect may be committed before the publisher has been told of its own commit: then it took no time.
    times = [max(0.0, 1000 * (effects.done[event_id] - at)) for event_id, at in effects.committed.items()]
    return [
        Figure(f"event_effect_p{share:.0f}", percentile(times, share / 100), "ms", None, None, len(times))
        for share in (50.0, 99.0)
    ]


async def _make_database(url: str) -> str:
    """Make an empty database beside the hub's, so that no service hears what is published here."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {_DATABASE}"))
    await engine.dispose()
    return make_url(url).set(database=_DATABASE).render_as_string(hide_password=False)
