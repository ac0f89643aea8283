"""Correcting a referral, and reading what was sent, version by version."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import JSONResponse

from services.intake.actions import reading, versions
from services.intake.actions.versions import Correction
from services.intake.advice import Advice
from services.intake.api.parts import Heard, Reader, Sender, accepted
from shared.platform.headers import IdempotencyKey
from shared.platform.json import Sent
from shared.platform.openapi import headers, problems, sent_body
from shared.platform.requests import Now, Tx
from shared.schemas.progress import ReferralAccepted, ReferralVersion, VersionForm, VersionSummary
from shared.schemas.shapes import Page

router = APIRouter(tags=["Referrals"])

Number = Annotated[int, Path(ge=1, lt=2**31, description="1 is what came first.", examples=[2])]


@router.post(
    "/v1/referrals/{reference}/versions",
    status_code=201,
    response_model=ReferralAccepted,
    responses=problems(404, 409)
    | {
        200: {"model": ReferralAccepted, "description": "It says the same as the newest version: that one."},
        201: headers(
            {
                "Location": "Where this version can be read.",
                "Idempotent-Replayed": "`true`: this is the answer your key was given before.",
            }
        ),
    },
)
async def post_version(
    sender: Sender,
    reference: Heard,
    key: IdempotencyKey,
    sent: Annotated[Sent[VersionForm], sent_body(VersionForm)],
    tx: Tx,
    now: Now,
    request: Request,
) -> JSONResponse:
    """Correct a referral of yours, or answer what you were asked.

    Send the whole referral as you would send it today, each child with the `child_id` it was given or the
    `sender_child_reference` you sent before. The earlier versions stay as they were, and `respond_by` does
    not move. A child that you leave out is still considered, and comes back as a finding.
    """
    correction = Correction(reference, sent, key)
    advice: Advice = request.app.state.advice
    reception = await versions.send_version(tx, correction, sender, now=now, advice=advice)
    answer = reception.answer
    return accepted(reception, f"/v1/referrals/{answer.reference}/versions/{answer.version}")


@router.get(
    "/v1/referrals/{reference}/versions", response_model=Page[VersionSummary], responses=problems(404)
)
async def list_versions(reader: Reader, reference: Heard, tx: Tx, now: Now) -> Page[VersionSummary]:
    """List every version of a referral, the first one first.

    All of them come at once: `has_more` is always false.
    """
    items = await reading.list_versions(tx, reader, reference, now=now)
    return Page(items=items, next_cursor=None, has_more=False)


@router.get(
    "/v1/referrals/{reference}/versions/{version}", response_model=ReferralVersion, responses=problems(404)
)
async def get_version(reader: Reader, reference: Heard, version: Number, tx: Tx, now: Now) -> ReferralVersion:
    """Read one version of a referral as it was sent."""
    return await reading.read_version(tx, reader, reference, version, now=now)
