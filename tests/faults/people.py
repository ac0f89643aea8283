"""Whom the script's referrals are about: families of whom some come again, perhaps spelt otherwise."""

import random
from dataclasses import dataclass
from typing import Any

from tests.referrals import a_child

_BEGINNINGS = ("Ba", "Dro", "Fe", "Gli", "Ku", "Mor", "Ni", "Pla", "Stu", "Ve", "Wol", "Zan")
_ENDINGS = ("bert", "dano", "fenk", "gost", "kipp", "lomax", "morth", "nax", "quell", "rund", "stope")
_GIVEN = ("Alba", "Bodhi", "Carys", "Dafydd", "Esme", "Farah", "Gethin", "Hugo", "Imran", "Juno", "Kezia")
_MOTHERS = ("Rowena", "Sunita", "Tamsin", "Ursula", "Verity", "Winifred")

#: How many referrals in a hundred are about a family that came before; how many of those spell it otherwise.
_AGAIN = 0.2
_OTHERWISE = 0.5


@dataclass(frozen=True)
class Family:
    """A household, as its own members would spell it."""

    name: str
    address: dict[str, Any]
    children: tuple[dict[str, Any], ...]
    mother: dict[str, Any]


class Crowd:
    """Everybody whom the script sends referrals about; the dice say who comes next."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._known: list[Family] = []

    def next_household(self) -> dict[str, Any]:
        """Return the children and adults of a referral as its sender writes them, by field."""
        dice = self._dice
        comes_again = bool(self._known) and dice.random() < _AGAIN
        family = dice.choice(self._known) if comes_again else self._new_family()
        children = list(family.children)
        if comes_again and dice.random() < _OTHERWISE:
            children = [self._otherwise(child) for child in children]
        adults = [family.mother] if dice.random() < _OTHERWISE else []
        return {"children": children, "adults": adults}

    def _new_family(self) -> Family:
        dice = self._dice
        address = {
            "lines": [f"{dice.randrange(1, 200)} {self._word()} Road"],
            "town": "Northtown",
            "postcode": f"NT{dice.randrange(1, 99)} {dice.randrange(1, 9)}AB",
        }
        name = self._word() + dice.choice(_ENDINGS)
        count = dice.choices((1, 2, 3), (92, 5, 3))[0]
        children = [
            a_child(
                f"c{place + 1}",
                given_name=given,
                family_name=name,
                date_of_birth=self._date(2008 + 4 * place),
                address=address,
            )
            for place, given in enumerate(dice.sample(_GIVEN, count))
        ]
        mother = {
            "given_name": dice.choice(_MOTHERS),
            "family_name": name,
            "date_of_birth": self._date(1980),
            "telephone": f"01632 {dice.randrange(10**6):06}",
            "relationships": [{"relationship": "mother", "in_household": True}],
        }
        family = Family(name, address, tuple(children), mother)
        self._known.append(family)
        return family

    def _word(self) -> str:
        return "".join(self._dice.choices(_BEGINNINGS, k=4)).capitalize()

    def _date(self, from_year: int) -> str:
        """Return a date that could not have its day and month the other way round."""
        dice = self._dice
        return (
            f"{dice.randrange(from_year, from_year + 4)}-{dice.randrange(2, 13):02}-{dice.randrange(13, 29)}"
        )

    def _otherwise(self, child: dict[str, Any]) -> dict[str, Any]:
        """Return a child as somebody writes it who knows it less well."""
        given, family = child["given_name"], child["family_name"]
        slips: tuple[dict[str, Any], ...] = (
            {"given_name": family, "family_name": given},
            {"given_name": given[0]},
            {"address": None},
            {"family_name": self._word(), "address": None},
            {"date_of_birth": f"{child['date_of_birth'][:4]}-01-01"},
        )
        return child | self._dice.choice(slips)
