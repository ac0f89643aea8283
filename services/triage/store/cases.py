"""Queries for a case and all that belongs to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import (
    Case,
    CaseChild,
    Contact,
    Decision,
    Grade,
    InformationRequest,
    Recommendation,
    Timer,
)
from shared.problems import NotFound
from shared.schemas.ids import CaseId, ChildId, DecisionId, ReferralId

Row = TypeVar("Row", Contact, CaseChild, InformationRequest, Grade, Decision)


class ChildPlace(NamedTuple):
    """One child in one case."""

    case_id: CaseId
    child_id: ChildId


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


async def get_case_to_change(tx: AsyncSession, case_id: CaseId) -> Case:
    """Return a case, held until the transaction ends: changes to one case happen one after another.

    Raises:
        NotFound: there is none.
    """
    case = (await tx.scalars(select(Case).where(Case.case_id == case_id).with_for_update())).first()
    if case is None:
        raise NotFound
    return case


async def get_child(tx: AsyncSession, place: ChildPlace) -> CaseChild:
    """Return a child of a case; raise NotFound if it is in none or another."""
    child = await tx.get(CaseChild, place.child_id)
    if child is None or child.case_id != place.case_id:
        raise NotFound
    return child


async def is_considered(tx: AsyncSession, referral_id: ReferralId) -> bool:
    """Say whether a referral has a case already."""
    return await tx.get(Contact, referral_id) is not None


async def get_contact(tx: AsyncSession, referral_id: ReferralId) -> Contact:
    """Return a referral that has a case."""
    return await tx.get_one(Contact, referral_id)


async def find_contact(tx: AsyncSession, referral_id: ReferralId) -> Contact | None:
    """Return a referral, if it has a case."""
    return await tx.get(Contact, referral_id)


async def list_children(tx: AsyncSession, case_id: CaseId) -> Sequence[CaseChild]:
    """Return the children of a case in the sender's order."""
    query = select(CaseChild).where(CaseChild.case_id == case_id).order_by(CaseChild.place)
    return (await tx.scalars(query)).all()


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
    query = select(Contact).where(Contact.case_id == case_id).order_by(Contact.received_at)
    return (await tx.scalars(query)).all()


async def get_whole_case(tx: AsyncSession, case_id: CaseId) -> WholeCase:
    """Return a case with all that belongs to it; raise NotFound if there is none."""
    found = await get_whole_cases(tx, [case_id])
    if not found:
        raise NotFound
    return found[0]


async def get_whole_cases(tx: AsyncSession, case_ids: Sequence[CaseId]) -> list[WholeCase]:
    """Return the named cases that exist, in the order named, each with all that belongs to it."""
    cases = {case.case_id: case for case in await tx.scalars(select(Case).where(Case.case_id.in_(case_ids)))}
    contacts = (await tx.scalars(_of(Contact, case_ids).order_by(Contact.received_at))).all()
    children = (await tx.scalars(_of(CaseChild, case_ids).order_by(CaseChild.place))).all()
    requests = (
        await tx.scalars(_of(InformationRequest, case_ids).order_by(InformationRequest.request_id))
    ).all()
    grades = (await tx.scalars(_of(Grade, case_ids).order_by(Grade.graded_at, Grade.grade_id))).all()
    decisions = (await tx.scalars(_of(Decision, case_ids).order_by(Decision.decided_at))).all()
    shown = {child.recommendation_id for child in children} | {made.recommendation_id for made in decisions}
    query = select(Recommendation).where(Recommendation.recommendation_id.in_(shown - {None}))
    recommendations = {UUID(str(row.recommendation_id)): row for row in await tx.scalars(query)}
    return [
        WholeCase(
            cases[case_id],
            [row for row in contacts if row.case_id == case_id],
            [row for row in children if row.case_id == case_id],
            [row for row in requests if row.case_id == case_id],
            [row for row in grades if row.case_id == case_id],
            [row for row in decisions if row.case_id == case_id],
            recommendations,
        )
        for case_id in case_ids
        if case_id in cases
    ]


def _of(table: type[Row], case_ids: Iterable[CaseId]) -> Select[Row]:
    return select(table).where(table.case_id.in_(list(case_ids)))


async def find_decision(tx: AsyncSession, decision_id: DecisionId) -> Decision | None:
    """Return a decision."""
    return await tx.get(Decision, decision_id)


async def get_recommendation(tx: AsyncSession, child: CaseChild) -> Recommendation:
    """Return the newest recommendation for a child; every child of a case has one."""
    return await tx.get_one(Recommendation, child.recommendation_id)


async def get_recommendation_of(tx: AsyncSession, decision: Decision) -> Recommendation:
    """Return what the policy recommended when a decision was made."""
    return await tx.get_one(Recommendation, decision.recommendation_id)
