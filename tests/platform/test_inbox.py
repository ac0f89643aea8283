"""An event has its effect once for each handler."""

import asyncio

import pytest

from shared.clock import utc_now
from shared.platform.database import transaction
from shared.platform.inbox import first_time
from shared.schemas.ids import EventId, new_id
from tests.platform.conftest import Stage


async def test_only_the_first_time_is_the_first_time(stage: Stage) -> None:
    event_id = EventId(new_id())

    async def hear(handler: str) -> bool:
        async with transaction(stage.sessions, "test") as tx:
            return await first_time(tx, stage.triage.inbox, handler, event_id, now=utc_now())

    assert await hear("open_case")
    assert not await hear("open_case")
    assert await hear("count_events")


async def test_of_many_who_ask_at_once_one_is_first(stage: Stage) -> None:
    event_id = EventId(new_id())

    async def hear() -> bool:
        async with transaction(stage.sessions, "test") as tx:
            return await first_time(tx, stage.triage.inbox, "open_case", event_id, now=utc_now())

    assert sum(await asyncio.gather(*(hear() for _ in range(8)))) == 1


async def test_what_is_rolled_back_was_not_the_first_time(stage: Stage) -> None:
    event_id = EventId(new_id())

    async def hear_and_fail() -> None:
        async with transaction(stage.sessions, "test") as tx:
            await first_time(tx, stage.triage.inbox, "open_case", event_id, now=utc_now())
            raise LookupError

    with pytest.raises(LookupError):
        await hear_and_fail()

    async with transaction(stage.sessions, "test") as tx:
        assert await first_time(tx, stage.triage.inbox, "open_case", event_id, now=utc_now())
