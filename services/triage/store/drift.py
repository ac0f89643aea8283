"""Queries for children for whom nothing happens: what happened last, and which spells were found."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from services.triage.models import (
    CaseChild,
    ChildTarget,
    Contact,
    ContactVersion,
    Decision,
    Drift,
    Grade,
    InformationRequest,
    Recommendation,
    Timer,
)
from shared.schemas.ids import CaseId, ChildId

#: What counts as something happening for a child: an instant, and of which child. That a machine found
#: something, a breach or a drift, is none: it must not hide that nobody did anything.
_HAPPENINGS: Final[Sequence[tuple[InstrumentedAttribute[Any], InstrumentedAttribute[ChildId]]]] = (
    (InformationRequest.asked_at, InformationRequest.child_id),
    (InformationRequest.answered_at, InformationRequest.child_id),
    (Grade.graded_at, Grade.child_id),
    (Recommendation.made_at, Recommendation.child_id),
    (Decision.decided_at, Decision.child_id),
    (ChildTarget.set_at, ChildTarget.child_id),
    (Timer.met_at, Timer.child_id),
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
    is_one = func.coalesce(one.same_child_as, one.child_id) == CaseChild.child_id

    def of_child(at: InstrumentedAttribute[Any], child_id: InstrumentedAttribute[ChildId]) -> Any:
        return (
            select(func.max(at)).join(one, one.child_id == child_id).where(is_one).correlate(CaseChild)
        ).scalar_subquery()

    def of_referral(table: type[Contact] | type[ContactVersion]) -> Any:
        return (
            select(func.max(table.received_at))
            .join(one, one.referral_id == table.referral_id)
            .where(is_one)
            .correlate(CaseChild)
        ).scalar_subquery()

    happened = [of_child(*each) for each in _HAPPENINGS]
    return func.greatest(*happened, of_referral(Contact), of_referral(ContactVersion))
