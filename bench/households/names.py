"""What people are called: given and family names of many origins, with their short forms and spellings."""

from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml

_HERE = Path(__file__).parent
#: Of English families, how many have a name that is put together and so is rare.
_RARE = 0.35
#: Names that very many people bear: (culture, sex, given name, family name).
COMMON = (
    ("pakistani", "M", "Mohammed", "Khan"),
    ("english", "F", "Olivia", "Smith"),
    ("bangladeshi", "M", "Mohammed", "Ali"),
    ("english", "M", "Noah", "Jones"),
    ("english", "F", "Amelia", "Taylor"),
    ("pakistani", "F", "Fatima", "Hussain"),
    ("welsh", "M", "Dylan", "Jones"),
    ("somali", "M", "Mohamed", "Ali"),
)


@dataclass(frozen=True)
class Weighted:
    """Names, the frequent ones first."""

    names: tuple[str, ...]
    up_to: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        weights = (1 / (place + 9) for place in range(len(self.names)))
        object.__setattr__(self, "up_to", tuple(accumulate(weights)))

    def draw(self, dice: Random) -> str:
        """Return one of the names, the frequent ones more often."""
        return dice.choices(self.names, cum_weights=self.up_to)[0]


@dataclass(frozen=True)
class Culture:
    """How the families of one origin are called."""

    name: str
    share: float
    children: dict[str, Weighted]
    adults: dict[str, Weighted]
    families: Weighted
    endings: dict[str, str]
    rare: tuple[tuple[str, ...], tuple[str, ...]] | None

    def draw_family(self, dice: Random) -> str:
        """Return a family name, in English families sometimes one that hardly anybody else has."""
        if self.rare and dice.random() < _RARE:
            return dice.choice(self.rare[0]) + dice.choice(self.rare[1])
        return self.families.draw(dice)

    def of(self, family: str, sex: str) -> str:
        """Return how a man or a woman of that family is called."""
        for ending, of_women in self.endings.items():
            if sex == "F" and family.endswith(ending):
                return family.removesuffix(ending) + of_women
        return family


def _culture(name: str, told: dict[str, Any]) -> Culture:
    children = {"F": Weighted(tuple(told["girls"].split())), "M": Weighted(tuple(told["boys"].split()))}
    adults = {
        "F": Weighted(tuple(told.get("women", told["girls"]).split())),
        "M": Weighted(tuple(told.get("men", told["boys"]).split())),
    }
    rare = (tuple(told["begins"].split()), tuple(told["ends"].split())) if "begins" in told else None
    families = Weighted(tuple(told["families"].split()))
    endings = told.get("families_of_women", {})
    return Culture(name, float(told["share"]), children, adults, families, endings, rare)


@cache
def cultures() -> dict[str, Culture]:
    """Return all origins by their name."""
    told = yaml.safe_load((_HERE / "names.yaml").read_text(encoding="utf-8"))
    return {name: _culture(name, what) for name, what in told.items()}


def draw_culture(dice: Random) -> Culture:
    """Return an origin, each as often as its share."""
    every = list(cultures().values())
    return dice.choices(every, weights=[culture.share for culture in every])[0]


@cache
def _variants(kind: str) -> dict[str, tuple[str, ...]]:
    told = yaml.safe_load((_HERE / "variants.yaml").read_text(encoding="utf-8"))
    others: dict[str, set[str]] = {}
    for line in told[kind]:
        name, *short = line.split()
        others.setdefault(name, set()).update(short)
        if kind == "spellings":
            for one in short:
                others.setdefault(one, set()).update({name, *short} - {one})
    return {name: tuple(sorted(of - {name})) for name, of in others.items()}


def nicknames(given: str) -> tuple[str, ...]:
    """Return what somebody of that name is called at home."""
    return _variants("nicknames").get(given, ())


def spellings(name: str) -> tuple[str, ...]:
    """Return how else a name is written: by ear, or carried over from another script."""
    return _variants("spellings").get(name, ())
