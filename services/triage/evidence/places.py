"""Where a child lives and learns, as coarse as can be, and whether it shows signs of being drawn in: pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from shared.codes import INDICATORS

#: Signs of what happens in places rather than in homes. Several families with such signs make a hot spot.
DRAWN_IN: Final = frozenset({"exploitation", "gangs", "missing", "trafficking"})

_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})?")


def district_of(postcode: str | None) -> str | None:
    """Return the outward part of a postcode, such as DN1; None where it is none."""
    found = _POSTCODE.fullmatch(re.sub(r"\s", "", postcode or "").upper())
    return found[1] if found else None


def places_of(details: Mapping[str, Any] | None) -> list[str]:
    """Return keys of where a child lives and learns: postcode district, school by number and by name.

    Nothing nearer is kept: the key of a place says no more than which part of a town it is, or which school.
    """
    said = details or {}
    address, school = said.get("address") or {}, said.get("school") or {}
    district, urn = district_of(address.get("postcode")), str(school.get("urn") or "").strip()
    name = " ".join(str(school.get("name") or "").casefold().split())
    found = {"district": district, "urn": urn, "school": name}
    return [f"{kind}:{key}" for kind, key in found.items() if key]


def shows_drawn_in(concerns: Iterable[Mapping[str, Any]]) -> bool:
    """Say whether any concern names a sign of exploitation, gangs, trafficking or going missing."""
    named = (INDICATORS.get(str(concern.get("indicator"))) for concern in concerns)
    return any(one is not None and one.theme in DRAWN_IN for one in named)
