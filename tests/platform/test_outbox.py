"""What is published leaves when its cause is committed, once, and never gets lost on the way."""

import asyncio
import os
import signal
from functools import partial

import pytest
from sqlalchemy import text

from shared.clock import utc_now
from shared.platform import outbox
from shared.platform.bus import Bus
from shared.platform.database import transaction
from shared.platform.outbox import publish
from shared.schemas.events import CaseOpened
from shared.schemas.ids import CaseId, ReferralId, new_id
from tests.platform.conftest import Owner, Stage, a_referral, eventually


async def unpublished(stage: Stage) -> int:
    return sum(row["published_at"] is None for row in await stage.rows(stage.intake.outbox))


async def all_published(stage: Stage) -> bool:
    return await unpublished(stage) == 0


async def in_stream(bus: Bus) -> int:
    assert bus._client is not None
    info = await bus._client.jetstream().stream_info("HUB")
    return int(info.state.messages)


async def test_what_is_rolled_back_is_not_published(stage: Stage) -> None:
    async def publish_and_fail() -> None:
        async with transaction(stage.sessions, "test") as tx:
            await publish(tx, stage.intake.outbox, a_referral())
            raise LookupError

    with pytest.raises(LookupError):
        await publish_and_fail()

    assert await stage.count(stage.intake.outbox) == 0


async def test_a_service_does_not_publish_the_events_of_another(stage: Stage) -> None:
    foreign = CaseOpened(
        occurred_at=utc_now(),
        case_id=CaseId(new_id()),
        referral_id=ReferralId(new_id()),
        child_ids=(),
        version=1,
    )
    with pytest.raises(ValueError, match="its type names"):
        async with transaction(stage.sessions, "test") as tx:
            await publish(tx, stage.intake.outbox, foreign)


async def test_the_relay_publishes_once_and_says_when(stage: Stage, bus: Bus) -> None:
    await stage.refer(250)

    async with stage.relaying(bus), stage.relaying(bus):
        await eventually(lambda: all_published(stage))
        await asyncio.sleep(0.3)

    assert await in_stream(bus) == 250
    assert await stage.count(stage.intake.outbox) == 250


async def test_a_commit_wakes_the_relay(stage: Stage, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    # So seldom that only a commit can have woken it.
    monkeypatch.setattr(outbox, "_POLL_SECONDS", 3600.0)
    async with stage.relaying(bus), stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
        await eventually(partial(stage.have_effect, await stage.refer()))
        await eventually(partial(stage.have_effect, await stage.refer()))


async def test_the_relay_outlives_a_bus_that_is_killed_and_returns(stage: Stage, bus: Bus) -> None:
    async with stage.relaying(bus):
        before = await stage.refer(20)
        stage.bus_server.kill()
        during = await stage.refer(20)
        await asyncio.sleep(0.3)
        assert await unpublished(stage) >= 20
        stage.bus_server.start()

        await eventually(lambda: all_published(stage))

    assert await in_stream(bus) == len([*before, *during])


async def test_a_relay_that_died_between_sending_and_marking_sends_under_the_same_id(
    stage: Stage, bus: Bus
) -> None:
    (event_id,) = await stage.refer()
    await bus.publish("intake.referral_received.v1", b"{}", str(event_id))

    async with stage.relaying(bus):
        await eventually(lambda: all_published(stage))

    assert await in_stream(bus) == 1


async def longest_transaction_seconds(stage: Stage) -> float:
    async with transaction(stage.sessions, "test") as tx:
        age = await tx.scalar(
            text(
                "SELECT extract(epoch FROM max(now() - xact_start)) FROM pg_stat_activity"
                " WHERE datname = current_database()"
            )
        )
    return float(age or 0)


async def test_a_bus_that_hangs_is_left_and_no_transaction_waits_for_it(stage: Stage, bus: Bus) -> None:
    longest = 0.0
    async with stage.relaying(bus), stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
        os.kill(stage.bus_server.pid, signal.SIGSTOP)
        try:
            event_ids = await stage.refer(3)
            assert not await bus.ready(within_seconds=0.2)
            while bus.connected.is_set():
                longest = max(longest, await longest_transaction_seconds(stage))
                await asyncio.sleep(0.1)
        finally:
            os.kill(stage.bus_server.pid, signal.SIGCONT)

        await eventually(lambda: stage.have_effect(event_ids))
    assert 1.0 < longest < 4.0
