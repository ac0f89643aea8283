"""What intake tells the hub's other services."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.intake.actions import reading, restricting
from shared.platform.auth import Caller, permit
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import ReferralId
from shared.schemas.progress import ReferralDocument, ReferralRestriction, ReferralSender

router = APIRouter(include_in_schema=False)

Considering = Annotated[Caller, permit(services={"triage"})]
Answering = Annotated[Caller, permit(services={"notifications"})]
Version = Annotated[int | None, Query(ge=1, lt=2**31, description="Left out: the newest.")]


@router.get("/internal/referrals/{referral_id}", response_model=ReferralDocument)
async def get_document(
    service: Considering, referral_id: PathId, tx: Tx, now: Now, version: Version = None
) -> ReferralDocument:
    """Give a whole referral to the service that considers it."""
    return await reading.read_document(tx, service, ReferralId(referral_id), version, now=now)


@router.get("/internal/referrals/{referral_id}/restriction", response_model=ReferralRestriction)
async def get_restriction(service: Considering, referral_id: PathId, tx: Tx, now: Now) -> ReferralRestriction:
    """Tell the service that shows a referral to staff whether somebody in it is restricted now."""
    return await restricting.read_restriction(tx, ReferralId(referral_id), service, now=now)


@router.get("/internal/referrals/{referral_id}/sender", response_model=ReferralSender)
async def get_sender(service: Answering, referral_id: PathId, tx: Tx, now: Now) -> ReferralSender:
    """Give the service that answers senders the names they gave things, and nothing else."""
    return await reading.read_sender(tx, service, ReferralId(referral_id), now=now)
