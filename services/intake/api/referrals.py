"""Sending a referral, and seeing where it is."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse

from services.intake.actions import reading, receiving
from services.intake.advice import Advice
from services.intake.api.parts import Heard, Reader, Sender, accepted
from services.intake.store.referrals import Wanted
from shared.platform.headers import IdempotencyKey
from shared.platform.json import Sent
from shared.platform.openapi import headers, problems, sent_body
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.requests import KeyedTx, Now, Tx
from shared.schemas.ids import AgencyId
from shared.schemas.progress import ReferralAccepted, ReferralProgress
from shared.schemas.referrals import ReferralIn
from shared.schemas.shapes import Page
from shared.schemas.words import Channel

router = APIRouter()


@router.post(
    "/v1/referrals",
    status_code=201,
    response_model=ReferralAccepted,
    responses=problems(409)
    | {
        200: {"model": ReferralAccepted, "description": "You sent this before under another key: the first."},
        201: headers(
            {
                "Location": "Where the referral can be read.",
                "Idempotent-Replayed": "`true`: this is the answer your key was given before.",
            }
        ),
    },
    tags=["Referrals"],
)
async def post_referral(
    sender: Sender,
    key: IdempotencyKey,
    sent: Annotated[Sent[ReferralIn], sent_body(ReferralIn)],
    tx: KeyedTx,
    now: Now,
    request: Request,
) -> JSONResponse:
    """Send a worry about one or more children to the hub.

    A 201 means that the hub has it for good and owes you an answer by `respond_by`. Send what you have:
    what is missing or odd comes back as `findings` and never holds a child back. If you hear nothing, send
    the same content again with the same key: you get the same answer, and the hub has it once.
    """
    advice: Advice = request.app.state.advice
    reception = await receiving.receive_referral(tx, sent, sender, key, now=now, advice=advice)
    return accepted(reception, f"/v1/referrals/{reception.answer.reference}")


@router.get(
    "/v1/referrals/{reference}", response_model=ReferralProgress, responses=problems(404), tags=["Referrals"]
)
async def get_referral(reader: Reader, reference: Heard, tx: Tx, now: Now) -> ReferralProgress:
    """See where a referral of yours is, who holds it, what you were asked and by when you are answered."""
    return await reading.read_progress(tx, reader, reference, now=now)


async def _wanted(
    immediate_danger: Annotated[
        bool | None, Query(description="Whether the newest version says that a child is in danger now.")
    ] = None,
    channel: Annotated[Channel | None, Query(description="How the first version came.")] = None,
    agency_id: Annotated[
        UUID | None, Query(description="For staff who work with every referral: one agency's alone.")
    ] = None,
) -> Wanted:
    return Wanted(AgencyId(agency_id) if agency_id else None, immediate_danger, channel)


@router.get("/v1/referrals", response_model=Page[ReferralProgress], tags=["Referrals"])
async def list_referrals(
    reader: Reader,
    wanted: Annotated[Wanted, Depends(_wanted)],
    tx: Tx,
    now: Now,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[ReferralProgress]:
    """List your agency's referrals, newest first.

    A later version leaves a referral in its place. A cursor goes with the filters it was given for.
    """
    filters = (wanted.agency_id, wanted.immediate_danger, wanted.channel)
    whose = f"referrals of {reader.agency_id}: {' '.join(str(each) for each in filters)}"
    before = read_time_and_id(whose, cursor)
    found = await reading.list_progress(tx, reader, wanted, before=before, limit=limit, now=now)
    return make_page(whose, found, cursor=cursor, place=lambda last: (last.received_at, last.referral_id))
