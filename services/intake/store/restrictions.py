"""Queries for who may be read by managers only: a person of whom any record is marked."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import ColumnElement, Select, Text, cast, exists, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.intake.models import PersonRecord, Referral, Restriction, Withdrawal
from shared.schemas.ids import PersonId, RecordId, ReferralId, WithdrawalId
from shared.schemas.reference import Reference


# Made once, as no name for a table is made anew for each question.
@cache
def is_of_restricted() -> ColumnElement[bool]:
    """Return the condition that a record is of a restricted person."""
    marked = aliased(PersonRecord)
    return PersonRecord.person_id.in_(select(marked.person_id).where(marked.is_restricted))


@cache
def stands_with_restricted() -> ColumnElement[bool]:
    """Return the condition that a record is of a referral in which somebody restricted stands."""
    there, marked = aliased(PersonRecord), aliased(PersonRecord)
    persons = select(marked.person_id).where(marked.is_restricted)
    return PersonRecord.referral_id.in_(select(there.referral_id).where(there.person_id.in_(persons)))


async def list_restricted(
    tx: AsyncSession, persons: Collection[PersonId], records: Collection[RecordId]
) -> tuple[set[PersonId], set[RecordId]]:
    """Return those of some persons and records that are restricted now.

    A person whose records were linked elsewhere is as restricted as whoever has the first of them now.
    """
    wanted = or_(
        PersonRecord.person_id.in_(persons),
        PersonRecord.own_person_id.in_(persons),
        PersonRecord.record_id.in_(records),
    )
    query = select(PersonRecord.record_id, PersonRecord.person_id, PersonRecord.own_person_id)
    rows = (await tx.execute(query.where(wanted, is_of_restricted()))).all()
    found = {one for _, person_id, own in rows for one in (person_id, own) if one is not None}
    return found, {record_id for record_id, _, _ in rows}


@cache
def _marked() -> type[PersonRecord]:
    return aliased(PersonRecord)


async def list_referrals_around(tx: AsyncSession, persons: Collection[PersonId]) -> list[ReferralId]:
    """Return every referral in which one of these persons stands, if any of them is restricted; else none."""
    marked = _marked()
    restricted = exists().where(marked.person_id.in_(persons), marked.is_restricted)
    query = select(PersonRecord.referral_id).where(PersonRecord.person_id.in_(persons), restricted)
    return sorted((await tx.scalars(query.distinct())).all())


async def list_sealed(tx: AsyncSession, referrals: Collection[ReferralId]) -> set[ReferralId]:
    """Return those of some referrals in which somebody restricted stands."""
    query = select(PersonRecord.referral_id).where(
        PersonRecord.referral_id.in_(referrals), is_of_restricted()
    )
    return set((await tx.scalars(query.distinct())).all())


async def list_all_sealed(tx: AsyncSession) -> list[ReferralId]:
    """Return every referral in which somebody restricted stands: they are few."""
    query = select(PersonRecord.referral_id).where(is_of_restricted())
    return list((await tx.scalars(query.distinct())).all())


async def find_sealed(tx: AsyncSession, reference: Reference) -> ReferralId | None:
    """Return the referral of a reference, if somebody restricted stands in it."""
    query = select(Referral.referral_id).where(Referral.reference == reference, Referral.version == 1)
    return await _sealed_of(tx, query)


async def find_sealed_by_withdrawal(tx: AsyncSession, withdrawal_id: WithdrawalId) -> ReferralId | None:
    """Return the referral that a sender wants back, if somebody restricted stands in it."""
    query = select(Withdrawal.referral_id).where(Withdrawal.withdrawal_id == withdrawal_id)
    return await _sealed_of(tx, query)


async def _sealed_of(tx: AsyncSession, query: Select[ReferralId]) -> ReferralId | None:
    found = await tx.scalar(query)
    return found if found is not None and await list_sealed(tx, [found]) else None


async def add(tx: AsyncSession, restriction: Restriction) -> None:
    """Add a line to the history."""
    tx.add(restriction)
    await tx.flush()


async def list_of(
    tx: AsyncSession, person_id: PersonId, records: Collection[RecordId]
) -> Sequence[Restriction]:
    """Return the history of a person, and of some records wherever they stood then, the newest first."""
    ids = cast(array([str(record_id) for record_id in records]), ARRAY(Text))
    query = select(Restriction).where(
        or_(Restriction.person_id == person_id, Restriction.record_ids.has_any(ids))
    )
    query = query.order_by(Restriction.decided_at.desc(), Restriction.restriction_id.desc())
    return (await tx.scalars(query)).all()
