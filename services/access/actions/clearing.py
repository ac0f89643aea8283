"""What guards the door is forgotten once it has served."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta

from services.access import store
from shared.platform.database import Sessions, transaction
from shared.platform.process import Worker

_EVERY_SECONDS = 600.0
#: Longer than any code, assertion or count of failures is good for.
_KEPT = timedelta(hours=1)


def clearing(sessions: Sessions, clock: Callable[[], datetime]) -> Worker:
    """Return the worker that deletes used codes, expired assertions and old attempts every ten minutes."""

    async def clear(stop: asyncio.Event) -> None:
        while not stop.is_set():
            async with transaction(sessions, "access") as tx:
                await store.forget_before(tx, now=clock(), window=_KEPT)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)

    return clear
