"""Who cannot be the same, whatever else agrees: told from names, date and numbers, before all is compared."""

from math import log2
from typing import Final

from services.intake.matching.comparing import compare_identity
from services.intake.matching.levels import LEVELS, MISSING, SAME
from services.intake.matching.person import Person
from services.intake.matching.scoring import odds_of
from services.intake.matching.weights import Tables, Weights

#: What is looked at only of those who pass; until then it is taken to agree as well as it can.
_LEFT_OPEN: Final = ("address", "sex", "telephone")
#: Where the identifiers stand among the levels that are looked at.
_NUMBERS: Final = slice(3, 5)
#: The same sum made in another order differs in its last digits.
_MARGIN_BITS: Final = 0.001


class Sieve:
    """Lets through whoever may reach a probability.

    From a score is taken what a relative, or a twin, would explain as well. Whoever is likelier to be one of
    these than the same person stays low however well the rest agrees, and however few are known. Most
    candidates are such: neighbours, brothers and sisters, namesakes of another age.
    """

    def __init__(self, weights: Weights, probability: float) -> None:
        classes = weights.classes
        least = log2(odds_of(probability) / weights.match_share) - _MARGIN_BITS
        self._relative = _Against(classes.same, classes.relative, weights.relatives, least)
        self._twin = _Against(classes.same, classes.twin, weights.twins, least)

    def lets_through(self, left: Person, right: Person) -> bool:
        """Say whether two persons may be the same."""
        levels = compare_identity(left, right)
        if SAME in levels[_NUMBERS]:
            # Likely or not: one number for two people is a fault that somebody must see.
            return True
        return self._relative.lets_through(levels) and self._twin.lets_through(levels)


class _Against:
    """One who may be taken for the same person, and how many of these there are."""

    def __init__(self, same: Tables, other: Tables, count: float, least: float) -> None:
        bits = {
            evidence: {MISSING: 0.0}
            | {one: log2(same[evidence][one] / other[evidence][one]) for one in levels}
            for evidence, levels in LEVELS.items()
        }
        at_best = sum(max(bits[evidence].values()) for evidence in _LEFT_OPEN)
        # Of whom there are none, none is mistaken.
        self._least = least + log2(count) - at_best if count else float("-inf")
        self._given, self._family, self._birth = bits["given"], bits["family"], bits["birth"]
        self._number, self._upn = bits["number"], bits["upn"]

    def lets_through(self, levels: tuple[str, str, str, str, str]) -> bool:
        given, family, birth, number, upn = levels
        likelier = self._given[given] + self._family[family] + self._birth[birth]
        return likelier + self._number[number] + self._upn[upn] >= self._least
