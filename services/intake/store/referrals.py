"""Queries for referrals and their versions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.intake.models import Referral
from shared.schemas.ids import AgencyId, ReferralId
from shared.schemas.reference import Reference


async def add_referral(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add one version of a referral."""
    await tx.execute(insert(Referral).values(row))


def _latest() -> Select[Referral]:
    other = aliased(Referral)
    newest = select(func.max(other.version)).where(other.referral_id == Referral.referral_id)
    return select(Referral).where(Referral.version == newest.scalar_subquery())


async def find_referral(
    tx: AsyncSession, referral_id: ReferralId, *, version: int | None = None
) -> Referral | None:
    """Return a referral, its newest version unless one is named."""
    if version is not None:
        return await tx.get(Referral, (referral_id, version))
    return (await tx.scalars(_latest().where(Referral.referral_id == referral_id))).first()


async def find_by_reference(
    tx: AsyncSession, reference: Reference, agency_id: AgencyId | None
) -> Referral | None:
    """Return the newest version of a referral; with an agency, only if it is that agency's."""
    query = _latest().where(Referral.reference == reference)
    if agency_id is not None:
        query = query.where(Referral.agency_id == agency_id)
    return (await tx.scalars(query)).first()


async def list_referrals(
    tx: AsyncSession, agency_id: AgencyId | None, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Referral]:
    """Return one more than `limit` referrals, newest first; with an agency, only that agency's."""
    query = _latest().order_by(Referral.received_at.desc(), Referral.referral_id.desc()).limit(limit + 1)
    if agency_id is not None:
        query = query.where(Referral.agency_id == agency_id)
    if before is not None:
        query = query.where(tuple_(Referral.received_at, Referral.referral_id) < before)
    return (await tx.scalars(query)).all()
