"""By what a child is looked for outside the hub: pure; only what its contact and confirmed links say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from services.triage.models import CaseChild
from shared.schemas.council_system import SoughtChild
from shared.schemas.sought import SoughtName
from shared.schemas.words import Sex

_MOST: Final = 20
_PARTS: Final = ("given_name", "family_name")

#: Whatever has a given name and a family name, or one of them.
Named = Mapping[str, Any]

Value = TypeVar("Value")


def sought_child(records: Sequence[CaseChild], *, request_id: UUID, as_at: datetime) -> SoughtChild | None:
    """Return what to look for; None where nothing is known that names the child.

    Args:
        records: the child itself first, then others that people have confirmed to be it.
    """
    sought = SoughtChild(
        request_id=request_id,
        as_at=as_at,
        names=names_once([(_own(one), one.details.get("other_names") or ()) for one in records]),
        dates_of_birth=_each_once(one.date_of_birth for one in records),
        expected_dates_of_birth=_each_once(one.expected_date_of_birth for one in records),
        sexes=_each_once(Sex(one.details["sex"]) if one.details.get("sex") else None for one in records),
        nhs_numbers=_each_once(bare_number(one.details.get("nhs_number")) for one in records),
        upns=_each_once(bare_number(one.details.get("upn")) for one in records),
    )
    return sought if sought.names or sought.nhs_numbers or sought.upns else None


def names_once(said: Iterable[tuple[Named, Iterable[Named]]]) -> list[SoughtName]:
    """Return all names that people go by, each once, of each person first the own and then the others.

    What another name leaves out is taken from the own one: "also known as Sample".
    """
    found: dict[tuple[str, str], SoughtName] = {}
    for own, others in said:
        for named in (own, *others):
            given, family = (_clean(named.get(part) or own.get(part)) for part in _PARTS)
            if given or family:
                name = SoughtName(given_name=given, family_name=family)
                found.setdefault(((given or "").casefold(), (family or "").casefold()), name)
    return list(found.values())[:_MOST]


def _own(record: CaseChild) -> Named:
    return {part: getattr(record, part) for part in _PARTS}


def _clean(said: str | None) -> str | None:
    return " ".join((said or "").split()) or None


def bare_number(said: str | None) -> str | None:
    """Return a number as written, without its spaces."""
    return "".join((said or "").split()) or None


def _each_once(values: Iterable[Value | None]) -> list[Value]:
    return list(dict.fromkeys(value for value in values if value is not None))[:_MOST]
