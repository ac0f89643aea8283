"""Figures that tests note with `record_property`, summed over all of them and shown when the run ends."""

from collections import Counter
from collections.abc import Iterator

from _pytest.reports import TestReport
from _pytest.terminal import TerminalReporter

WORDS = {
    "cells": "cells of the table of permissions checked",
    "bad_inputs": "bad inputs sent",
    "held_copies": "refused worries held, each of them",
    "contract_calls": "calls drawn from the descriptions of the APIs",
    "steps": "steps of children through decisions and second looks, in any order",
    "due_times": "due times over ten years, each held against a table of half-hours or the elapsed time",
    "kills": "kills of running processes, each named place among them",
    "survivors": "acknowledged referrals found again afterwards, each once",
}


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the sum of each figure that was noted."""
    sums = Counter[str]()
    for name, value in _noted(terminalreporter):
        sums[name] += value
    for name, words in WORDS.items():
        if sums[name]:
            terminalreporter.write_line(f"{sums[name]} {words}")


def _noted(reporter: TerminalReporter) -> Iterator[tuple[str, int]]:
    for reports in reporter.stats.values():
        for report in reports:
            if isinstance(report, TestReport) and report.when == "call":
                yield from ((name, value) for name, value in report.user_properties if isinstance(value, int))
