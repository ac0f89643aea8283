"""Intake over HTTP: partners send referrals and see where they are; services read what they must."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from services.intake import actions
from services.intake.rules import SEES_ALL
from shared.platform.auth import Caller, permit
from shared.platform.headers import IdempotencyKey
from shared.platform.json import Sent
from shared.platform.openapi import headers, problems, sent_body
from shared.platform.paging import Cursor, Limit, read_cursor, write_cursor
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import ReferralId
from shared.schemas.referrals import (
    ReferralAccepted,
    ReferralDocument,
    ReferralIn,
    ReferralProgress,
    ReferralSender,
)
from shared.schemas.shapes import Page
from shared.schemas.words import Role, Scope

router = APIRouter()

Sender = Annotated[Caller, permit(scope=Scope.REFERRAL_WRITE)]
Reader = Annotated[Caller, permit(scope=Scope.REFERRAL_READ, roles=SEES_ALL | {Role.AGENCY_REPRESENTATIVE})]
Considering = Annotated[Caller, permit(services={"triage"})]
Answering = Annotated[Caller, permit(services={"notifications"})]
Heard = Annotated[
    str,
    Path(
        description="As it was given, typed or said: case, spaces and hyphens do not count.",
        examples=["SH-7K3QX9MA-9"],
    ),
]
Version = Annotated[int | None, Query(ge=1, lt=2**31, description="Left out: the newest.")]


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
    tx: Tx,
    now: Now,
    request: Request,
    response: Response,
) -> ReferralAccepted:
    """Send a worry about one or more children to the hub.

    A 201 means that the hub has it for good and owes you an answer by `respond_by`. Send what you have:
    what is missing or odd comes back as `findings` and never holds a child back. If you hear nothing, send
    the same content again with the same key: you get the same answer, and the hub has it once.
    """
    advice: str = request.app.state.danger_advice
    reception = await actions.receive_referral(tx, sent, sender, key, now=now, danger_advice=advice)
    response.status_code = reception.status
    response.headers["Location"] = f"/v1/referrals/{reception.answer.reference}"
    if reception.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return reception.answer


@router.get("/v1/referrals/{reference}", response_model=ReferralProgress, tags=["Referrals"])
async def get_referral(reader: Reader, reference: Heard, tx: Tx, now: Now) -> ReferralProgress:
    """See where a referral of yours is, who holds it and by when you will be answered."""
    return await actions.read_progress(tx, reader, reference, now=now)


@router.get("/v1/referrals", response_model=Page[ReferralProgress], tags=["Referrals"])
async def list_referrals(
    reader: Reader, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 100
) -> Page[ReferralProgress]:
    """List your agency's referrals, newest first."""
    before = _place(reader, cursor) if cursor else None
    items, has_more = await actions.list_progress(tx, reader, before=before, limit=limit, now=now)
    last = items[-1] if items else None
    next_cursor = write_cursor(_list_of(reader), last.received_at, last.referral_id) if last else cursor
    return Page(items=items, next_cursor=next_cursor, has_more=has_more)


def _list_of(reader: Caller) -> str:
    return f"referrals of {reader.agency_id}"


def _place(reader: Caller, cursor: str) -> tuple[datetime, UUID]:
    at, referral_id = read_cursor(_list_of(reader), cursor, places=(datetime, UUID))
    return at, referral_id


@router.get("/internal/referrals/{referral_id}", response_model=ReferralDocument, include_in_schema=False)
async def get_document(
    service: Considering, referral_id: PathId, tx: Tx, now: Now, version: Version = None
) -> ReferralDocument:
    """Give a whole referral to the service that considers it."""
    return await actions.read_document(tx, service, ReferralId(referral_id), version, now=now)


@router.get(
    "/internal/referrals/{referral_id}/sender", response_model=ReferralSender, include_in_schema=False
)
async def get_sender(service: Answering, referral_id: PathId, tx: Tx, now: Now) -> ReferralSender:
    """Give the service that answers senders the names they gave things, and nothing else."""
    return await actions.read_sender(tx, service, ReferralId(referral_id), now=now)
