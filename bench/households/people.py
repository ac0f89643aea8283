"""Persons with a history, household by household."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from random import Random

from bench.households.names import COMMON, Culture, cultures, draw_culture
from bench.households.places import Address, draw_address
from bench.households.rates import Rates

#: The day on which the incoming rows are written.
TODAY = date(2026, 9, 1)
_DAYS = 365.25
_CHILDREN = (0.14, 0.25, 0.31, 0.17, 0.08, 0.05)
_NUMBERS = 1_000_000
#: Brothers and sisters that are born within so many days are close in age.
CLOSE_DAYS = 420


@dataclass(slots=True)
class Person:
    """Somebody invented, as they are now and as they were when the hub last heard of them.

    Attributes:
        hazards: what of their life makes them hard to tell from others or from themselves.
        past: what was otherwise then: `given_name`, `family_name`, `nhs_number`, `date_of_birth`.
        before: where they lived then, None where they live there still.
    """

    number: int
    household: int
    culture: str
    sex: str
    given_name: str
    middle_name: str
    family_name: str
    born_on: date
    nhs_number: str
    address: Address
    is_child: bool
    is_known: bool = True
    before: Address | None = None
    past: dict[str, str] = field(default_factory=dict)
    hazards: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Household:
    """Who lives together."""

    number: int
    culture: Culture
    family_name: str
    address: Address
    is_taken_over: bool = False
    people: list[Person] = field(default_factory=list)

    @property
    def children(self) -> list[Person]:
        """Those of under 18."""
        return [person for person in self.people if person.is_child]


def nhs_number(number: int) -> str | None:
    """Return the n-th NHS number that starts with 999; None where no check digit makes it one."""
    # A step that shares no factor with the size visits each number once, in no order that one sees.
    digits = f"999{number * 704_969 % _NUMBERS:06d}"
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return None if check == 10 else f"{digits}{0 if check == 11 else check}"


def invent(dice: Random, rates: Rates, streets_each: int) -> Iterator[Household]:
    """Yield households without end."""
    return _Inventor(dice, rates, streets_each).households()


class _Inventor:
    """What is remembered between households: numbers that were given, addresses that fell empty."""

    def __init__(self, dice: Random, rates: Rates, streets_each: int) -> None:
        self.dice, self.rates, self.streets_each = dice, rates, streets_each
        self.persons = self.numbers = 0
        self.empty: list[tuple[Address, Culture, str]] = []

    def households(self) -> Iterator[Household]:
        number = 0
        while True:
            home = self._home(number)
            self._parents(home)
            self._born(home)
            self._history(home)
            yield home
            number += 1

    def _chance(self, share: float) -> bool:
        return self.dice.random() < share

    def _home(self, number: int) -> Household:
        culture = draw_culture(self.dice)
        family = culture.draw_family(self.dice)
        if self.empty and self._chance(self.rates.new_occupant * self.rates.moved):
            address, their_culture, their_family = self.empty.pop(self.dice.randrange(len(self.empty)))
            if self._chance(self.rates.same_surname):
                culture, family = their_culture, their_family
            return Household(number, culture, family, address, is_taken_over=True)
        return Household(number, culture, family, draw_address(self.dice, self.streets_each))

    def _person(self, home: Household, sex: str, given: str, family: str, born_on: date) -> Person:
        is_child = (TODAY - born_on).days < 18 * _DAYS
        middle = home.culture.children[sex].draw(self.dice) if self._chance(0.6) else ""
        person = Person(
            self.persons, home.number, home.culture.name, sex, given, middle, family, born_on,
            self._next_number(), home.address, is_child,
            hazards={"new_occupant"} if home.is_taken_over else set(),
        )  # fmt: skip
        self.persons += 1
        home.people.append(person)
        return person

    def _next_number(self) -> str:
        self.numbers += 1
        while self.numbers < _NUMBERS:
            if number := nhs_number(self.numbers):
                return number
            self.numbers += 1
        # All that start with 999 are given: whoever comes now has none.
        return ""

    def _parents(self, home: Household) -> None:
        culture, family = home.culture, home.family_name
        born_on = TODAY - timedelta(days=int(self.dice.triangular(18, 52, 32) * _DAYS))
        if self._chance(0.94):
            hers = family if self._chance(0.6) else culture.draw_family(self.dice)
            given = culture.adults["F"].draw(self.dice)
            self._person(home, "F", given, culture.of(hers, "F"), born_on)
        if not home.people or self._chance(0.62):
            his = born_on - timedelta(days=int(self.dice.gauss(2.5, 4) * _DAYS))
            self._person(home, "M", culture.adults["M"].draw(self.dice), family, his)

    def _born(self, home: Household) -> None:
        if self._chance(self.rates.common_name):
            _, sex, given, family = common = self.dice.choice(COMMON)
            home.culture, home.family_name = cultures()[common[0]], family
            self._child(home, sex, given, self._birthday(home)).hazards.add("common_name")
        wanted = self.dice.choices(range(len(_CHILDREN)), weights=_CHILDREN)[0]
        for _ in range(wanted - len(home.children)):
            self._birth(home)
        for one, other in combinations(home.children, 2):
            if 0 < abs((one.born_on - other.born_on).days) <= CLOSE_DAYS:
                one.hazards.add("close_sibling")
                other.hazards.add("close_sibling")

    def _birth(self, home: Household) -> None:
        born_on, sex = self._birthday(home), self.dice.choice("FM")
        first = self._child(home, sex, self._given(home, sex), born_on)
        if self._chance(self.rates.twin):
            other = first.sex if self._chance(0.65) else self.dice.choice("FM")
            given = self._given(home, other, like=first.given_name if self._chance(0.6) else "")
            second = self._child(home, other, given, born_on)
            second.family_name = first.family_name
            first.hazards.add("twin")
            second.hazards.add("twin")

    def _birthday(self, home: Household) -> date:
        if not home.children:
            # Many of those that a hub hears of are very young.
            return TODAY - timedelta(days=int(17 * _DAYS * self.dice.random() ** 1.5))
        youngest, eldest = max(c.born_on for c in home.children), min(c.born_on for c in home.children)
        is_close = self._chance(self.rates.close_sibling)
        gap = timedelta(days=self.dice.randint(285, CLOSE_DAYS) if is_close else self.dice.randint(480, 2200))
        return youngest + gap if youngest + gap < TODAY else eldest - gap

    def _given(self, home: Household, sex: str, like: str = "") -> str:
        taken = {child.given_name for child in home.children}
        names = home.culture.children[sex]
        alike = [name for name in names.names if name[0] == like[:1] and name not in taken]
        if alike:
            return self.dice.choice(alike)
        given = names.draw(self.dice)
        return given if given not in taken else self.dice.choice(sorted(set(names.names) - taken))

    def _child(self, home: Household, sex: str, given: str, born_on: date) -> Person:
        family = self._family(home)
        junior = self.rates.junior * (5 if home.culture.name == "traveller" else 1)
        parent = next((one for one in home.people if not one.is_child and one.sex == sex), None)
        has_name = parent is not None and self._chance(junior)
        if parent and has_name and all(parent.given_name != child.given_name for child in home.children):
            given, family = parent.given_name, parent.family_name
        child = self._person(home, sex, given, home.culture.of(family, sex), born_on)
        if parent and has_name and given == parent.given_name:
            child.hazards.add("junior")
            parent.hazards.add("junior")
        return child

    def _family(self, home: Household) -> str:
        mother = home.people[0].family_name
        if self._chance(self.rates.other_father):
            return mother if self._chance(0.4) else home.culture.draw_family(self.dice)
        if mother != home.culture.of(home.family_name, "F") and self._chance(self.rates.double_barrelled * 2):
            return f"{mother}-{home.family_name}"
        return home.family_name

    def _history(self, home: Household) -> None:
        if self._chance(self.rates.moved):
            before = draw_address(self.dice, self.streets_each)
            self.empty.append((before, home.culture, home.family_name))
            for person in home.people:
                person.before = before
                person.hazards.add("moved")
        for person in home.people:
            self._life(home, person)

    def _life(self, home: Household, person: Person) -> None:
        if person.is_child and self._chance(self.rates.adopted):
            self._adopted(home, person)
        elif (person.is_child or person.sex == "F") and self._chance(self.rates.changed_name):
            person.past["family_name"] = home.culture.of(home.culture.draw_family(self.dice), person.sex)
            person.hazards.add("changed_name")
        under_one = (TODAY - person.born_on).days < _DAYS
        if under_one and self._chance(self.rates.unborn):
            days = int(self.dice.gauss(5, 9))
            person.past["date_of_birth"] = str(person.born_on + timedelta(days=max(-14, min(45, days))))
            person.hazards.add("unborn")

    def _adopted(self, home: Household, person: Person) -> None:
        person.past["family_name"] = draw_culture(self.dice).draw_family(self.dice)
        if self._chance(0.3):
            person.past["given_name"] = home.culture.children[person.sex].draw(self.dice)
        if self._chance(0.5):
            person.past["nhs_number"] = self._next_number()
        person.before = draw_address(self.dice, self.streets_each)
        person.hazards.add("adopted")
