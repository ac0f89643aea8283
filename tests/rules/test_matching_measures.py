"""How the quality of matching is counted: pairs against truth, at every threshold."""

import csv
from pathlib import Path

import pytest

from bench.matching.errors import told_by_hazard
from bench.matching.measures import (
    Scored,
    best_per_left,
    best_quality,
    qualities,
    recall_at_precision,
    unordered,
)

TRUTH = {("r1", "k1"), ("r2", "k2"), ("r3", "k3")}
PAIRS: list[Scored] = [
    ("r1", "k1", 9.0),
    ("r2", "k2", 7.0),
    ("r2", "k9", 6.0),
    ("r4", "k4", 5.0),
    ("r3", "k3", 4.0),
]


def test_only_the_highest_pair_of_a_row_is_its_best_match() -> None:
    assert [pair[1] for pair in best_per_left(PAIRS)] == ["k1", "k2", "k4", "k3"]


def test_the_best_threshold_is_the_one_with_the_highest_f1() -> None:
    best = best_quality(best_per_left(PAIRS), TRUTH)
    assert (best.threshold, best.precision, best.recall) == (4.0, 0.75, 1.0)
    assert best.f1 == pytest.approx(6 / 7)


def test_pairs_of_one_score_are_taken_together() -> None:
    tied: list[Scored] = [("r1", "k1", 5.0), ("r2", "k8", 5.0)]
    assert [quality.precision for quality in qualities(tied, TRUTH)] == [0.5]


def test_recall_is_told_at_the_lowest_threshold_that_is_precise_enough() -> None:
    assert recall_at_precision(0.995, PAIRS, TRUTH) == pytest.approx(2 / 3)
    assert recall_at_precision(0.75, best_per_left(PAIRS), TRUTH) == 1.0


def test_nothing_found_is_worth_nothing_and_fails_nobody() -> None:
    assert best_quality([], TRUTH).f1 == 0.0
    assert recall_at_precision(0.9, [], TRUTH) == 0.0


def test_a_pair_of_one_table_counts_once_whichever_way_round_it_was_found() -> None:
    assert unordered([("b", "a", 1.0), ("a", "b", 2.0)]) == [("a", "b", 2.0)]


def test_errors_are_told_by_hazard(tmp_path: Path) -> None:
    with (tmp_path / "hazards.csv").open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([("id", "hazard"), ("r1", "twin"), ("r2", "twin"), ("r3", "moved")])
    told = told_by_hazard(tmp_path / "hazards.csv", dict(TRUTH), {"hub": {"r1": "k1", "r2": "k9"}})
    lines = [line.split() for line in told.splitlines()[1:]]
    assert lines == [["moved", "1", "1", "0"], ["twin", "2", "0", "1"]]
