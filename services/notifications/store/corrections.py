"""Queries about corrections of cases, for those who are told of a case only after one."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import Correction
from shared.schemas.ids import CaseId

# What PostgreSQL takes for a key is a signed number of 64 bits; an id's last 62 are random.
_KEY: Final = 2**62


async def lock_case(tx: AsyncSession, case_id: CaseId) -> None:
    """Let nobody else tell of this case until this transaction ends. Take it before any feed."""
    await tx.execute(select(func.pg_advisory_xact_lock(case_id.int % _KEY)))


async def add_correction(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add a correction."""
    await tx.execute(insert(Correction).values(row))


async def list_corrections(tx: AsyncSession, case_id: CaseId, *, after_version: int) -> Sequence[Correction]:
    """Return how a case was corrected after it had a version, in order."""
    query = (
        select(Correction)
        .where(Correction.case_id == case_id, Correction.case_version > after_version)
        .order_by(Correction.case_version)
    )
    return (await tx.scalars(query)).all()
