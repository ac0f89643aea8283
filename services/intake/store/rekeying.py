"""Queries for the sweep that makes the keys of records anew."""

from collections.abc import Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import PersonRecord


async def claim_old(tx: AsyncSession, version: int, *, limit: int) -> Sequence[PersonRecord]:
    """Return records whose keys an earlier release made, held until the transaction ends.

    Nothing is waited for: what somebody else holds at this moment is passed over and found the next time.
    """
    query = (
        select(PersonRecord)
        .where(PersonRecord.keys_version < version)
        .order_by(PersonRecord.keys_version, PersonRecord.record_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await tx.scalars(query)).all()


async def count_old(tx: AsyncSession, version: int) -> int:
    """Return how many records have keys of an earlier release."""
    query = select(func.count()).select_from(PersonRecord).where(PersonRecord.keys_version < version)
    return await tx.scalar(query) or 0


async def is_any_old(tx: AsyncSession, version: int) -> bool:
    """Say whether any record has keys of an earlier release; one step into an index."""
    return bool(await tx.scalar(select(exists().where(PersonRecord.keys_version < version))))
