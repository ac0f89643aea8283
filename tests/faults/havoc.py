"""Kills every part of a hub again and again: at random times, and at named places of its code."""

import heapq
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from tests.faults.crashing import POINTS
from tests.faults.forge import Plan
from tests.faults.stage import Stage

# At which passage a process dies, at the latest: soon at a place where none died yet, so that all get their
# turn; then later, so that there is work half done everywhere. Some places are passed but seldom.
_LATEST_PASSAGE = 8
_LATEST_PASSAGE_AGAIN = 60
_LATEST_PASSAGE_OF = {
    "T3": 2,
    "version": 3,
    "refused": 3,
    "corrected": 3,
    "linked": 2,
    "joined": 1,
    "undone": 1,
    "notice": 3,
    "published_not_marked": 3,
    "in_inbox_without_effect": 5,
}
_TICK_SECONDS = 0.02
_LONGEST_ABSENCE_SECONDS = 0.5
# Long enough for events to pile up in the stream that nobody reads.
_PILE_UP_SECONDS = 1.5
_STORE = "store"

#: How often each part is killed at a random time.
RANDOM_KILLS = {
    "intake": 4,
    "triage": 4,
    "notifications": 4,
    "reconciler": 3,
    "nats": 4,
    "postgres": 4,
}


@dataclass
class Toll:
    """How often each part was killed at a random time, how often at which point, and what else was done."""

    at_random: Counter[str] = field(default_factory=Counter)
    by_point: Counter[str] = field(default_factory=Counter)
    stores_deleted: int = 0

    @property
    def points_missed(self) -> list[str]:
        """Where a process has not died yet, as `service point`."""
        wanted = chain.from_iterable(
            (f"{service} {point}" for point in POINTS[service]) for service in POINTS
        )
        return [point for point in wanted if not self.by_point[point]]


def _latest(point: str) -> int:
    return _LATEST_PASSAGE_OF.get(point.partition(".")[0], _LATEST_PASSAGE)


class _Strike(NamedTuple):
    """What is struck, and when on the monotonic clock."""

    at: float
    part: str


class Havoc:
    """The killing, tick by tick, on the thread that made the stage."""

    def __init__(self, stage: Stage, *, seed: int, seconds: float) -> None:
        self.toll = Toll()
        self._stage = stage
        self._dice = random.Random(f"havoc {seed}")
        self._seconds = seconds
        self._is_over = False
        self._back_at: dict[str, float] = {}
        self._obituaries = 0

    def run(self, *, longest_seconds: float, look: Callable[[], None]) -> None:
        """Kill for the time given, then on until each point was hit; then bring back all for good.

        Args:
            longest_seconds: after which it is over, whatever was missed.
            look: called at every tick; raises what went wrong elsewhere.
        """
        began = time.monotonic()
        strikes = self._timetable(began)
        for service in POINTS:
            self._stage.kill(service)
        while strikes or (self.toll.points_missed and time.monotonic() < began + longest_seconds):
            look()
            self._is_over = not strikes
            self._mend()
            if strikes and time.monotonic() >= strikes[0].at:
                self._carry_out(heapq.heappop(strikes), strikes)
            time.sleep(_TICK_SECONDS)
        self._end()

    def _timetable(self, began: float) -> list["_Strike"]:
        """Return what is done when, as a heap."""
        strikes = [
            _Strike(began + self._dice.uniform(2.0, self._seconds), part)
            for part, count in RANDOM_KILLS.items()
            for _ in range(count)
        ]
        strikes.append(_Strike(began + self._seconds / 2, _STORE))
        heapq.heapify(strikes)
        return strikes

    def _carry_out(self, strike: "_Strike", strikes: list["_Strike"]) -> None:
        match strike.part:
            case "nats":
                self._kill_bus()
            case "postgres":
                self._kill_database()
            case part if part == _STORE:
                self._delete_store()
            case service if self._stage.kill(service):
                self.toll.at_random[service] += 1
            case _:
                # Dead already: killed once it is back.
                heapq.heappush(strikes, _Strike(strike.at + _LONGEST_ABSENCE_SECONDS, strike.part))

    def _kill_bus(self) -> None:
        self._stage.nats.kill()
        self.toll.at_random["nats"] += 1
        self._stage.nats.start()

    def _kill_database(self) -> None:
        self._stage.postgres.kill()
        self.toll.at_random["postgres"] += 1
        self._stage.postgres.start()

    def _delete_store(self) -> None:
        """Lose the bus's whole memory while it holds events that nobody has read."""
        for service in ("triage", "notifications"):
            self._stage.kill(service)
        time.sleep(_PILE_UP_SECONDS)
        self._stage.nats.kill()
        self._stage.nats.delete_store()
        self.toll.stores_deleted += 1
        self._stage.nats.start()

    def _mend(self) -> None:
        """Bring back each service that died, with a new place to die at."""
        self._read_obituaries()
        for service in POINTS:
            if self._stage.is_running(service):
                continue
            back_at = self._back_at.setdefault(
                service, time.monotonic() + self._dice.uniform(0, _LONGEST_ABSENCE_SECONDS)
            )
            if time.monotonic() >= back_at:
                del self._back_at[service]
                self._stage.start(service, self._plan(service))

    def _plan(self, service: str) -> Plan | None:
        missed = [point for point in POINTS[service] if not self.toll.by_point[f"{service} {point}"]]
        if not missed and self._is_over:
            # Only other places are waited for: to die at these again would keep the script from them.
            return None
        if not missed:
            return Plan({self._dice.choice(POINTS[service]): self._dice.randint(1, _LATEST_PASSAGE_AGAIN)})
        # At any of them: some are passed but seldom, and the others need not wait for those.
        return Plan({point: self._dice.randint(1, _latest(point)) for point in missed})

    def _read_obituaries(self) -> None:
        book = self._stage.forge.obituary
        lines = book.read_text().splitlines() if book.exists() else []
        self.toll.by_point.update(lines[self._obituaries :])
        self._obituaries = len(lines)

    def _end(self) -> None:
        """Leave every service running, with nowhere to die."""
        for service in POINTS:
            self._stage.kill(service)
            self._stage.wait_gone(service, seconds=5)
        self._read_obituaries()
        for service in POINTS:
            self._stage.start(service)
        self._stage.wait_ready(*POINTS)
