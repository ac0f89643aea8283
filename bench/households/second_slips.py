"""What befalls a row at the second author's hands: each hazard by its name, in the order of writing."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any, Final, Protocol

Row = dict[str, str]
_FIELDS: Final = ("nhs_number", "date_of_birth", "address_line", "town", "postcode", "sex", "given_name")


class _Person(Protocol):
    @property
    def given(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def born_on(self) -> date: ...
    @property
    def number(self) -> str: ...
    @property
    def sex(self) -> str: ...
    @property
    def home(self) -> tuple[str, str, str]: ...
    @property
    def mother(self) -> str: ...


Slip = Callable[[Row, Any, Random, dict[str, Any], list[str]], None]


def written(one: _Person) -> Row:
    """Return somebody as a careful hand writes of them."""
    line, town, postcode = one.home
    return {
        "given_name": one.given,
        "family_name": one.family,
        "date_of_birth": str(one.born_on),
        "nhs_number": one.number,
        "address_line": line,
        "town": town,
        "postcode": postcode,
        "sex": {"F": "Female", "M": "Male"}[one.sex],
    }


def _nickname(row: Row, _one: _Person, dice: Random, told: dict[str, Any], _others: list[str]) -> None:
    row["given_name"] = dice.choice(told["nicknames"].get(row["given_name"], [row["given_name"]]))


def _spelling(row: Row, _one: _Person, dice: Random, told: dict[str, Any], _others: list[str]) -> None:
    for field in ("given_name", "family_name"):
        row[field] = dice.choice(told["spellings"].get(row[field], [row[field]]))


def _unnamed(row: Row, one: _Person, dice: Random, told: dict[str, Any], _others: list[str]) -> None:
    row["given_name"] = dice.choice(told["unnamed"]).format(mother=one.mother, family=one.family)
    if dice.random() < 0.5:
        row["nhs_number"] = ""


def _half_of_a_name(row: Row, _one: _Person, dice: Random, *_: Any) -> None:
    parts = row["family_name"].split("-")
    row["family_name"] = dice.choice((*parts, " ".join(parts)) if len(parts) > 1 else parts)


def _middle_name(row: Row, one: _Person, dice: Random, told: dict[str, Any], _others: list[str]) -> None:
    row["given_name"] = f"{row['given_name']} {dice.choice(told['given'][one.sex].split())}".strip()


def _mistyped(row: Row, _one: _Person, dice: Random, *_: Any) -> None:
    field = dice.choice(("given_name", "family_name", "family_name", "address_line", "postcode"))
    row[field] = _slip(row[field], dice)


def _mistyped_date(row: Row, _one: _Person, dice: Random, *_: Any) -> None:
    if told := row["date_of_birth"]:
        at = dice.choice((3, 6, 8, 9))
        row["date_of_birth"] = f"{told[:at]}{dice.randint(0, 9 if at != 8 else 2)}{told[at + 1 :]}"


def _mistyped_number(row: Row, _one: _Person, dice: Random, *_: Any) -> None:
    if told := row["nhs_number"]:
        at = dice.randrange(3, 10)
        row["nhs_number"] = f"{told[:at]}{dice.randint(0, 9)}{told[at + 1 :]}"


def _swapped_names(row: Row, *_: Any) -> None:
    row["given_name"], row["family_name"] = row["family_name"], row["given_name"]


def _day_and_month(row: Row, one: _Person, *_: Any) -> None:
    if one.born_on.day <= 12 and row["date_of_birth"]:
        row["date_of_birth"] = f"{one.born_on:%Y-%d-%m}"


def _default_date(row: Row, one: _Person, dice: Random, *_: Any) -> None:
    row["date_of_birth"] = dice.choice((f"{one.born_on.year}-01-01",) * 4 + ("1900-01-01",))


def _number_of_a_sibling(row: Row, _one: _Person, dice: Random, _told: Any, others: list[str]) -> None:
    if others:
        row["nhs_number"] = dice.choice(others)


def _missing(row: Row, _one: _Person, dice: Random, *_: Any) -> None:
    for field in dice.sample(_FIELDS, dice.choice((1, 1, 2, 3))):
        row[field] = ""


def _shortened(row: Row, _one: _Person, dice: Random, told: dict[str, Any], _others: list[str]) -> None:
    for kind, short in told["kinds"].items():
        row["address_line"] = row["address_line"].replace(kind, short)
    if dice.random() < 0.3:
        row["address_line"] = row["address_line"].replace("Flat ", "Apartment ").upper()


def _other_form(row: Row, one: _Person, dice: Random, *_: Any) -> None:
    if dice.random() < 0.5 and row["nhs_number"]:
        number = row["nhs_number"]
        row["nhs_number"] = f"{number[:3]} {number[3:6]} {number[6:]}"
    if dice.random() < 0.4 and row["date_of_birth"] == str(one.born_on):
        row["date_of_birth"] = f"{one.born_on:%d/%m/%Y}"
    row["postcode"] = row["postcode"].replace(" ", "").lower()
    row["sex"] = {"Female": "F", "Male": "M"}.get(row["sex"], row["sex"])
    for field in ("given_name", "family_name"):
        row[field] = row[field].upper() if dice.random() < 0.5 else row[field].lower()


def _slip(text: str, dice: Random) -> str:
    if len(text) < 3:
        return text
    at = dice.randrange(len(text) - 1)
    match dice.randrange(4):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        case 2:
            return text[:at] + dice.choice("aeioutrnsl") + text[at:]
    return text[:at] + dice.choice("aeioutrnsl") + text[at + 1 :]


SLIPS: Final[dict[str, Slip]] = {
    "unnamed": _unnamed,
    "nickname": _nickname,
    "spelling": _spelling,
    "half_of_a_name": _half_of_a_name,
    "middle_name": _middle_name,
    "mistyped": _mistyped,
    "swapped_names": _swapped_names,
    "mistyped_date": _mistyped_date,
    "day_and_month": _day_and_month,
    "default_date": _default_date,
    "mistyped_number": _mistyped_number,
    "number_of_a_sibling": _number_of_a_sibling,
    "missing": _missing,
    "shortened": _shortened,
    "other_form": _other_form,
}
