"""What runs by the clock in triage: each job a worker of its own, safe in any number of processes at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions.agencies.reminding import remind_due
from services.triage.actions.clock.breaching import BATCH, find_breaches
from services.triage.actions.clock.calling_out import Calling, call_out
from services.triage.actions.clock.drifting import list_to_note, note_drift
from services.triage.rules import Times
from services.triage.store.timers import find_next_due
from shared.clock import utc_now
from shared.platform.database import Sessions, transaction
from shared.platform.patience import delays, rest
from shared.platform.process import Worker
from shared.platform.telemetry import drift_found, timer_breaches
from shared.problems import Unavailable

#: Who the jobs are to the row policies of the database.
SCHEDULER: Final = "scheduler"
# What others held when it fell due is looked for again after this: never in a tight ring.
_LEAST_REST_SECONDS: Final = 0.5

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done by the clock, and asks the database alone what there is to do.

    Attributes:
        run: does what is due at an instant, in short transactions of its own; says whether there is more to
            do at once.
        every: the longest rest between two runs.
        next_at: when something falls due next, where that can be told; a rest ends there.
    """

    name: str
    run: Callable[[Sessions, datetime], Awaitable[bool]]
    every: timedelta
    next_at: Callable[[AsyncSession], Awaitable[datetime | None]] | None = None


def jobs_of(times: Times, calling: Calling, *, every: timedelta, drift_every: timedelta) -> tuple[Job, ...]:
    """Return what triage does by the clock."""

    async def raise_breaches(sessions: Sessions, now: datetime) -> bool:
        async with transaction(sessions, SCHEDULER) as tx:
            found = await find_breaches(tx, now=now)
        for breach in found:
            timer_breaches.labels(breach.kind).inc()
        return len(found) == BATCH

    async def find_drift(sessions: Sessions, now: datetime) -> bool:
        async with transaction(sessions, SCHEDULER) as tx:
            quiet = await list_to_note(tx, now=now, times=times)
        for one in quiet:
            # One at a time: what a row refers to is locked for a moment, and nobody must wait in a ring.
            async with transaction(sessions, SCHEDULER) as tx:
                is_new = await note_drift(tx, one, now=now)
            drift_found.inc(is_new)
        return False

    async def reach_somebody(sessions: Sessions, now: datetime) -> bool:
        return await call_out(sessions, SCHEDULER, calling, now=now)

    async def remind_agencies(sessions: Sessions, now: datetime) -> bool:
        async with transaction(sessions, SCHEDULER) as tx:
            return await remind_due(tx, now=now) > 0

    return (
        Job("breaches", raise_breaches, every, find_next_due),
        Job("red", reach_somebody, every),
        Job("drift", find_drift, drift_every),
        Job("reminders", remind_agencies, every),
    )


def scheduled(sessions: Sessions, jobs: tuple[Job, ...], clock: Clock = utc_now) -> Mapping[str, Worker]:
    """Return a worker for each job, so that one that fails holds up no other."""
    return {job.name: _working(sessions, job, clock) for job in jobs}


def _working(sessions: Sessions, job: Job, clock: Clock) -> Worker:
    async def work(stop: asyncio.Event) -> None:
        waits = delays(longest_seconds=job.every.total_seconds())
        while not stop.is_set():
            try:
                more = await job.run(sessions, clock())
                seconds = 0.0 if more else await _rest_of(sessions, job, clock)
            except Unavailable:
                await rest(next(waits), stop)
                continue
            waits = delays(longest_seconds=job.every.total_seconds())
            if seconds:
                await rest(seconds, stop)

    return work


async def _rest_of(sessions: Sessions, job: Job, clock: Clock) -> float:
    """Return for how long there is nothing to do: the clock may jump meanwhile, so never beyond `every`."""
    longest = job.every.total_seconds()
    if job.next_at is None:
        return longest
    async with transaction(sessions, SCHEDULER) as tx:
        next_at = await job.next_at(tx)
    if next_at is None:
        return longest
    return min(longest, max(_LEAST_REST_SECONDS, (next_at - clock()).total_seconds()))
