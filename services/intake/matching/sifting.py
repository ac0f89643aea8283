"""Who cannot be the same, whatever else agrees: told from names, date and numbers, before all is compared."""

from math import log2
from typing import Final

from services.intake.matching.comparing import compare_identifiers, compare_names
from services.intake.matching.comparing_dates import compare_births
from services.intake.matching.levels import LEVELS, MISSING, SAME
from services.intake.matching.person import Person
from services.intake.matching.scoring import odds_of
from services.intake.matching.weights import Tables, Weights

#: What is looked at only of those who pass; until then it is taken to agree as well as it can.
_LEFT_OPEN: Final = ("address", "sex", "telephone")
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
        number, upn = compare_identifiers(left, right)
        if SAME in (number, upn):
            # Likely or not: one number for two people is a fault that somebody must see.
            return True
        told = compare_births(left, right), number, upn
        # Names take longest, and another date of birth alone keeps a quarter away.
        if not (self._relative.may_let_through(*told) and self._twin.may_let_through(*told)):
            return False
        names = compare_names(left, right)
        return self._relative.lets_through(*names, *told) and self._twin.lets_through(*names, *told)


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
        self._names = max(self._given.values()) + max(self._family.values())

    def may_let_through(self, birth: str, number: str, upn: str) -> bool:
        """Say whether there are names with which these let somebody through."""
        return self._names + self._birth[birth] + self._number[number] + self._upn[upn] >= self._least

    def lets_through(self, given: str, family: str, birth: str, number: str, upn: str) -> bool:
        """Say whether this one is not the likelier explanation, however well the rest agrees."""
        names = self._given[given] + self._family[family]
        return names + self._birth[birth] + self._number[number] + self._upn[upn] >= self._least
