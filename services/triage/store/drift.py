"""Queries for children for whom nothing happens: what happened last, and which spells were found."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from services.triage.models import (
    Alert,
    Allocation,
    Breach,
    BreachReason,
    CaseChild,
    CaseJoin,
    ChildTarget,
    Contact,
    ContactVersion,
    Decision,
    DepthChange,
    Discussion,
    DiscussionAction,
    DiscussionChild,
    DiscussionIssue,
    DiscussionMark,
    DiscussionVersion,
    Drift,
    Grade,
    InformationRequest,
    Onward,
    Oversight,
    RecordedBasis,
    TargetReview,
    Timer,
    Wait,
)
from shared.schemas.ids import CaseId, ChildId

_At = InstrumentedAttribute[Any]

#: What counts as something happening for a child: somebody said, answered, decided, directed or did
#: something about it. An instant, and of which child. That a machine found or worked out something (a
#: breach, a drift, a recommendation anew) is none: it must not hide that nobody did anything. Neither is it
#: that somebody looked: a view, a lease, a draft.
OF_CHILD: Final[Sequence[tuple[_At, _At]]] = (
    (InformationRequest.asked_at, InformationRequest.child_id),
    (InformationRequest.answered_at, InformationRequest.child_id),
    (Grade.graded_at, Grade.child_id),
    (Decision.decided_at, Decision.child_id),
    (Decision.looked_at, Decision.child_id),
    (DepthChange.changed_at, DepthChange.child_id),
    (ChildTarget.set_at, ChildTarget.child_id),
    (Timer.met_at, Timer.child_id),
    (Wait.said_at, Wait.child_id),
    (Alert.acknowledged_at, Alert.child_id),
    (Oversight.entered_at, Oversight.child_id),
    (Onward.recorded_at, Onward.child_id),
)
#: The same of tables that name the child by way of another: each with the steps between.
BY_WAY_OF: Final[Sequence[tuple[_At, Sequence[tuple[_At, _At]], _At]]] = (
    (
        TargetReview.reviewed_at,
        ((TargetReview.target_id, ChildTarget.target_id),),
        ChildTarget.child_id,
    ),
    (BreachReason.given_at, ((BreachReason.breach_id, Breach.breach_id),), Breach.child_id),
    *(
        (at, ((its, DiscussionChild.discussion_id),), DiscussionChild.child_id)
        for at, its in (
            (Discussion.called_at, Discussion.discussion_id),
            (Discussion.concluded_at, Discussion.discussion_id),
            (Discussion.called_off_at, Discussion.discussion_id),
            (DiscussionVersion.recorded_at, DiscussionVersion.discussion_id),
            (DiscussionAction.added_at, DiscussionAction.discussion_id),
            (DiscussionIssue.issued_at, DiscussionIssue.discussion_id),
        )
    ),
    (
        DiscussionMark.marked_at,
        (
            (DiscussionMark.action_id, DiscussionAction.action_id),
            (DiscussionAction.discussion_id, DiscussionChild.discussion_id),
        ),
        DiscussionChild.child_id,
    ),
)
#: The same of the whole contact that named the child.
OF_CONTACT: Final[Sequence[tuple[_At, _At]]] = (
    (Contact.received_at, Contact.referral_id),
    (ContactVersion.received_at, ContactVersion.referral_id),
    (RecordedBasis.recorded_at, RecordedBasis.referral_id),
    (CaseJoin.joined_at, CaseJoin.referral_id),
    (CaseJoin.undone_at, CaseJoin.referral_id),
)
#: The same of the whole case.
OF_CASE: Final[Sequence[tuple[_At, _At]]] = (
    (Allocation.made_at, Allocation.case_id),
    (Oversight.entered_at, Oversight.case_id),
)


class Quiet(NamedTuple):
    """A child that waits for a decision, and when something happened for it last."""

    case_id: CaseId
    child_id: ChildId
    quiet_since: datetime


async def list_quiet(tx: AsyncSession, *, since: datetime) -> list[Quiet]:
    """Return the children that wait, for whom nothing happened after `since`, unless it was found already."""
    last = _last()
    found = exists().where(Drift.child_id == CaseChild.child_id, Drift.quiet_since == last)
    query = _waiting(last).where(last <= since, ~found)
    return [Quiet(*row) for row in await tx.execute(query.order_by(last, CaseChild.child_id))]


async def add_drift(tx: AsyncSession, values: dict[str, Any]) -> bool:
    """Add a spell, and say whether nobody had found it yet."""
    added = insert(Drift).values(values).on_conflict_do_nothing().returning(Drift.drift_id)
    return (await tx.scalar(added)) is not None


async def page_of_drift(
    tx: AsyncSession,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    without: Collection[CaseId] = (),
) -> Sequence[Drift]:
    """Return one more than `limit` spells that go on, the longest quiet first.

    Args:
        without: cases whose spells are left out.
    """
    query = _going_on()
    if without:
        query = query.where(Drift.case_id.not_in(without))
    if after is not None:
        query = query.where(tuple_(Drift.quiet_since, Drift.drift_id) > after)
    return (await tx.scalars(query.limit(limit + 1))).all()


async def list_drift_of(tx: AsyncSession, case_id: CaseId) -> Sequence[Drift]:
    """Return the spells that go on in a case, the longest quiet first."""
    return (await tx.scalars(_going_on().where(Drift.case_id == case_id))).all()


def _going_on() -> Select[Drift]:
    return (
        select(Drift)
        .join(CaseChild, CaseChild.child_id == Drift.child_id)
        .where(_waits(), Drift.quiet_since == _last())
        .order_by(Drift.quiet_since, Drift.drift_id)
    )


def _waiting(last: ColumnElement[datetime]) -> Select[CaseId, ChildId, datetime]:
    return select(CaseChild.case_id, CaseChild.child_id, last).where(_waits())


def _waits() -> ColumnElement[bool]:
    """Return the condition that a child waits for a decision; of those who are one child, the first."""
    undecided = or_(CaseChild.decision_id.is_(None), CaseChild.changed_at.is_not(None))
    return CaseChild.same_child_as.is_(None) & undecided


def _last() -> ColumnElement[datetime]:
    """Return when something happened last for a child, under any of its ids in the case."""
    one = aliased(CaseChild)
    # All of them are in the case: without saying so, each child of the hub would be held against every other.
    is_one = and_(
        one.case_id == CaseChild.case_id,
        func.coalesce(one.same_child_as, one.child_id) == CaseChild.child_id,
    )

    def last(query: Select[Any], child_id: _At) -> Any:
        found = query.join(one, one.child_id == child_id).where(is_one)
        return found.correlate(CaseChild).scalar_subquery()

    def of_contact(at: _At, referral_id: _At) -> Any:
        found = select(func.max(at)).join(one, one.referral_id == referral_id).where(is_one)
        return found.correlate(CaseChild).scalar_subquery()

    def of_case(at: _At, case_id: _At) -> Any:
        of_all = Oversight.child_id.is_(None) if at.class_ is Oversight else true()
        found = select(func.max(at)).where(case_id == CaseChild.case_id, of_all)
        return found.correlate(CaseChild).scalar_subquery()

    happened = [last(select(func.max(at)), child_id) for at, child_id in OF_CHILD]
    happened += [last(_by_way(at, steps), child_id) for at, steps, child_id in BY_WAY_OF]
    happened += [of_contact(*each) for each in OF_CONTACT]
    happened += [of_case(*each) for each in OF_CASE]
    return func.greatest(*happened)


def _by_way(at: _At, steps: Sequence[tuple[_At, _At]]) -> Select[Any]:
    query = select(func.max(at)).select_from(at.class_)
    for here, there in steps:
        query = query.join(there.class_, here == there)
    return query
