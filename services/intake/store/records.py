"""Queries for the records of persons: by referral, by person, and by what a search asks for."""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, not_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from services.intake.models import PersonKey, PersonRecord, Referral
from services.intake.store.restrictions import is_of_restricted, stands_with_restricted
from shared.schemas.ids import PersonId, RecordId, ReferralId

#: A record and the first version of its referral, without the document.
Placed = tuple[PersonRecord, Referral]
#: Among which records a search looks: these conditions hold of each.
Within = tuple[ColumnElement[bool], ...]
WITHIN_ALL: Final[Within] = ()


async def find_record(tx: AsyncSession, record_id: RecordId) -> PersonRecord | None:
    """Return a record as it stands in the database now, whatever was read of it before."""
    return await tx.get(PersonRecord, record_id, populate_existing=True)


async def list_of_referral(tx: AsyncSession, referral_id: ReferralId) -> Sequence[PersonRecord]:
    """Return the records of a referral as they stand now."""
    query = select(PersonRecord).where(PersonRecord.referral_id == referral_id)
    query = query.order_by(PersonRecord.record_id).execution_options(populate_existing=True)
    return (await tx.scalars(query)).all()


async def list_of_persons(tx: AsyncSession, persons: Iterable[PersonId]) -> Sequence[PersonRecord]:
    """Return every record of some persons as they stand now."""
    query = select(PersonRecord).where(PersonRecord.person_id.in_(set(persons)))
    query = query.order_by(PersonRecord.record_id).execution_options(populate_existing=True)
    return (await tx.scalars(query)).all()


async def hold_whose(tx: AsyncSession, ids: Collection[RecordId]) -> dict[RecordId, PersonId]:
    """Return whose some records are now; until this transaction ends nobody moves them.

    Waits for whoever is moving one of them.
    """
    query = select(PersonRecord.record_id, PersonRecord.person_id).where(PersonRecord.record_id.in_(ids))
    found = await tx.execute(query.order_by(PersonRecord.record_id).with_for_update(read=True))
    return {row[0]: row[1] for row in found}


async def find_placed(tx: AsyncSession, record_id: RecordId) -> Placed | None:
    """Return a record with its referral."""
    row = (await tx.execute(_placed().where(PersonRecord.record_id == record_id))).first()
    return (row[0], row[1]) if row else None


async def list_placed_by_id(tx: AsyncSession, ids: Collection[RecordId]) -> dict[RecordId, Placed]:
    """Return some records with their referrals."""
    listed = await _listed(tx, _placed().where(PersonRecord.record_id.in_(ids)))
    return {record.record_id: (record, referral) for record, referral in listed}


async def list_placed(tx: AsyncSession, persons: Iterable[PersonId]) -> list[Placed]:
    """Return every record of some persons with their referrals, the newest referral first."""
    return await _listed(tx, _placed().where(PersonRecord.person_id.in_(set(persons))))


async def list_placed_in(tx: AsyncSession, referrals: Iterable[ReferralId]) -> list[Placed]:
    """Return every record of some referrals, the newest referral first."""
    return await _listed(tx, _placed().where(PersonRecord.referral_id.in_(set(referrals))))


def within_open(*, by_reference: bool) -> Within:
    """Return that no record is of a restricted person.

    Args:
        by_reference: the search names a referral: then nobody who stands in one with such a person is found.
    """
    # Whoever is restricted stands in the referral too.
    return (not_(stands_with_restricted() if by_reference else is_of_restricted()),)


async def search(
    tx: AsyncSession, groups: Collection[Collection[int]], within: Within, *, limit: int
) -> list[Placed]:
    """Return up to `limit` records that have a key of every group, the newest referral first."""
    query = _placed().where(*within).limit(limit)
    for group in groups:
        having = select(PersonKey.record_id).where(PersonKey.k.in_(group))
        query = query.where(PersonRecord.record_id.in_(having))
    return await _listed(tx, query)


def _placed() -> Select[PersonRecord, Referral]:
    return (
        select(PersonRecord, Referral)
        .join(Referral, and_(Referral.referral_id == PersonRecord.referral_id, Referral.version == 1))
        .options(defer(Referral.document, raiseload=True))
        .order_by(Referral.received_at.desc(), PersonRecord.record_id)
    )


async def _listed(tx: AsyncSession, query: Select[PersonRecord, Referral]) -> list[Placed]:
    rows = await tx.execute(query.execution_options(populate_existing=True))
    return [(record, referral) for record, referral in rows]
