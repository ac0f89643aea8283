"""Queries for management oversight."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import CaseChild, CaseJoin, Decision, Oversight
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.words_deciding import DecisionStanding

#: What is or was in force; a decision that only waits for a second look has decided nothing.
_IN_FORCE: Final = (DecisionStanding.DECIDED, DecisionStanding.INTERIM, DecisionStanding.APPROVED)


class MonthCounted(NamedTuple):
    """How many children were decided for the first time in a month, and how many had oversight."""

    month: str
    decided: int
    overseen: int


async def page_of_case(
    tx: AsyncSession, case_ids: Collection[CaseId], *, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Oversight]:
    """Return one more than `limit` entries about these cases and the children in them now, oldest first."""
    here = select(CaseChild.child_id).where(CaseChild.case_id.in_(case_ids))
    own = and_(Oversight.child_id.is_(None), Oversight.case_id.in_(case_ids))
    query = select(Oversight).where(or_(own, Oversight.child_id.in_(here)))
    if after is not None:
        query = query.where(tuple_(Oversight.entered_at, Oversight.oversight_id) > after)
    ordered = query.order_by(Oversight.entered_at, Oversight.oversight_id).limit(limit + 1)
    return (await tx.scalars(ordered)).all()


async def list_about(
    tx: AsyncSession, child_ids: Collection[ChildId], case_ids: Collection[CaseId]
) -> Sequence[Oversight]:
    """Return the entries about these children and about these cases as a whole, the oldest first."""
    whole = and_(Oversight.child_id.is_(None), Oversight.case_id.in_(case_ids))
    query = select(Oversight).where(or_(Oversight.child_id.in_(child_ids), whole))
    return (await tx.scalars(query.order_by(Oversight.entered_at, Oversight.oversight_id))).all()


async def count_by_month(tx: AsyncSession, since: datetime) -> list[MonthCounted]:
    """Return the months since a time, newest first, by when each child was first decided.

    One child told of several times counts once. Oversight counts when it is of the child under any of its
    ids, or of a case that it is or was considered in.
    """
    child = func.coalesce(CaseChild.same_child_as, CaseChild.child_id).label("child")
    came_from = select(CaseJoin.from_case_id).where(CaseJoin.referral_id == CaseChild.referral_id)
    in_its_case = or_(Oversight.case_id == CaseChild.case_id, Oversight.case_id.in_(came_from))
    seen = exists().where(
        or_(Oversight.child_id == CaseChild.child_id, and_(Oversight.child_id.is_(None), in_its_case))
    )
    each = (
        select(child, func.min(Decision.decided_at).label("first_at"), func.bool_or(seen).label("seen"))
        .select_from(CaseChild)
        .join(Decision, Decision.child_id == CaseChild.child_id)
        .where(Decision.standing.in_(_IN_FORCE))
        .group_by(child)
        .subquery()
    )
    month = func.to_char(func.timezone("Europe/London", each.c.first_at), "YYYY-MM").label("month")
    query = (
        select(month, func.count(), func.count().filter(each.c.seen))
        .where(each.c.first_at >= since)
        .group_by(month)
        .order_by(month.desc())
    )
    return [MonthCounted(*row) for row in await tx.execute(query)]
