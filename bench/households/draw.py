"""Who is known, who comes in, and which of them are the same: the files of one seed."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from random import Random

from bench.households.people import Household, Person, invent
from bench.households.rates import Rates
from bench.households.writing import COLUMNS, Row, Scene, write_incoming, write_known

#: Of incoming rows, those about nobody who is known.
STRANGERS = 1 / 3
_UNKNOWN_HOME, _PARTLY_KNOWN, _UNKNOWN_CHILD = 0.18, 0.2, 0.45
#: Hubs hear of these more often than their number says, and it is about them that matching errs.
_KNOWN_INTEREST = {
    "twin": 2.5, "close_sibling": 1.5, "junior": 1.5, "moved": 1.3, "changed_name": 1.5, "adopted": 1.5,
    "unborn": 1.0, "common_name": 1.5, "new_occupant": 1.2,
}  # fmt: skip
_UNKNOWN_INTEREST = {
    "twin": 3.0, "close_sibling": 2.0, "junior": 2.0, "common_name": 2.0, "new_occupant": 2.0,
    "sibling_of_known": 2.5,
}  # fmt: skip


@dataclass
class Drawn:
    """What was drawn: rows as they are written to files, true pairs, and the hazards of each incoming row."""

    known: list[Row] = field(default_factory=list)
    incoming: list[Row] = field(default_factory=list)
    truth: list[tuple[str, str]] = field(default_factory=list)
    hazards: list[tuple[str, str]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write known.csv, incoming.csv, truth.csv and hazards.csv."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, rows in (("known", self.known), ("incoming", self.incoming)):
            _write(folder / f"{name}.csv", COLUMNS, ([row[column] for column in COLUMNS] for row in rows))
        _write(folder / "truth.csv", ("left_id", "right_id"), self.truth)
        _write(folder / "hazards.csv", ("id", "hazard"), self.hazards)


def _write(file: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def draw(seed: int, people: int, incoming: int, rates: Rates) -> Drawn:
    """Invent so many known persons, and so many rows of which a third are about nobody known."""
    dice = Random(seed)
    homes = _homes(dice, people, rates)
    drawn, scenes = Drawn(), list(_scenes(homes, dice))
    known = [scene for scene in scenes if scene.person.is_known]
    unknown = [scene for scene in scenes if not scene.person.is_known]
    then: dict[int, set[str]] = {}
    for scene in known:
        row, then[scene.person.number] = write_known(scene, rates)
        drawn.known.append(row | {"id": _id("k", scene.person.number)})
    dice.shuffle(drawn.known)
    strangers = round(incoming * STRANGERS) if unknown else 0
    chosen = _choose(dice, known, _KNOWN_INTEREST, incoming - strangers)
    chosen += _choose(dice, unknown, _UNKNOWN_INTEREST, strangers)
    dice.shuffle(chosen)
    for number, scene in enumerate(chosen):
        row, now = write_incoming(scene, rates)
        _take(drawn, scene.person, row | {"id": _id("r", number)}, now | then.get(scene.person.number, set()))
    return drawn


def _take(drawn: Drawn, person: Person, row: Row, written: set[str]) -> None:
    drawn.incoming.append(row)
    if person.is_known:
        drawn.truth.append((row["id"], _id("k", person.number)))
    # Without a past that is known, nobody has changed a name or moved.
    life = person.hazards if person.is_known else person.hazards & set(_UNKNOWN_INTEREST) | {"no_true_match"}
    drawn.hazards += [(row["id"], hazard) for hazard in sorted(life | written)]


def _id(letter: str, number: int) -> str:
    return f"{letter}{number:07d}"


def _homes(dice: Random, people: int, rates: Rates) -> list[Household]:
    homes: list[Household] = []
    known = 0
    # Streets grow with the town: about one household in twelve houses.
    for home in invent(dice, rates, streets_each=max(40, people // 700)):
        _forget(home, dice)
        homes.append(home)
        known += sum(person.is_known for person in home.people)
        if known >= people:
            break
    for person in reversed([person for person in homes[-1].people if person.is_known][people - known :]):
        if known > people:
            person.is_known, known = False, known - 1
    return homes


def _forget(home: Household, dice: Random) -> None:
    """Decide of whom of a household the hub has not heard: of all, or of some of the children."""
    is_unknown = dice.random() < _UNKNOWN_HOME
    is_partly = dice.random() < _PARTLY_KNOWN
    for person in home.people:
        person.is_known = not is_unknown and not (
            is_partly and person.is_child and dice.random() < _UNKNOWN_CHILD
        )
    if any(person.is_known for person in home.people):
        for person in home.people:
            person.hazards |= set() if person.is_known else {"sibling_of_known"}


def _scenes(homes: list[Household], dice: Random) -> Iterable[Scene]:
    for home in homes:
        mother = next((person for person in home.people if not person.is_child and person.sex == "F"), None)
        for person in home.people:
            others = [child for child in home.children if child is not person]
            yield Scene(person, others, mother, dice)


def _choose(dice: Random, scenes: list[Scene], interest: dict[str, float], count: int) -> list[Scene]:
    """Draw scenes, the interesting ones more often; some twice, as some children are heard of twice."""

    def weight(person: Person) -> float:
        heard = 3.0 if person.is_child else 1.0
        for hazard in sorted(person.hazards & set(interest)):
            heard *= interest[hazard]
        return heard

    if not count:
        return []
    return dice.choices(
        scenes, cum_weights=list(accumulate(weight(scene.person) for scene in scenes)), k=count
    )
