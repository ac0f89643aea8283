"""Which agencies are told that they are invited to a discussion, that it moved, or is not held: pure."""

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import NamedTuple

from shared.schemas.discussions import DiscussionRecord
from shared.schemas.ids import AgencyId


class Told(NamedTuple):
    """Who is told what; nobody is in two of them."""

    invited: AbstractSet[AgencyId] = frozenset()
    moved: AbstractSet[AgencyId] = frozenset()
    withdrawn: AbstractSet[AgencyId] = frozenset()

    @property
    def anybody(self) -> bool:
        """Whether there is somebody to tell."""
        return bool(self.invited or self.moved or self.withdrawn)


def told_of_change(before: DiscussionRecord | None, after: DiscussionRecord, *, now: datetime) -> Told:
    """Return who is told what of a record that was written anew.

    Nobody is invited to what was held already, or was planned for a time that has passed: such a list says
    who was there.

    Args:
        before: None: it is called now.
    """
    listed, known = _agencies(after), _agencies(before) if before is not None else frozenset()
    if not _is_to_come(after, now):
        return Told()
    moved = known & listed if before is not None and before.planned_at != after.planned_at else frozenset()
    return Told(invited=listed - known, moved=moved, withdrawn=known - listed)


def told_of_calling_off(record: DiscussionRecord) -> Told:
    """Return who is told that a discussion is not held; of one that was, nobody."""
    return Told(withdrawn=_agencies(record)) if record.held_at is None else Told()


def _is_to_come(record: DiscussionRecord, now: datetime) -> bool:
    return record.held_at is None and (record.planned_at is None or record.planned_at > now)


def _agencies(record: DiscussionRecord) -> frozenset[AgencyId]:
    return frozenset(each.agency_id for each in record.attendees if each.agency_id is not None)
