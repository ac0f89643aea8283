"""A person as an agency writes of them: one row, with the hazards that befell it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from bench.households.names import nicknames, spellings
from bench.households.people import TODAY, Person
from bench.households.rates import KNOWN_SHARE, Rates
from bench.households.slips import misdated, misnumbered, mistyped, turned

COLUMNS = (
    "id", "given_name", "family_name", "date_of_birth", "nhs_number",
    "address_line", "town", "postcode", "sex",
)  # fmt: skip
Row = dict[str, str]
_SHORT = {
    "Road": "Rd", "Street": "St", "Lane": "Ln", "Avenue": "Ave", "Close": "Cl", "Drive": "Dr", "Court": "Ct",
    "Crescent": "Cres", "Gardens": "Gdns", "Terrace": "Terr", "Place": "Pl", "Flat": "Apt",
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """Of whom is written, beside whom, and the dice.

    Attributes:
        others: the other children of the household.
        mother: whose name stands where an unborn child has none.
    """

    person: Person
    others: list[Person]
    mother: Person | None
    dice: Random


def write_known(scene: Scene, rates: Rates) -> tuple[Row, set[str]]:
    """Return the row that the hub has of a person, as they were then, and the hazards of writing in it."""
    person = scene.person
    row = _row(scene)
    row |= {field: value for field, value in person.past.items() if field in row}
    if person.before:
        row |= {
            "address_line": person.before.line,
            "town": person.before.town,
            "postcode": person.before.postcode,
        }
    if "unborn" in person.hazards:
        _before_birth(row, scene)
    return row, _befall(row, scene, rates, KNOWN_SHARE)


def write_incoming(scene: Scene, rates: Rates) -> tuple[Row, set[str]]:
    """Return a row about a person as they are now, and the hazards of writing in it."""
    row, person = _row(scene), scene.person
    if "unborn" in person.hazards and scene.dice.random() < (0.15 if person.is_known else 0.6):
        row["date_of_birth"] = person.past["date_of_birth"]
        _before_birth(row, scene)
    return row, _befall(row, scene, rates, 1.0)


def _row(scene: Scene) -> Row:
    person = scene.person
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "date_of_birth": str(person.born_on),
        "nhs_number": person.nhs_number,
        "address_line": person.address.line,
        "town": person.address.town,
        "postcode": person.address.postcode,
        "sex": person.sex,
    }


def _before_birth(row: Row, scene: Scene) -> None:
    """Write of a child that is not yet born: under the mother's name, with the date that is expected."""
    dice = scene.dice
    row["given_name"] = dice.choice(("Unborn", "Unborn", "Unborn baby", "Baby", "Unknown", ""))
    if scene.mother:
        row["family_name"] = scene.mother.past.get("family_name", scene.mother.family_name)
    row["nhs_number"] = ""
    row["sex"] = row["sex"] if dice.random() < 0.2 else dice.choice(("", "U"))
    if dice.random() < 0.15:
        row["date_of_birth"] = ""


def _befall(row: Row, scene: Scene, rates: Rates, share: float) -> set[str]:
    """Let the hazards of writing befall a row; return those that changed it."""
    befallen = set()
    for name, happens in HAZARDS.items():
        # An identifier is as often missing where a person is known as where they are new.
        rate = getattr(rates, name) * (1.0 if name == "no_nhs" else share)
        if scene.dice.random() < rate:
            before = dict(row)
            happens(row, scene)
            befallen |= {name} if row != before else set()
    return befallen


def _nickname(row: Row, scene: Scene) -> None:
    if others := nicknames(row["given_name"]):
        row["given_name"] = scene.dice.choice(others)


def _spelling(row: Row, scene: Scene) -> None:
    for field in ("given_name", "family_name"):
        others = spellings(row[field])
        if others and scene.dice.random() < 0.7:
            row[field] = scene.dice.choice(others)


def _swapped_names(row: Row, _scene: Scene) -> None:
    row["given_name"], row["family_name"] = row["family_name"], row["given_name"]


def _half_name(row: Row, scene: Scene) -> None:
    for field in ("family_name", "given_name"):
        halves = row[field].split("-")
        if len(halves) == 2 and min(map(len, halves)) > 2:
            row[field] = scene.dice.choice((*halves, " ".join(halves)))


def _middle_name(row: Row, scene: Scene) -> None:
    middle = scene.person.middle_name
    if middle and row["given_name"]:
        written = (f"{row['given_name']} {middle}", f"{row['given_name']} {middle[0]}", middle)
        row["given_name"] = scene.dice.choices(written, weights=(5, 2, 1))[0]


def _unnamed_baby(row: Row, scene: Scene) -> None:
    if (TODAY - scene.person.born_on).days > 120 or not row["given_name"]:
        return
    written = ["Baby", "Baby", "Unnamed", "Infant"]
    written += [{"F": "Baby girl", "M": "Baby boy"}[scene.person.sex]] * 2
    written += ["Twin 1", "Twin 2"] if "twin" in scene.person.hazards else []
    row["given_name"] = scene.dice.choice(written)
    row["nhs_number"] = ""
    if scene.mother and scene.dice.random() < 0.7:
        row["family_name"] = scene.mother.family_name


def _typo_given(row: Row, scene: Scene) -> None:
    row["given_name"] = mistyped(row["given_name"], scene.dice)


def _typo_family(row: Row, scene: Scene) -> None:
    row["family_name"] = mistyped(row["family_name"], scene.dice)


def _typo_date(row: Row, scene: Scene) -> None:
    if on := _date(row):
        row["date_of_birth"] = str(misdated(on, scene.dice))


def _day_month(row: Row, _scene: Scene) -> None:
    if (on := _date(row)) and (other := turned(on)):
        row["date_of_birth"] = str(other)


def _default_date(row: Row, scene: Scene) -> None:
    if on := _date(row):
        # The year is often all that was known; it may be a year out where an age was turned into it.
        year = on.year + scene.dice.choice((0, 0, 0, -1))
        row["date_of_birth"] = "1900-01-01" if scene.dice.random() < 0.2 else f"{year}-01-01"


def _date(row: Row) -> date | None:
    return date.fromisoformat(row["date_of_birth"]) if row["date_of_birth"] else None


def _typo_address(row: Row, scene: Scene) -> None:
    field = scene.dice.choice(("address_line", "address_line", "postcode", "town"))
    row[field] = mistyped(row[field], scene.dice)


def _short_address(row: Row, scene: Scene) -> None:
    if scene.dice.random() < 0.25:
        row["address_line"] = row["address_line"].split(" ", 1)[-1]
    row["address_line"] = " ".join(_SHORT.get(word, word) for word in row["address_line"].split(" "))
    if scene.dice.random() < 0.5:
        row["postcode"] = row["postcode"].replace(" ", "")


def _upper_case(row: Row, scene: Scene) -> None:
    fields = (
        ("family_name",)
        if scene.dice.random() < 0.4
        else ("given_name", "family_name", "address_line", "town")
    )
    for field in fields:
        row[field] = row[field].upper()


def _sibling_nhs(row: Row, scene: Scene) -> None:
    if scene.others and row["nhs_number"]:
        row["nhs_number"] = scene.dice.choice(scene.others).nhs_number


def _wrong_nhs(row: Row, scene: Scene) -> None:
    if row["nhs_number"]:
        row["nhs_number"] = misnumbered(row["nhs_number"], scene.dice)


def _empty(*fields: str) -> Callable[[Row, Scene], None]:
    def happens(row: Row, _scene: Scene) -> None:
        row |= dict.fromkeys(fields, "")

    return happens


#: In the order in which they befall a row: what a person says, how it is typed, what is left out.
HAZARDS: dict[str, Callable[[Row, Scene], None]] = {
    "unnamed_baby": _unnamed_baby,
    "nickname": _nickname,
    "spelling": _spelling,
    "half_name": _half_name,
    "middle_name": _middle_name,
    "typo_given": _typo_given,
    "typo_family": _typo_family,
    "swapped_names": _swapped_names,
    "typo_date": _typo_date,
    "day_month": _day_month,
    "default_date": _default_date,
    "typo_address": _typo_address,
    "short_address": _short_address,
    "sibling_nhs": _sibling_nhs,
    "wrong_nhs": _wrong_nhs,
    "no_nhs": _empty("nhs_number"),
    "no_date": _empty("date_of_birth"),
    "no_address": _empty("address_line"),
    "no_town": _empty("town"),
    "no_postcode": _empty("postcode"),
    "no_sex": _empty("sex"),
    "no_given": _empty("given_name"),
    "upper_case": _upper_case,
}
