"""Nothing that was published is lost, whatever happens to the bus on the way."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import make_url, text, update
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.postgres import PostgresServer
from shared.clock import utc_now
from shared.platform.bus import Bus
from shared.platform.database import Sessions, create_engine, create_sessions, transaction
from shared.platform.delivery import Arrival, receive
from shared.platform.owed import watermark
from shared.platform.parking import register, release
from shared.platform.reconciler import ReconcilerSettings, look_once, reconcile
from shared.platform.resending import READS, resend
from shared.schemas.ids import EventId, new_id
from tests.platform.conftest import OPEN_CASE, Owner, Stage, eventually, has_durable, working


@pytest.fixture
async def settings(database_url: str, stage: Stage) -> ReconcilerSettings:
    """Those of a reconciler under a role that may read what READS says, and nothing else."""
    role = f"reconciler_{new_id().hex}"
    async with transaction(stage.sessions, "test") as tx:
        await tx.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'quiet'"))
        await tx.execute(text(f"GRANT USAGE ON SCHEMA intake, triage, reconciler TO {role}"))
        await tx.execute(
            text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA reconciler TO {role}")
        )
        for service in ("intake", "triage"):
            for table, columns in READS.items():
                await tx.execute(text(f"GRANT SELECT ({', '.join(columns)}) ON {service}.{table} TO {role}"))
    url = make_url(database_url).set(username=role, password="quiet")
    return ReconcilerSettings(
        database_url=url.render_as_string(hide_password=False),
        nats_url=stage.bus_server.url,
        every=timedelta(seconds=0.1),
        grace=timedelta(seconds=0.5),
    )


@pytest.fixture
async def own_sessions(settings: ReconcilerSettings) -> AsyncIterator[Sessions]:
    engine = create_engine(settings, application_name="test-reconciler")
    yield create_sessions(engine)
    await engine.dispose()


async def publish_into_the_void(stage: Stage, count: int = 1) -> list[EventId]:
    """Publish events that count as sent some time ago and that nobody will ever receive."""
    event_ids = await stage.refer(count)
    outbox = stage.intake.outbox
    async with transaction(stage.sessions, "test") as tx:
        await tx.execute(
            update(outbox)
            .where(outbox.c.event_id.in_(event_ids))
            .values(published_at=utc_now() - timedelta(seconds=30))
        )
    return event_ids


async def is_empty(stage: Stage) -> bool:
    return await stage.count(resend) == 0


async def test_the_whole_store_is_deleted_while_referrals_flow_and_nothing_is_lost(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    event_ids: list[EventId] = []

    async def flow(stop: asyncio.Event) -> None:
        while not stop.is_set():
            event_ids.extend(await stage.refer())

    async with (
        stage.relaying(bus),
        stage.listening(bus, Owner()),
        working(lambda stop: reconcile(own_sessions, bus, settings, stop=stop)),
    ):
        await eventually(stage.is_listening)
        async with working(flow):
            for deleted in range(2):
                await asyncio.sleep(0.7)
                # A busy machine refers slowly: each time there is much to lose.
                while len(event_ids) <= 50 * (deleted + 1):  # noqa: ASYNC110  # they come from a database
                    await asyncio.sleep(0.02)
                stage.bus_server.kill()
                stage.bus_server.delete_store()
                stage.bus_server.start()
            await asyncio.sleep(0.5)

        await eventually(lambda: stage.have_effect(event_ids))
        await eventually(lambda: is_empty(stage))

    assert len(event_ids) > 100
    assert sorted(await stage.effects()) == sorted(event_ids)


async def test_a_resend_is_not_dropped_as_a_repetition(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    async with stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
        (event_id,) = await publish_into_the_void(stage)
        # The bus has this id on record, and gave the event to nobody.
        await bus.publish("intake.other.v1", b"{}", str(event_id))
        await bus.publish("intake.other.v1", b"{}", f"{event_id}:1")

        async with working(lambda stop: reconcile(own_sessions, bus, settings, stop=stop)):
            await eventually(lambda: stage.have_effect([event_id]))

    assert await stage.effects() == [event_id]


async def test_what_is_confirmed_is_not_sent_again(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    owner = Owner()
    async with stage.relaying(bus), stage.listening(bus, owner):
        await eventually(stage.is_listening)
        event_ids = await stage.refer(10)
        await eventually(lambda: stage.have_effect(event_ids))
        async with working(lambda stop: reconcile(own_sessions, bus, settings, stop=stop)):
            await asyncio.sleep(1.2)

    assert len(owner.asked) == 10
    assert await is_empty(stage)


async def test_a_parked_event_is_left_alone_until_it_is_released(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    owner = Owner()
    async with stage.listening(bus, owner):
        await eventually(stage.is_listening)
        (event_id,) = await publish_into_the_void(stage)
        owner.poison.add(event_id)
        async with working(lambda stop: reconcile(own_sessions, bus, settings, stop=stop)):
            await eventually(stage.is_parked)
            tries = len(owner.asked)
            await asyncio.sleep(1.0)
            assert len(owner.asked) == tries == 3

            owner.poison.clear()
            async with transaction(stage.sessions, "test") as tx:
                await release(tx, stage.triage, "open_case", event_id, now=utc_now())
            await eventually(lambda: stage.have_effect([event_id]))
            await eventually(lambda: is_empty(stage))


async def test_an_event_that_is_being_tried_gets_no_copies(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    async with stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
    (event_id,) = await publish_into_the_void(stage)
    payload: Any = (await stage.rows(stage.intake.outbox))[0]["payload"]
    arrival = Arrival(payload["type"], json.dumps(payload).encode(), times=2, resent=False)
    await receive(arrival, OPEN_CASE, stage.workplace(Owner(is_away=TimeoutError())))

    await look_once(own_sessions, bus, settings)

    (row,) = await stage.rows(resend)
    assert (row["event_id"], row["attempt"]) == (event_id, 0)


async def test_a_copy_that_waits_for_its_handler_is_not_followed_by_more(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    async with stage.listening(bus, Owner()):
        await eventually(lambda: has_durable(stage))
    await publish_into_the_void(stage)

    async with working(lambda stop: reconcile(own_sessions, bus, settings, stop=stop)):
        await asyncio.sleep(1.0)

    (row,) = await stage.rows(resend)
    assert row["attempt"] == 1


async def test_copies_that_are_lost_are_sent_ever_more_seldom(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    async with transaction(stage.sessions, "test") as tx:
        await register(tx, stage.triage, "open_case", "intake.referral_received.v1", from_the_start=False)
    await publish_into_the_void(stage)

    async with working(lambda stop: reconcile(own_sessions, bus, settings, stop=stop)):
        await asyncio.sleep(2.5)

    # At once, after 0.5 and after 1.5 seconds; the next would be after 3.5.
    (row,) = await stage.rows(resend)
    assert row["attempt"] == 3


async def test_what_is_settled_is_not_looked_at_again_and_what_is_not_stays_in_view(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    async with stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
    await publish_into_the_void(stage, 3)
    outbox = stage.intake.outbox
    async with transaction(stage.sessions, "test") as tx:
        await tx.execute(
            update(outbox).where(outbox.c.position <= 2).values(created_at=utc_now() - timedelta(minutes=2))
        )
        await tx.execute(text("UPDATE triage.consumer SET since = now() - interval '1 hour'"))

    await look_once(own_sessions, bus, settings)

    assert [row["position"] for row in await stage.rows(watermark)] == [2]
    assert await stage.count(resend) == 3


async def test_one_lost_among_many_is_found_at_once(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    async with transaction(stage.sessions, "test") as tx:
        await register(tx, stage.triage, "open_case", "intake.referral_received.v1", from_the_start=True)
        await tx.execute(
            text(
                "INSERT INTO intake.outbox (event_id, event_type, payload, published_at)"
                " SELECT uuidv7(), 'intake.referral_received.v1', '{}', now() - interval '1 minute'"
                " FROM generate_series(1, 12000)"
            )
        )
        await tx.execute(
            text(
                "INSERT INTO triage.inbox (handler, event_id, handled_at)"
                " SELECT 'open_case', event_id, now() FROM intake.outbox WHERE position <> 11999"
            )
        )

    await look_once(own_sessions, bus, settings)

    (row,) = await stage.rows(resend)
    assert row["attempt"] == 1


async def test_many_lost_at_once_are_all_sent_again_once(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    async with transaction(stage.sessions, "test") as tx:
        await register(tx, stage.triage, "open_case", "intake.referral_received.v1", from_the_start=True)
    await publish_into_the_void(stage, 450)

    await look_once(own_sessions, bus, settings.model_copy(update={"grace": timedelta(seconds=10)}))

    assert [row["attempt"] for row in await stage.rows(resend)] == [1] * 450


async def test_what_waits_for_the_relay_holds_the_watermark(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions
) -> None:
    async with stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
    await stage.refer(2)
    outbox = stage.intake.outbox
    async with transaction(stage.sessions, "test") as tx:
        await tx.execute(update(outbox).values(created_at=utc_now() - timedelta(minutes=2)))
        await tx.execute(
            update(outbox).where(outbox.c.position == 1).values(published_at=utc_now() - timedelta(minutes=2))
        )

    await look_once(own_sessions, bus, settings)

    assert [row["position"] for row in await stage.rows(watermark)] == [1]
    assert await stage.count(resend) == 0


async def test_it_outlives_a_database_that_throws_it_out(
    stage: Stage, bus: Bus, settings: ReconcilerSettings, own_sessions: Sessions, postgres: PostgresServer
) -> None:
    async with (
        stage.listening(bus, Owner()),
        working(lambda stop: reconcile(own_sessions, bus, settings, stop=stop)),
    ):
        await eventually(stage.is_listening)
        admin = create_async_engine(postgres.url, isolation_level="AUTOCOMMIT")
        async with admin.connect() as connection:
            for _ in range(5):
                await connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = 'test-reconciler'"
                    )
                )
                await asyncio.sleep(0.1)
        await admin.dispose()
        event_ids = await publish_into_the_void(stage, 3)
        await eventually(lambda: stage.have_effect(event_ids))
