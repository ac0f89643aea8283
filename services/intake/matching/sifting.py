"""Who cannot be the same, whatever else agrees: told piece by piece, the cheapest first."""

from math import log2
from typing import Final

from services.intake.matching.comparing import compare, compare_identifiers, compare_names
from services.intake.matching.comparing_addresses import compare_addresses
from services.intake.matching.comparing_dates import compare_births
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.levels import (
    DIFFERENT,
    HOME,
    LEVELS,
    MISSING,
    SAME,
    SAME_WEAK,
    SWAPPED,
    VARIANT,
    Levels,
)
from services.intake.matching.names import spelt
from services.intake.matching.person import Person
from services.intake.matching.scoring import odds_of
from services.intake.matching.weights import Weights

#: The same sum made in another order differs in its last digits.
_MARGIN_BITS: Final = 0.001
_SAME_NAME: Final = frozenset({SAME, VARIANT})
_Table = dict[str, float]


class Sieve:
    """Lets through whoever may reach a probability; what is the same for everybody who comes, made once.

    From what speaks for one person a score takes all that strangers, relatives and twins explain as well.
    So it is never higher than against strangers alone. Each piece not looked at yet is taken to agree as
    well as it can: whoever is too low then, is low. Nearly all candidates are: neighbours, brothers and
    sisters, namesakes of another age.
    """

    def __init__(self, weights: Weights, probability: float) -> None:
        self._same = weights.classes.same
        self._least = log2(odds_of(probability) / weights.match_share) - _MARGIN_BITS
        stranger = weights.classes.stranger
        self._tables: dict[str, _Table] = {
            evidence: {MISSING: 0.0}
            | {one: log2(self._same[evidence][one] / stranger[evidence][one]) for one in levels}
            for evidence, levels in LEVELS.items()
        }

    def for_one(self, person: Person, counted: Frequencies, population: int) -> "Sifting":
        """Return what is asked of each of those whom one person is held against.

        Args:
            counted: how common is what is said of this person.
            population: among so many somebody is found.
        """
        tables = self._tables | self._weighed(person, counted)
        return Sifting(person, tables, self._least + log2(population))

    def _weighed(self, person: Person, counted: Frequencies) -> dict[str, _Table]:
        """Return the tables in which a level is worth more the rarer that is which agrees."""
        name, home = person.name, person.address.home
        rare = (
            ("given", (SAME, VARIANT), counted.of_given(name) if name.given else 0.0),
            ("family", (SAME, VARIANT), counted.of_family(name) if name.family else 0.0),
            ("birth", (SAME, SAME_WEAK), counted.of_birth(person.born) if person.born else 0.0),
            ("address", (HOME,), counted.of_home(home) if home else 0.0),
        )
        return {
            evidence: self._tables[evidence]
            | {level: self._at_best(evidence, level, share) for level in levels}
            for evidence, levels, share in rare
            if share
        }

    def _at_best(self, evidence: str, level: str, share: float) -> float:
        # Of two spellings the commoner counts, and how common another of their names is does not.
        return max(log2(self._same[evidence][level] / share), self._tables[evidence][level])


class Sifting:
    """One person, and what each who may be the same must say to be worth comparing in full."""

    def __init__(self, person: Person, tables: dict[str, _Table], least: float) -> None:
        self._person, self._least = person, least
        self._given, self._family, self._birth = tables["given"], tables["family"], tables["birth"]
        self._number, self._upn = tables["number"], tables["upn"]
        self._address, self._sex, self._telephone = tables["address"], tables["sex"], tables["telephone"]
        self._names = _Names(person, self._given, self._family)
        self._least_at_first = least - self._names.at_best - max(self._address.values())

    def levels_of(self, other: Person) -> Levels | None:
        """Return how far the two agree; None where they are not the same person, however far."""
        person = self._person
        number, upn = compare_identifiers(person, other)
        if number == SAME or upn == SAME:
            # Likely or not: one number for two people is a fault that somebody must see.
            return compare(person, other)
        birth, sex, telephone = compare_births(person, other), MISSING, MISSING
        if person.sex and other.sex:
            sex = SAME if person.sex == other.sex else DIFFERENT
        if person.telephone and other.telephone:
            telephone = SAME if person.telephone == other.telephone else DIFFERENT
        bits = self._birth[birth] + self._number[number] + self._upn[upn] + self._sex[sex]
        bits += self._telephone[telephone]
        if bits < self._least_at_first:
            return None
        address = compare_addresses(person.address, other.address)
        bits += self._address[address]
        # To say how alike two names look takes longest.
        if bits + self._names.at_best_of(other) < self._least:
            return None
        given, family = compare_names(person, other, birth)
        if bits + self._given[given] + self._family[family] < self._least:
            return None
        return Levels(given, family, birth, number, upn, address, sex, telephone)


class _Names:
    """What names may say at best, told by their spelling alone.

    Of two single names that are not one name in two spellings, none of the levels is reached that need it.
    """

    def __init__(self, person: Person, given: _Table, family: _Table) -> None:
        self._has_one_name = not person.also
        self._given, self._given_same, self._given_other = _told_apart(person.name.given, given)
        self._family, self._family_same, self._family_other = _told_apart(person.name.family, family)
        self._swapped = given[SWAPPED] + family[SWAPPED]
        self.at_best = max(self._given_same + self._family_same, self._swapped)

    def at_best_of(self, other: Person) -> float:
        """Return the most bits that these names and another's may be worth."""
        if other.also or not self._has_one_name:
            return self.at_best
        (given, family), bits = other.name, self._given_same
        if self._given and len(given) == 1 and spelt(given[0]) != self._given:
            bits = self._given_other
        if self._family and len(family) == 1 and spelt(family[0]) != self._family:
            return max(bits + self._family_other, self._swapped)
        return max(bits + self._family_same, self._swapped)


def _told_apart(words: tuple[str, ...], table: _Table) -> tuple[str, float, float]:
    """Return the spelling of a single name, and the most that is reached with it and without."""
    other = max(bits for level, bits in table.items() if level not in _SAME_NAME and level != SWAPPED)
    return spelt(words[0]) if len(words) == 1 else "", max(max(table.values()), other), other
