"""Queries for the searches that staff made."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import PeopleSearch

#: Where a page of the list ended.
Place = tuple[datetime, UUID]


async def add(tx: AsyncSession, search: PeopleSearch) -> None:
    """Keep that somebody looked, and why."""
    tx.add(search)
    await tx.flush()


async def list_searches(tx: AsyncSession, *, before: Place | None, limit: int) -> Sequence[PeopleSearch]:
    """Return one more than `limit` searches, the newest first."""
    place = (PeopleSearch.searched_at, PeopleSearch.search_id)
    query = select(PeopleSearch).order_by(*(column.desc() for column in place)).limit(limit + 1)
    if before is not None:
        query = query.where(tuple_(*place) < before)
    return (await tx.scalars(query)).all()
