"""Queries for questions put to agencies."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import not_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import CaseChild, InformationRequest
from shared.schemas.ids import AgencyId, ChildId, ReferralId, RequestId


async def list_requests(tx: AsyncSession, child_id: ChildId) -> Sequence[InformationRequest]:
    """Return every question asked about a child, oldest first."""
    query = select(InformationRequest).where(InformationRequest.child_id == child_id)
    return (await tx.scalars(query.order_by(InformationRequest.request_id))).all()


async def list_agencies_asked(tx: AsyncSession, referral_id: ReferralId) -> Sequence[AgencyId]:
    """Return every agency that was asked about a child of a referral, each once."""
    asked = InformationRequest.agency_id
    query = select(asked).join(CaseChild, CaseChild.child_id == InformationRequest.child_id)
    query = query.where(CaseChild.referral_id == referral_id).distinct().order_by(asked)
    return (await tx.scalars(query)).all()


async def find_request(tx: AsyncSession, request_id: RequestId) -> InformationRequest | None:
    """Return a question."""
    return await tx.get(InformationRequest, request_id)


async def page_of_requests(
    tx: AsyncSession,
    agency_id: AgencyId | None,
    *,
    answered: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[InformationRequest]:
    """Return one more than `limit` questions, the soonest due first; with an agency, only those put to it."""
    query = select(InformationRequest).order_by(InformationRequest.due_at, InformationRequest.request_id)
    if agency_id is not None:
        query = query.where(InformationRequest.agency_id == agency_id)
    if answered is not None:
        unanswered = InformationRequest.answered_at.is_(None)
        query = query.where(not_(unanswered) if answered else unanswered)
    if after is not None:
        query = query.where(tuple_(InformationRequest.due_at, InformationRequest.request_id) > after)
    return (await tx.scalars(query.limit(limit + 1))).all()
