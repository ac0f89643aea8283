"""The closed lists of asking agencies: where health knowledge lies, and whose a lawful basis is."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shared.schemas.words import Sector


class Source(StrEnum):
    """One of the places where a sector holds what it knows. One of them is not the sector."""

    GP = "gp"
    ZERO_TO_NINETEEN = "zero_to_nineteen"
    MIDWIFERY = "midwifery"
    HOSPITAL = "hospital"
    MENTAL_HEALTH = "mental_health"
    CAMHS = "camhs"


#: The sectors that are several sources, each source in one sector alone.
SOURCES_OF: Final[Mapping[Sector, tuple[Source, ...]]] = MappingProxyType({Sector.HEALTH: tuple(Source)})

SOURCE_WORDS: Final[Mapping[Source, str]] = MappingProxyType(
    {
        Source.GP: "GP",
        Source.ZERO_TO_NINETEEN: "0-19 service",
        Source.MIDWIFERY: "midwifery",
        Source.HOSPITAL: "hospital and emergency department",
        Source.MENTAL_HEALTH: "mental health",
        Source.CAMHS: "CAMHS",
    }
)


def sector_of(source: Source) -> Sector:
    """Return the sector that a source belongs to."""
    return next(sector for sector, sources in SOURCES_OF.items() if source in sources)


class ConsentPolicy(StrEnum):
    """What the hub does where neither the family nor the sender gives it a ground to ask agencies on."""

    #: It asks at once, as its public task, with a standing reason.
    PUBLIC_TASK = "public_task"
    #: Its questions wait until somebody who decides records a basis. Red waits for nothing.
    ASK_FIRST = "ask_first"
