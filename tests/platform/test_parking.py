"""An event that cannot be handled ends on a list that someone sees; one that only has to wait does not."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import utc_now
from shared.platform.database import transaction
from shared.platform.delivery import Arrival, receive
from shared.platform.parking import list_parked, release
from shared.platform.subscriptions import Handler
from shared.schemas.events import CaseOpened, Event
from shared.schemas.ids import CaseId, ReferralId, new_id
from tests.platform.conftest import (
    OPEN_CASE,
    Owner,
    Stage,
    a_referral,
    ask,
)

SUBJECT = "intake.referral_received.v1"


def an_arrival(event: Event, *, times: int = 1) -> Arrival:
    return Arrival(event.type, event.model_dump_json().encode(), times=times, resent=False)


async def test_tries_are_counted_through_a_restart(stage: Stage) -> None:
    event = a_referral()
    owner = Owner(poison={event.event_id})

    assert await receive(an_arrival(event), OPEN_CASE, stage.workplace(owner))
    assert await receive(an_arrival(event, times=2), OPEN_CASE, stage.workplace(owner))
    # A third process, a third try: the last.
    assert await receive(an_arrival(event, times=3), OPEN_CASE, stage.workplace(owner)) is None

    assert await stage.is_parked()


async def test_an_event_that_takes_the_process_down_is_parked_in_the_end(stage: Stage) -> None:
    event = a_referral()

    async def die(tx: AsyncSession, event: Event, fetched: None, here: Owner) -> None:
        raise asyncio.CancelledError

    deadly: Handler[Owner, Any, None] = Handler("open_case", fetch=ask, apply=die)
    for times in (1, 2, 3, 4):
        with pytest.raises(asyncio.CancelledError):
            await receive(an_arrival(event, times=times), deadly, stage.workplace(Owner()))

    assert await receive(an_arrival(event, times=5), deadly, stage.workplace(Owner())) is None
    (parked,) = await stage.rows(stage.triage.parked)
    assert parked["reason"] == "crashed"


UNREADABLE = {
    "no json": b"not json",
    "no text": b"\x00\xff",
    "an unknown type": b'{"type": "intake.referral_received.v9"}',
    "a wrong id": b'{"type": "intake.referral_received.v1", "event_id": 7}',
    "fields missing": (
        b'{"type": "intake.referral_received.v1", "event_id": "0198c0de-0000-7000-8000-000000000001"}'
    ),
    "a list": b"[]",
}


@pytest.mark.parametrize("payload", UNREADABLE.values(), ids=UNREADABLE.keys())
async def test_what_cannot_be_read_is_parked_at_once_as_it_came(stage: Stage, payload: bytes) -> None:
    arrival = Arrival(SUBJECT, payload, times=1, resent=False)

    assert await receive(arrival, OPEN_CASE, stage.workplace(Owner())) is None
    assert await receive(arrival, OPEN_CASE, stage.workplace(Owner())) is None

    (parked,) = await stage.rows(stage.triage.parked)
    assert (parked["payload"], parked["reason"], parked["event_type"]) == (payload, "unreadable", SUBJECT)


async def test_an_event_on_the_subject_of_another_is_parked(stage: Stage) -> None:
    stray = CaseOpened(
        occurred_at=utc_now(),
        case_id=CaseId(new_id()),
        referral_id=ReferralId(new_id()),
        child_ids=(),
        version=1,
    )
    arrival = Arrival(SUBJECT, stray.model_dump_json().encode(), times=1, resent=False)

    assert await receive(arrival, OPEN_CASE, stage.workplace(Owner())) is None

    (parked,) = await stage.rows(stage.triage.parked)
    assert (parked["event_id"], parked["reason"]) == (stray.event_id, "wrong_subject")


async def test_a_parked_event_stays_parked_until_it_is_released(stage: Stage) -> None:
    event = a_referral()
    owner = Owner(poison={event.event_id})
    for times in (1, 2, 3):
        await receive(an_arrival(event, times=times), OPEN_CASE, stage.workplace(owner))
    owner.poison.clear()

    assert await receive(an_arrival(event, times=2), OPEN_CASE, stage.workplace(owner)) is None
    assert await stage.effects() == []

    async with transaction(stage.sessions, "test") as tx:
        assert await release(tx, stage.triage, "open_case", event.event_id, now=utc_now())
        assert not await release(tx, stage.triage, "open_case", event.event_id, now=utc_now())
        assert (await list_parked(tx, stage.triage)).items == []
    assert await receive(an_arrival(event, times=2), OPEN_CASE, stage.workplace(owner)) is None
    assert await stage.effects() == [event.event_id]


async def test_the_parked_are_read_page_by_page(stage: Stage) -> None:
    for number in range(5):
        await receive(Arrival(SUBJECT, b"%d" % number, 1, False), OPEN_CASE, stage.workplace(Owner()))

    async with transaction(stage.sessions, "test") as tx:
        first = await list_parked(tx, stage.triage, limit=3)
        rest = await list_parked(tx, stage.triage, limit=3, cursor=first.next_cursor)

    assert (len(first.items), first.has_more, len(rest.items), rest.has_more) == (3, True, 2, False)
    assert len({each.event_id for each in [*first.items, *rest.items]}) == 5


async def test_a_database_that_is_away_is_no_fault_of_the_event(stage: Stage) -> None:
    event = a_referral()

    async def lose_the_connection(tx: AsyncSession, event: Event, fetched: None, here: Owner) -> None:
        await (await tx.connection()).exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    broken: Handler[Owner, Any, None] = Handler("open_case", fetch=ask, apply=lose_the_connection)
    for times in range(1, 6):
        assert await receive(an_arrival(event, times=times), broken, stage.workplace(Owner()))

    assert await receive(an_arrival(event, times=6), OPEN_CASE, stage.workplace(Owner())) is None
    assert await stage.effects() == [event.event_id]
