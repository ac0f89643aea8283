"""Queries for children who are expected: of whom the due date has passed, and what was found out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    CTE,
    Date,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import BirthNote, PersonRecord, Referral
from services.intake.models.persons import UNBORN
from services.intake.store.candidates import Known
from shared.schemas.ids import PersonId, RecordId, ReferralId
from shared.schemas.words import BirthFound, LinkState, PersonKind

#: Where a page of the list ended.
Place = tuple[date, PersonId]
_CLOSING: Final = (BirthFound.BORN_ELSEWHERE, BirthFound.NOT_CONTINUED)


@dataclass(frozen=True, slots=True)
class Expected:
    """A child who is expected, as far as those records go that people said are one.

    Attributes:
        record_id: the newest record that expects the child.
        due_on: as heard last, or noted since.
        is_closed: whether somebody noted since that nothing is to be waited for.
    """

    person_id: PersonId
    record_id: RecordId
    due_on: date
    is_closed: bool


async def list_expected(tx: AsyncSession, person_id: PersonId) -> list[Expected]:
    """Return what is expected of a person to whom no birth is linked by people.

    More than one where the machine alone takes several records for one child.
    """
    expected = _expected([person_id])
    columns = (expected.c.person_id, expected.c.record_id, expected.c.due_on, expected.c.is_closed)
    rows = await tx.execute(select(*columns).order_by(expected.c.due_on, expected.c.record_id))
    return [Expected(*row) for row in rows]


async def list_overdue(
    tx: AsyncSession,
    today: date,
    *,
    persons: Collection[PersonId] | None = None,
    after: Place | None = None,
    limit: int,
) -> list[tuple[PersonId, date]]:
    """Return one more than `limit` persons due before today of whom no birth is linked, oldest due first.

    Args:
        persons: none but these.
    """
    expected = _expected(persons)
    due = func.min(expected.c.due_on)
    query = (
        select(expected.c.person_id, due)
        .where(expected.c.due_on < today, not_(expected.c.is_closed))
        .group_by(expected.c.person_id)
        .order_by(due, expected.c.person_id)
        .limit(limit + 1)
    )
    if after is not None:
        query = query.having(tuple_(due, expected.c.person_id) > after)
    return [(person_id, due_on) for person_id, due_on in await tx.execute(query)]


def _expected(persons: Collection[PersonId] | None) -> CTE:
    """Return every child expected and not born, by records that people said are one: never by a provisional
    link alone, which may raise an alarm and never quiets one."""
    theirs = _records_of(persons)
    standing = _standing(theirs)
    newest = (
        select(
            standing.c.top, standing.c.person_id, standing.c.record_id, standing.c.due, Referral.received_at
        )
        .join(
            Referral,
            and_(Referral.referral_id == standing.c.referral_id, Referral.version == standing.c.version),
        )
        .where(standing.c.kind == PersonKind.CHILD, standing.c.due.is_not(None), standing.c.born.is_(None))
        .ext(distinct_on(standing.c.top))
        .order_by(standing.c.top, Referral.received_at.desc(), standing.c.record_id.desc())
        .cte("newest")
    )
    noted = (
        select(standing.c.top, BirthNote.what, BirthNote.new_due_on, BirthNote.noted_at)
        .join(standing, standing.c.record_id == BirthNote.record_id)
        .ext(distinct_on(standing.c.top))
        .order_by(standing.c.top, BirthNote.noted_at.desc(), BirthNote.note_id.desc())
        .cte("noted")
    )
    born = standing.alias("born")
    is_born = exists().where(born.c.top == newest.c.top, born.c.born.is_not(None))
    # Whoever tells of the child after a note was written may know more than the note.
    stands = noted.c.noted_at >= newest.c.received_at
    due_on = case(
        (and_(stands, noted.c.new_due_on.is_not(None)), noted.c.new_due_on), else_=_day(newest.c.due)
    )
    closed = func.coalesce(and_(stands, noted.c.what.in_(_CLOSING)), literal(value=False))
    return (
        select(newest.c.person_id, newest.c.record_id, due_on.label("due_on"), closed.label("is_closed"))
        .outerjoin(noted, noted.c.top == newest.c.top)
        .where(not_(is_born))
        .cte("expected")
    )


def _day(written: Any) -> Any:
    return cast(written, Date)


def _records_of(persons: Collection[PersonId] | None) -> CTE:
    """Return every record of those who have one of a child not born."""
    unborn: Select[PersonId] = select(PersonRecord.person_id).where(text(UNBORN))
    if persons is not None:
        unborn = unborn.where(PersonRecord.person_id.in_(persons))
    return (
        select(
            PersonRecord.record_id,
            PersonRecord.person_id,
            PersonRecord.referral_id,
            PersonRecord.version,
            PersonRecord.kind,
            PersonRecord.told["expected_date_of_birth"].astext.label("due"),
            PersonRecord.told["date_of_birth"].astext.label("born"),
            case((PersonRecord.link_state == LinkState.CONFIRMED, PersonRecord.likened_to)).label("up"),
        )
        .where(PersonRecord.person_id.in_(unborn))
        .cte("theirs")
    )


def _standing(theirs: CTE) -> CTE:
    """Return the records with the first of those that people linked them to, directly or through others."""
    climbing = select(theirs.c.record_id, theirs.c.record_id.label("top"), theirs.c.up).cte(
        "climbing", recursive=True
    )
    above = theirs.alias("above")
    climbing = climbing.union_all(
        select(climbing.c.record_id, above.c.record_id, above.c.up).join(
            above, above.c.record_id == climbing.c.up
        )
    )
    # A record whose link leads out of what was read stands for itself.
    reached = theirs.alias("reached")
    ends = or_(climbing.c.up.is_(None), not_(exists().where(reached.c.record_id == climbing.c.up)))
    return (
        select(climbing.c.top, *(column for column in theirs.c))
        .join(theirs, theirs.c.record_id == climbing.c.record_id)
        .where(ends)
        .cte("standing")
    )


async def list_children_of(
    tx: AsyncSession, adults: Collection[PersonId], besides: ReferralId, *, limit: int
) -> list[Known]:
    """Return the newest records of children who stand in a referral with one of some adults."""
    stands_in = select(PersonRecord.referral_id).where(
        PersonRecord.person_id.in_(adults),
        PersonRecord.kind == PersonKind.ADULT,
        PersonRecord.referral_id != besides,
    )
    query = select(PersonRecord).where(
        PersonRecord.referral_id.in_(stands_in), PersonRecord.kind == PersonKind.CHILD
    )
    found = await tx.scalars(query.order_by(PersonRecord.record_id.desc()).limit(limit))
    return [Known(one.record_id, one.person_id, one.compared) for one in found]


async def add_note(tx: AsyncSession, note: BirthNote) -> None:
    """Keep what somebody found out."""
    tx.add(note)
    await tx.flush()


async def list_notes(tx: AsyncSession, persons: Collection[PersonId]) -> Sequence[tuple[PersonId, BirthNote]]:
    """Return what was found out about some persons, by whose the records are now, the newest first."""
    query = (
        select(PersonRecord.person_id, BirthNote)
        .join(PersonRecord, PersonRecord.record_id == BirthNote.record_id)
        .where(PersonRecord.person_id.in_(persons))
        .order_by(BirthNote.noted_at.desc(), BirthNote.note_id.desc())
    )
    return [(person_id, note) for person_id, note in await tx.execute(query)]
