"""Queries for what follows decisions: what runs, what was recorded, what is due next."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.evidence.onward import WATCHED
from services.triage.models import Onward, Timer
from services.triage.store.timers import first_of_its_child
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.timers import TimerEnd, TimerKind


async def list_of_case(tx: AsyncSession, case_id: CaseId) -> Sequence[Onward]:
    """Return what was recorded for the children of a case, the oldest first."""
    query = select(Onward).where(Onward.case_id == case_id)
    return (await tx.scalars(query.order_by(Onward.recorded_at, Onward.onward_id))).all()


async def find_last_done(tx: AsyncSession, child_id: ChildId, kind: TimerKind) -> datetime | None:
    """Return when something of this kind was done last for a child."""
    query = select(Timer.met_at).where(
        Timer.child_id == child_id, Timer.kind == kind, Timer.ended_because == TimerEnd.DONE
    )
    return await tx.scalar(query.order_by(Timer.met_at.desc()).limit(1))


async def page_of_due(
    tx: AsyncSession,
    kinds: Collection[TimerKind],
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    without: Collection[CaseId] = (),
) -> Sequence[Timer]:
    """Return one more than `limit` of what is due and not done, once a child, soonest first.

    Args:
        without: cases of which nothing is told.
    """
    query = select(Timer).where(Timer.met_at.is_(None), Timer.kind.in_(WATCHED))
    query = query.where(Timer.kind.in_(list(kinds)), first_of_its_child())
    if without:
        query = query.where(Timer.case_id.not_in(without))
    if after is not None:
        query = query.where(tuple_(Timer.due_at, Timer.timer_id) > after)
    return (await tx.scalars(query.order_by(Timer.due_at, Timer.timer_id).limit(limit + 1))).all()
