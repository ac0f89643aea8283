"""Those known, held in memory by their keys: who may be the one who came, and how likely."""

from collections.abc import Iterable, Sequence
from math import log2
from typing import Final, NamedTuple

from services.intake.matching.comparing import compare
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.keys import NARROW_CAP, WIDE_CAP, keys_of
from services.intake.matching.levels import AT_HOME, DIFFERENT, MISSING, Levels
from services.intake.matching.person import Person
from services.intake.matching.scoring import Rarity, Score, Scorer, odds_of, rarity_of

_NO_NUMBER: Final = frozenset({DIFFERENT, MISSING})


_MOST_RIVALS: Final = 10
_ONE: Final = 0.5


class Match(NamedTuple):
    """One who is known, held against one who came.

    Attributes:
        known: the place of the known person in its list.
    """

    known: int
    levels: Levels
    rarity: Rarity
    score: Score


class Index:
    """The places of known persons by key, as one database index (key, person) would hold them."""

    def __init__(self, persons: Iterable[Person]) -> None:
        self._narrow: dict[int, list[int]] = {}
        self._wide: dict[int, list[int]] = {}
        for place, person in enumerate(persons):
            keys = keys_of(person)
            for key in keys.narrow:
                self._narrow.setdefault(key, []).append(place)
            for key in keys.wide:
                self._wide.setdefault(key, []).append(place)

    def find(self, person: Person) -> set[int]:
        """Return whoever shares a key of either tier with a person, but for keys that too many share."""
        keys = keys_of(person)
        found: set[int] = set()
        for tier, keyed, cap in ((self._narrow, keys.narrow, NARROW_CAP), (self._wide, keys.wide, WIDE_CAP)):
            for key in keyed:
                places = tier.get(key, ())
                if len(places) <= cap:
                    found.update(places)
        return found


def match_among(
    person: Person, places: Iterable[int], known: Sequence[Person], counted: Frequencies, scorer: Scorer
) -> list[Match]:
    """Return the known persons at some places held against a person, likeliest first.

    Those of another name, date of birth and home are left out, unless a number speaks for them.
    """
    matches = []
    for place in places:
        other = known[place]
        levels = compare(person, other)
        if _is_hopeless(levels):
            continue
        rarity = rarity_of(person, other, levels, counted)
        matches.append(Match(place, levels, rarity, scorer.score(levels, rarity)))
    matches.sort(key=lambda match: (-match.score.bits, match.known))
    return matches


def _is_hopeless(levels: Levels) -> bool:
    return (
        levels.given == levels.family == levels.birth == DIFFERENT
        and levels.number in _NO_NUMBER
        and levels.address not in AT_HOME
    )


def weigh_rivals(
    matches: Sequence[Match], known: Sequence[Person], counted: Frequencies, scorer: Scorer
) -> list[Match]:
    """Return matches of one person, likeliest first, each less likely for each other who may be meant.

    Nobody is two people. Where one person is known twice, the two are no rivals.
    """
    weighed = []
    for match in matches[:_MOST_RIVALS]:
        odds = 1.0
        for other in matches[:_MOST_RIVALS]:
            if other is not match and not _is_one(known[match.known], known[other.known], counted, scorer):
                odds += odds_of(other.score.probability)
        weighed.append(match._replace(score=scorer.less(match.score, log2(odds))))
    weighed.sort(key=lambda match: (-match.score.bits, match.known))
    return weighed


def _is_one(left: Person, right: Person, counted: Frequencies, scorer: Scorer) -> bool:
    levels = compare(left, right)
    return scorer.score(levels, rarity_of(left, right, levels, counted)).probability >= _ONE
