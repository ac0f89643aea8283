"""Weights fitted to an area's own records, none of which says who is who: expectation and maximisation.

The rates among strangers come from pairs drawn at random. The rates among descriptions of one person come
from the candidates: each counts as far as the present weights hold it to be one person, and the counts make
the next weights. The weights one starts from count as so many pairs seen before, so that a level nobody has
been seen with never becomes impossible.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.intake.matching.comparing import compare
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.households import Kin, fitted_to
from services.intake.matching.levels import DIFFERENT, LEVELS, MISSING, SAME, SAME_YEAR, Levels
from services.intake.matching.linking import Index
from services.intake.matching.person import Person
from services.intake.matching.scoring import NO_TIE, Rarity, Scorer, rarity_of
from services.intake.matching.weights import Classes, Tables, Weights, write_weights

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

_RANDOM_PAIRS: Final = 60_000
_SEED: Final = 20_261_122
_ROUNDS: Final = 30
#: So many pairs the weights one starts from are worth.
_PRIOR_SAME: Final = 150.0
_PRIOR_STRANGERS: Final = 20_000.0
_SETTLED: Final = 1e-5
#: A pair drawn at random that is so likely one person is none of strangers.
_NO_STRANGER: Final = 0.5
#: So many who came, the figures one starts from are worth.
_PRIOR_COMERS: Final = 300.0
_MOST_TWINS: Final = 0.5
#: Dates of which a slip of the hand seldom makes the one of the other.
_OTHER_DATES: Final = (DIFFERENT, SAME_YEAR)
#: From fewer pairs whose numbers agree nothing is learnt of dates.
_FEWEST_NUMBERED: Final = 200.0
_OF_BOTH_TWINS: Final = ("family", "address")
_OF_RARITY: Final = (("given", 0), ("family", 1), ("birth", 2), ("address", 3))


class Candidates(NamedTuple):
    """Pairs worth a look: the level of each evidence as its place in the list of levels, -1 for missing."""

    levels: Places
    rarity: Floats


class Trained(NamedTuple):
    """New weights, and what a report shows of how they came to be.

    Attributes:
        probabilities: of every candidate under the new weights.
        rounds: how many it took.
    """

    weights: Weights
    probabilities: Floats
    rounds: int


def train(
    left: Sequence[Person],
    right: Sequence[Person] | None,
    counted: Frequencies,
    start: Weights,
    progress: Progress,
    *,
    keep_share: bool = False,
) -> Trained:
    """Return weights fitted to two tables, or to one held against itself; no truth is asked for.

    Args:
        right: those known; None where `left` holds one person several times.
        counted: how common names, dates and homes are.
        start: the weights to begin with, which hold where the tables say little.
        keep_share: the tables do not show how many of those who come are known: that figure stays.
        progress: is told of a step, and how much of how much of it is done.
    """
    known = left if right is None else right
    start = fitted_to(known, start)
    strangers = _among_strangers(left, known, start, progress)
    candidates = _candidates(left, right, counted, progress)
    fit = _Fit(start, strangers, candidates, len(known), len(left) if right is not None else len(left) / 2)
    rounds = 0
    for rounds in range(1, _ROUNDS + 1):
        moved = fit.improve()
        progress("fitting", rounds, _ROUNDS)
        if moved < _SETTLED:
            break
    weights = fit.weights()
    if keep_share:
        weights = weights.model_copy(update={"match_share": start.match_share})
    return Trained(_named(weights), fit.probabilities(), rounds)


def _among_strangers(
    left: Sequence[Person], known: Sequence[Person], weights: Weights, progress: Progress
) -> Tables:
    start, scorer = weights.classes.stranger, Scorer(weights, len(known))
    draw = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    seen = {evidence: dict.fromkeys(levels, 0) for evidence, levels in LEVELS.items()}
    wanted = min(_RANDOM_PAIRS, len(left) * len(known))
    for done in range(wanted):
        one, other = draw.choice(left), draw.choice(known)
        levels = compare(one, other)
        # One of them may be drawn twice; few such would make an identifier seem to agree by chance.
        if one is not other and scorer.score(levels, Rarity()).probability < _NO_STRANGER:
            for evidence, level in zip(LEVELS, levels, strict=True):
                if level != MISSING:
                    seen[evidence][level] += 1
        progress("strangers", done + 1, wanted)
    return {evidence: _shares(seen[evidence], start[evidence], _PRIOR_STRANGERS) for evidence in LEVELS}


def _shares(seen: Mapping[str, float], start: dict[str, float], worth: float) -> dict[str, float]:
    # What is asked only where the given name is swapped is no share of the rest.
    certain = {level: share for level, share in start.items() if share == 1.0}
    total = sum(start.values()) - len(certain)
    whole = sum(count for level, count in seen.items() if level not in certain) + worth
    shares = {level: (count + worth * start[level] / total) / whole for level, count in seen.items()}
    return shares | certain


def _candidates(
    left: Sequence[Person], right: Sequence[Person] | None, counted: Frequencies, progress: Progress
) -> Candidates:
    known = left if right is None else right
    index = Index(known)
    numbers = [{level: place for place, level in enumerate(levels)} for levels in LEVELS.values()]
    found: list[list[int]] = []
    rarities: list[Rarity] = []
    for place, person in enumerate(left):
        for other in index.find(person):
            if right is not None or other > place:
                levels: Levels = compare(person, known[other])
                found.append([number.get(level, -1) for number, level in zip(numbers, levels, strict=True)])
                rarities.append(rarity_of(person, known[other], levels, counted))
        progress("candidates", place + 1, len(left))
    shape = (len(found), len(LEVELS))
    return Candidates(
        np.array(found, dtype=np.int64).reshape(shape),
        np.array(rarities, dtype=np.float64).reshape(len(found), len(Rarity._fields)),
    )


class _Fit:
    """The state between two rounds: all pairs at once, in arrays.

    Who the other may be has four answers: the same, a twin, another relative, a stranger. How many twins and
    relatives of those who come are known is fitted too: a hub hears of twins more often than there are.
    """

    def __init__(
        self, start: Weights, strangers: Tables, candidates: Candidates, population: int, comers: float
    ) -> None:
        self._start, self._strangers = start, strangers
        self._levels, self._population, self._comers = candidates.levels, population, max(comers, 1.0)
        self._is_known = candidates.levels >= 0
        self._by_chance = self._bits(strangers)
        names = list(LEVELS)
        for evidence, column in _OF_RARITY:
            rare = candidates.rarity[:, column]
            told = rare > 0
            self._by_chance[told, names.index(evidence)] = np.log2(rare[told])
        self._relative, self._twin = self._sum(start.classes.relative), start.classes.twin
        self._fellows = np.log2(_fellows_of(candidates.levels, start.fellows))
        self._same, self._share = dict(start.classes.same), start.match_share
        self._kin = Kin(start.relatives, start.twins)

    def improve(self) -> float:
        """Make one round and return how far the largest share has moved."""
        likely, twin = self._likely()
        moved = 0.0
        same: Tables = {}
        for column, (evidence, levels) in enumerate(LEVELS.items()):
            told = self._is_known[:, column]
            counts = np.bincount(self._levels[told, column], weights=likely[told], minlength=len(levels))
            seen = dict(zip(levels, counts.tolist(), strict=True))
            if evidence == "birth":
                seen = self._without_others(seen, likely)
            same[evidence] = _shares(seen, self._start.classes.same[evidence], _PRIOR_SAME)
            moved = max(
                moved, *(abs(same[evidence][level] - self._same[evidence][level]) for level in levels)
            )
        # What befalls the record of a child befalls its twin's: another family name, another address.
        self._twin = self._twin | {evidence: same[evidence] for evidence in _OF_BOTH_TWINS}
        self._same, self._share = same, float(max(likely.sum(), 0.5)) / self._comers
        twins = (float(twin.sum()) + _PRIOR_COMERS * self._start.twins) / (self._comers + _PRIOR_COMERS)
        self._kin = self._kin._replace(twins=min(max(twins, 1e-6), _MOST_TWINS))
        return moved

    def _without_others(self, seen: dict[str, float], likely: Floats) -> dict[str, float]:
        """Return counts in which dates that differ altogether are as frequent as where numbers agree.

        Fathers and sons of one name, and namesakes, would else teach that a date may be any.
        """
        names = list(LEVELS)
        agree = self._levels[:, names.index("number")] == LEVELS["number"].index(SAME)
        born = self._levels[:, names.index("birth")]
        numbered = float(likely[agree & (born >= 0)].sum())
        if numbered < _FEWEST_NUMBERED:
            return seen
        total = sum(seen.values())
        places = {level: LEVELS["birth"].index(level) for level in _OTHER_DATES}
        rare = {
            level: float(likely[agree & (born == at)].sum()) * total / numbered
            for level, at in places.items()
        }
        return seen | {level: min(seen[level], count) for level, count in rare.items()}

    def probabilities(self) -> Floats:
        """Return how likely each candidate is the same person."""
        return self._likely()[0]

    def _likely(self) -> tuple[Floats, Floats]:
        """Return how likely each candidate is the same person, and how likely a twin."""
        same = self._sum(self._same) + np.log2(self._share / self._population)
        relative = self._relative + np.log2(max(self._kin.relatives, 1e-9) / self._population)
        twin = self._sum(self._twin) + np.log2(max(self._kin.twins, 1e-9) / self._population)
        any_of = np.logaddexp2(np.logaddexp2(same, self._fellows), np.logaddexp2(relative, twin))
        likely: Floats = np.exp2(np.maximum(same - any_of, -900.0))
        twins: Floats = np.exp2(np.maximum(twin - any_of, -900.0))
        return likely, twins

    def weights(self) -> Weights:
        """Return the weights of this round."""
        old = self._start.classes
        classes = Classes(same=self._same, stranger=self._strangers, relative=old.relative, twin=self._twin)
        return self._start.model_copy(
            update={
                "classes": classes,
                "match_share": min(max(self._share, 1e-6), 100.0),
                "twins": self._kin.twins,
            }
        )

    def _sum(self, tables: Tables) -> Floats:
        difference = np.where(self._is_known, self._bits(tables) - self._by_chance, 0.0)
        total: Floats = difference.sum(axis=1)
        return total

    def _bits(self, tables: Tables) -> Floats:
        bits = np.zeros(self._levels.shape)
        for column, (evidence, levels) in enumerate(LEVELS.items()):
            by_level = np.log2(np.array([tables[evidence][level] for level in levels]))
            bits[:, column] = by_level[self._levels[:, column]]
        return bits


def _fellows_of(levels: Places, fellows: float) -> Floats:
    """Return by how much names that go together make strangers likelier, as the scoring does."""
    agreeing = np.zeros(len(levels))
    for column, evidence in enumerate(("given", "family")):
        tied = np.array([level not in NO_TIE for level in LEVELS[evidence]])
        agreeing += (levels[:, column] >= 0) & tied[levels[:, column]]
    weighed: Floats = (1.0 + fellows ** (1 - agreeing)) / (1.0 + fellows)
    return weighed


def _named(weights: Weights) -> Weights:
    """Name weights after what they say: the same weights have the same version everywhere."""
    digest = sha256(write_weights(weights).encode()).hexdigest()[:12]
    source = f"Fitted by expectation and maximisation, beginning with {weights.version}."
    return weights.model_copy(update={"version": f"local-{digest}", "source": source})
