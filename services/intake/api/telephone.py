"""A contact by telephone over HTTP: written down by staff while the caller is on the line."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import JSONResponse

from services.intake.actions import telephoning
from services.intake.actions.telephoning import Call
from services.intake.advice import Advice
from services.intake.api.parts import accepted
from shared.platform.auth import Caller, permit
from shared.platform.headers import IdempotencyKey
from shared.platform.json import Sent
from shared.platform.openapi import headers, problems, sent_body
from shared.platform.requests import KeyedTx, Now
from shared.schemas.progress import ReferralAccepted
from shared.schemas.telephone import TelephoneContactForm
from shared.schemas.words import Role

router = APIRouter(tags=["Referrals"])

Listener = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER, Role.EARLY_HELP_COORDINATOR})]
Contact = Annotated[Sent[TelephoneContactForm], sent_body(TelephoneContactForm)]


async def _agency_is_known(request: Request, listener: Listener, contact: Contact) -> bool:
    return await telephoning.ask_who_rang(
        request.app.state.access, contact.form.agency_id, listener.agency_id
    )


#: Asked before the transaction of the request opens: it stands before `tx` in a signature.
AgencyIsKnown = Annotated[bool, Depends(_agency_is_known)]


@router.post(
    "/v1/referrals/by-telephone",
    status_code=201,
    response_model=ReferralAccepted,
    responses=problems(409)
    | {
        201: headers(
            {
                "Location": "Where the referral can be read.",
                "Idempotent-Replayed": "`true`: this is the answer your key was given before.",
            }
        )
    },
)
async def post_telephone_contact(
    listener: Listener,
    key: IdempotencyKey,
    contact: Contact,
    agency_is_known: AgencyIsKnown,
    tx: KeyedTx,
    now: Now,
    request: Request,
) -> JSONResponse:
    """Write down a contact by telephone in the caller's own words; everything else can follow.

    It is a referral from the moment of the 201, and is considered at once. A partner agency that rang is
    asked to follow up in writing by the end of the next working day; nothing waits for that.
    """
    call = Call(contact, key, agency_is_known)
    advice: Advice = request.app.state.advice
    reception = await telephoning.take_call(tx, call, listener, now=now, advice=advice)
    return accepted(reception, f"/v1/referrals/{reception.answer.reference}")
