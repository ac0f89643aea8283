"""Queries for the board: what was said of each child, and where anything is new since an instant."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, tuple_, union
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import (
    Case,
    CaseChild,
    Contact,
    ContactVersion,
    Decision,
    Grade,
    InformationRequest,
    Recommendation,
    Timer,
    Wait,
)
from services.triage.store.oversight import of_reviews
from services.triage.store.work_list import Line
from shared.schemas.ids import CaseId, ChildId, ReferralId


class Colour(NamedTuple):
    """What the policy recommended at one moment."""

    child_id: ChildId
    made_at: datetime
    rag: str
    level: int | None


async def list_waits(tx: AsyncSession, child_ids: Collection[ChildId]) -> Sequence[Wait]:
    """Return all that was said of these children at close of day, the oldest first."""
    query = select(Wait).where(Wait.child_id.in_(child_ids)).order_by(Wait.said_at, Wait.wait_id)
    return (await tx.scalars(query)).all()


async def list_colours(tx: AsyncSession, case_ids: Collection[CaseId]) -> Sequence[Colour]:
    """Return colour and level of every recommendation for the children of these cases, the oldest first."""
    level = Recommendation.view["level"].as_integer()
    query = select(Recommendation.child_id, Recommendation.made_at, Recommendation.view["rag"].astext, level)
    query = query.where(Recommendation.case_id.in_(case_ids))
    rows = await tx.execute(query.order_by(Recommendation.made_at, Recommendation.recommendation_id))
    return [Colour(*row) for row in rows]


async def list_versions(
    tx: AsyncSession, referral_ids: Collection[ReferralId], *, since: datetime
) -> Sequence[ContactVersion]:
    """Return the later versions of these referrals that arrived after an instant, the oldest first."""
    query = select(ContactVersion).where(
        ContactVersion.referral_id.in_(referral_ids), ContactVersion.received_at > since
    )
    return (await tx.scalars(query.order_by(ContactVersion.received_at))).all()


async def list_changed_cases(
    tx: AsyncSession,
    since: datetime,
    *,
    reviews: tuple[datetime, datetime],
    after: tuple[int, datetime, UUID] | None,
    limit: int,
    without: Collection[CaseId] = (),
) -> Sequence[Line]:
    """Return one more than the limit of the cases with anything new, the most urgent first.

    Args:
        reviews: after when, and until when, a manager's review fell due whose day is new.
        without: cases that are left out.
    """
    of_child = select(CaseChild.case_id).join(Wait, Wait.child_id == CaseChild.child_id)
    of_contact = select(Contact.case_id).join(
        ContactVersion, ContactVersion.referral_id == Contact.referral_id
    )
    changed = union(
        select(Contact.case_id).where(Contact.received_at > since),
        of_contact.where(ContactVersion.received_at > since),
        select(InformationRequest.case_id).where(InformationRequest.answered_at > since),
        select(Grade.case_id).where(Grade.graded_at > since),
        select(Recommendation.case_id).where(Recommendation.made_at > since),
        select(Decision.case_id).where(Decision.decided_at > since),
        of_child.where(Wait.said_at > since),
        select(Timer.case_id).where(*of_reviews(*reviews)),
    ).subquery()
    columns = (Case.urgency, Case.decide_by, Case.case_id)
    query = select(Case.case_id, Case.urgency, Case.decide_by).where(Case.case_id.in_(select(changed)))
    if without:
        query = query.where(Case.case_id.not_in(without))
    if after is not None:
        query = query.where(tuple_(*columns) > after)
    rows = await tx.execute(query.order_by(*columns).limit(limit + 1))
    return [(row[0], row[1], row[2]) for row in rows]
