"""Precision, recall and F1 of scored pairs against the true ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

Pair = tuple[str, str]
Scored = tuple[str, str, float]


@dataclass(frozen=True)
class Quality:
    """How good the pairs are that score at least `threshold`."""

    threshold: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def best_per_left(pairs: Iterable[Scored]) -> list[Scored]:
    """Return for each row on the left its highest pair alone; of equals the first."""
    best: dict[str, Scored] = {}
    for pair in pairs:
        if pair[0] not in best or pair[2] > best[pair[0]][2]:
            best[pair[0]] = pair
    return list(best.values())


def unordered(pairs: Iterable[Scored]) -> list[Scored]:
    """Return the pairs of a file with itself each once, the smaller id on the left."""
    best: dict[Pair, float] = {}
    for one, other, score in pairs:
        pair = (min(one, other), max(one, other))
        best[pair] = max(score, best.get(pair, score))
    return [(*pair, score) for pair, score in best.items()]


def best_quality(pairs: Iterable[Scored], truth: set[Pair]) -> Quality:
    """Return the quality at the threshold where F1 is highest."""
    return max(qualities(pairs, truth), key=lambda quality: quality.f1, default=Quality(0.0, 0.0, 0.0))


def recall_at_precision(precision: float, pairs: Iterable[Scored], truth: set[Pair]) -> float:
    """Return how much is found at the lowest threshold that is so precise; 0 where none is."""
    return max((each.recall for each in qualities(pairs, truth) if each.precision >= precision), default=0.0)


def qualities(pairs: Iterable[Scored], truth: set[Pair]) -> Iterator[Quality]:
    """Yield the quality at every score that occurs, the highest first."""
    taken = right = 0
    ordered = sorted(pairs, key=lambda pair: -pair[2])
    for score, equal in groupby(ordered, key=lambda pair: pair[2]):
        for pair in equal:
            taken += 1
            right += pair[:2] in truth
        yield Quality(score, right / taken, right / len(truth) if truth else 1.0)
