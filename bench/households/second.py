"""A second author's invented people: other names, other habits of writing, a hazard or two on most rows.

The weights were tuned on the first author's households. What holds here as well was not learnt by heart.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from bench.households.draw import Drawn
from bench.households.people import TODAY, nhs_number
from bench.households.second_slips import SLIPS, Row, written

_LISTS: Final = Path(__file__).with_name("second.yaml")
#: Of those who come, how many are known, and how many hazards of writing befall a row.
_KNOWN_SHARE: Final = 0.62
_HAZARDS_OF_A_ROW: Final = (0.24, 0.42, 0.24, 0.10)
_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"


@cache
def lists() -> dict[str, Any]:
    """Return the names and places of the second author."""
    told: dict[str, Any] = yaml.safe_load(_LISTS.read_text(encoding="utf-8"))
    for kind in ("nicknames", "spellings"):
        told[kind] = {name: others for name, *others in (line.split() for line in told[kind])}
    return told


@dataclass(frozen=True, slots=True)
class Somebody:
    """One invented person as they are now."""

    given: str
    family: str
    born_on: date
    number: str
    sex: str
    home: tuple[str, str, str]
    mother: str
    household: int


class _Author:
    """What is remembered between persons: numbers that were given."""

    def __init__(self, dice: Random) -> None:
        self.dice, self.numbers, self.households = dice, 0, 0

    def number(self) -> str:
        self.numbers += 1
        while not (number := nhs_number(self.numbers)):
            self.numbers += 1
        return number

    def home(self) -> tuple[str, str, str]:
        dice, told = self.dice, lists()
        town = dice.choice(list(told["towns"]))
        number = dice.randrange(700)
        names, kinds = told["streets"].split(), list(told["kinds"])
        street = f"{names[number % len(names)]} {kinds[number // len(names) % len(kinds)]}"
        house = dice.randint(1, 180)
        line = f"{house} {street}"
        if dice.random() < 0.15:
            line = f"Flat {dice.randint(1, 30)}, {line}"
        inner = (number * 7 + house // 20) % 3600
        letters = f"{_LETTERS[inner % 20]}{_LETTERS[inner // 20 % 20]}"
        postcode = f"{told['towns'][town]}{1 + number % 17} {1 + inner // 400}{letters}"
        return line, town, postcode

    def given(self, sex: str) -> str:
        return str(self.dice.choice(lists()["given"][sex].split()))

    def other_given(self, one: Somebody) -> str:
        others = [name for name in lists()["given"][one.sex].split() if name != one.given]
        return str(self.dice.choice(others))

    def family(self) -> str:
        return str(self.dice.choice(lists()["family"].split()))

    def household(self) -> list[Somebody]:
        dice = self.dice
        self.households += 1
        father, mother, home = self.family(), self.given("F"), self.home()
        hers = father if dice.random() < 0.65 else self.family()
        family = f"{hers}-{father}" if hers != father and dice.random() < 0.4 else dice.choice((hers, father))
        people: list[Somebody] = []
        born_on = TODAY - timedelta(days=dice.randint(0, 17 * 365))
        for _ in range(dice.choices((1, 2, 3, 4), (35, 35, 20, 10))[0]):
            people.append(self._child(family, born_on, home, mother))
            if dice.random() < 0.04:
                people.append(self._child(family, born_on, home, mother))
            born_on -= timedelta(days=dice.randint(300, 1500))
        if dice.random() < 0.4:
            grown = TODAY - timedelta(days=dice.randint(18 * 365, 50 * 365))
            people.append(Somebody(mother, hers, grown, self.number(), "F", home, "", self.households))
        return people

    def _child(self, family: str, born_on: date, home: tuple[str, str, str], mother: str) -> Somebody:
        sex = self.dice.choice("FM")
        return Somebody(self.given(sex), family, born_on, self.number(), sex, home, mother, self.households)

    def changed(self, one: Somebody) -> tuple[Somebody, set[str]]:
        """Return somebody who is known as they are when they come: moved, renamed, or as they were."""
        draw, hazards = self.dice.random(), set[str]()
        if draw < 0.16:
            one, hazards = replace(one, home=self.home()), {"moved"}
        elif draw < 0.22:
            one, hazards = replace(one, family=self.family()), {"changed_name"}
        elif draw < 0.235:
            given = one.given if self.dice.random() < 0.6 else self.given(one.sex)
            one = replace(one, family=self.family(), home=self.home(), given=given)
            hazards = {"adopted"}
        return one, hazards

    def stranger(self, known: list[Somebody]) -> tuple[Somebody, str]:
        """Return somebody who is not known, but mostly has something in common with one who is."""
        dice, like = self.dice, self.dice.choice(known)
        fresh = self.household()[0]
        match dice.randrange(7):
            case 0 if like.mother:
                given = self.other_given(like)
                return replace(like, given=given, number=self.number()), "twin_of_known"
            case 1 if like.mother:
                born_on = like.born_on - timedelta(days=dice.randint(290, 1200))
                return replace(
                    like, given=self.other_given(like), born_on=born_on, number=self.number()
                ), "sibling_of_known"
            case 2:
                return replace(fresh, home=like.home), "new_occupant"
            case 3:
                return replace(fresh, given=like.given, family=like.family, sex=like.sex), "namesake"
            case 4 if dice.random() < 0.5:
                return replace(fresh, number=like.number), "number_of_another"
        return fresh, "nobody_like"


def draw_second(seed: int, people: int, incoming: int) -> Drawn:
    """Invent so many known persons and so many rows, as `draw` of the first author does."""
    dice = Random(seed)
    author, drawn = _Author(dice), Drawn()
    known: list[Somebody] = []
    while len(known) < people:
        known += author.household()
    del known[people:]
    babies = [dice.random() < 0.5 and (TODAY - one.born_on).days < 240 for one in known]
    for place, one in enumerate(known):
        drawn.known.append(_known_row(one, dice, is_baby=babies[place]) | {"id": f"k{place}"})
    siblings: dict[int, list[Somebody]] = {}
    for one in known:
        siblings.setdefault(one.household, []).append(one)
    for place in range(incoming):
        if dice.random() < _KNOWN_SHARE:
            at = dice.randrange(len(known))
            now, hazards = author.changed(known[at])
            hazards |= {"born_since"} if babies[at] else set()
            hazards |= {"twin"} if _has_twin(known[at], siblings[known[at].household]) else set()
            drawn.truth.append((f"r{place}", f"k{at}"))
            others = [one.number for one in siblings[known[at].household] if one is not known[at]]
        else:
            now, kind = author.stranger(known)
            hazards, others = {kind, "no_true_match"}, []
        row = _incoming_row(now, dice, hazards, others)
        drawn.incoming.append(row | {"id": f"r{place}"})
        drawn.hazards += [(f"r{place}", hazard) for hazard in sorted(hazards)]
    return drawn


def _has_twin(one: Somebody, household: list[Somebody]) -> bool:
    return any(other is not one and other.born_on == one.born_on for other in household)


def _known_row(one: Somebody, dice: Random, *, is_baby: bool) -> Row:
    row = written(one)
    if is_baby:
        unborn: Callable[..., None] = SLIPS["unnamed"]
        unborn(row, one, dice, lists(), [])
        row["nhs_number"] = ""
        due_on = one.born_on + timedelta(days=dice.randint(-20, 25))
        row["date_of_birth"] = dice.choice((str(due_on), str(due_on), "", f"{due_on.year}-01-01"))
    if dice.random() < 0.25:
        row["nhs_number"] = ""
    if dice.random() < 0.06:
        row[dice.choice(("address_line", "town", "postcode", "sex", "date_of_birth"))] = ""
    return row


def _incoming_row(one: Somebody, dice: Random, hazards: set[str], others: list[str]) -> Row:
    row = written(one)
    if dice.random() < 0.3:
        row["nhs_number"] = ""
    count = dice.choices(range(4), _HAZARDS_OF_A_ROW)[0]
    chosen = dice.sample(sorted(SLIPS), count)
    if "unnamed" in chosen and (TODAY - one.born_on).days > 200:
        chosen.remove("unnamed")
    for name in sorted(chosen, key=list(SLIPS).index):
        before = dict(row)
        SLIPS[name](row, one, dice, lists(), others)
        hazards |= {name} if row != before else set()
    return row
