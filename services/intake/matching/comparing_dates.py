"""How far two dates of birth agree."""

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from services.intake.matching.dates import day_number, is_default
from services.intake.matching.levels import (
    BABIES_DUE,
    BABIES_SAME,
    BABY,
    DAY_MONTH_SWAPPED,
    DIFFERENT,
    DUE,
    DUE_ROUGHLY,
    MISSING,
    NEAR,
    NO_BABY,
    ONE_DIGIT,
    SAME,
    SAME_DAY,
    SAME_MONTH,
    SAME_WEAK,
    SAME_YEAR,
    WEAK_NEXT_YEAR,
    WEAK_OTHER,
    WEAK_YEAR,
)
from services.intake.matching.person import Person
from services.intake.matching.remembered import PAIRS

#: Most children are born within so many days of the date they were due, nearly all within so many.
_DUE_DAYS: Final = 21
_MOST_DUE_DAYS: Final = 77
_NEAR_DAYS: Final = 10
#: Years by which not even a guess is out.
_A_GENERATION: Final = 14
#: A baby of whom no date is told was born within so many days before the record, or is due within so many.
_BABY_DAYS: Final = 420
_UNBORN_DAYS: Final = 280


def compare_births(left: Person, right: Person) -> str:
    """Return the level of two dates of birth, or of one and the date that a child is due."""
    one, other = left.born, right.born
    if not one or not other:
        return _compare_baby(left, other) if not one else _compare_baby(right, one)
    if left.is_unnamed and right.is_unnamed:
        return _compare_babies(one, other)
    if left.is_due or right.is_due or left.is_unnamed or right.is_unnamed:
        return _compare_due(one, other)
    return compare_days(one, other) if one <= other else compare_days(other, one)


def _compare_baby(undated: Person, born: str) -> str:
    if not undated.newborn_by or not born or is_default(born):
        return MISSING
    told, day = day_number(undated.newborn_by), day_number(born)
    if told is None or day is None:
        return MISSING
    if told - _BABY_DAYS <= day <= told + _UNBORN_DAYS:
        return BABY
    # Whoever has no name in a record may be somebody whose name was left out.
    return NO_BABY if undated.is_due else MISSING


def _compare_babies(one: str, other: str) -> str:
    level = _compare_due(one, other)
    return BABIES_SAME if level == SAME else BABIES_DUE if level == DUE else level


def _compare_due(one: str, other: str) -> str:
    if one == other and not is_default(one):
        return SAME
    first, second = day_number(one), day_number(other)
    if first is None or second is None or is_default(one) or is_default(other):
        return compare_days(one, other)
    apart = abs(first - second)
    if apart > _MOST_DUE_DAYS:
        return compare_days(one, other)
    return DUE if apart <= _DUE_DAYS else DUE_ROUGHLY


@lru_cache(maxsize=PAIRS)
def compare_days(one: str, other: str) -> str:
    """Return the level of two dates, YYYYMMDD."""
    if is_default(one) or is_default(other):
        return _compare_weak(one, other)
    if one == other:
        return SAME
    is_same_year = one[:4] == other[:4]
    if is_same_year and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return DAY_MONTH_SWAPPED
    if OSA.distance(one, other, score_cutoff=1) <= 1:
        return ONE_DIGIT
    return _compare_apart(one, other, is_same_year)


def _compare_weak(one: str, other: str) -> str:
    if one == other:
        return SAME_WEAK
    if one[:4] == other[:4]:
        return WEAK_YEAR
    apart = abs(int(one[:4]) - int(other[:4]))
    # The year itself is often worked out from an age, and nobody takes a child for its father.
    return WEAK_NEXT_YEAR if apart == 1 else WEAK_OTHER if apart < _A_GENERATION else DIFFERENT


def _compare_apart(one: str, other: str, is_same_year: bool) -> str:
    if is_same_year and one[4:6] == other[4:6]:
        return SAME_MONTH
    if one[4:] == other[4:] or (one[4:6], one[6:]) == (other[6:], other[4:6]):
        return SAME_DAY
    first, second = day_number(one), day_number(other)
    if first is not None and second is not None and abs(first - second) <= _NEAR_DAYS:
        return NEAR
    if is_same_year and one[6:] == other[6:]:
        return SAME_MONTH
    return SAME_YEAR if is_same_year else DIFFERENT
