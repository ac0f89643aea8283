"""How many relatives and twins of a person are known, and how many are named after a parent, counted in homes."""

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
_NAMED_AFTER: Final = "named_after"
#: A parent is so many years older.
_A_GENERATION: Final = 14
#: So many relatives the weights' share of those who bear one name is worth.
_PRIOR_RELATIVES: Final = 200.0


class Kin(NamedTuple):
    """How many of each one person has among those known, and the share of relatives with one's own name."""

    relatives: float
    twins: float
    namesakes: float


def count_kin(persons: Sequence[Person], weights: Weights) -> Kin:
    """Return how many relatives and twins of a person are known; few change the weights' figures little.

    Counted are pairs in one home whose given names differ: with one family name and other dates of birth, or
    with one date. One person described twice is neither. Where whole names agree, but birthdays lie a generation
    apart, a child is named after a parent.
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
    of_one_name = weights.classes.relative["given"][SAME] * _PRIOR_RELATIVES + kinds[_NAMED_AFTER]
    alike = of_one_name / (kinds[_RELATIVE] + kinds[_NAMED_AFTER] + _PRIOR_RELATIVES)
    return Kin(per_person, min(of_twins, per_person * _MOST_TWINS), alike)


def fitted_to(persons: Sequence[Person], weights: Weights) -> Weights:
    """Return weights with what can be counted among known persons without knowing who is who."""
    kin = count_kin(persons, weights)
    classes = weights.classes
    given = classes.relative["given"]
    rest = (1.0 - kin.namesakes) / (1.0 - given[SAME])
    given = {level: share * rest for level, share in given.items()} | {SAME: kin.namesakes}
    classes = classes.model_copy(update={"relative": classes.relative | {"given": given}})
    return weights.model_copy(
        update={"relatives": kin.relatives, "twins": kin.twins, "classes": classes}
    )


def _homes_of(persons: Sequence[Person]) -> Iterator[list[int]]:
    homes: dict[str, list[int]] = {}
    for place, person in enumerate(persons):
        address = person.address
        if address.postcode and (address.house or address.street):
            homes.setdefault(f"{address.house or address.street} {address.postcode}", []).append(place)
    return (places for places in homes.values() if 1 < len(places) <= _MOST_AT_HOME)


def _kind_of(one: Person, other: Person) -> str:
    levels = compare(one, other)
    if levels.address not in AT_HOME:
        return ""
    if levels.given == SAME and levels.family in FAMILY_AGREES:
        apart = abs(int(one.born[:4] or 0) - int(other.born[:4] or 0))
        return _NAMED_AFTER if levels.birth == DIFFERENT and apart >= _A_GENERATION else ""
    if levels.given != DIFFERENT:
        return ""
    if levels.birth == SAME and levels.family in FAMILY_AGREES:
        return _TWIN
    return _RELATIVE if levels.birth in {DIFFERENT, SAME_YEAR} else ""


def _weighed(counted: int, persons: int, shipped: float) -> float:
    return (counted + shipped * _PRIOR_PERSONS) / (persons + _PRIOR_PERSONS)
