"""What agreement is worth: bits for one person against strangers, less what relatives explain as well.

Fellegi and Sunter's weights, with one change for safeguarding. Theirs ask "the same person, or a stranger?"
But brothers, sisters and twins share name, home and even the date of birth, and in one community many share
both names, so the question here is "the same person, or anyone else?", with all of these among the others.
"""

from copy import copy
from math import exp2, log2
from typing import Final, NamedTuple

from services.intake.matching.frequencies import Frequencies
from services.intake.matching.levels import (
    ALIKE,
    DIFFERENT,
    HOME,
    INITIAL,
    LEVELS,
    MISSING,
    MOTHERS,
    SAME,
    SAME_WEAK,
    UNNAMED,
    VARIANT,
    Levels,
)
from services.intake.matching.person import Person
from services.intake.matching.weights import Weights

_OF_NAME: Final = frozenset({SAME, VARIANT})
#: Levels of a name that say nothing of where it is at home.
NO_TIE: Final = frozenset({MISSING, DIFFERENT, MOTHERS, INITIAL, ALIKE, UNNAMED})
_OF_BIRTH: Final = frozenset({SAME, SAME_WEAK})
_MOST_BITS: Final = 900.0


class Rarity(NamedTuple):
    """The frequency of what is the same in both; 0 where nothing is, or where it does not matter."""

    given: float = 0.0
    family: float = 0.0
    birth: float = 0.0
    home: float = 0.0


class Score(NamedTuple):
    """How much speaks for one person.

    Attributes:
        bits: each doubles the odds.
        probability: of being the same, when `population` persons are known and this is one of them.
    """

    bits: float
    probability: float


class Part(NamedTuple):
    """What one piece of evidence adds, in bits; `others` is what relatives, twins and people of one
    tongue explain as well."""

    evidence: str
    level: str
    bits: float


def rarity_of(left: Person, right: Person, levels: Levels, counted: Frequencies) -> Rarity:
    """Return how common that is which two persons share; of two spellings, the commoner one."""
    given = family = birth = home = 0.0
    if levels.given in _OF_NAME and left.name.given and right.name.given:
        given = counted.of_given(left.name)
        if left.name.given != right.name.given:
            given = max(given, counted.of_given(right.name))
    if levels.family in _OF_NAME and left.name.family and right.name.family:
        family = counted.of_family(left.name)
        if left.name.family != right.name.family:
            family = max(family, counted.of_family(right.name))
    if levels.birth in _OF_BIRTH:
        birth = counted.of_birth(left.born)
    if levels.address == HOME and (door := left.address.home):
        home = counted.of_home(door)
        if left.address != right.address:
            home = max(home, counted.of_home(right.address.home))
    return Rarity(given, family, birth, home)


class Scorer:
    """One version of the weights, ready to score among a number of known persons."""

    def __init__(self, weights: Weights, population: int) -> None:
        self.weights = weights
        self._stand_among(population)
        classes = weights.classes
        self._fellows = tuple(weights.fellows ** (1 - agreeing) for agreeing in range(3))
        self._tables = [
            {
                level: (
                    log2(classes.same[evidence][level]),
                    log2(classes.relative[evidence][level]),
                    log2(classes.twin[evidence][level]),
                    log2(classes.stranger[evidence][level]),
                )
                for level in levels
            }
            for evidence, levels in LEVELS.items()
        ]

    def among(self, population: int) -> "Scorer":
        """Return what scores by the same weights among so many: it costs a tenth of a new one."""
        other = copy(self)
        other._stand_among(population)
        return other

    def _stand_among(self, population: int) -> None:
        self.population = max(population, 1)
        weights = self.weights
        self._prior = log2(weights.match_share / self.population)
        self._relatives = log2(weights.relatives / self.population) if weights.relatives else -_MOST_BITS
        self._twins = log2(weights.twins / self.population) if weights.twins else -_MOST_BITS

    def score(self, levels: Levels, rarity: Rarity) -> Score:
        """Return the score of one comparison: the same for one version, levels, rarity and population."""
        same = relative = twin = 0.0
        rare = (rarity.given, rarity.family, rarity.birth, 0.0, 0.0, rarity.home, 0.0, 0.0)
        for level, table, frequency in zip(levels, self._tables, rare, strict=True):
            if level is not MISSING and level != MISSING:
                of_same, of_relative, of_twin, of_stranger = table[level]
                by_chance = log2(frequency) if frequency else of_stranger
                same += of_same - by_chance
                relative += of_relative - by_chance
                twin += of_twin - by_chance
        bits = same - self._others(levels, relative, twin)
        return Score(bits, probability_of(bits + self._prior))

    def less(self, score: Score, bits: float) -> Score:
        """Return a score that is so many bits lower."""
        return Score(score.bits - bits, probability_of(score.bits - bits + self._prior))

    def parts(self, levels: Levels, rarity: Rarity) -> tuple[Part, ...]:
        """Return the pieces that a score is the sum of, in the order of the evidence, kinship last."""
        parts = []
        relative = twin = 0.0
        rare = (rarity.given, rarity.family, rarity.birth, 0.0, 0.0, rarity.home, 0.0, 0.0)
        for evidence, level, table, frequency in zip(LEVELS, levels, self._tables, rare, strict=True):
            if level == MISSING:
                parts.append(Part(evidence, level, 0.0))
                continue
            of_same, of_relative, of_twin, of_stranger = table[level]
            by_chance = log2(frequency) if frequency else of_stranger
            parts.append(Part(evidence, level, of_same - by_chance))
            relative += of_relative - by_chance
            twin += of_twin - by_chance
        return (*parts, Part("others", "", -self._others(levels, relative, twin)))

    def _others(self, levels: Levels, relative: float, twin: float) -> float:
        agreeing = (levels.given not in NO_TIE) + (levels.family not in NO_TIE)
        strangers = (1.0 + self._fellows[agreeing]) / (1.0 + self._fellows[0])
        relative = min(relative + self._relatives, _MOST_BITS)
        twin = min(twin + self._twins, _MOST_BITS)
        return log2(strangers + exp2(relative) + exp2(twin))


def odds_of(probability: float) -> float:
    """Return the odds that a probability means."""
    return probability / max(1.0 - probability, 1e-12)


def probability_of(bits: float) -> float:
    """Return the probability that odds of so many bits mean."""
    return 1.0 / (1.0 + exp2(-max(min(bits, _MOST_BITS), -_MOST_BITS)))
