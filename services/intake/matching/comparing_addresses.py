"""How far two addresses agree: house, street, town and postcode are one piece of evidence.

Scored one by one they would speak four times for the next family at an old address.
"""

from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from services.intake.matching.addresses import Address
from services.intake.matching.levels import (
    AREA,
    DIFFERENT,
    DOOR,
    HOME,
    MISSING,
    NEARLY_HOME,
    STREET,
    STREET_NAME,
)
from services.intake.matching.remembered import PAIRS


def compare_addresses(left: Address, right: Address) -> str:
    """Return the level of two addresses."""
    if left == right:
        return HOME if left.home else AREA if left.town else MISSING
    is_far = left.postcode and right.postcode and left.postcode[:2] != right.postcode[:2]
    if is_far and left.street[:1] != right.street[:1] and left.town[:1] != right.town[:1]:
        return DIFFERENT
    return _compare_in_full(left, right)


def _compare_in_full(left: Address, right: Address) -> str:
    postcode, street = _of_postcodes(left.postcode, right.postcode), _of_streets(left.street, right.street)
    house, flat = _of_numbers(left.house, right.house), _of_numbers(left.flat, right.flat)
    town = _of_towns(left.town, right.town)
    if postcode is None and street is None:
        return _of_area(left, right, town)
    is_narrow = left.outward != left.postcode and right.outward != right.postcode
    is_place = _is_one_place(postcode, street, town, is_narrow=is_narrow)
    if is_place and house is not False:
        certain = (house or (left.house == right.house and bool(street))) and flat is not False
        is_whole = certain and street is not False and postcode is not False
        return HOME if is_whole else NEARLY_HOME
    if is_place:
        return NEARLY_HOME if _is_slip_of_house(left.house, right.house) and street else STREET
    if street and house:
        return DOOR
    area = _of_area(left, right, town)
    return STREET_NAME if area == DIFFERENT and street else area


def _is_one_place(postcode: bool | None, street: bool | None, town: bool | None, *, is_narrow: bool) -> bool:
    """Whether both are in one street; one of postcode and street may be wrong, not both.

    Args:
        is_narrow: the postcode is a British one, of a few houses; elsewhere it is that of a town.
    """
    if postcode and is_narrow:
        return True
    return bool(street) and (postcode is not False or town is not False)


def _of_area(left: Address, right: Address, town: bool | None) -> str:
    if town or (left.outward and left.outward == right.outward):
        return AREA
    is_known = town is not None or bool(left.postcode and right.postcode)
    return DIFFERENT if is_known or (left.street and right.street) else MISSING


def _of_numbers(left: str, right: str) -> bool | None:
    return None if not left or not right else left == right


def _is_slip_of_house(left: str, right: str) -> bool:
    return len(left) == len(right) > 1 and sorted(left) == sorted(right)


def _of_postcodes(left: str, right: str) -> bool | None:
    if not left or not right:
        return None
    return left == right or OSA.distance(left, right, score_cutoff=1) <= 1


def _of_streets(left: str, right: str) -> bool | None:
    return None if not left or not right else left == right or _alike(left, right)


def _of_towns(left: str, right: str) -> bool | None:
    return None if not left or not right else left == right or _alike(left, right)


@lru_cache(maxsize=PAIRS)
def _alike(left: str, right: str) -> bool:
    if JaroWinkler.similarity(left.replace(" ", ""), right.replace(" ", "")) >= 0.9:
        return True
    one, other = set(left.split()), set(right.split())
    shared = len(one & other)
    return shared >= 2 or (shared == 1 and (one <= other or other <= one) and len(one ^ other) <= 2)
