"""Queries for published threshold policies."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import Policy


async def get_policy(tx: AsyncSession, version: str) -> Policy:
    """Return a published policy by its version."""
    return await tx.get_one(Policy, version)


async def find_policy_in_force(tx: AsyncSession) -> Policy | None:
    """Return the policy published last."""
    return (await tx.scalars(select(Policy).order_by(Policy.published_at.desc()).limit(1))).first()
