"""Queries for a case and all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.errors import MovedMeanwhile
from services.triage.models import (
    Case,
    CaseChild,
    CaseJoin,
    Contact,
    Decision,
    Grade,
    InformationRequest,
    Recommendation,
    Timer,
)
from services.triage.store.whole import Rows, in_reading_order, list_rows
from shared.problems import NotFound
from shared.schemas.ids import CaseId, ChildId, DecisionId, ReferralId


class ChildPlace(NamedTuple):
    """One child in one case."""

    case_id: CaseId
    child_id: ChildId


class HeldChild(NamedTuple):
    """A child with the case that it is considered in, held until the transaction ends."""

    case: Case
    child: CaseChild


class Joined(NamedTuple):
    """A referral that came to a case from another, and the reference it is called by."""

    join: CaseJoin
    reference: str


@dataclass(frozen=True, slots=True)
class WholeCase:
    """A case with all that belongs to it, in the order people read it."""

    case: Case
    contacts: Sequence[Contact]
    children: Sequence[CaseChild]
    requests: Sequence[InformationRequest]
    grades: Sequence[Grade]
    decisions: Sequence[Decision]
    recommendations: dict[UUID, Recommendation]
    #: Joins of referrals to it and from it, the newest first.
    joins: Sequence[Joined]
    #: Where the last of its referrals went, if none is left.
    joined_into: CaseId | None
    #: Whether somebody in it is restricted, whoever reads it.
    restricted: bool


async def get_case_to_change(tx: AsyncSession, case_id: CaseId) -> Case:
    """Return a case, held until the transaction ends: changes to one case happen one after another.

    Raises:
        NotFound: there is none.
    """
    case = (await tx.scalars(select(Case).where(Case.case_id == case_id).with_for_update())).first()
    if case is None:
        raise NotFound
    return case


async def find_place(tx: AsyncSession, place: ChildPlace) -> ChildPlace:
    """Return where a child is considered now, if it was ever considered where `place` says.

    Agencies remember the ids of cases; a join moves a child to another.

    Raises:
        NotFound: it is in no case, or was never in that one.
    """
    child = await tx.get(CaseChild, place.child_id)
    if child is None:
        raise NotFound
    await require_was_there(tx, child, place)
    return ChildPlace(child.case_id, place.child_id)


async def require_was_there(tx: AsyncSession, child: CaseChild, place: ChildPlace) -> None:
    """Raise NotFound where a child was never considered in that case."""
    if child.case_id != place.case_id:
        was_there = or_(CaseJoin.from_case_id == place.case_id, CaseJoin.case_id == place.case_id)
        query = select(exists().where(CaseJoin.referral_id == child.referral_id, was_there))
        if not await tx.scalar(query):
            raise NotFound


# Made once, not at each call: building a statement is a quarter of what asking it costs.
_CASE_OF: Final = (
    select(Case)
    .join(CaseChild, CaseChild.case_id == Case.case_id)
    .where(CaseChild.child_id == bindparam("child_id"))
    .with_for_update(of=Case)
    .execution_options(populate_existing=True)
)
# Looked at only once the case is held: what the child was before that may have changed meanwhile.
_CHILD: Final = (
    select(CaseChild)
    .where(CaseChild.child_id == bindparam("child_id"))
    .execution_options(populate_existing=True)
)


async def hold_child(tx: AsyncSession, place: ChildPlace) -> HeldChild:
    """Return a child with its case, held until the transaction ends, wherever it has been moved to.

    Raises:
        NotFound: as `find_place` says.
        MovedMeanwhile: it was moved while this waited.
    """
    case = await hold_case_of(tx, place.child_id)
    child = (await tx.scalars(_CHILD, {"child_id": place.child_id})).one()
    if child.case_id != case.case_id:
        raise MovedMeanwhile
    await require_was_there(tx, child, place)
    return HeldChild(case, child)


async def hold_case_of(tx: AsyncSession, child_id: ChildId) -> Case:
    """Return the case that a child is in, held until the transaction ends.

    Where this waited, the child may be in another when it ends: who goes on looks at it again.

    Raises:
        NotFound: it is in no case.
    """
    case = (await tx.scalars(_CASE_OF, {"child_id": child_id})).first()
    if case is None:
        raise NotFound
    return case


async def list_group(tx: AsyncSession, child: CaseChild) -> Sequence[CaseChild]:
    """Return all children of a case that are one child with this one, itself included, first heard first."""
    first = child.same_child_as or child.child_id
    query = _children().where(
        CaseChild.case_id == child.case_id,
        or_(CaseChild.child_id == first, CaseChild.same_child_as == first),
    )
    return (await tx.scalars(query)).all()


async def is_considered(tx: AsyncSession, referral_id: ReferralId) -> bool:
    """Say whether a referral has a case already."""
    return await tx.get(Contact, referral_id) is not None


async def get_contact(tx: AsyncSession, referral_id: ReferralId) -> Contact:
    """Return a referral that has a case."""
    return await tx.get_one(Contact, referral_id)


async def find_contact(tx: AsyncSession, referral_id: ReferralId) -> Contact | None:
    """Return a referral, if it has a case."""
    return await tx.get(Contact, referral_id)


async def list_children(tx: AsyncSession, *case_ids: CaseId) -> Sequence[CaseChild]:
    """Return the children of cases, those first heard of first, then in their sender's order."""
    return (await tx.scalars(_children().where(CaseChild.case_id.in_(case_ids)))).all()


async def list_children_of(tx: AsyncSession, referral_id: ReferralId) -> Sequence[CaseChild]:
    """Return the children that a referral named, in its sender's order."""
    return (await tx.scalars(_children().where(CaseChild.referral_id == referral_id))).all()


def _children() -> Select[CaseChild]:
    return in_reading_order(select(CaseChild))


async def list_grades(tx: AsyncSession, child_id: ChildId) -> Sequence[Grade]:
    """Return every grade of a child, oldest first."""
    query = select(Grade).where(Grade.child_id == child_id).order_by(Grade.graded_at, Grade.grade_id)
    return (await tx.scalars(query)).all()


async def list_timers(tx: AsyncSession, child_id: ChildId, kind: str) -> Sequence[Timer]:
    """Return the timers of one kind that a child has still to meet."""
    query = select(Timer).where(Timer.child_id == child_id, Timer.kind == kind, Timer.met_at.is_(None))
    return (await tx.scalars(query)).all()


async def list_contacts(tx: AsyncSession, case_id: CaseId) -> Sequence[Contact]:
    """Return the referrals of a case, oldest first."""
    query = select(Contact).where(Contact.case_id == case_id)
    return (await tx.scalars(query.order_by(Contact.received_at, Contact.referral_id))).all()


async def get_whole_case(tx: AsyncSession, case_id: CaseId) -> WholeCase:
    """Return a case with all that belongs to it; raise NotFound if there is none."""
    found = await get_whole_cases(tx, [case_id])
    if not found:
        raise NotFound
    return found[0]


async def get_whole_cases(tx: AsyncSession, case_ids: Sequence[CaseId]) -> list[WholeCase]:
    """Return the named cases that exist, in the order named, each with all that belongs to it."""
    rows = await list_rows(tx, case_ids)
    return [
        WholeCase(
            rows.cases[case_id],
            rows.contacts.get(case_id, []),
            rows.children.get(case_id, []),
            rows.requests.get(case_id, []),
            rows.grades.get(case_id, []),
            rows.decisions.get(case_id, []),
            rows.recommendations,
            [Joined(*row) for row in rows.joins if case_id in {row[0].case_id, row[0].from_case_id}],
            _joined_into(case_id, rows),
            case_id in rows.restricted,
        )
        for case_id in case_ids
        if case_id in rows.cases
    ]


def _joined_into(case_id: CaseId, rows: Rows) -> CaseId | None:
    if rows.contacts.get(case_id):
        return None
    went = (join.case_id for join, _ in rows.joins if join.from_case_id == case_id and join.undone_at is None)
    return next(went, None)


async def find_decision(tx: AsyncSession, decision_id: DecisionId) -> Decision | None:
    """Return a decision."""
    return await tx.get(Decision, decision_id)


async def get_recommendation(tx: AsyncSession, child: CaseChild) -> Recommendation:
    """Return the newest recommendation for a child; every child of a case has one."""
    return await tx.get_one(Recommendation, child.recommendation_id)


async def get_recommendation_of(tx: AsyncSession, decision: Decision) -> Recommendation:
    """Return what the policy recommended when a decision was made."""
    return await tx.get_one(Recommendation, decision.recommendation_id)
