"""Who cannot be the same, whatever else agrees: told piece by piece, the cheapest first, before all is compared."""

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
    VARIANT,
    Levels,
)
from services.intake.matching.person import Person
from services.intake.matching.scoring import odds_of
from services.intake.matching.weights import Weights

#: The same sum made in another order differs in its last digits.
_MARGIN_BITS: Final = 0.001
_Table = dict[str, float]


class Sieve:
    """Lets through whoever may reach a probability; what is the same for everybody who comes, made once.

    From what speaks for one person a score takes all that strangers, relatives and twins explain as well. So
    it is never higher than against strangers alone, and each piece not looked at yet is taken to agree as well
    as it can: whoever is too low then, is low. Nearly all candidates are: neighbours, brothers and sisters,
    namesakes of another age.
    """

    def __init__(self, weights: Weights, probability: float) -> None:
        self._weights = weights
        self._least = log2(odds_of(probability) / weights.match_share) - _MARGIN_BITS
        same, stranger = weights.classes.same, weights.classes.stranger
        self._tables: dict[str, _Table] = {
            evidence: {MISSING: 0.0}
            | {one: log2(same[evidence][one] / stranger[evidence][one]) for one in levels}
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
        # Of two spellings the commoner counts, and none where another of their names agrees: never more than this.
        return max(log2(self._weights.classes.same[evidence][level] / share), self._tables[evidence][level])


class Sifting:
    """One person, and what each who may be the same must say to be worth comparing in full."""

    def __init__(self, person: Person, tables: dict[str, _Table], least: float) -> None:
        self._person, self._least = person, least
        self._given, self._family, self._birth = tables["given"], tables["family"], tables["birth"]
        self._number, self._upn = tables["number"], tables["upn"]
        self._address, self._sex, self._telephone = tables["address"], tables["sex"], tables["telephone"]
        self._least_before_names = least - max(self._given.values()) - max(self._family.values())
        self._least_at_first = self._least_before_names - max(self._address.values())

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
        if bits < self._least_before_names:
            return None
        # Names take longest.
        given, family = compare_names(person, other)
        if bits + self._given[given] + self._family[family] < self._least:
            return None
        return Levels(given, family, birth, number, upn, address, sex, telephone)
