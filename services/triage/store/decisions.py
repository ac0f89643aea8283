"""Queries for decisions that wait, for how deep the hub went, and for what was recommended first."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import CaseChild, Decision, DepthChange, Recommendation
from services.triage.second_look import IN_FORCE
from services.triage.store.measures import period_of
from shared.schemas.ids import ChildId, RecommendationId
from shared.schemas.measures import Period
from shared.schemas.words_deciding import DecisionStanding


@dataclass(frozen=True, slots=True)
class Covered:
    """How many children were decided for the first time in a month, at one depth, on as many answers.

    Attributes:
        month: in London, as "2026-11"; or the week, as "2026-W47".
        core_answers: None for decisions of a release that did not keep it.
    """

    month: str
    depth: str
    core_answers: int | None
    children: int
    proceeded_now: int


async def list_pending(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[Decision]:
    """Return the decisions about these children that wait for a second look."""
    query = select(Decision).where(
        Decision.child_id.in_(child_ids), Decision.standing == DecisionStanding.PENDING
    )
    return (await tx.scalars(query.order_by(Decision.decision_id))).all()


async def list_decisions(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[Decision]:
    """Return every decision about these children, in force or not, oldest first."""
    query = select(Decision).where(Decision.child_id.in_(child_ids))
    return (await tx.scalars(query.order_by(Decision.decided_at, Decision.decision_id))).all()


async def find_first_recommendation(tx: AsyncSession, child_id: ChildId) -> RecommendationId | None:
    """Return what was recommended first: on the referral alone, before anybody was asked."""
    query = select(Recommendation.recommendation_id).where(Recommendation.child_id == child_id)
    return await tx.scalar(query.order_by(Recommendation.made_at, Recommendation.recommendation_id).limit(1))


async def list_depth_changes(tx: AsyncSession, child_id: ChildId) -> Sequence[DepthChange]:
    """Return every change of how deep the hub goes for a child, oldest first."""
    query = select(DepthChange).where(DepthChange.child_id == child_id)
    return (await tx.scalars(query.order_by(DepthChange.changed_at, DepthChange.change_id))).all()


async def count_covered(tx: AsyncSession, since: datetime, before: datetime, by: Period) -> Sequence[Covered]:
    """Count children whose first decision came into force from `since` and before `before`.

    Several referrals about one child in a case count once.
    """
    came_at = case(
        (Decision.standing == DecisionStanding.APPROVED, Decision.looked_at), else_=Decision.decided_at
    )
    firsts = (
        select(
            func.coalesce(CaseChild.same_child_as, CaseChild.child_id).label("child_id"),
            period_of(came_at, by).label("month"),
            func.coalesce(Decision.depth, "full").label("depth"),
            Decision.core_answers.label("core_answers"),
            Decision.proceed_now_reason.is_not(None).label("proceeded_now"),
        )
        .join(CaseChild, CaseChild.child_id == Decision.child_id)
        .where(Decision.supersedes.is_(None), Decision.standing.in_(IN_FORCE))
        .where(came_at >= since, came_at < before)
    ).subquery()
    each = (
        select(
            firsts.c.child_id,
            func.min(firsts.c.month).label("month"),
            func.max(firsts.c.depth).label("depth"),
            func.max(firsts.c.core_answers).label("core_answers"),
            func.bool_or(firsts.c.proceeded_now).label("proceeded_now"),
        ).group_by(firsts.c.child_id)
    ).subquery()
    key = (each.c.month, each.c.depth, each.c.core_answers)
    query = select(*key, func.count(), func.count().filter(each.c.proceeded_now))
    query = query.group_by(*key).order_by(*key)
    return [Covered(*row) for row in await tx.execute(query)]
