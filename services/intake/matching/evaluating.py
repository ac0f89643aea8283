"""How well matching finds who is who in tables where that is known: precision, recall and F1."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from services.intake.matching.deciding import Decision, Verdict, decide, decide_among
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.learning import Learnt, joined
from services.intake.matching.linking import Index, Match, match_among, weigh_rivals
from services.intake.matching.person import Person
from services.intake.matching.scoring import Scorer

Progress = Callable[[int, int], None]
#: Less likely than this and a pair is not kept: no threshold worth trying lies below.
_LEAST: Final = 0.0005


class Pair(NamedTuple):
    """Two rows held against each other, by their places."""

    left: int
    right: int
    bits: float
    probability: float


class Figures(NamedTuple):
    """What a threshold gives; 1.0 precise where nothing was matched at all."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Scored:
    """Every pair that was worth keeping, and what fetching the candidates cost and missed.

    Attributes:
        compared: how many pairs were held against each other.
        candidates: the true pairs among them.
        sure: the pairs that the hub would link by itself.
        possible: the pairs that it would ask a person about.
    """

    pairs: Sequence[Pair]
    compared: int
    candidates: frozenset[tuple[int, int]]
    sure: frozenset[tuple[int, int]]
    possible: frozenset[tuple[int, int]]


def score_tables(
    left: Sequence[Person],
    right: Sequence[Person] | None,
    frequencies: Frequencies,
    scorer: Scorer,
    truth: frozenset[tuple[int, int]],
    progress: Progress,
) -> Scored:
    """Return the pairs of two tables, or of one with itself.

    Args:
        right: those known; None to look for one person twice in `left`.
        truth: places of true pairs, only to say which of them became candidates.
        progress: is told how many rows of how many are done.
    """
    known = left if right is None else right
    table = _Table(left, known, frequencies, scorer)
    index = Index(known)
    found: set[tuple[int, int]] = set()
    compared = 0
    for place, person in enumerate(left):
        places = index.find(person)
        if right is None:
            places = {other for other in places if other > place}
        compared += len(places)
        found.update((place, other) for other in places if (place, other) in truth)
        table.add(place, match_among(person, places, known, frequencies, scorer), is_alone=right is None)
        progress(place + 1, len(left))
    if right is not None:
        table.look_again()
    return Scored(
        table.pairs(),
        compared,
        frozenset(found),
        frozenset(table.decided(Verdict.SURE)),
        frozenset(table.decided(Verdict.POSSIBLE)),
    )


class _Table:
    """The likely matches of each row, and what was decided on them."""

    def __init__(
        self, left: Sequence[Person], known: Sequence[Person], frequencies: Frequencies, scorer: Scorer
    ) -> None:
        self._left, self._known, self._frequencies, self._scorer = left, known, frequencies, scorer
        self._alone: dict[int, list[Match]] = {}
        self._weighed: dict[int, list[Match]] = {}
        self._decided: dict[int, list[Decision]] = {}

    def add(self, row: int, matches: Sequence[Match], *, is_alone: bool = False) -> None:
        """Keep the likely ones of a row; where rows of one table are compared, nobody is a rival."""
        likely = [match for match in matches if match.score.probability >= _LEAST]
        self._alone[row] = likely
        self._weighed[row] = (
            likely if is_alone else weigh_rivals(likely, self._known, self._frequencies, self._scorer)
        )
        verdicts = [
            (decide(self._left[row], self._known[one.known], one.levels, one.score), one.score)
            for one in self._weighed[row]
        ]
        self._decided[row] = decide_among(verdicts)

    def look_again(self) -> None:
        """Hold those not surely known against what those who are have taught."""
        links = dict(self.decided(Verdict.SURE))
        learnt = Learnt(links, self._left, self._known)
        for row in self._alone.keys() - links.keys():
            further = learnt.match(row, self._left[row], self._frequencies, self._scorer)
            if further:
                self.add(row, joined(self._alone[row], further))
                # Nobody is linked on what was only worked out from others.
                self._decided[row] = [
                    one._replace(verdict=Verdict.POSSIBLE) if one.verdict is Verdict.SURE else one
                    for one in self._decided[row]
                ]

    def pairs(self) -> list[Pair]:
        """Return all that are likely."""
        return [
            Pair(row, match.known, *match.score) for row, found in self._weighed.items() for match in found
        ]

    def decided(self, verdict: Verdict) -> list[tuple[int, int]]:
        """Return the pairs that were decided so."""
        return [
            (row, match.known)
            for row, found in self._weighed.items()
            for match, decision in zip(found, self._decided[row], strict=True)
            if decision.verdict is verdict
        ]


def best_per_row(pairs: Iterable[Pair], *, both_ways: bool) -> list[Pair]:
    """Return the likeliest partner of every row that has one.

    Args:
        both_ways: the pairs are of one table, so that each is a match of both its rows.
    """
    best: dict[int, Pair] = {}
    for pair in pairs:
        turned = pair._replace(left=pair.right, right=pair.left)
        for one in (pair, turned) if both_ways else (pair,):
            if one.left not in best or one.bits > best[one.left].bits:
                best[one.left] = one
    return list(best.values())


def figures_of(taken: Collection[tuple[int, int]], truth: frozenset[tuple[int, int]], wanted: int) -> Figures:
    """Return the figures of taking some pairs, where `wanted` are to be found."""
    return _figures(sum(pair in truth for pair in taken), len(taken), wanted)


def figures_at(
    threshold: float, pairs: Iterable[Pair], truth: frozenset[tuple[int, int]], wanted: int
) -> Figures:
    """Return the figures of taking every pair at least so probable.

    Args:
        truth: the true pairs, in the direction of `pairs`.
        wanted: how many there are to be found.
    """
    taken = [(pair.left, pair.right) for pair in pairs if pair.probability >= threshold]
    return figures_of(taken, truth, wanted)


def best_figures(
    pairs: Iterable[Pair], truth: frozenset[tuple[int, int]], wanted: int
) -> tuple[Figures, float]:
    """Return the figures of the threshold with the highest F1, and that threshold as a probability."""
    ordered = sorted(pairs, key=lambda pair: -pair.bits)
    best, at = _figures(0, 0, wanted), 1.0
    right = 0
    for count, pair in enumerate(ordered, start=1):
        right += (pair.left, pair.right) in truth
        is_last_of_its_score = count == len(ordered) or ordered[count].bits < pair.bits
        if is_last_of_its_score and (here := _figures(right, count, wanted)).f1 > best.f1:
            best, at = here, pair.probability
    return best, at


def _figures(right: int, taken: int, wanted: int) -> Figures:
    precision = right / taken if taken else 1.0
    recall = right / wanted if wanted else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Figures(precision, recall, f1)
