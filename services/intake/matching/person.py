"""A person as matching sees one: read once from what was written, then only compared."""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

import nhs_number as nhs

from services.intake.matching.addresses import Address, read_address
from services.intake.matching.dates import read_date
from services.intake.matching.names import family_tokens, fold, given_tokens

_SEXES: Final = {
    **dict.fromkeys(("m", "male", "man", "boy", "1"), "m"),
    **dict.fromkeys(("f", "female", "woman", "girl", "2"), "f"),
}
_IN_NAMES: Final = re.compile(r"\b(boy|male|girl|female)\b")
_UPN: Final = re.compile(r"^[A-Z]\d{11}[0-9A-Z]$")
_MOST_SIGNS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What somebody wrote about a person: raw text, each part "" where nothing was said.

    Attributes:
        other_names: other whole names, (given, family), such as the name before an adoption.
        expected_on: the date a child not yet born is due.
    """

    given_name: str = ""
    family_name: str = ""
    other_names: tuple[tuple[str, str], ...] = ()
    date_of_birth: str = ""
    expected_on: str = ""
    nhs_number: str = ""
    upn: str = ""
    address_line: str = ""
    town: str = ""
    postcode: str = ""
    sex: str = ""
    telephone: str = ""


class Name(NamedTuple):
    """One whole name in folded words."""

    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()


class Person(NamedTuple):
    """What is compared. Equal descriptions give equal persons; it can be stored as JSON and read back.

    Attributes:
        is_unnamed: no given name is told, as before and soon after a birth.
        born: YYYYMMDD, "" not known; of a child not yet born the date it is due.
        is_due: `born` is such a date.
        number: a valid NHS number.
        unchecked: ten digits written as an NHS number whose check digit is wrong: never a key.
        newborn_by: YYYYMMDD, about when a child without name and date was told of; in tables alone.
    """

    name: Name = Name()
    also: tuple[Name, ...] = ()
    is_unnamed: bool = False
    born: str = ""
    is_due: bool = False
    number: str = ""
    unchecked: str = ""
    upn: str = ""
    address: Address = Address()
    sex: str = ""
    telephone: str = ""
    newborn_by: str = ""


def read_person(told: Description, *, any_identifier: bool = False) -> Person:
    """Return the person described; nothing that is written makes this fail.

    Args:
        told: as it was sent.
        any_identifier: what stands as NHS number is some other identifier, without a check digit.
    """
    name, is_unnamed = _read_name(told.given_name, told.family_name)
    born = read_date(told.date_of_birth[:_MOST_SIGNS])
    due = read_date(told.expected_on[:_MOST_SIGNS]) if not born else ""
    number, unchecked = _read_number(told.nhs_number[:_MOST_SIGNS], any_identifier)
    upn = "".join(told.upn[:_MOST_SIGNS].split()).upper()
    also = (_read_name(*other)[0] for other in told.other_names)
    return Person(
        name=name,
        also=tuple(other for other in also if any(other) and other != name),
        is_unnamed=is_unnamed,
        born=born or due,
        is_due=bool(due) or (is_unnamed and "unborn" in fold(told.given_name[:_MOST_SIGNS])),
        number=number,
        unchecked=unchecked,
        upn=upn if _UPN.match(upn) else "",
        address=read_address(
            told.address_line[:_MOST_SIGNS], told.town[:_MOST_SIGNS], told.postcode[:_MOST_SIGNS]
        ),
        sex=_read_sex(told),
        telephone=_read_telephone(told.telephone[:_MOST_SIGNS]),
    )


def as_stored(person: Person) -> list[object]:
    """Return a person as JSON can hold it."""
    return [person.name, person.also, *person[2:-1]]


def from_stored(stored: list[object]) -> Person:
    """Return the person that `as_stored` wrote down."""
    name, also, unnamed, born, due, number, unchecked, upn, address, sex, telephone = stored
    return Person(
        _stored_name(name),
        tuple(_stored_name(one) for one in also),  # type: ignore[attr-defined]
        bool(unnamed),
        str(born),
        bool(due),
        str(number),
        str(unchecked),
        str(upn),
        Address(*address),  # type: ignore[misc]
        str(sex),
        str(telephone),
    )


def _stored_name(stored: object) -> Name:
    given, family = stored  # type: ignore[misc]
    return Name(tuple(given), tuple(family))  # type: ignore[has-type]


def _read_name(given: str, family: str) -> tuple[Name, bool]:
    families = family_tokens(family[:_MOST_SIGNS])
    names, is_unnamed = given_tokens(given[:_MOST_SIGNS], families)
    return Name(names, families), is_unnamed or not names


def _read_number(text: str, any_identifier: bool) -> tuple[str, str]:
    if any_identifier:
        return fold(text).replace(" ", ""), ""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    if len(digits) != 10 or len(set(digits)) == 1:
        return "", ""
    return (digits, "") if nhs.is_valid(digits) else ("", digits)


def _read_sex(told: Description) -> str:
    said = _SEXES.get(told.sex.strip().casefold()[:10])
    if said:
        return said
    # "Baby Boy" says no name, but it does say this.
    found = _IN_NAMES.search(fold(told.given_name[:_MOST_SIGNS]))
    return _SEXES[found[1]] if found else ""


def _read_telephone(text: str) -> str:
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    digits = digits.removeprefix("00").removeprefix("44").lstrip("0")
    return digits if 9 <= len(digits) <= 12 else ""
