"""How many relatives and twins of a person are known, counted from homes and family names."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from services.intake.matching.comparing import compare
from services.intake.matching.levels import AT_HOME, DIFFERENT, FAMILY_AGREES, SAME, SAME_YEAR
from services.intake.matching.person import Person
from services.intake.matching.weights import Weights

#: A hostel is no household.
_MOST_AT_HOME: Final = 12
#: So many persons weigh the weights' figures against what was counted.
_PRIOR_PERSONS: Final = 10.0
#: A twin is a relative. Many that look like twins and no brothers or sisters are slips of a name.
_MOST_TWINS: Final = 0.25
_RELATIVE: Final = "relative"
_TWIN: Final = "twin"


class Kin(NamedTuple):
    """How many of each one person has among those known."""

    relatives: float
    twins: float


def count_kin(persons: Sequence[Person], weights: Weights) -> Kin:
    """Return how many relatives and twins of a person are known; few change the weights' figures little.

    Counted are pairs in one home whose given names differ: with one family name and other dates of birth, or
    with one date. One person described twice is neither.
    """
    kinds = Counter(
        kind
        for places in _homes_of(persons)
        for one, other in combinations(places, 2)
        if (kind := _kind_of(persons[one], persons[other]))
    )
    placed = sum(bool(person.address.postcode) for person in persons)
    per_person = _weighed(2 * kinds[_RELATIVE], placed, weights.relatives)
    of_twins = _weighed(2 * kinds[_TWIN], placed, weights.twins)
    return Kin(per_person, min(of_twins, per_person * _MOST_TWINS))


def fitted_to(persons: Sequence[Person], weights: Weights) -> Weights:
    """Return weights with what can be counted among known persons without knowing who is who."""
    return weights.model_copy(update=count_kin(persons, weights)._asdict())


def _homes_of(persons: Sequence[Person]) -> Iterator[list[int]]:
    homes: dict[str, list[int]] = {}
    for place, person in enumerate(persons):
        address = person.address
        if address.postcode and (address.house or address.street):
            homes.setdefault(f"{address.house or address.street} {address.postcode}", []).append(place)
    return (places for places in homes.values() if 1 < len(places) <= _MOST_AT_HOME)


def _kind_of(one: Person, other: Person) -> str:
    levels = compare(one, other)
    if levels.given != DIFFERENT or levels.address not in AT_HOME:
        return ""
    if levels.birth == SAME and levels.family in FAMILY_AGREES:
        return _TWIN
    return _RELATIVE if levels.birth in {DIFFERENT, SAME_YEAR} else ""


def _weighed(counted: int, persons: int, shipped: float) -> float:
    return (counted + shipped * _PRIOR_PERSONS) / (persons + _PRIOR_PERSONS)
