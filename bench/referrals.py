"""How many referrals are acknowledged a second, beside what the same server does with the same rows."""

import asyncio
import os
import statistics
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import Figure, percentile, say
from bench.load import Tally, send_for
from bench.stage import Stage
from bench.yardsticks import CONNECTIONS, make_room, pgbench

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass
class _Rounds:
    """What each round came to, per second."""

    seconds: float
    tallies: list[Tally] = field(default_factory=list)
    pgbench: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)

    @property
    def rates(self) -> list[float]:
        return [tally.acknowledged / self.seconds for tally in self.tallies]

    @property
    def count(self) -> int:
        return sum(tally.acknowledged for tally in self.tallies)


def measure_door(stage: Stage, *, rounds: int, seconds: float) -> list[Figure]:
    """Measure the door and both yardsticks in turn: a machine that changes its speed changes all three."""
    asyncio.run(make_room(stage.database_url))
    _send(stage, "plain", 1.0)
    _send(stage, "intake", 1.0)
    found, spent = _Rounds(seconds), 0.0
    for number in range(1, rounds + 1):
        found.pgbench.append(pgbench(stage.database_url, seconds))
        found.plain.append(_send(stage, "plain", seconds).acknowledged / seconds)
        began = _processor_seconds(stage.pids["intake"])
        found.tallies.append(_send(stage, "intake", seconds))
        spent += _processor_seconds(stage.pids["intake"]) - began
        say(
            f"Round {number} of {rounds}, a second: {found.rates[-1]:.0f} referrals acknowledged,"
            f" plain application {found.plain[-1]:.0f}, pgbench {found.pgbench[-1]:.0f}."
        )
    own_time = Figure("referral_processor_time", 1000 * spent / found.count, "ms", None, None, found.count)
    return [*_beside_pgbench("referrals_acknowledged", found), _beside_plain(found), *_times(found), own_time]


def measure_hub(stage: Stage, *, rounds: int, seconds: float) -> list[Figure]:
    """Measure the same while triage, notifications, relay and reconciler work on what comes in."""
    asyncio.run(make_room(stage.database_url))
    _send(stage, "intake", 1.0)
    found = _Rounds(seconds)
    for number in range(1, rounds + 1):
        found.pgbench.append(pgbench(stage.database_url, seconds))
        found.tallies.append(_send(stage, "intake", seconds))
        say(
            f"Round {number} of {rounds}, a second: {found.rates[-1]:.0f} referrals acknowledged"
            f" by a whole hub, pgbench {found.pgbench[-1]:.0f}."
        )
    return _beside_pgbench("referrals_acknowledged_by_a_whole_hub", found)


def _send(stage: Stage, name: str, seconds: float) -> Tally:
    url = f"{stage.services[name]}/v1/referrals"
    # A token for each slice: they are good for five minutes alone.
    tally = send_for(url, stage.token(), connections=CONNECTIONS, seconds=seconds)
    if tally.others:
        say(f"Answers of {name} that were not 201, by status: {tally.others}")
    return tally


def _beside_pgbench(name: str, found: _Rounds) -> list[Figure]:
    beside = f"pgbench, same inserts, {CONNECTIONS} clients: {statistics.median(found.pgbench):.0f}/s"
    return [_ratio(name, found, found.pgbench, beside)]


def _beside_plain(found: _Rounds) -> Figure:
    beside = f"plain FastAPI and SQLAlchemy ORM, same rows: {statistics.median(found.plain):.0f}/s"
    return _ratio("referrals_acknowledged_beside_plain", found, found.plain, beside)


def _ratio(name: str, found: _Rounds, yardstick: list[float], beside: str) -> Figure:
    ratio = statistics.median(rate / other for rate, other in zip(found.rates, yardstick, strict=True))
    return Figure(name, statistics.median(found.rates), "1/s", beside, ratio, found.count)


def _times(found: _Rounds) -> list[Figure]:
    times = [1000 * took for tally in found.tallies for took in tally.seconds]
    return [
        Figure(f"referral_answer_p{share}", percentile(times, share / 100), "ms", None, None, found.count)
        for share in (50, 99)
    ]


def _processor_seconds(pid: int) -> float:
    """Return what a process has spent of the processor; 0 where there is no /proc."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / _TICKS_A_SECOND
