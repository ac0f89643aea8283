"""Queries for places where several families were told of with signs of exploitation or of going missing."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import CaseChild, Contact
from shared.schemas.ids import CaseId


async def count_families(
    tx: AsyncSession, places: Collection[str], *, since: datetime, but: Collection[CaseId]
) -> int:
    """Return in how many other cases children with such signs, from any of these places, came after a time.

    Args:
        but: the cases of the child itself, under all its names.
    """
    query = (
        select(func.count(CaseChild.case_id.distinct()))
        .join(Contact, Contact.referral_id == CaseChild.referral_id)
        .where(CaseChild.places.overlap(list(places)))
        .where(Contact.received_at > since, CaseChild.case_id.not_in(but))
    )
    return int(await tx.scalar(query) or 0)
