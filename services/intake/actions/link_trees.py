"""Moving records between persons: a person's records are a tree, and every link an edge that can be cut."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import Person, PersonRecord
from services.intake.store import links, persons, records
from shared.schemas.ids import PersonId, RecordId, new_id
from shared.schemas.words import LinkState


async def attach(
    tx: AsyncSession,
    record: PersonRecord,
    to: PersonRecord,
    state: LinkState,
    evidence: dict[str, Any] | None,
    *,
    now: datetime,
) -> list[PersonRecord]:
    """Link a record to another person by the record `to`, and with it whatever is likened to it.

    Whoever calls holds both persons. Returns the records that moved.
    """
    moved = _branch(record, await records.list_of_persons(tx, [record.person_id]))
    record.likened_to, record.link_state, record.evidence = to.record_id, state, evidence
    await _move(tx, moved, to.person_id, now=now)
    return moved


async def detach(tx: AsyncSession, record: PersonRecord, *, now: datetime) -> list[PersonRecord]:
    """Take a record, and whatever is likened to it, from a person; it has its own person again.

    The first record of a person leaves alone, and the earliest of those likened to it takes its place.
    Whoever calls holds the person. Returns the records that moved.
    """
    together = await records.list_of_persons(tx, [record.person_id])
    left = record.person_id
    if record.likened_to is None:
        moved = [record]
        _take_the_first_place(record, together)
    else:
        moved = _branch(record, together)
        record.likened_to, record.link_state, record.evidence = None, LinkState.OWN, None
    await _move(tx, moved, await _own_person(tx, record, left, now=now), now=now)
    return moved


def _branch(record: PersonRecord, together: Sequence[PersonRecord]) -> list[PersonRecord]:
    """Return a record and all that are likened to it, directly or through others."""
    likened: dict[RecordId | None, list[PersonRecord]] = {}
    for one in together:
        likened.setdefault(one.likened_to, []).append(one)
    branch = [record]
    for one in branch:
        branch.extend(likened.get(one.record_id, ()))
    return branch


def _take_the_first_place(record: PersonRecord, together: Sequence[PersonRecord]) -> None:
    heirs = [one for one in together if one.likened_to == record.record_id]
    # Whoever a person has confirmed stands for the person rather than one the machine linked.
    heirs.sort(key=lambda one: (one.link_state != LinkState.CONFIRMED, one.record_id))
    heir, *others = heirs
    for one in others:
        if heir.link_state != LinkState.CONFIRMED:
            one.link_state = LinkState.PROVISIONAL
        one.likened_to = heir.record_id
    heir.likened_to, heir.link_state, heir.evidence = None, LinkState.OWN, None
    heir.own_person_id, record.own_person_id = record.person_id, None


async def _own_person(tx: AsyncSession, record: PersonRecord, left: PersonId, *, now: datetime) -> PersonId:
    """Return the person that was made from a record, where nobody else has it; else a new one."""
    own = record.own_person_id
    if own is not None and own != left and not await records.list_of_persons(tx, [own]):
        return own
    person = Person(person_id=PersonId(new_id()), made_at=now)
    await persons.add_person(tx, person)
    record.own_person_id = person.person_id
    return person.person_id


async def _move(tx: AsyncSession, moved: Sequence[PersonRecord], to: PersonId, *, now: datetime) -> None:
    for one in moved:
        one.person_id, one.linked_at = to, now
    await persons.flush(tx)
    await links.follow_moved(tx, [one.record_id for one in moved], to, now=now)
