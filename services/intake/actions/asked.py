"""What senders were asked for: to the agency that was asked, to staff, and to the service that tells it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import models
from services.intake.actions import LEDGER
from services.intake.actions.looking_up import only_agency
from services.intake.store import quality
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import FurtherInformationId
from shared.schemas.progress import FurtherInformation, FurtherInformationAsked, Gap
from shared.schemas.words import FurtherInformationState


def show(
    request: models.FurtherInformation, *, reference: str, sender_reference: str | None
) -> FurtherInformation:
    """Return a request as the agency that was asked sees it, with the names of its referral."""
    return FurtherInformation(
        request_id=request.request_id,
        reference=reference,
        sender_reference=sender_reference,
        version=request.version,
        gaps=[Gap.model_validate(gap) for gap in request.gaps],
        text=request.text,
        requested_at=request.requested_at,
        requested_by=request.requested_by_name,
        due_at=request.due_at,
        state=FurtherInformationState(request.state),
        answered_version=request.answered_version,
        closed_at=request.closed_at,
    )


async def list_asked(
    tx: AsyncSession,
    reader: Caller,
    state: FurtherInformationState | None,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[FurtherInformation], bool]:
    """Return what the reader's agency was asked, newest first, and whether there is more."""
    agency_id = only_agency(reader)
    found = await quality.list_requests(tx, agency_id, state=state, before=before, limit=limit)
    page = found[:limit]
    subjects = [subject for request, _, _ in page for subject in (request.request_id, request.referral_id)]
    await LEDGER.record(tx, reader, "further_information.read", at=now, subjects=subjects)
    shown = [
        show(request, reference=reference, sender_reference=sender_reference)
        for request, reference, sender_reference in page
    ]
    return shown, len(found) > limit


async def read_asked(
    tx: AsyncSession, reader: Caller, request_id: FurtherInformationId, *, now: datetime
) -> FurtherInformationAsked:
    """Return a request to the service that tells the sender of it.

    Raises:
        NotFound: there is none.
    """
    found = await quality.find_request(tx, request_id)
    if found is None:
        raise NotFound
    request, reference, sender_reference = found
    subjects = [request.request_id, request.referral_id]
    await LEDGER.record(tx, reader, "further_information.read", at=now, subjects=subjects)
    shown = show(request, reference=reference, sender_reference=sender_reference)
    return FurtherInformationAsked(
        **dict(shown), referral_id=request.referral_id, agency_id=request.agency_id
    )
