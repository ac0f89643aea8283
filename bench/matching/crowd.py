"""As many known persons as a hub may come to have, one by one, and rows about some of them."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from bench.households.people import Person as Somebody
from bench.households.people import invent
from bench.households.rates import Rates
from bench.households.writing import COLUMNS, Row, Scene, write_incoming, write_known
from services.intake.matching.person import Description, Person, read_person
from shared.schemas.ids import PersonId

_STRANGERS = 1 / 3
_UNKNOWN = 0.15
_ABOUT = "known_as"


@dataclass(frozen=True)
class Known:
    """A known person, as they are written and as the hub compares them."""

    person_id: PersonId
    row: Row
    person: Person


@dataclass(frozen=True)
class Comer:
    """A row that comes in, and whom it is about; None where that is nobody known."""

    row: Row
    person: Person
    person_id: PersonId | None


class Crowd:
    """Households one after another, so that a larger crowd is a smaller one with more people in it.

    Invented NHS numbers are fewer than a million: the last persons of a crowd as large have none.

    Args:
        up_to: how many it may grow to: towns have streets for so many from the beginning.
        comers: how many rows are kept ready for each stage.
    """

    def __init__(self, seed: int, up_to: int, comers: int) -> None:
        self._dice, self._rates, self._comers = Random(seed), Rates(), comers
        self._homes = invent(self._dice, self._rates, streets_each=max(40, up_to // 700))
        self._people = self._everybody()
        self._seen = 0
        self._kept: list[Comer] = []

    @property
    def comers(self) -> list[Comer]:
        """Rows about people from all over the crowd that there is by now."""
        return list(self._kept)

    def grow(self, by: int) -> Iterator[Known]:
        """Yield so many more known persons."""
        while by:
            scene, person_id = next(self._people)
            self._keep(scene, person_id)
            if person_id is not None:
                by -= 1
                row, _ = write_known(scene, self._rates)
                yield Known(person_id, row, _read(row))

    def _everybody(self) -> Iterator[tuple[Scene, PersonId | None]]:
        for home in self._homes:
            mother = next((one for one in home.people if not one.is_child and one.sex == "F"), None)
            for person in home.people:
                others = [child for child in home.children if child is not person]
                yield Scene(person, others, mother, self._dice), self._id_of(person)

    def _id_of(self, person: Somebody) -> PersonId | None:
        person.is_known = self._dice.random() >= _UNKNOWN
        # Drawn, so that the same seed gives the same persons.
        return PersonId(UUID(int=self._dice.getrandbits(128), version=4)) if person.is_known else None

    def _keep(self, scene: Scene, person_id: PersonId | None) -> None:
        """Keep a row about somebody, each with the same chance however many there were before."""
        if person_id is None and self._dice.random() > _STRANGERS / _UNKNOWN * (1 - _UNKNOWN):
            return
        self._seen += 1
        place = len(self._kept) if len(self._kept) < self._comers else self._dice.randrange(self._seen)
        if place < self._comers:
            row, _ = write_incoming(scene, self._rates)
            self._kept[place : place + 1] = [Comer(row, _read(row), person_id)]


def _read(row: Row) -> Person:
    told: dict[str, Any] = {**row}
    return read_person(Description(**told))


def write_known_rows(file: Path, people: Iterable[Known]) -> Iterator[Known]:
    """Add known persons to a file as they pass by."""
    with file.open("a", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
        if not out.tell():
            writer.writeheader()
        for known in people:
            writer.writerow({"id": str(known.person_id), **known.row})
            yield known


def write_comers(file: Path, comers: list[Comer]) -> None:
    """Write rows that come in, and whom each is about."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [*COLUMNS, _ABOUT], lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {"id": f"r{place}", **comer.row, _ABOUT: comer.person_id or ""}
            for place, comer in enumerate(comers)
        )


def read_comers(file: Path) -> list[Comer]:
    """Return the rows that `write_comers` wrote."""
    with file.open(encoding="utf-8", newline="") as rows:
        comers = []
        for row in csv.DictReader(rows):
            about = row.pop(_ABOUT)
            del row["id"]
            comers.append(Comer(row, _read(row), PersonId(UUID(about)) if about else None))
        return comers
