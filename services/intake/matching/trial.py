"""A trial of matching on tables where it is known who is who: read, fitted, scored and summed up."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.intake.matching.evaluating import (
    Figures,
    Pair,
    Scored,
    best_figures,
    best_per_row,
    figures_at,
    figures_of,
    score_tables,
)
from services.intake.matching.frequencies import count_frequencies
from services.intake.matching.households import fitted_to
from services.intake.matching.person import Person
from services.intake.matching.scoring import Scorer
from services.intake.matching.tables import Row, TableFault, persons_of
from services.intake.matching.training import train
from services.intake.matching.weights import Weights

Progress = Callable[[str, int, int], None]
#: From this probability on the score alone is taken for a match. The hub itself also looks for hazards.
WORKING_THRESHOLD: Final = 0.8
Truth = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried.

    Attributes:
        known: None to look for one person twice in `incoming`.
        truth: pairs of ids, of an incoming and of a known row.
        is_fitted: whether the weights are first fitted to the tables, which never asks for the truth.
        threshold: the working threshold, a probability.
    """

    incoming: Sequence[Row]
    known: Sequence[Row] | None
    truth: Sequence[tuple[str, str]]
    weights: Weights
    is_fitted: bool
    threshold: float = WORKING_THRESHOLD


def run_trial(trial: Trial, progress: Progress) -> dict[str, Any]:
    """Return the figures of a trial as JSON can hold them.

    Raises:
        TableFault: an id of the truth is in neither table.
    """
    began = time.perf_counter()
    truth = _places_of(trial)
    tables = persons_of(trial.incoming, *((trial.known,) if trial.known is not None else ()))
    left, right = tables[0], tables[1] if trial.known is not None else None
    known = left if right is None else right
    counted = count_frequencies([person for table in tables for person in table])
    read = time.perf_counter()
    weights = trial.weights
    if trial.is_fitted:
        weights = train(left, right, counted, weights, progress).weights
    else:
        weights = fitted_to(known, weights)
    fitted = time.perf_counter()
    scored = score_tables(
        left,
        right,
        counted,
        Scorer(weights, len(known)),
        truth,
        lambda done, of: progress("scoring", done, of),
    )
    ended = time.perf_counter()
    return {
        "weights": {"version": weights.version, "fitted_to_these_tables": trial.is_fitted},
        "working_threshold": trial.threshold,
        **_summed_up(trial, scored, truth),
        "counts": _counts(left, right, scored, truth),
        "seconds": {
            "reading": round(read - began, 2),
            "fitting": round(fitted - read, 2),
            "scoring": round(ended - fitted, 2),
        },
    }


def _places_of(trial: Trial) -> Truth:
    left = {row.id: place for place, row in enumerate(trial.incoming)}
    right = left if trial.known is None else {row.id: place for place, row in enumerate(trial.known)}
    missing = sum(one not in left or other not in right for one, other in trial.truth)
    if missing:
        raise TableFault(
            f"{missing} of {len(trial.truth)} pairs of the truth name an id that is not in the tables."
            " Its left_id must be of the first table, its right_id of the second."
        )
    pairs = ((left[one], right[other]) for one, other in trial.truth)
    if trial.known is None:
        return frozenset((min(pair), max(pair)) for pair in pairs if pair[0] != pair[1])
    return frozenset(pairs)


def _summed_up(trial: Trial, scored: Scored, truth: Truth) -> dict[str, Any]:
    is_alone = trial.known is None
    by_row = truth | {(other, one) for one, other in truth} if is_alone else truth
    rows = len({one for one, _ in by_row})
    best = best_per_row(scored.pairs, both_ways=is_alone)
    asked = scored.sure | scored.possible
    return {
        "all_pairs": _at_and_best(trial.threshold, scored.pairs, truth, len(truth)),
        "best_match": _at_and_best(trial.threshold, best, by_row, rows),
        "candidates": {"recall": _rounded(len(scored.candidates) / len(truth) if truth else 1.0)},
        "linked_by_the_hub": _told(figures_of(scored.sure, truth, len(truth))),
        "linked_or_asked_about": _told(figures_of(asked, truth, len(truth))),
    }


def _at_and_best(threshold: float, pairs: Sequence[Pair], truth: Truth, wanted: int) -> dict[str, float]:
    best, at = best_figures(pairs, truth, wanted)
    return {
        **_told(figures_at(threshold, pairs, truth, wanted)),
        "best_f1": _rounded(best.f1),
        "best_f1_precision": _rounded(best.precision),
        "best_f1_recall": _rounded(best.recall),
        "best_f1_threshold": _rounded(at),
    }


def _counts(
    left: Sequence[Person], right: Sequence[Person] | None, scored: Scored, truth: Truth
) -> dict[str, int]:
    return {
        "incoming": len(left),
        "known": len(left if right is None else right),
        "true_pairs": len(truth),
        "pairs_compared": scored.compared,
    }


def _told(figures: Figures) -> dict[str, float]:
    return {name: _rounded(value) for name, value in figures._asdict().items()}


def _rounded(value: float) -> float:
    return round(value, 6)
