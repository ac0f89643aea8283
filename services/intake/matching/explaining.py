"""Why two descriptions may be of one person, in words for whoever decides, the figures beside them."""

from typing import Final, NamedTuple

from services.intake.matching.deciding import Hazard
from services.intake.matching.levels import Levels
from services.intake.matching.scoring import Part, Rarity, Scorer

_WORDS: Final[dict[str, dict[str, str]]] = {
    "given": {
        "same": "same given name",
        "variant": "same given name, spelt another way",
        "nickname": "one given name is short for the other",
        "similar": "given names alike, perhaps mistyped",
        "part": "one given name in common",
        "initial": "given name as an initial only, which fits",
        "sounds": "given names sound alike",
        "namesake": "given names alike, but each a name of its own",
        "alike": "given names a little alike",
        "unnamed": "no given name yet in either",
        "swapped": "names the wrong way round",
        "different": "other given name",
        "missing": "given name not told in one of them",
    },
    "family": {
        "same": "same family name",
        "variant": "same family name, spelt another way",
        "similar": "family names alike, perhaps mistyped",
        "part": "one part of the family name in common",
        "initial": "family name as an initial only, which fits",
        "sounds": "family names sound alike",
        "swapped": "names the wrong way round",
        "mothers": "other family name, of a child not named yet: perhaps the mother's",
        "different": "other family name",
        "missing": "family name not told in one of them",
    },
    "birth": {
        "same": "same date of birth",
        "same_weak": "same date of birth, but one that is written when only the year is known",
        "day_month_swapped": "same date of birth with day and month swapped",
        "one_digit": "date of birth differs in one digit",
        "same_month": "same year and month of birth, another day",
        "same_day": "same day and month of birth, another year",
        "near": "born within a few days of each other",
        "weak_year": "same year of birth; one date is a default",
        "weak_next_year": "years of birth next to each other; one date is a default",
        "weak_other": "other year of birth, but one date is a default",
        "due": "born within three weeks of the date the other is due",
        "due_roughly": "born within eleven weeks of the date the other is due",
        "same_year": "same year of birth, another day",
        "babies_same": "same date of birth, both without a given name yet",
        "babies_due": "both without a given name yet, born or due within three weeks of each other",
        "baby": "one is a baby without a date, the other was born about then",
        "no_baby": "one is a baby without a date, the other was not born about then",
        "different": "other date of birth",
        "missing": "date of birth not told in one of them",
    },
    "number": {
        "same": "same NHS number",
        "one_digit": "NHS number differs in one digit",
        "different": "other NHS number",
        "missing": "no NHS number to compare",
    },
    "upn": {
        "same": "same unique pupil number",
        "one_digit": "unique pupil number differs in one sign",
        "different": "other unique pupil number",
        "missing": "no unique pupil number to compare",
    },
    "address": {
        "home": "same address",
        "nearly_home": "address: the same but for a part that is missing or mistyped",
        "door": "address: same house and street name, another town",
        "street": "address: same street, another house number",
        "street_name": "address: same name of a street, in another town",
        "area": "address: same town or postcode district",
        "different": "other address",
        "missing": "no address to compare",
    },
    "sex": {"same": "same sex", "different": "other sex", "missing": "sex not told in one of them"},
    "telephone": {
        "same": "same telephone number",
        "different": "other telephone number",
        "missing": "no telephone number to compare",
    },
    "others": {"": "as likely for a brother or sister, a twin, or others with such names"},
}

HAZARD_WORDS: Final[dict[Hazard, str]] = {
    Hazard.NAME_ALONE: "Little more than a name agrees.",
    Hazard.TWIN: "Could be a twin: same family and date of birth, another given name.",
    Hazard.SIBLING: "Could be a brother, a sister or another relative: another given name.",
    Hazard.NAMESAKE: "Could be a twin with a similar name.",
    Hazard.SHARED_NUMBER: "One NHS number, but other names and dates: the number may be wrong in one.",
    Hazard.OTHER_NUMBER: "Both have a number, and the numbers differ.",
    Hazard.NOT_NAMED_YET: "One had no given name when it was written: an unborn or newborn child.",
    Hazard.DEFAULT_DATE: "A date of birth is one that is often written when the true one is not known.",
    Hazard.OTHER_DATE: "The dates of birth differ.",
    Hazard.OTHER_SEX: "The sex differs.",
    Hazard.RIVAL: "Another known person fits nearly as well.",
    Hazard.CROWD: "Too many alike to compare: only the newest of them were.",
}


class Line(NamedTuple):
    """One line of the comparison.

    Attributes:
        bits: each doubles the odds of being one person; below nought they halve them.
    """

    evidence: str
    level: str
    words: str
    bits: float


def level_words(evidence: str, level: str) -> str:
    """Return a level of agreement in words; its code where nobody has named it."""
    return _WORDS.get(evidence, {}).get(level, level.replace("_", " "))


def explain(levels: Levels, rarity: Rarity, scorer: Scorer) -> tuple[Line, ...]:
    """Return a line for each piece of evidence and one for whom else it fits; bits add up to the score."""
    return tuple(_line(part) for part in scorer.parts(levels, rarity))


def _line(part: Part) -> Line:
    return Line(part.evidence, part.level, _WORDS[part.evidence][part.level], part.bits)
