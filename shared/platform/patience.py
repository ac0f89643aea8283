"""How long to wait before trying again, and waits that an event cuts short."""

import asyncio
from collections.abc import Iterator
from itertools import count
from random import SystemRandom

FIRST_SECONDS = 0.1
LONGEST_SECONDS = 30.0

_dice = SystemRandom()


def delay_after(
    failures: int, *, first_seconds: float = FIRST_SECONDS, longest_seconds: float = LONGEST_SECONDS
) -> float:
    """Return how many seconds to wait after so many failures in a row.

    It doubles from `first_seconds` up to `longest_seconds`, less up to a fifth by chance: those who failed
    together do not come back together.
    """
    # An exponent past 30 gains nothing and overflows one day.
    doubled = first_seconds * 2.0 ** min(max(failures - 1, 0), 30)
    return float(min(longest_seconds, doubled) * _dice.uniform(0.8, 1.0))


def delays(
    *, first_seconds: float = FIRST_SECONDS, longest_seconds: float = LONGEST_SECONDS
) -> Iterator[float]:
    """Yield the seconds to wait after the first failure, the second, and so on for ever."""
    for failures in count(1):
        yield delay_after(failures, first_seconds=first_seconds, longest_seconds=longest_seconds)


async def rest(seconds: float, *until: asyncio.Event) -> None:
    """Wait until one of the events is set, `seconds` at the longest."""
    waits = [asyncio.ensure_future(event.wait()) for event in until]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
