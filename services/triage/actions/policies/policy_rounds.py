"""What workers do for the threshold policy: follow the one in force, try those that are put forward."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from services.triage.actions.agencies.renewing import renew_one_case
from services.triage.actions.policies.replaying import go_on
from services.triage.rules import Times
from shared.clock import utc_now
from shared.platform.database import Sessions
from shared.platform.process import Worker

#: How long a newly published policy, and a replay, may wait before a worker sees it.
_RENEWS_EVERY: Final = timedelta(seconds=10)
_REPLAYS_EVERY: Final = timedelta(seconds=2)


def policy_workers(
    sessions: Sessions, times: Times, now: Callable[[], datetime] = utc_now
) -> Mapping[str, Worker]:
    """Return the workers of the policy; each does one small piece after another until it is told to stop."""
    return {
        "policy renewal": _rounds(lambda: renew_one_case(sessions, times, now=now()), _RENEWS_EVERY),
        "policy replay": _rounds(lambda: go_on(sessions, now=now()), _REPLAYS_EVERY),
    }


def _rounds(piece: Callable[[], Awaitable[bool]], every: timedelta) -> Worker:
    async def work(stop: asyncio.Event) -> None:
        while not stop.is_set():
            if await piece():
                # Whoever waits for an answer of this process comes first.
                await asyncio.sleep(0)
                continue
            try:
                await asyncio.wait_for(stop.wait(), every.total_seconds())
            except TimeoutError:
                continue

    return work
