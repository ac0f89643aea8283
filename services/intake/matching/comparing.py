"""How far two persons agree, piece by piece; what either leaves out is no evidence."""

import re
from functools import lru_cache
from typing import Final

import jellyfish
from rapidfuzz.distance import OSA, JaroWinkler

from services.intake.matching.comparing_addresses import compare_addresses
from services.intake.matching.comparing_dates import compare_births
from services.intake.matching.levels import (
    ALIKE,
    DIFFERENT,
    INITIAL,
    MISSING,
    MOTHERS,
    NAMESAKE,
    NICKNAME,
    OF_BABIES,
    ONE_DIGIT,
    PART,
    SAME,
    SIMILAR,
    SOUNDS,
    SWAPPED,
    UNNAMED,
    VARIANT,
    Levels,
)
from services.intake.matching.names import called, common_names, may_stand_for, names_of_their_own, spelt
from services.intake.matching.person import Name, Person
from services.intake.matching.remembered import PAIRS, WORDS

#: From the level that speaks most for one person to the one that speaks least.
_ORDER: Final = (
    *(SAME, VARIANT, NICKNAME, SIMILAR, PART, SWAPPED),
    *(INITIAL, SOUNDS, NAMESAKE, UNNAMED, MISSING, ALIKE, MOTHERS, DIFFERENT),
)
_RANK: Final = {level: rank for rank, level in enumerate(_ORDER)}
_ENDING: Final = re.compile(r"(?:ie|ey|y|i)$")
#: So much of two names, from 0 to 1, makes them a little alike.
_ALIKE: Final = 0.8
#: Levels close enough for a name found in the other's field.
_CROSSES: Final = frozenset({SAME, VARIANT, NICKNAME, SIMILAR, PART})


def compare(left: Person, right: Person) -> Levels:
    """Return how far two persons agree; the order of the two makes no difference."""
    given, family, birth, number, upn = compare_identity(left, right)
    sex = MISSING if not left.sex or not right.sex else SAME if left.sex == right.sex else DIFFERENT
    telephone = MISSING
    if left.telephone and right.telephone:
        telephone = SAME if left.telephone == right.telephone else DIFFERENT
    return Levels(
        given,
        family,
        birth,
        number,
        upn,
        compare_addresses(left.address, right.address),
        sex,
        telephone,
    )


def compare_identity(left: Person, right: Person) -> tuple[str, str, str, str, str]:
    """Return the levels of given name, family name, date of birth, NHS number and pupil number."""
    birth = compare_births(left, right)
    return *compare_names(left, right, birth), birth, *compare_identifiers(left, right)


def compare_identifiers(left: Person, right: Person) -> tuple[str, str]:
    """Return the levels of NHS number and pupil number."""
    number = upn = MISSING
    if (left.number or left.unchecked) and (right.number or right.unchecked):
        number = _compare_numbers(left, right)
    if left.upn and right.upn:
        upn = _compare_identifiers(left.upn, right.upn)
    return number, upn


def compare_names(left: Person, right: Person, birth: str) -> tuple[str, str]:
    """Return the levels of given name and family name.

    Args:
        birth: the level of the dates, of which some say already that neither has a name.
    """
    given, family = _compare_known_names(left, right)
    if left.is_unnamed and right.is_unnamed:
        given = MISSING if birth in OF_BABIES else UNNAMED
    return given, family


def _compare_known_names(left: Person, right: Person) -> tuple[str, str]:
    if not left.also and not right.also:
        return _compare_whole(left.name, right.name)
    pairs = (
        _compare_whole(one, other) for one in (left.name, *left.also) for other in (right.name, *right.also)
    )
    return min(pairs, key=lambda pair: _RANK[pair[0]] + _RANK[pair[1]])


def _compare_whole(left: Name, right: Name) -> tuple[str, str]:
    given = _compare_givens(left.given, right.given)
    family = _compare_families(left.family, right.family)
    if _RANK[given] > _RANK[SWAPPED] and _RANK[family] > _RANK[SWAPPED]:
        if _is_swapped(left, right):
            return SWAPPED, SWAPPED
        if _is_family_elsewhere(left, right) or _is_family_elsewhere(right, left):
            return given, SWAPPED
    if family == DIFFERENT and given == MISSING:
        return given, MOTHERS
    return given, family


def _is_swapped(left: Name, right: Name) -> bool:
    if not (left.given and left.family and right.given and right.family):
        return False
    # Nearly all who are no match end here, and this is asked of every candidate.
    if not (_share_initial(left.given, right.family) and _share_initial(left.family, right.given)):
        return False
    if _compare_givens(left.given, right.family) not in _CROSSES:
        return False
    return _compare_givens(left.family, right.given) in _CROSSES


def _is_family_elsewhere(unnamed: Name, other: Name) -> bool:
    """Whether a child that is not named yet has the family name that stands as the other's given name."""
    return not unnamed.given and bool(unnamed.family) and unnamed.family == other.given


def _share_initial(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    if len(left) == len(right) == 1:
        return left[0][0] == right[0][0]
    return not {name[0] for name in left}.isdisjoint([name[0] for name in right])


@lru_cache(maxsize=PAIRS)
def _compare_givens(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    if not left or not right:
        return MISSING
    if left == right:
        return SAME
    first = compare_given(left[0], right[0])
    if first in {SAME, VARIANT} or len(left) == len(right) == 1:
        return first
    if "".join(left) == "".join(right):
        return VARIANT
    # Known by a middle name, or one name of two was written down.
    others = {compare_given(one, other) for one in left for other in right if len(one) > 1 < len(other)}
    return PART if others & {SAME, VARIANT, NICKNAME} and _RANK[first] > _RANK[PART] else first


@lru_cache(maxsize=PAIRS)
def compare_given(left: str, right: str) -> str:
    """Return the level of two single given names."""
    if left == right:
        return SAME
    if len(left) == 1 or len(right) == 1:
        return INITIAL if left[0] == right[0] else DIFFERENT
    if spelt(left) == spelt(right):
        return VARIANT
    if may_stand_for(left) & may_stand_for(right):
        return NICKNAME
    if _is_slip(left, right):
        return NAMESAKE if _are_both_common(left, right) else SIMILAR
    is_begun_alike = left[:3] == right[:3] or left[-4:] == right[-4:]
    if is_begun_alike and (_is_short_for(left, right) or _is_short_for(right, left)):
        return NAMESAKE if _are_both_common(left, right) else NICKNAME
    if (
        _sound(left) == _sound(right)
        or _is_slip_of_nickname(left, right)
        or _is_slip_of_nickname(right, left)
    ):
        return SOUNDS
    return ALIKE if _is_alike(left, right) and not _are_both_common(left, right) else DIFFERENT


def may_be_twins_names(left: Person, right: Person) -> bool:
    """Say whether parents might give both names at once: each is a name, and nearly the other.

    Ellie is what some Ellas are called at home, and may as well be the name of her twin.
    """
    own = names_of_their_own()
    return any(
        one != other and {one, other} <= own and OSA.distance(one, other, score_cutoff=2) <= 2
        for one in left.name.given[:1]
        for other in right.name.given[:1]
    )


def _is_slip_of_nickname(short: str, whole: str) -> bool:
    """Whether a name is, but for a slip, what somebody of the other name is called at home."""
    if len(short) < 4 or short in common_names():
        return False
    return any(len(name) > 3 and OSA.distance(short, name, score_cutoff=1) <= 1 for name in called(whole))


def _is_alike(left: str, right: str) -> bool:
    if left > right:  # so that the order of the two makes no difference
        left, right = right, left
    return JaroWinkler.similarity(left, right) >= _ALIKE or spelt(left)[:4] == spelt(right)[:4]


def _are_both_common(left: str, right: str) -> bool:
    return left in common_names() and right in common_names()


def _is_short_for(short: str, whole: str) -> bool:
    """Whether a name is the beginning or end of a longer one, as said at home: Magda, Marty, Xander."""
    if len(short) < 3 or len(whole) < len(short) + 2:
        return False
    stem = _ENDING.sub("", short)
    # Tabby, Maddy, Benny: the sign before the ending is doubled.
    if stem != short and len(stem) > 3 and stem[-1] == stem[-2] and whole.startswith(stem[:-1]):
        return True
    # Three letters begin too many names to build on them.
    return whole.startswith(stem if len(stem) > 3 else short) or (len(short) > 3 and whole.endswith(short))


@lru_cache(maxsize=PAIRS)
def _compare_families(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    if not left or not right:
        return MISSING
    if left == right or sorted(left) == sorted(right):
        return SAME
    if len(left) == len(right) == 1:
        return compare_family(left[0], right[0])
    if (whole := "".join(left)) == (other := "".join(right)):
        return VARIANT
    parts = {compare_family(one, other) for one in left for other in right}
    if parts & {SAME, VARIANT} or (SIMILAR in parts and min(len(left), len(right)) == 1):
        return PART
    return SIMILAR if _is_slip(whole, other) else DIFFERENT


@lru_cache(maxsize=PAIRS)
def compare_family(left: str, right: str) -> str:
    """Return the level of two single family names."""
    if left == right:
        return SAME
    if len(left) == 1 or len(right) == 1:
        return INITIAL if left[0] == right[0] else DIFFERENT
    if spelt(left) == spelt(right):
        return VARIANT
    if _is_slip(left, right):
        return SIMILAR
    return SOUNDS if _sound(left) == _sound(right) else DIFFERENT


def _is_slip(left: str, right: str) -> bool:
    """Whether one word may be the other mistyped or misheard: a sign or two, by its length."""
    if left > right:  # so that the order of the two makes no difference
        left, right = right, left
    longest = max(len(left), len(right))
    slips = OSA.distance(left, right, score_cutoff=2)
    if slips <= 1:
        return longest > 3 or left[0] == right[0]
    if slips == 2 and longest >= 7:
        return True
    return longest >= 5 and JaroWinkler.similarity(left, right) >= 0.9


@lru_cache(maxsize=WORDS)
def _sound(name: str) -> str:
    return jellyfish.metaphone(name) or name


def _compare_numbers(left: Person, right: Person) -> str:
    if left.number and right.number:
        if left.number == right.number:
            return SAME
        # Valid numbers of two people differ in at least two digits; identifiers of another kind need not.
        return ONE_DIGIT if _is_one_slip(left.number, right.number) else DIFFERENT
    # A wrong check digit says that a digit is wrong, so only a resemblance says anything.
    one, other = left.number or left.unchecked, right.number or right.unchecked
    return ONE_DIGIT if one == other or _is_one_slip(one, other) else MISSING


def _compare_identifiers(left: str, right: str) -> str:
    if left == right:
        return SAME
    return ONE_DIGIT if _is_one_slip(left, right) else DIFFERENT


def _is_one_slip(left: str, right: str) -> bool:
    return OSA.distance(left, right, score_cutoff=1) <= 1
