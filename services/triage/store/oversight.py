"""Queries for management oversight."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Uuid,
    and_,
    exists,
    func,
    null,
    or_,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.triage.evidence.overseen import Running
from services.triage.models import Allocation, CaseChild, CaseJoin, Contact, Decision, Oversight, Timer
from services.triage.store.measures import Span, period_of
from shared.schemas.ids import AgencyId, CaseId, ChildId, OversightId
from shared.schemas.oversight import OversightOf
from shared.schemas.timers import TimerKind
from shared.schemas.words_deciding import DecisionStanding

#: What is or was in force; a decision that only waits for a second look has decided nothing.
_IN_FORCE: Final = (DecisionStanding.DECIDED, DecisionStanding.INTERIM, DecisionStanding.APPROVED)


class OversightCounted(NamedTuple):
    """How many children were decided for the first time in a period, and how many had oversight."""

    month: str
    agency_id: AgencyId | None
    team: str | None
    decided: int
    overseen: int


class Promised(NamedTuple):
    """The review of a child on a day, and which manager promised it."""

    child_id: ChildId
    due_at: datetime
    by: str


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


async def list_running_reviews(
    tx: AsyncSession, case_id: CaseId, *, but: OversightId | None = None
) -> list[Running]:
    """Return the clocks of reviews in a case that have not been made, with whom each is about.

    Args:
        but: the entry whose own is left out.
    """
    query = (
        select(Timer, Oversight.child_id)
        .join(Oversight, Oversight.oversight_id == Timer.oversight_id)
        .where(Timer.case_id == case_id, Timer.kind == TimerKind.OVERSIGHT_REVIEW, Timer.met_at.is_(None))
        .where(Oversight.oversight_id.is_distinct_from(but))
    )
    return [Running(*row) for row in await tx.execute(query.order_by(Timer.due_at, Timer.timer_id))]


async def list_standing(tx: AsyncSession, case_id: CaseId) -> Sequence[Decision]:
    """Return the decisions that stand for the children of a case."""
    query = select(Decision).join(CaseChild, CaseChild.decision_id == Decision.decision_id)
    return (await tx.scalars(query.where(CaseChild.case_id == case_id))).all()


async def list_promised(
    tx: AsyncSession, case_ids: Collection[CaseId], *, after: datetime, until: datetime
) -> list[Promised]:
    """Return the reviews in these cases that fall due in a span and have not been made, the soonest first."""
    query = (
        select(Timer.child_id, Timer.due_at, Oversight.entered_by)
        .join(Oversight, Oversight.oversight_id == Timer.oversight_id)
        .where(Timer.case_id.in_(case_ids), *of_reviews(after, until))
    )
    return [Promised(*row) for row in await tx.execute(query.order_by(Timer.due_at, Timer.timer_id))]


def of_reviews(after: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a timer is of a review that falls due in a span and has not been made."""
    is_one = (Timer.kind == TimerKind.OVERSIGHT_REVIEW, Timer.met_at.is_(None))
    return (*is_one, Timer.due_at > after, Timer.due_at <= until)


async def count_overseen(tx: AsyncSession, span: Span, of: OversightOf) -> list[OversightCounted]:
    """Return the periods of a span, newest first, by when each child was first decided.

    One child told of several times counts once. Oversight counts when it is of the child under any of its
    ids, or of a case that it is or was considered in.
    """
    child = func.coalesce(CaseChild.same_child_as, CaseChild.child_id).label("child")
    came_from = select(CaseJoin.from_case_id).where(CaseJoin.referral_id == CaseChild.referral_id)
    # Said, since two queries down it would be any child that came from anywhere.
    came_from = came_from.correlate(CaseChild)
    in_its_case = or_(Oversight.case_id == CaseChild.case_id, Oversight.case_id.in_(came_from))
    seen = exists().where(
        or_(Oversight.child_id == CaseChild.child_id, and_(Oversight.child_id.is_(None), in_its_case))
    )
    holds = and_(Allocation.case_id == CaseChild.case_id, Allocation.ended_at.is_(None))
    each = (
        select(
            child,
            func.min(Decision.decided_at).label("first_at"),
            func.bool_or(seen).label("seen"),
            _first_decided(Contact.agency_id).label("agency_id"),
            func.max(Allocation.team).label("team"),
        )
        .select_from(CaseChild)
        .join(Decision, Decision.child_id == CaseChild.child_id)
        .join(Contact, Contact.referral_id == CaseChild.referral_id)
        .outerjoin(Allocation, holds)
        .where(Decision.standing.in_(_IN_FORCE))
        .group_by(child)
        .subquery()
    )
    period = period_of(each.c.first_at, span.by)
    own = {"agency": each.c.agency_id, "team": each.c.team}
    apart = [own[of]] if of in own else []
    agency, team = (own[name] if name == of else null() for name in own)
    query = (
        select(period, agency, team, func.count(), func.count().filter(each.c.seen))
        .where(each.c.first_at >= span.since, each.c.first_at < span.before)
        .group_by(period, *apart)
        .order_by(period.desc(), *apart)
    )
    return [OversightCounted(*row) for row in await tx.execute(query)]


def _first_decided(column: InstrumentedAttribute[AgencyId]) -> ColumnElement[AgencyId]:
    found = func.array_agg(aggregate_order_by(column, Decision.decided_at, Decision.decision_id))
    return type_coerce(found, ARRAY(Uuid))[1]
