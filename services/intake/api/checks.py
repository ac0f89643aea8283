"""Checking a draft before sending it, and what was checked and never sent."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.intake.actions import checking
from services.intake.actions.checking import Terms
from services.intake.api.parts import Sender
from services.intake.store.receipts import Wanted
from shared.platform.auth import Caller, permit
from shared.platform.openapi import json_body
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.requests import Now, Tx
from shared.schemas.checks import CheckReceipt, Evaluation, ReferralCheck
from shared.schemas.referrals import ReferralDraft
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter()

LookingBack = Annotated[Caller, permit(roles={Role.MANAGER, Role.PRACTICE_AUDITOR})]
DraftBody = Annotated[ReferralDraft, json_body(ReferralDraft)]
Sent = Annotated[bool | None, Query(description="Only those that were sent, or only those that were not.")]
Sampled = Annotated[
    bool | None,
    Query(description="Only those that staff look at if they are never sent, or only the others."),
]


async def _terms(request: Request) -> Terms:
    terms: Terms = request.app.state.check_terms
    return terms


TermsHere = Annotated[Terms, Depends(_terms)]


async def _what_comes_of_it(request: Request, draft: DraftBody, terms: TermsHere) -> Evaluation | None:
    return await checking.ask_what_comes_of(request.app.state.triage, draft, terms.patience)


#: Asked before the transaction of the request opens: it stands before `tx` in a signature.
WhatComesOfIt = Annotated[Evaluation | None, Depends(_what_comes_of_it)]


@router.post("/v1/referrals/check", response_model=ReferralCheck, tags=["Checks"])
async def check_referral(
    sender: Sender, draft: DraftBody, evaluation: WhatComesOfIt, tx: Tx, now: Now, terms: TermsHere
) -> ReferralCheck:
    """Check a referral before you send it: what is missing, what would probably come of it, what to do now.

    Nothing in it is required and nothing about a person is kept: only a receipt with codes and the time.
    Read `safety` first. The answer never says that you should not send it.
    """
    return await checking.check_draft(tx, draft, sender, evaluation, now=now, terms=terms)


@router.get("/v1/check-receipts", response_model=Page[CheckReceipt], tags=["Checks"])
async def list_check_receipts(
    reader: LookingBack,
    tx: Tx,
    now: Now,
    sent: Sent = None,
    sampled: Sampled = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Page[CheckReceipt]:
    """List what was checked, newest first: with `sent=false`, what nobody has sent since."""
    wanted = Wanted(sent, sampled)
    list_name = f"checks sent={sent} sampled={sampled}"
    before = read_time_and_id(list_name, cursor)
    found = await checking.list_receipts(tx, reader, wanted, before=before, limit=limit, now=now)
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.checked_at, last.receipt_id))
