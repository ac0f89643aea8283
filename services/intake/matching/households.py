"""Who lives together, counted in homes: how many relatives and twins a person has, and how alike they are."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from services.intake.matching.comparing import compare
from services.intake.matching.levels import (
    AT_HOME,
    DIFFERENT,
    FAMILY_AGREES,
    MISSING,
    SAME,
    SAME_YEAR,
    VARIANT,
    Levels,
)
from services.intake.matching.person import Person
from services.intake.matching.weights import Weights

#: A hostel is no household.
_MOST_AT_HOME: Final = 12
#: So many persons weigh the weights' figures against what was counted.
_PRIOR_PERSONS: Final = 10.0
#: A twin is a relative. Many that look like twins and no brothers or sisters are slips of a name.
_MOST_TWINS: Final = 0.25
#: A parent is so many years older.
_A_GENERATION: Final = 14
#: So many relatives, and so many twins, the weights' shares are worth.
_PRIOR_RELATIVES: Final = 200.0
_PRIOR_TWINS: Final = 50.0
_RELATIVE: Final = "relative"
_TWIN: Final = "twin"
_NAMED_AFTER: Final = "named_after"


class Kin(NamedTuple):
    """How many of each one person has among those known."""

    relatives: float
    twins: float


class _Home(NamedTuple):
    """What was counted in homes: pairs by kind, and of those who are surely twins, by level of agreement."""

    kinds: Counter[str]
    given: Counter[str]
    sex: Counter[str]


def count_kin(persons: Sequence[Person], weights: Weights) -> Kin:
    """Return how many relatives and twins of a person are known; few change the weights' figures little.

    Counted are pairs in one home whose given names differ: with one family name and other dates of birth, or
    with one date. One person described twice is neither.
    """
    return _kin(persons, weights, _count(persons))


def fitted_to(persons: Sequence[Person], weights: Weights) -> Weights:
    """Return weights with what can be counted among known persons without knowing who is who.

    Those of one home, one name and birthdays a generation apart are named after a parent. Those of one home,
    family name and birthday with two numbers are twins, and show how alike twins are called.
    """
    counted = _count(persons)
    kin, classes = _kin(persons, weights, counted), weights.classes
    namesakes, relatives = counted.kinds[_NAMED_AFTER], counted.kinds[_RELATIVE]
    named = {SAME: namesakes, DIFFERENT: relatives}
    relative = classes.relative | {"given": _blended(classes.relative["given"], named, _PRIOR_RELATIVES)}
    twin = classes.twin | {
        "given": _blended(classes.twin["given"], counted.given, _PRIOR_TWINS),
        "sex": _blended(classes.twin["sex"], counted.sex, _PRIOR_TWINS),
    }
    classes = classes.model_copy(update={"relative": relative, "twin": twin})
    return weights.model_copy(update={"relatives": kin.relatives, "twins": kin.twins, "classes": classes})


def _kin(persons: Sequence[Person], weights: Weights, counted: _Home) -> Kin:
    placed = sum(bool(person.address.postcode) for person in persons)
    per_person = _weighed(2 * counted.kinds[_RELATIVE], placed, weights.relatives)
    of_twins = _weighed(2 * counted.kinds[_TWIN], placed, weights.twins)
    return Kin(per_person, min(of_twins, per_person * _MOST_TWINS))


def _count(persons: Sequence[Person]) -> _Home:
    counted = _Home(Counter(), Counter(), Counter())
    for places in _homes_of(persons):
        for one, other in combinations(places, 2):
            levels = compare(persons[one], persons[other])
            if levels.address not in AT_HOME:
                continue
            counted.kinds[_kind_of(persons[one], persons[other], levels)] += 1
            if _are_twins(levels):
                counted.given[levels.given] += 1
                counted.sex[levels.sex] += levels.sex != MISSING
    return counted


def _homes_of(persons: Sequence[Person]) -> Iterator[list[int]]:
    homes: dict[str, list[int]] = {}
    for place, person in enumerate(persons):
        address = person.address
        if address.postcode and (address.house or address.street):
            homes.setdefault(f"{address.house or address.street} {address.postcode}", []).append(place)
    return (places for places in homes.values() if 1 < len(places) <= _MOST_AT_HOME)


def _kind_of(one: Person, other: Person, levels: Levels) -> str:
    if levels.given == SAME and levels.family in FAMILY_AGREES:
        apart = abs(int(one.born[:4] or 0) - int(other.born[:4] or 0))
        return _NAMED_AFTER if levels.birth == DIFFERENT and apart >= _A_GENERATION else ""
    if levels.given != DIFFERENT:
        return ""
    if levels.birth == SAME and levels.family in FAMILY_AGREES:
        return _TWIN
    return _RELATIVE if levels.birth in {DIFFERENT, SAME_YEAR} else ""


def _are_twins(levels: Levels) -> bool:
    """Whether two of one home are surely not one person, and of one birth."""
    is_one_birth = levels.birth == SAME and levels.family in FAMILY_AGREES
    return is_one_birth and levels.number == DIFFERENT and levels.given not in {SAME, VARIANT, MISSING}


def _blended(shares: Mapping[str, float], seen: Mapping[str, int], worth: float) -> dict[str, float]:
    """Return the shares of levels as they were seen, the weights' own being worth so many pairs."""
    total = sum(seen.values()) + worth
    return {level: (seen.get(level, 0) + share * worth) / total for level, share in shares.items()}


def _weighed(counted: int, persons: int, shipped: float) -> float:
    return (counted + shipped * _PRIOR_PERSONS) / (persons + _PRIOR_PERSONS)
