"""The one text type: what PostgreSQL can hold and UTF-8 can carry, with the lengths the hub promises."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

#: Letters by name that nobody sees: of Hangul and Braille. Unseen joiners and marks count as not printable.
_LOOK_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")


def storable(value: str) -> str:
    """Return `value` if it can be stored and sent on; refuse NUL and lone surrogates."""
    if "\x00" in value:
        raise PydanticCustomError("nul_character", "Text must not contain the NUL character.")
    if not value.isascii() and _HALF_A_PAIR.search(value):
        raise PydanticCustomError("lone_surrogate", "Text must not contain half of a surrogate pair.")
    return value


def says_something(value: str | None) -> bool:
    """Say whether there is anything in a text that somebody can see."""
    return any(one.isprintable() and not one.isspace() and one not in _LOOK_EMPTY for one in value or "")


def _said(value: str) -> str:
    if not says_something(value):
        raise PydanticCustomError("blank", "Text must say something: spaces alone are not an answer.")
    return value


#: A name, a place, a role: one line.
ShortText = Annotated[str, StringConstraints(max_length=200), AfterValidator(storable)]
#: One line that must not be empty: the name of somebody who took something over.
SaidLine = Annotated[str, StringConstraints(max_length=200), AfterValidator(storable), AfterValidator(_said)]
#: A code, a number, an identifier written by people.
Code = Annotated[str, StringConstraints(max_length=60), AfterValidator(storable)]
#: Words about a child, up to 20,000 characters.
Narrative = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(storable)]
#: Words that must not be empty: a rationale, a reason, the concern itself.
Rationale = Annotated[
    str, StringConstraints(max_length=20_000), AfterValidator(storable), AfterValidator(_said)
]
