"""Queries for what went before: the cases of one child under all its ids."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.errors import MovedMeanwhile
from services.triage.models import Case, CaseChild, Contact, ContactVersion, Decision, Recommendation
from services.triage.second_look import IN_FORCE
from shared.schemas.ids import CaseId, ChildId, ReferralId


async def list_case_ids(tx: AsyncSession, child_ids: Collection[ChildId]) -> list[CaseId]:
    """Return the cases that any of these children stand in, each once, oldest first."""
    query = select(CaseChild.case_id).where(CaseChild.child_id.in_(child_ids)).distinct()
    return list((await tx.scalars(query.order_by(CaseChild.case_id))).all())


async def list_recommendations(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[Recommendation]:
    """Return every recommendation for these children, oldest first."""
    query = select(Recommendation).where(Recommendation.child_id.in_(child_ids))
    return (await tx.scalars(query.order_by(Recommendation.made_at, Recommendation.recommendation_id))).all()


async def list_decisions(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[Decision]:
    """Return every decision for these children that came into force, oldest first."""
    query = select(Decision).where(Decision.child_id.in_(child_ids), Decision.standing.in_(IN_FORCE))
    return (await tx.scalars(query.order_by(Decision.decided_at, Decision.decision_id))).all()


async def list_versions(tx: AsyncSession, referral_ids: Collection[ReferralId]) -> Sequence[ContactVersion]:
    """Return the later versions of these referrals, oldest first."""
    query = select(ContactVersion).where(ContactVersion.referral_id.in_(referral_ids))
    return (await tx.scalars(query.order_by(ContactVersion.received_at, ContactVersion.version))).all()


async def find_first_version_after(
    tx: AsyncSession, referral_id: ReferralId, at: datetime
) -> datetime | None:
    """Return when the first version of a referral arrived after a time; None if none has."""
    mine = ContactVersion.referral_id == referral_id
    query = select(func.min(ContactVersion.received_at)).where(mine, ContactVersion.received_at > at)
    return await tx.scalar(query)


async def hold_cases(
    tx: AsyncSession, child_ids: Collection[ChildId], referral_ids: Collection[ReferralId] = ()
) -> dict[CaseId, Case]:
    """Return the cases of these children and referrals, held until the transaction ends.

    All are held in one order, so that two who hold some of the same wait for each other and never in a ring.

    Raises:
        MovedMeanwhile: one of the children was moved to another case while this waited.
    """
    of_children = select(CaseChild.case_id).where(CaseChild.child_id.in_(child_ids))
    of_referrals = select(Contact.case_id).where(Contact.referral_id.in_(referral_ids))
    query = select(Case).where(or_(Case.case_id.in_(of_children), Case.case_id.in_(of_referrals)))
    held = {case.case_id: case for case in await tx.scalars(query.order_by(Case.case_id).with_for_update())}
    if any(child.case_id not in held for child in await list_children(tx, child_ids)):
        raise MovedMeanwhile
    return held


async def list_children(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[CaseChild]:
    """Return those of these children that stand in a case, as they are now."""
    query = select(CaseChild).where(CaseChild.child_id.in_(child_ids)).order_by(CaseChild.child_id)
    return (await tx.scalars(query.execution_options(populate_existing=True))).all()
