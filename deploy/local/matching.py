"""What `hub matching` does with files: evaluate on tables where it is known who is who, and train on any."""

import argparse
import io
import json
import sys
import time
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from deploy.local.faults import LaunchFault
from services.intake.matching.frequencies import count_frequencies
from services.intake.matching.report import write_report
from services.intake.matching.tables import Row, TableFault, persons_of, read_rows, read_truth
from services.intake.matching.training import train
from services.intake.matching.trial import WORKING_THRESHOLD, Trial, run_trial
from services.intake.matching.weights import Weights, shipped_weights, weights_from, write_weights

_Read = TypeVar("_Read")
_SECONDS_BETWEEN = 2.0


class FileNotUsable(LaunchFault):
    """A file that the command names cannot be read, written, or understood."""


def evaluate(options: argparse.Namespace) -> int:
    """Print the figures of matching the files as one JSON document."""
    if not 0 < options.threshold < 1:
        raise LaunchFault("--threshold is a probability: give a number between 0 and 1, such as 0.8.")
    trial = Trial(
        incoming=_table(options.left, read_rows),
        known=_table(options.right, read_rows) if options.right else None,
        truth=_table(options.truth, read_truth),
        weights=_weights(options.weights),
        is_fitted=options.train and options.weights is None,
        threshold=options.threshold,
    )
    try:
        figures = run_trial(trial, _Progress().tell)
    except TableFault as fault:
        raise FileNotUsable(str(fault)) from fault
    print(json.dumps(figures, indent=2))
    return 0


def train_on_file(options: argparse.Namespace) -> int:
    """Fit weights to the people of one file, and write them and a report."""
    rows: list[Row] = _table(options.people, read_rows)
    (people,) = persons_of(rows)
    began = time.monotonic()
    trained = train(
        people, None, count_frequencies(people), _weights(options.weights), _Progress().tell, keep_share=True
    )
    facts = {
        "Persons": str(len(people)),
        "Candidates": str(len(trained.probabilities)),
        "Rounds": str(trained.rounds),
    }
    _write(options.out, write_weights(trained.weights))
    _write(options.report, write_report(trained.weights, trained.probabilities.tolist(), facts))
    took = f"{time.monotonic() - began:.0f} s"
    print(f"Weights {trained.weights.version} are in {options.out}, the report in {options.report} ({took}).")
    return 0


def _table(path: Path, read: Callable[..., _Read]) -> _Read:
    try:
        raw = path.read_bytes().removeprefix(BOM_UTF8)
    except OSError as fault:
        raise FileNotUsable(
            f"{path} cannot be read: {fault.strerror}. Give the path of a CSV file."
        ) from fault
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        # What spreadsheets of this country write when nobody tells them otherwise; it decodes anything.
        text = raw.decode("cp1252", errors="replace")
    try:
        return read(io.StringIO(text, newline=""), str(path))
    except TableFault as fault:
        raise FileNotUsable(str(fault)) from fault


def _weights(path: Path | None) -> Weights:
    if path is None:
        return shipped_weights()
    try:
        return weights_from(path)
    except OSError as fault:
        raise FileNotUsable(f"{path} cannot be read: {fault.strerror}. Give a file of weights.") from fault
    except ValueError as fault:
        first = str(fault).splitlines()[0]
        raise FileNotUsable(
            f"{path} holds no weights ({first}). Give a file that `hub matching train` wrote."
        ) from fault


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise FileNotUsable(f"{path} cannot be written: {fault.strerror}. Give another path.") from fault


class _Progress:
    """Tells on stderr how far each step is, every two seconds, so that short runs stay silent."""

    def __init__(self) -> None:
        self._told_at = time.monotonic()

    def tell(self, step: str, done: int, of: int) -> None:
        if (now := time.monotonic()) - self._told_at >= _SECONDS_BETWEEN:
            self._told_at = now
            print(f"{step}: {done} of {of}", file=sys.stderr, flush=True)


def add_matching(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `hub matching evaluate` and `hub matching train` to the command's words."""
    matching = commands.add_parser("matching", help="try or train how people are found to be known")
    verbs = matching.add_subparsers(required=True, metavar="COMMAND")

    trial = verbs.add_parser("evaluate", help="figures of matching CSV files whose truth is known, as JSON")
    trial.add_argument("--left", type=Path, required=True, metavar="CSV", help="those who come")
    trial.add_argument(
        "--right", type=Path, metavar="CSV", help="those known; else LEFT is searched for repeats"
    )
    trial.add_argument(
        "--truth", type=Path, required=True, metavar="CSV", help="left_id,right_id of true pairs"
    )
    trial.add_argument("--weights", type=Path, metavar="YAML", help="use these weights just as they are")
    trial.add_argument(
        "--train",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="fit the weights that the hub comes with to the files first, without the truth (default)",
    )
    trial.add_argument(
        "--threshold",
        type=float,
        default=WORKING_THRESHOLD,
        metavar="P",
        help="probability from which a pair counts (%(default)s)",
    )
    trial.set_defaults(run=evaluate)

    fit = verbs.add_parser("train", help="fit weights to people of your own; nobody need say who is who")
    fit.add_argument(
        "--people", type=Path, required=True, metavar="CSV", help="one line for each description"
    )
    fit.add_argument("--out", type=Path, required=True, metavar="YAML", help="the weights")
    fit.add_argument("--report", type=Path, required=True, metavar="HTML", help="plots of weights and scores")
    fit.add_argument("--weights", type=Path, metavar="YAML", help="begin with these instead of the hub's own")
    fit.set_defaults(run=train_on_file)
