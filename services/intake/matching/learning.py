"""What those surely known teach about others: where a family has moved, how else somebody is told of.

A row that lacks a date and comes from a new address says little by itself. It says more beside a sister's row
from that address who is surely known, or beside another row about the same child.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from services.intake.matching.comparing_addresses import compare_addresses
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.levels import AT_HOME
from services.intake.matching.linking import Index, Match, match_among
from services.intake.matching.person import Person
from services.intake.matching.scoring import Scorer

#: A hostel is no household.
_MOST_AT_HOME: Final = 12


class _Also(NamedTuple):
    """A further description of somebody known: as a row told of them, or at the address a relative moved to.

    Attributes:
        source: the row that taught it, which it says nothing new to.
    """

    person: Person
    known: int
    source: int


class Learnt:
    """Further descriptions of those known, to be searched as they themselves are."""

    def __init__(self, links: Mapping[int, int], left: Sequence[Person], known: Sequence[Person]) -> None:
        """Learn from rows that are surely of one who is known, both by their places."""
        self._also = [
            *(_Also(left[row], place, row) for row, place in links.items()),
            *_moved(links, left, known),
        ]
        self._persons = [also.person for also in self._also]
        self._index = Index(self._persons)

    def match(self, row: int, person: Person, counted: Frequencies, scorer: Scorer) -> list[Match]:
        """Return those known whom a row fits by what other rows have taught, each once, likeliest first."""
        places = (at for at in self._index.find(person) if self._also[at].source != row)
        best: dict[int, Match] = {}
        for match in match_among(person, places, self._persons, counted, scorer):
            place = self._also[match.known].known
            best.setdefault(place, match._replace(known=place))
        return list(best.values())


def joined(matches: Iterable[Match], further: Iterable[Match]) -> list[Match]:
    """Return the matches of one row, of each known person the likelier, likeliest first."""
    best: dict[int, Match] = {}
    for match in (*matches, *further):
        if match.known not in best or best[match.known].score.bits < match.score.bits:
            best[match.known] = match
    return sorted(best.values(), key=lambda match: (-match.score.bits, match.known))


def _moved(links: Mapping[int, int], left: Sequence[Person], known: Sequence[Person]) -> Iterable[_Also]:
    """Yield the household of each who is surely known and has moved, at the new address."""
    homes: dict[str, list[int]] = {}
    for place, person in enumerate(known):
        if home := person.address.home:
            homes.setdefault(home, []).append(place)
    for row, place in links.items():
        now, before = left[row].address, known[place].address
        if not now.home or not before.home or compare_addresses(now, before) in AT_HOME:
            continue
        household = homes[before.home]
        if len(household) <= _MOST_AT_HOME:
            for member in household:
                if member != place:
                    yield _Also(known[member]._replace(address=now), member, row)
