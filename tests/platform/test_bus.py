"""A handler hears every event, makes one effect of it, and no fault of one holds up another."""

import asyncio
from typing import Any

import httpx
import nats
import pytest

from shared.platform.bus import HUB, Bus
from shared.platform.database import transaction
from shared.platform.delivery import is_someone_away
from shared.platform.listening import consume
from shared.platform.parking import list_parked
from shared.platform.subscriptions import Handler, Workplace
from shared.problems import NotFound, Unavailable
from shared.schemas.events import Event, ReferralReceived
from tests.platform.conftest import (
    OPEN_CASE,
    Owner,
    Stage,
    a_referral,
    ask,
    eventually,
    has_durable,
    open_case,
)

SUBJECT = "intake.referral_received.v1"


def refused(status: int) -> httpx.HTTPStatusError:
    request = httpx.Request("GET", "http://intake/internal/referrals/1")
    return httpx.HTTPStatusError("refused", request=request, response=httpx.Response(status))


async def test_an_event_published_has_its_effect(stage: Stage, bus: Bus) -> None:
    async with stage.relaying(bus), stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
        event_ids = await stage.refer(30)
        await eventually(lambda: stage.have_effect(event_ids))

    assert len(await stage.effects()) == 30


async def test_an_event_delivered_twice_has_one_effect(stage: Stage, bus: Bus) -> None:
    event = a_referral()
    async with stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
        for msg_id in ("first", "second", "third"):
            await bus.publish(SUBJECT, event.model_dump_json().encode(), msg_id)
        last = a_referral()
        await bus.publish(SUBJECT, last.model_dump_json().encode(), "last")
        await eventually(lambda: stage.have_effect([last.event_id]))
        await asyncio.sleep(0.2)

    assert sorted(await stage.effects()) == sorted([event.event_id, last.event_id])


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError("no"), refused(503), refused(401), refused(429), TimeoutError(), Unavailable()],
)
async def test_an_owner_that_is_away_is_asked_again_without_counting_a_try(
    stage: Stage, bus: Bus, error: Exception
) -> None:
    owner = Owner(is_away=error)
    async with stage.relaying(bus), stage.listening(bus, owner):
        await eventually(stage.is_listening)
        event_ids = await stage.refer()
        await eventually(lambda: asked_often(owner, 5))
        owner.is_away = None
        await eventually(lambda: stage.have_effect(event_ids))

    assert await stage.count(stage.triage.parked) == 0


async def asked_often(owner: Owner, times: int) -> bool:
    return len(owner.asked) >= times


@pytest.mark.parametrize(
    "error",
    [refused(404), refused(422), NotFound(), LookupError("odd")],
    ids=["404", "422", "not found", "a bug"],
)
def test_a_refusal_of_this_one_event_is_its_own_fault(error: Exception) -> None:
    assert not is_someone_away(error)


async def test_a_poison_event_is_parked_after_its_tries_and_the_others_flow(stage: Stage, bus: Bus) -> None:
    owner = Owner()
    poison = a_referral()
    owner.poison.add(poison.event_id)
    async with stage.relaying(bus), stage.listening(bus, owner):
        await eventually(stage.is_listening)
        await bus.publish(SUBJECT, poison.model_dump_json().encode(), "poison")
        others = await stage.refer(20)
        await eventually(lambda: stage.have_effect(others))
        await eventually(stage.is_parked)

    assert poison.event_id not in await stage.effects()
    async with transaction(stage.sessions, "test") as tx:
        page = await list_parked(tx, stage.triage)
    assert [(each.event_id, each.reason, each.tries) for each in page.items] == [
        (poison.event_id, "LookupError", 3)
    ]
    assert await stage.count(stage.triage.failure) == 0


async def test_handlers_work_side_by_side(stage: Stage, bus: Bus) -> None:
    working = most = 0

    async def ask_slowly(owner: Owner, event: Event) -> None:
        nonlocal working, most
        working += 1
        most = max(most, working)
        await asyncio.sleep(0.3)
        working -= 1

    slow: Handler[Owner, Any, None] = Handler("open_case", fetch=ask_slowly, apply=open_case)
    async with stage.relaying(bus), stage.listening(bus, Owner(), handler=slow):
        await eventually(stage.is_listening)
        event_ids = await stage.refer(16)
        await eventually(lambda: stage.have_effect(event_ids))
    assert most > 1


async def test_a_handler_new_to_the_hub_is_owed_what_comes_from_then_on(stage: Stage, bus: Bus) -> None:
    async with stage.relaying(bus):
        early = await stage.refer(3)
        await asyncio.sleep(0.5)
        async with stage.listening(bus, Owner()):
            await eventually(stage.is_listening)
            late = await stage.refer(3)
            await eventually(lambda: stage.have_effect(late))
            assert set(await stage.effects()) == set(late)
        historian: Handler[Owner, Any, None] = Handler(
            "historian", fetch=ask, apply=open_case, from_the_start=True
        )
        async with stage.listening(bus, Owner(), handler=historian):
            await eventually(lambda: stage.have_effect(early))


async def test_two_handlers_may_not_share_a_name(stage: Stage, bus: Bus) -> None:
    other: Handler[Owner, Any, None] = Handler("open_case", fetch=ask, apply=open_case, from_the_start=True)
    place: Workplace[Owner] = stage.workplace(Owner())
    with pytest.raises(ValueError, match="open_case"):
        await consume(bus, {ReferralReceived: (OPEN_CASE, other)}, place, stop=asyncio.Event())


async def test_a_durable_that_is_deleted_is_made_again(stage: Stage, bus: Bus) -> None:
    async with stage.relaying(bus), stage.listening(bus, Owner()):
        await eventually(stage.is_listening)
        await eventually(lambda: has_durable(stage))
        client = await nats.connect(stage.bus_server.url)
        await client.jetstream().delete_consumer("HUB", "triage_open_case")
        event_ids = await stage.refer(5)
        await eventually(lambda: stage.have_effect(event_ids))
        await client.jetstream().delete_stream("HUB")
        event_ids = await stage.refer(5)
        await eventually(lambda: stage.have_effect(event_ids))
        await client.close()


async def test_a_stream_made_otherwise_is_brought_in_line(stage: Stage, bus: Bus) -> None:
    client = await nats.connect(stage.bus_server.url)
    await client.jetstream().add_stream(name="HUB", subjects=["intake.>"])
    async with stage.listening(bus, Owner()):
        await eventually(lambda: has_durable(stage))
    config = (await client.jetstream().stream_info("HUB")).config
    await client.close()

    assert (config.subjects, config.max_bytes, config.duplicate_window) == (
        HUB.subjects,
        HUB.max_bytes,
        HUB.duplicate_window,
    )


async def test_what_is_under_way_is_finished_before_the_end(stage: Stage, bus: Bus) -> None:
    async def ask_slowly(owner: Owner, event: Event) -> None:
        owner.asked.append(event.event_id)
        await asyncio.sleep(0.5)

    owner = Owner()
    slow: Handler[Owner, Any, None] = Handler("open_case", fetch=ask_slowly, apply=open_case)
    async with stage.relaying(bus), stage.listening(bus, owner, handler=slow):
        await eventually(stage.is_listening)
        event_ids = await stage.refer()
        await eventually(lambda: asked_often(owner, 1))

    assert await stage.effects() == event_ids
