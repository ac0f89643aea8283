"""Queries for questions put to agencies."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, and_, any_, bindparam, not_, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from services.triage.models import CaseChild, Contact, InformationRequest, RecordedBasis, Timer
from shared.schemas.ids import AgencyId, CaseId, ChildId, RecordId, ReferralId, RequestId


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


async def list_people(
    tx: AsyncSession, asked: Sequence[InformationRequest]
) -> tuple[dict[ChildId, CaseChild], dict[ReferralId, Contact]]:
    """Return the children that questions are about, and the contacts that name their adults."""
    child_ids = {request.child_id for request in asked}
    contact_ids = {UUID(adult["referral_id"]) for request in asked for adult in request.adults}
    children = (await tx.scalars(select(CaseChild).where(CaseChild.child_id.in_(child_ids)))).all()
    contacts = (await tx.scalars(select(Contact).where(Contact.referral_id.in_(contact_ids)))).all()
    return {one.child_id: one for one in children}, {one.referral_id: one for one in contacts}


# Made once, not at each call: both are asked for with every look at a case.
_BASES: Final = (
    select(RecordedBasis)
    .join(Contact, Contact.referral_id == RecordedBasis.referral_id)
    .where(Contact.case_id == bindparam("case_id"))
    .order_by(RecordedBasis.recorded_at, RecordedBasis.basis_id)
)
_REFUSED: Final = (
    select(CaseChild.confirmed_as, Contact.referral_id)
    .distinct()
    .join(Contact, CaseChild.referral_id == Contact.referral_id)
    .where(
        CaseChild.confirmed_as == any_(bindparam("confirmed", type_=ARRAY(Uuid))),
        Contact.consent["given"].as_boolean().is_(False),
    )
)


async def list_bases(tx: AsyncSession, case_id: CaseId) -> Sequence[RecordedBasis]:
    """Return every ground for asking that was recorded for a contact of a case, oldest first."""
    return (await tx.scalars(_BASES, {"case_id": case_id})).all()


async def list_refused(
    tx: AsyncSession, confirmed: Collection[RecordId]
) -> Sequence[tuple[RecordId, ReferralId]]:
    """Return which contacts the family refused consent for, by whom a child was confirmed to be."""
    if not confirmed:
        return ()
    found = await tx.execute(_REFUSED, {"confirmed": list(confirmed)})
    return [(record, contact) for record, contact in found if record is not None]


async def bring_forward(tx: AsyncSession, asked: Sequence[InformationRequest], due_at: datetime) -> None:
    """Have questions, and the timers that watch over their answers, fall due sooner: in one statement."""
    if not asked:
        return
    ids = [request.request_id for request in asked]
    moved = update(InformationRequest).where(InformationRequest.request_id.in_(ids)).values(due_at=due_at)
    sooner = moved.returning(InformationRequest.request_id).cte("sooner")
    watching = update(Timer).where(Timer.request_id.in_(select(sooner.c.request_id)), Timer.met_at.is_(None))
    await tx.execute(watching.values(due_at=due_at), execution_options={"synchronize_session": False})
    for request in asked:
        set_committed_value(request, "due_at", due_at)


async def claim_to_remind(
    tx: AsyncSession, now: datetime, *, most: int, again_after: timedelta, limit: int
) -> Sequence[InformationRequest]:
    """Return questions that `reminders_due` may name, held; those held elsewhere are left out."""
    asked_at, due_at = InformationRequest.asked_at, InformationRequest.due_at
    reminded_at = InformationRequest.reminded_at
    query = select(InformationRequest).where(
        InformationRequest.answered_at.is_(None),
        InformationRequest.reminders < most,
        or_(
            # Half of its time is over when no less of it lies behind than ahead.
            and_(reminded_at.is_(None), now - asked_at >= due_at - now),
            and_(reminded_at < due_at, due_at <= now),
            and_(reminded_at >= due_at, reminded_at <= now - again_after),
        ),
    )
    query = query.order_by(due_at, InformationRequest.request_id).limit(limit)
    return (await tx.scalars(query.with_for_update(skip_locked=True))).all()
