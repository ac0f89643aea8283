"""`make bench`: one JSON line for each figure on standard output, progress on standard error."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import structlog

from bench.board import measure_board
from bench.events import measure_events
from bench.figures import Figure, say
from bench.grades import measure_grades
from bench.matching.lookup import STORE, Wanted, measure_lookup
from bench.matching.quality import measure_quality
from bench.memory import measure_memory
from bench.policy.measure import measure_policy
from bench.policy_replay import measure_replay
from bench.referrals import measure_door, measure_hub
from bench.stage import running_door, running_hub

FIGURES = (
    "referrals",
    "memory",
    "hub",
    "events",
    "grades",
    "board",
    "matching",
    "lookup",
    "policy",
    "replay",
)
_AT_THE_DOOR = {"referrals", "memory"}
_WITHOUT_A_HUB = {"matching", "lookup", "policy", "replay"}


def main() -> None:
    """Measure what was asked for, by default everything."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("figures", nargs="*", default=list(FIGURES), metavar="|".join(FIGURES))
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the median counts")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one slice")
    options = parser.parse_args()
    asked = set(options.figures)
    if unknown := asked - set(FIGURES):
        parser.error(f"there is no figure called {', '.join(sorted(unknown))}")
    # The services' own log lines are progress; standard output carries figures alone.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if asked & _AT_THE_DOOR:
        _measure_door(asked, options.rounds, options.seconds)
    if asked - _AT_THE_DOOR - _WITHOUT_A_HUB:
        _measure_hub(asked, options.rounds, options.seconds)
    for figure in _measure_without_a_hub(asked, options.rounds):
        _print([figure])


def _measure_without_a_hub(asked: set[str], rounds: int) -> Iterator[Figure]:
    if "matching" in asked:
        yield from measure_quality()
    if "lookup" in asked:
        yield from measure_lookup(Wanted(STORE))
    if "policy" in asked:
        yield from measure_policy(rounds)
    if "replay" in asked:
        yield from measure_replay()


def _measure_door(asked: set[str], rounds: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        say("Starting the door alone, on durable storage.")
        with running_door(Path(folder)) as stage:
            if "referrals" in asked:
                _print(measure_door(stage, rounds=rounds, seconds=seconds))
            if "memory" in asked:
                _print(measure_memory(stage))


def _measure_hub(asked: set[str], rounds: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        say("Starting a whole hub on durable storage.")
        with running_hub(Path(folder)) as stage:
            if "hub" in asked:
                _print(measure_hub(stage, rounds=rounds, seconds=seconds))
            if "events" in asked:
                _print(asyncio.run(measure_events(stage.database_url, stage.nats_url, seconds=seconds)))
            if "grades" in asked:
                _print(measure_grades(stage, seconds=seconds))
            if "board" in asked:
                _print(measure_board(stage, rounds=rounds))


def _print(figures: list[Figure]) -> None:
    for figure in figures:
        print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
