"""The levels at which each piece of evidence may agree: what weights and words are keyed by."""

from typing import Final, NamedTuple

MISSING: Final = "missing"
SAME: Final = "same"
DIFFERENT: Final = "different"

#: Names. A variant is another spelling of one name, a part one of several names, a namesake another real
#: name that looks alike (Jayden, Jaydon), alike one a little like the other (Keza, Kezia), swapped one that
#: stands in the other's field. Unnamed: neither has a given name yet.
VARIANT: Final = "variant"
NICKNAME: Final = "nickname"
SIMILAR: Final = "similar"
PART: Final = "part"
INITIAL: Final = "initial"
SOUNDS: Final = "sounds"
NAMESAKE: Final = "namesake"
ALIKE: Final = "alike"
UNNAMED: Final = "unnamed"
SWAPPED: Final = "swapped"
#: Another family name, where one of the two has no given name yet: it may be the mother's.
MOTHERS: Final = "mothers"

#: Dates. Weak ones rest on a default such as 1 January.
SAME_WEAK: Final = "same_weak"
DAY_MONTH_SWAPPED: Final = "day_month_swapped"
ONE_DIGIT: Final = "one_digit"
SAME_MONTH: Final = "same_month"
SAME_DAY: Final = "same_day"
NEAR: Final = "near"
WEAK_YEAR: Final = "weak_year"
WEAK_NEXT_YEAR: Final = "weak_next_year"
WEAK_OTHER: Final = "weak_other"
DUE: Final = "due"
DUE_ROUGHLY: Final = "due_roughly"
SAME_YEAR: Final = "same_year"
#: Both are not named yet: babies that a hub hears of are born within a year, so that dates agree by chance.
BABIES_SAME: Final = "babies_same"
BABIES_DUE: Final = "babies_due"
#: One is a baby of whom no date is told; the other was born about the time of that record, or was not.
BABY: Final = "baby"
NO_BABY: Final = "no_baby"

#: Addresses, all of one as one piece of evidence.
HOME: Final = "home"
NEARLY_HOME: Final = "nearly_home"
#: The same house and street by name, but another town and postcode: every town has a 12 High Street.
DOOR: Final = "door"
STREET: Final = "street"
AREA: Final = "area"
#: The same name of a street, in another town: every town has a High Street.
STREET_NAME: Final = "street_name"

LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "given": (
        *(SAME, VARIANT, NICKNAME, SIMILAR, PART, INITIAL, SOUNDS, NAMESAKE, ALIKE, UNNAMED, SWAPPED),
        DIFFERENT,
    ),
    "family": (SAME, VARIANT, SIMILAR, PART, INITIAL, SOUNDS, SWAPPED, MOTHERS, DIFFERENT),
    "birth": (
        *(SAME, SAME_WEAK, DAY_MONTH_SWAPPED, ONE_DIGIT, SAME_MONTH, SAME_DAY, NEAR),
        *(WEAK_YEAR, WEAK_NEXT_YEAR, WEAK_OTHER, DUE, DUE_ROUGHLY, SAME_YEAR, DIFFERENT),
        *(BABIES_SAME, BABIES_DUE, BABY, NO_BABY),
    ),
    "number": (SAME, ONE_DIGIT, DIFFERENT),
    "upn": (SAME, ONE_DIGIT, DIFFERENT),
    "address": (HOME, NEARLY_HOME, DOOR, STREET, AREA, STREET_NAME, DIFFERENT),
    "sex": (SAME, DIFFERENT),
    "telephone": (SAME, DIFFERENT),
}


class Levels(NamedTuple):
    """How far two persons agree, evidence by evidence; MISSING where either says nothing."""

    given: str = MISSING
    family: str = MISSING
    birth: str = MISSING
    number: str = MISSING
    upn: str = MISSING
    address: str = MISSING
    sex: str = MISSING
    telephone: str = MISSING


#: Dates that only those have who are not named yet: that neither has a name is told by them already.
OF_BABIES: Final = frozenset({BABIES_SAME, BABIES_DUE})
#: Levels at which a given name speaks for the same person, and for the same family.
GIVEN_AGREES: Final = frozenset({SAME, VARIANT, NICKNAME, SIMILAR, PART, SWAPPED})
FAMILY_AGREES: Final = frozenset({SAME, VARIANT, SIMILAR, PART, SWAPPED})
#: Dates that cannot have been written for want of a better one.
BIRTH_AGREES: Final = frozenset({SAME, DAY_MONTH_SWAPPED, ONE_DIGIT, BABIES_SAME})
AT_HOME: Final = frozenset({HOME, NEARLY_HOME})
