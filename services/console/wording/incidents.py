"""Contacts that tell of one incident, put together to be read as one; each stays readable by itself."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shared.schemas.cases import CaseView
from shared.schemas.chronology import ChronologyLine
from shared.schemas.words import RelationKind

#: How cases of several households belong together.
RELATION_KINDS: Final = {
    RelationKind.PEER_GROUP: "Peer group: children of several households meet",
    RelationKind.INSTITUTION: "Institution: one school, club, home or other place",
    RelationKind.SAME_INCIDENT: "Same incident: it touched both households",
    RelationKind.OTHER: "Something else",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What stands as one entry of a page.

    Attributes:
        parts: contacts or lines; not empty.
        words: why they are taken for one incident; None for what stands alone.
    """

    parts: tuple[Any, ...]
    words: str | None


#: By which incident something stands, and why; None: it stands alone.
_Mark = tuple[Hashable, str] | None


def contacts_together(case: CaseView) -> list[Told]:
    """Return the contacts of a case, those of one incident as one, where the first of them stands."""
    marks: dict[Any, _Mark] = {
        referral_id: (found.referral_ids[0], found.words)
        for found in case.incidents
        for referral_id in found.referral_ids
    }
    return _together([(contact, marks.get(contact.referral_id)) for contact in case.contacts])


def lines_together(lines: Iterable[ChronologyLine]) -> list[Told]:
    """Return the lines of a chronology, those of one incident as one, where the one that comes first stands.

    Within an incident the oldest comes first, whichever way the lines run.
    """
    told = _together([(line, _mark_of(line)) for line in lines])
    return [Told(tuple(sorted(each.parts, key=lambda line: line.at)), each.words) for each in told]


def told_by(names: Sequence[str]) -> str:
    """Return by how many one incident was told, and by whom; who told it twice is named once."""
    counted = Counter(names)
    whom = ", ".join(name if count == 1 else f"{name} ({count} times)" for name, count in counted.items())
    times = "" if len(counted) == len(names) else f"{len(names)} times "
    return f"One incident, told {times}by {len(counted)}: {whom}"


def _mark_of(line: ChronologyLine) -> _Mark:
    return (line.incident.incident_id, line.incident.words) if line.incident else None


def _together(marked: Sequence[tuple[Any, _Mark]]) -> list[Told]:
    groups: dict[Hashable, list[Any]] = {}
    words: dict[Hashable, str] = {}
    for place, (part, mark) in enumerate(marked):
        key = mark[0] if mark else place
        groups.setdefault(key, []).append(part)
        if mark:
            words[key] = mark[1]
    # One contact of an incident whose others are not on this page stands as any other does.
    return [Told(tuple(parts), words.get(key) if len(parts) > 1 else None) for key, parts in groups.items()]
