"""The signs of concern a referral may name: the hub's own codes, in words, with the level each points at."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.codes.reading import read_code_list

#: What a concern without any code counts as. It is no indicator, so a person has to read the concern.
NOT_CODED: Final = "not_coded"

IndicatorCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=60)
]
CatalogueId = Annotated[str, StringConstraints(pattern=r"^TI\d{3}$")]


class Indicator(BaseModel):
    """One sign of concern: what it says, and the level of need it normally points at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: IndicatorCode
    words: Annotated[str, Field(min_length=1)]
    level: Annotated[int, Field(ge=1, le=4)]
    #: Entries of the catalogue of threshold indicators that the code speaks for.
    stands_for: Annotated[tuple[CatalogueId, ...], Field(min_length=1)]
    #: Whether the sender should ring the hub before the family is told anything.
    ring_first: bool = False

    @property
    def theme(self) -> str:
        """The part of the code before the dot."""
        return self.code.partition(".")[0]


class LeftToPerson(BaseModel):
    """An entry of the catalogue that no code stands for: why not, and the codes that say less of the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: Annotated[str, Field(min_length=1)]
    near: Annotated[tuple[IndicatorCode, ...], Field(min_length=1)]


def split_known(codes: Iterable[str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes on the hub's list and those that are not, each once and in order.

    A concern that came without a code counts as `NOT_CODED` among the unknown ones. An unknown code is what
    someone typed and may hold a name: keep it with the child's record, out of logs and messages.
    """
    given = dict.fromkeys(code or NOT_CODED for code in codes)
    known = tuple(code for code in given if code in INDICATORS)
    return known, tuple(code for code in given if code not in INDICATORS)


_LIST: Final = read_code_list("indicators.yaml")

#: Which edition of the list is loaded; stored with every recommendation.
INDICATORS_VERSION: Final[str] = _LIST["version"]

INDICATORS: Final[Mapping[str, Indicator]] = MappingProxyType(
    {code: Indicator(code=code, **entry) for code, entry in _LIST["indicators"].items()}
)

#: By the entry of the catalogue. A concern of this kind comes without a code, to a person.
LEFT_TO_PERSONS: Final[Mapping[str, LeftToPerson]] = MappingProxyType(
    {entry: LeftToPerson(**said) for entry, said in _LIST["not_coded"].items()}
)
