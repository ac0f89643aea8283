"""How common a name, a date or a home is: two Mohammed Khans say less than two Ottilie Entwistles."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from services.intake.matching.names import spelt
from services.intake.matching.person import Name, Person

#: A name or date nobody has been seen with is this common.
_UNSEEN: Final = {"given": 0.0003, "family": 0.0002, "birth": 0.00013}
#: So many persons weigh the figures above against what was counted.
_PRIOR_PERSONS: Final = 1500.0
#: Strangers known at one door: who lived there before or came after. Relatives are weighed apart.
_STRANGERS_AT_HOME: Final = 0.5
_MOST_OF_A_FAMILY: Final = 8


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Counts among known persons; none at all is a fair beginning.

    Attributes:
        persons: how many were counted.
    """

    persons: int = 0
    given: Mapping[str, int] = field(default_factory=dict)
    family: Mapping[str, int] = field(default_factory=dict)
    birth: Mapping[str, int] = field(default_factory=dict)
    home: Mapping[str, int] = field(default_factory=dict)

    def of_given(self, name: Name) -> float:
        """Return how common the first of the given names is, in all its spellings."""
        return self._share("given", self.given.get(spelt(name.given[0]), 0))

    def of_family(self, name: Name) -> float:
        """Return how common the rarest of the family names is, in all its spellings."""
        return self._share("family", min(self.family.get(spelt(token), 0) for token in name.family))

    def of_birth(self, born: str) -> float:
        """Return how common a date of birth is: 1 January is, where dates are guessed."""
        return self._share("birth", self.birth.get(born, 0))

    def of_home(self, home: str) -> float:
        """Return the share of persons who are strangers at one door; a hostel has many."""
        strangers = _STRANGERS_AT_HOME + max(0, self.home.get(home, 0) - _MOST_OF_A_FAMILY)
        return strangers / max(self.persons, _PRIOR_PERSONS)

    def _share(self, kind: str, count: int) -> float:
        return (count + _PRIOR_PERSONS * _UNSEEN[kind]) / (self.persons + _PRIOR_PERSONS)


def count_frequencies(persons: Iterable[Person]) -> Frequencies:
    """Return how common names, dates and homes are among some persons."""
    given: Counter[str] = Counter()
    family: Counter[str] = Counter()
    birth: Counter[str] = Counter()
    home: Counter[str] = Counter()
    total = 0
    for person in persons:
        total += 1
        given.update(spelt(token) for token in person.name.given[:1])
        family.update({spelt(token) for token in person.name.family})
        birth.update([person.born] if person.born else ())
        home.update([person.address.home] if person.address.home else ())
    return Frequencies(total, given, family, birth, home)
