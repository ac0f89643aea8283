"""Who is a child's mother, as referrals say it, and how an expected child and one that was born fit."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from services.intake.models import PersonRecord
from shared.schemas.people_index import Told
from shared.schemas.words import PersonKind

_MOTHER: Final = frozenset({"mother", "mum", "mam", "mummy"})
_NOT_BY_BIRTH: Final = frozenset({"step", "foster", "adoptive", "grand", "god", "law"})
_WORD: Final = re.compile(r"[^\W\d_]+")
#: Words of a due date further off than this are another child's.
_MOST_DAYS: Final = 77


def is_mother(record: PersonRecord) -> bool:
    """Say whether an adult is called the mother; a stepmother or grandmother is not."""
    if record.kind != PersonKind.ADULT:
        return False
    return calls_mother(Told.model_validate(record.told).relationships)


def calls_mother(relationships: Iterable[str]) -> bool:
    """Say whether what an adult is to a child means that she bore it."""
    said = [set(_WORD.findall(words.casefold())) for words in relationships]
    return any(words & _MOTHER and not words & _NOT_BY_BIRTH for words in said)


def is_unborn(told: Told) -> bool:
    """Say whether a child is described as expected."""
    return bool(told.expected_date_of_birth and not told.date_of_birth)


class Mothers(StrEnum):
    """What is known of the mothers of two children."""

    SAME = " to the same mother."
    SAME_PERHAPS = " to a mother the hub takes for the same; nobody has confirmed it."
    NOT_LINKED = "; the mothers are not linked to each other."
    NOT_TOLD = "; the mother is not told in both."


def birth_words(one: Told, other: Told, mothers: Mothers) -> str | None:
    """Return in a sentence that a child was expected and one was born, None where it is not so."""
    unborn, born = (one, other) if is_unborn(one) else (other, one)
    due, birth = _day(unborn.expected_date_of_birth), _day(born.date_of_birth)
    if not is_unborn(unborn) or due is None or birth is None or abs((birth - due).days) > _MOST_DAYS:
        return None
    return f"An unborn child expected {_words(due)}, born {_words(birth)}{mothers}"


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        return None


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
