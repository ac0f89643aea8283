"""Requests for more lapse by themselves, each once, whoever and however many do it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from deploy.local.postgres import PostgresServer
from services.intake.actions.lapsing import lapse_due, lapsing
from services.intake.rules import close_of_working_day
from services.intake.store.quality import close_answered
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.schemas.ids import FurtherInformationId, ReferralId
from tests.hub import Hub
from tests.intake.looking import ask, audited, request_of
from tests.referrals import a_referral

OVERDUE = timedelta(minutes=-5)
LATER = timedelta(hours=1)
LAPSED = "referral.further_information_lapsed"


async def lapse(hub: Hub, limit: int = 100) -> int:
    async with transaction(hub.sessions["intake"], "test") as tx:
        return await lapse_due(tx, now=utc_now(), limit=limit)


async def answer(hub: Hub, request_id: FurtherInformationId, said: dict[str, Any], version: int = 2) -> bool:
    referral_id = ReferralId(UUID(said["referral_id"]))
    async with transaction(hub.sessions["intake"], "test") as tx:
        return await close_answered(tx, request_id, referral_id, version, utc_now())


async def test_what_is_overdue_lapses_and_what_is_not_stays(hub: Hub, server: PostgresServer) -> None:
    said = await hub.send(a_referral())
    overdue, open_still = await ask(hub, said, due_in=OVERDUE), await ask(hub, said, due_in=LATER)
    await lapse(hub)
    lapsed = await request_of(hub, overdue)
    assert (lapsed.state, lapsed.answered_version) == ("not_answered", None)
    assert lapsed.closed_at is not None
    assert (await request_of(hub, open_still)).state == "asked"
    assert await audited(server, LAPSED, overdue) == [{"version": 1}]


async def test_many_at_once_lapse_each_request_once(hub: Hub, server: PostgresServer) -> None:
    said = await hub.send(a_referral())
    asked = [await ask(hub, said, due_in=OVERDUE) for _ in range(30)]

    async def until_nothing_is_due() -> int:
        taken = 0
        while some := await lapse(hub, limit=4):
            taken += some
        return taken

    taken = await asyncio.gather(*(until_nothing_is_due() for _ in range(4)))
    assert sum(taken) >= len(asked)
    assert len(await audited(server, LAPSED, said["referral_id"])) == len(asked)


async def test_what_is_being_answered_just_now_is_passed_over(hub: Hub) -> None:
    said = await hub.send(a_referral())
    request_id = await ask(hub, said, due_in=OVERDUE)
    async with transaction(hub.sessions["intake"], "test") as tx:
        await close_answered(tx, request_id, ReferralId(UUID(said["referral_id"])), 2, utc_now())
        await asyncio.wait_for(lapse(hub), 30)
    assert (await request_of(hub, request_id)).state == "answered"


async def test_an_answer_in_time_never_lapses(hub: Hub) -> None:
    said = await hub.send(a_referral())
    request_id = await ask(hub, said, due_in=OVERDUE)
    assert await answer(hub, request_id, said)
    await lapse(hub)
    answered = await request_of(hub, request_id)
    assert (answered.state, answered.answered_version) == ("answered", 2)


async def test_a_late_answer_is_an_answer_and_seen_to_be_late(hub: Hub) -> None:
    said = await hub.send(a_referral())
    request_id = await ask(hub, said, due_in=OVERDUE)
    await lapse(hub)
    assert await answer(hub, request_id, said)
    answered = await request_of(hub, request_id)
    assert (answered.state, answered.answered_version) == ("answered", 2)
    assert answered.closed_at is not None
    assert answered.closed_at > answered.due_at


async def test_the_first_answer_to_a_request_stands(hub: Hub) -> None:
    said, other = await hub.send(a_referral()), await hub.send(a_referral())
    request_id = await ask(hub, said, due_in=LATER)
    assert not await answer(hub, request_id, other)
    assert not await answer(hub, request_id, said, version=1)
    assert await answer(hub, request_id, said)
    assert not await answer(hub, request_id, said, version=3)
    assert (await request_of(hub, request_id)).answered_version == 2


async def test_a_worker_whose_database_was_away_catches_up(hub: Hub) -> None:
    said = await hub.send(a_referral())
    first = await ask(hub, said, due_in=OVERDUE)
    away = 3

    def sessions() -> Any:
        nonlocal away
        away -= 1
        if away >= 0:
            raise ConnectionRefusedError
        return hub.sessions["intake"]()

    await _work_until(hub, sessions, first)
    # Another one, started afresh, takes up what the first did not live to see.
    second = await ask(hub, said, due_in=OVERDUE)
    await _work_until(hub, hub.sessions["intake"], second)


async def _work_until(hub: Hub, sessions: Callable[[], Any], request_id: FurtherInformationId) -> None:
    stop = asyncio.Event()
    work = lapsing(sessions, every=timedelta(milliseconds=50))  # type: ignore[arg-type]
    running = asyncio.ensure_future(work(stop))
    async with asyncio.timeout(60):
        while (await request_of(hub, request_id)).state == "asked":  # noqa: ASYNC110  # it is in a database
            await asyncio.sleep(0.02)
    stop.set()
    await asyncio.wait_for(running, 30)


@pytest.mark.parametrize(
    ("now", "days", "due"),
    [
        ("2026-11-23T10:00:00+00:00", 1, "2026-11-24T17:00:00+00:00"),
        ("2026-11-27T23:30:00+00:00", 1, "2026-11-30T17:00:00+00:00"),
        ("2026-11-28T12:00:00+00:00", 1, "2026-11-30T17:00:00+00:00"),
        # Christmas Day is a Friday, Boxing Day's holiday the Monday after.
        ("2026-12-24T12:00:00+00:00", 1, "2026-12-29T17:00:00+00:00"),
        # Clocks go forward on Sunday: closing is an hour earlier in UTC. Good Friday and Easter count too.
        ("2027-03-25T12:00:00+00:00", 1, "2027-03-30T16:00:00+00:00"),
        # Half past midnight on Tuesday in London, still Monday in UTC.
        ("2026-06-01T23:30:00+00:00", 1, "2026-06-03T16:00:00+00:00"),
        ("2026-11-23T10:00:00+00:00", 10, "2026-12-07T17:00:00+00:00"),
    ],
)
def test_a_request_is_due_at_the_close_of_a_working_day(now: str, days: int, due: str) -> None:
    assert close_of_working_day(datetime.fromisoformat(now), days).isoformat() == due
