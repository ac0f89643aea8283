"""Queries for the searches that staff made."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import PeopleSearch


async def add(tx: AsyncSession, search: PeopleSearch) -> None:
    """Keep that somebody looked, and why."""
    tx.add(search)
    await tx.flush()
