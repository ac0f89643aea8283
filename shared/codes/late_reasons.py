"""Why something was not done in time, as a short list, in the words of each edition."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter

from shared.codes.reading import read_code_list
from shared.schemas.timers import LateReason

_Edition = Annotated[Mapping[LateReason, Annotated[str, Field(min_length=1)]], Field(min_length=1)]

_LIST: Final = read_code_list("late_reasons.yaml")

#: Which edition of the words reasons are given by.
LATE_REASONS_VERSION: Final[str] = _LIST["version"]


def _editions(listed: dict[str, Any]) -> dict[str, Mapping[LateReason, str]]:
    said = {listed["version"]: listed["late_reasons"], **listed["earlier"]}
    return TypeAdapter(dict[str, _Edition]).validate_python(said)


#: Every edition by its version, the one in use first.
EDITIONS: Final[Mapping[str, Mapping[LateReason, str]]] = MappingProxyType(_editions(_LIST))
#: The words in use, in the order in which they are offered.
LATE_REASONS: Final = EDITIONS[LATE_REASONS_VERSION]


def late_words(version: str | None, code: str | None) -> str | None:
    """Return what was picked, in the words of its edition; None: nothing was, or there is no such edition."""
    return EDITIONS.get(version or "", {}).get(LateReason(code)) if code else None
