"""Queries about notices."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import Notice
from shared.platform.database import plain_table
from shared.schemas.ids import AgencyId, EventId

# Made once, not at each call: building a statement costs about as much as asking it.
_ADD: Final = insert(plain_table(Notice))


async def add_notice(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add a notice."""
    await tx.execute(_ADD, row)


async def list_given(tx: AsyncSession, announced_by: EventId) -> Sequence[AgencyId]:
    """Return the agencies that were given notice of an event."""
    return (await tx.scalars(select(Notice.agency_id).where(Notice.announced_by == announced_by))).all()


async def list_notices(
    tx: AsyncSession, agency_id: AgencyId, *, after: int | None, limit: int
) -> Sequence[Notice]:
    """Return one more than `limit` of an agency's notices, in the order of its feed."""
    query = select(Notice).where(Notice.agency_id == agency_id).order_by(Notice.number).limit(limit + 1)
    if after is not None:
        query = query.where(Notice.number > after)
    return (await tx.scalars(query)).all()


async def find_notice(tx: AsyncSession, event_id: EventId, agency_id: AgencyId) -> Notice | None:
    """Return a notice, if it is that agency's."""
    query = select(Notice).where(Notice.event_id == event_id, Notice.agency_id == agency_id)
    return (await tx.scalars(query)).first()
