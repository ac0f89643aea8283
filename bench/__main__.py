"""`make bench`: one JSON line for each figure on standard output, progress on standard error."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

import structlog

from bench.events import measure_events
from bench.figures import Figure, say
from bench.referrals import measure_referrals
from bench.stage import running_hub, server_url

FIGURES = ("referrals", "events")


def main() -> None:
    """Measure what was asked for, by default everything."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("figures", nargs="*", default=list(FIGURES), metavar="|".join(FIGURES))
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured; the median counts")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of one slice")
    asked = parser.parse_args()
    unknown = set(asked.figures) - set(FIGURES)
    if unknown:
        parser.error(f"there is no figure called {', '.join(sorted(unknown))}")
    # The services' own log lines are progress; standard output carries figures alone.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as folder:
        say("Starting a hub on durable storage.")
        with running_hub(Path(folder)) as hub:
            if "referrals" in asked.figures:
                _print(measure_referrals(hub, rounds=asked.rounds, seconds=asked.seconds))
            if "events" in asked.figures:
                _print(asyncio.run(measure_events(server_url(hub), hub.nats_url, seconds=asked.seconds)))


def _print(figures: list[Figure]) -> None:
    for figure in figures:
        print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
