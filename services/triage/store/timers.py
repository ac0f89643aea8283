"""Queries for what falls due, what passed unmet, and the targets that managers set."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, not_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.triage.evidence.onward import AFTER_A_DECISION
from services.triage.evidence.silence import WHEN_ASKED
from services.triage.models import (
    Breach,
    BreachReason,
    Case,
    CaseChild,
    ChildTarget,
    Contact,
    Grade,
    InformationRequest,
    TargetReview,
    Timer,
)
from shared.problems import NotFound
from shared.schemas.ids import BreachId, CaseId, ChildId, TargetId, TimerId
from shared.schemas.timers import TargetPurpose, TimerKind


class Named(NamedTuple):
    """A child as a list names it, and the reference of the contact that named it."""

    given_name: str | None
    family_name: str | None
    date_of_birth: date | None
    expected_date_of_birth: date | None
    reference: str


class FoundBreach(NamedTuple):
    """A breach, its timer, the question that was not answered, if it is about one, and when a grade did."""

    breach: Breach
    timer: Timer
    request: InformationRequest | None
    graded_at: datetime | None


async def claim_due(tx: AsyncSession, *, now: datetime, limit: int) -> Sequence[tuple[Timer, Case]]:
    """Return timers that passed unmet and were not found yet, with their cases, held until the end.

    Nothing is waited for, so that nobody waits in a ring: what others hold at this moment, another scheduler
    or somebody who decides, is passed over and found the next time.
    """
    query = (
        select(Timer, Case)
        .join(Case, Case.case_id == Timer.case_id)
        .where(Timer.met_at.is_(None), Timer.breached_at.is_(None), Timer.due_at <= now)
        .where(not_(_speaks_elsewhere(or_breached=True)))
        .order_by(Timer.due_at, Timer.timer_id)
        .limit(limit)
        .with_for_update(of=[Timer, Case], skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [(timer, case) for timer, case in await tx.execute(query)]


def graded_instead() -> ScalarSelect[datetime]:
    """Return when the agency of a timer's question first graded the child since it was asked; else null."""
    return (
        select(func.min(Grade.graded_at))
        .join(InformationRequest, InformationRequest.agency_id == Grade.agency_id)
        .where(
            InformationRequest.request_id == Timer.request_id,
            Grade.child_id == InformationRequest.child_id,
            Grade.given == WHEN_ASKED,
            Grade.graded_at >= InformationRequest.asked_at,
        )
        .correlate(Timer)
        .scalar_subquery()
    )


async def list_graded_instead(tx: AsyncSession, timer_ids: Collection[TimerId]) -> dict[TimerId, datetime]:
    """Return when what these timers watch over was answered by a grade, of those where it was."""
    graded_at = graded_instead()
    query = select(Timer.timer_id, graded_at).where(Timer.timer_id.in_(timer_ids), graded_at.is_not(None))
    return {row[0]: row[1] for row in await tx.execute(query)}


async def find_next_due(tx: AsyncSession) -> datetime | None:
    """Return when the next timer falls due of those neither met nor found to have passed."""
    query = select(Timer.due_at).where(Timer.met_at.is_(None), Timer.breached_at.is_(None))
    query = query.where(not_(_speaks_elsewhere(or_breached=True)))
    return await tx.scalar(query.order_by(Timer.due_at, Timer.timer_id).limit(1))


def first_of_its_child() -> ColumnElement[bool]:
    """Return the condition that of the same child no other clock of the kind is due sooner."""
    return not_(_speaks_elsewhere(or_breached=False))


# Made once, as no name for a table is made anew for each question.
@cache
def _speaks_elsewhere(*, or_breached: bool) -> ColumnElement[bool]:
    """Return the condition that what runs is the child's, and another contact's clock of it comes first.

    Nothing is kept of it: when that other clock ends, or a join is undone, this one speaks again.

    Args:
        or_breached: or that other was found late already, so that a person has been asked.
    """
    own, other, clock = aliased(CaseChild), aliased(CaseChild), aliased(Timer)
    sooner = tuple_(clock.due_at, clock.timer_id) < tuple_(Timer.due_at, Timer.timer_id)
    elsewhere = exists().where(
        own.child_id == Timer.child_id,
        other.case_id == own.case_id,
        other.child_id != own.child_id,
        func.coalesce(other.same_child_as, other.child_id) == func.coalesce(own.same_child_as, own.child_id),
        clock.child_id == other.child_id,
        clock.kind == Timer.kind,
        clock.met_at.is_(None),
        or_(sooner, clock.breached_at.is_not(None)) if or_breached else sooner,
    )
    return and_(Timer.kind.in_(AFTER_A_DECISION), elsewhere)


async def list_open(
    tx: AsyncSession, child_ids: Collection[ChildId], kinds: Iterable[TimerKind]
) -> Sequence[Timer]:
    """Return the timers of these kinds that children have still to meet."""
    query = select(Timer).where(
        Timer.child_id.in_(child_ids), Timer.kind.in_(list(kinds)), Timer.met_at.is_(None)
    )
    return (await tx.scalars(query.order_by(Timer.due_at, Timer.timer_id))).all()


async def list_timers_of(tx: AsyncSession, case_id: CaseId) -> list[tuple[Timer, InformationRequest | None]]:
    """Return the timers of a case, the soonest due first, each with the question it is about."""
    query = (
        select(Timer, InformationRequest)
        .outerjoin(InformationRequest, InformationRequest.request_id == Timer.request_id)
        .where(Timer.case_id == case_id)
        .order_by(Timer.due_at, Timer.timer_id)
    )
    return [(timer, request) for timer, request in await tx.execute(query)]


async def page_of_breaches(
    tx: AsyncSession,
    *,
    reasoned: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    without: Collection[CaseId] = (),
) -> Sequence[FoundBreach]:
    """Return one more than `limit` breaches, the oldest first: with a reason, without, or all.

    Args:
        without: cases whose breaches are left out.
    """
    conditions: list[Any] = [Breach.case_id.not_in(without)] if without else []
    if reasoned is not None:
        given = exists().where(BreachReason.breach_id == Breach.breach_id)
        conditions.append(given if reasoned else not_(given))
    if after is not None:
        conditions.append(tuple_(Breach.found_at, Breach.breach_id) > after)
    return await _breaches(tx, *conditions, limit=limit + 1)


async def list_breaches_of(tx: AsyncSession, case_id: CaseId) -> Sequence[FoundBreach]:
    """Return the breaches in a case, the oldest first."""
    return await _breaches(tx, Breach.case_id == case_id)


async def get_breach(tx: AsyncSession, breach_id: BreachId) -> FoundBreach:
    """Return a breach; raise NotFound if there is none."""
    found = await _breaches(tx, Breach.breach_id == breach_id)
    if not found:
        raise NotFound
    return found[0]


async def _breaches(tx: AsyncSession, *conditions: Any, limit: int | None = None) -> list[FoundBreach]:
    query = (
        select(Breach, Timer, InformationRequest, graded_instead())
        .join(Timer, Timer.timer_id == Breach.timer_id)
        .outerjoin(InformationRequest, InformationRequest.request_id == Timer.request_id)
        .where(*conditions)
        .order_by(Breach.found_at, Breach.breach_id)
        .limit(limit)
    )
    return [FoundBreach(*row) for row in await tx.execute(query)]


async def list_reasons(
    tx: AsyncSession, breach_ids: Collection[BreachId]
) -> dict[BreachId, list[BreachReason]]:
    """Return the reasons given for breaches, by breach, the first that was given first."""
    query = select(BreachReason).where(BreachReason.breach_id.in_(breach_ids))
    given: dict[BreachId, list[BreachReason]] = {}
    for reason in await tx.scalars(query.order_by(BreachReason.given_at, BreachReason.reason_id)):
        given.setdefault(reason.breach_id, []).append(reason)
    return given


async def name_children(tx: AsyncSession, child_ids: Collection[ChildId]) -> dict[ChildId, Named]:
    """Return how a list names these children."""
    query = (
        select(
            CaseChild.child_id,
            CaseChild.given_name,
            CaseChild.family_name,
            CaseChild.date_of_birth,
            CaseChild.expected_date_of_birth,
            Contact.reference,
        )
        .join(Contact, Contact.referral_id == CaseChild.referral_id)
        .where(CaseChild.child_id.in_(child_ids))
    )
    return {row[0]: Named(*row[1:]) for row in await tx.execute(query)}


async def find_target(tx: AsyncSession, target_id: TargetId) -> ChildTarget | None:
    """Return a target as it stands now."""
    return await tx.get(ChildTarget, target_id, populate_existing=True)


async def list_standing_targets(
    tx: AsyncSession, child_ids: Collection[ChildId], purpose: TargetPurpose
) -> Sequence[ChildTarget]:
    """Return the targets of children for one purpose that stand."""
    query = select(ChildTarget).where(
        ChildTarget.child_id.in_(child_ids), ChildTarget.purpose == purpose, ChildTarget.ended_at.is_(None)
    )
    return (await tx.scalars(query)).all()


async def list_targets_of(tx: AsyncSession, case_id: CaseId) -> Sequence[ChildTarget]:
    """Return the targets set in a case, the newest first."""
    query = select(ChildTarget).where(ChildTarget.case_id == case_id)
    return (await tx.scalars(query.order_by(ChildTarget.set_at.desc(), ChildTarget.target_id))).all()


async def list_timers_of_target(tx: AsyncSession, target_ids: Collection[TargetId]) -> Sequence[Timer]:
    """Return the timers that watch over targets, met ones included."""
    query = select(Timer).where(Timer.target_id.in_(target_ids))
    return (await tx.scalars(query.order_by(Timer.due_at, Timer.timer_id))).all()


async def list_reviews(
    tx: AsyncSession, target_ids: Collection[TargetId]
) -> dict[TargetId, list[TargetReview]]:
    """Return managers' looks at targets, by target, the oldest first."""
    query = select(TargetReview).where(TargetReview.target_id.in_(target_ids))
    made: dict[TargetId, list[TargetReview]] = {}
    for review in await tx.scalars(query.order_by(TargetReview.reviewed_at, TargetReview.review_id)):
        made.setdefault(review.target_id, []).append(review)
    return made
