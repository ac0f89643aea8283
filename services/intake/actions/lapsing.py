"""Requests for more lapse when their time has run out: asked, not answered, and nobody waits any longer."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.store import quality
from shared.clock import utc_now
from shared.platform.audit import system
from shared.platform.database import Sessions, transaction
from shared.platform.patience import delays, rest
from shared.platform.process import Worker
from shared.problems import Unavailable

#: Who the worker is to the row policies of the database.
_CLOCKWORK: Final = "clockwork"
# Few enough that a batch is written well within the time that a transaction may take.
_BATCH: Final = 100


async def lapse_due(tx: AsyncSession, *, now: datetime, limit: int = _BATCH) -> int:
    """Note of requests whose time has run out that they were not answered; return of how many.

    Two that do so at once never take the same request.
    """
    lapsed = await quality.lapse_due(tx, now=now, limit=limit)
    for request in lapsed:
        await LEDGER.record(
            tx,
            system("intake"),
            "referral.further_information_lapsed",
            at=now,
            subjects=[request.referral_id, request.request_id],
            facts={"version": request.version},
        )
    return len(lapsed)


def lapsing(sessions: Sessions, *, every: timedelta, clock: Callable[[], datetime] = utc_now) -> Worker:
    """Return the worker that lets requests lapse.

    What is due is asked of the database alone, so a worker that starts again forgets nothing, and one whose
    database was away catches up.

    Args:
        every: the longest that a request stays open after its time.
        clock: what time it is, in UTC.
    """

    async def work(stop: asyncio.Event) -> None:
        waits = delays(longest_seconds=every.total_seconds())
        while not stop.is_set():
            try:
                async with transaction(sessions, _CLOCKWORK) as tx:
                    lapsed = await lapse_due(tx, now=clock())
            except Unavailable:
                await rest(next(waits), stop)
                continue
            waits = delays(longest_seconds=every.total_seconds())
            if lapsed < _BATCH:
                await rest(every.total_seconds(), stop)

    return work
