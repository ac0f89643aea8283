"""Queries for how far the hub is with the children of a referral."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import ChildProgress
from shared.schemas.ids import ChildId, ReferralId
from shared.schemas.words import Stage


async def get_stages(
    tx: AsyncSession, referrals: Iterable[ReferralId]
) -> dict[ReferralId, dict[ChildId, Stage]]:
    """Return where each child of the named referrals stands; a child nobody has looked at yet is absent."""
    stages: dict[ReferralId, dict[ChildId, Stage]] = {}
    rows = await tx.scalars(select(ChildProgress).where(ChildProgress.referral_id.in_(list(referrals))))
    for row in rows:
        stages.setdefault(row.referral_id, {})[row.child_id] = Stage(row.stage)
    return stages


async def set_stage(tx: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Note where children stand; a child once decided is not taken back to being considered."""
    statement = insert(ChildProgress).values(rows)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[ChildProgress.referral_id, ChildProgress.child_id],
            set_={"stage": statement.excluded.stage, "since_at": statement.excluded.since_at},
            where=ChildProgress.stage != Stage.DECIDED,
        )
    )
