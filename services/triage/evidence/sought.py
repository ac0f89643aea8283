"""By what a child is looked for outside the hub: pure; only what its contact and confirmed links say."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from services.triage.models import CaseChild
from shared.schemas.council_system import SoughtChild, SoughtName
from shared.schemas.words import Sex

_MOST: Final = 20

Value = TypeVar("Value")


def sought_child(records: Sequence[CaseChild], *, request_id: UUID, as_at: datetime) -> SoughtChild | None:
    """Return what to look for; None where nothing is known that names the child.

    Args:
        records: the child itself first, then others that people have confirmed to be it.
    """
    sought = SoughtChild(
        request_id=request_id,
        as_at=as_at,
        names=_names(records),
        dates_of_birth=_each_once(one.date_of_birth for one in records),
        expected_dates_of_birth=_each_once(one.expected_date_of_birth for one in records),
        sexes=_each_once(Sex(one.details["sex"]) if one.details.get("sex") else None for one in records),
        nhs_numbers=_each_once(_number(one.details.get("nhs_number")) for one in records),
        upns=_each_once(_number(one.details.get("upn")) for one in records),
    )
    return sought if sought.names or sought.nhs_numbers or sought.upns else None


def _names(records: Sequence[CaseChild]) -> list[SoughtName]:
    found: dict[tuple[str, str], SoughtName] = {}
    for one in records:
        own = {"given_name": one.given_name, "family_name": one.family_name}
        for said in (own, *(_whole(other, own) for other in one.details.get("other_names") or ())):
            given, family = (_clean(said[part]) for part in ("given_name", "family_name"))
            if given or family:
                name = SoughtName(given_name=given, family_name=family)
                found.setdefault(((given or "").casefold(), (family or "").casefold()), name)
    return list(found.values())[:_MOST]


def _whole(other: dict[str, Any], own: dict[str, str | None]) -> dict[str, str | None]:
    """Return another name with what it leaves out taken from the child's own: "also known as Sample"."""
    return {part: other.get(part) or own[part] for part in own}


def _clean(said: str | None) -> str | None:
    return " ".join((said or "").split()) or None


def _number(said: str | None) -> str | None:
    return "".join((said or "").split()) or None


def _each_once(values: Iterable[Value | None]) -> list[Value]:
    return list(dict.fromkeys(value for value in values if value is not None))[:_MOST]
