"""Taking a referral back: senders ask, staff decide."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.intake.actions import withdrawing
from services.intake.api.parts import Heard, Sender
from services.intake.api.permits import permit
from services.intake.rules import SEES_ALL
from shared.platform.auth import Caller
from shared.platform.auth import permit as permit_services
from shared.platform.headers import IdempotencyKey
from shared.platform.json import Sent
from shared.platform.openapi import headers, json_body, problems, sent_body
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import WithdrawalId
from shared.schemas.progress import Withdrawal, WithdrawalAsked, WithdrawalDecisionForm, WithdrawalForm
from shared.schemas.shapes import Page
from shared.schemas.words import Role, WithdrawalState

router = APIRouter()

Watching = Annotated[Caller, permit(roles=SEES_ALL)]
Deciding = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Telling = Annotated[Caller, permit_services(services={"notifications"})]
InState = Annotated[
    WithdrawalState | None, Query(alias="state", description="`requested`: those yet to be decided.")
]


@router.post(
    "/v1/referrals/{reference}/withdrawal",
    status_code=201,
    response_model=Withdrawal,
    responses=problems(404, 409)
    | {
        201: headers(
            {
                "Location": "Where the referral, and what becomes of your wish, can be read.",
                "Idempotent-Replayed": "`true`: this is the answer your key was given before.",
            }
        )
    },
    tags=["Referrals"],
)
async def post_withdrawal(
    sender: Sender,
    reference: Heard,
    key: IdempotencyKey,
    sent: Annotated[Sent[WithdrawalForm], sent_body(WithdrawalForm)],
    tx: Tx,
    now: Now,
    response: Response,
) -> Withdrawal:
    """Ask to take a referral back.

    The hub decides; until it has, the referral goes on as before, and whatever it decides nothing is
    deleted. You read its answer with the referral. A second wish while one is open is a 409.
    """
    wish = await withdrawing.ask_to_withdraw(tx, reference, sent, sender, key, now=now)
    response.headers["Location"] = f"/v1/referrals/{wish.answer.reference}"
    if wish.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return wish.answer


@router.get("/v1/withdrawals", response_model=Page[WithdrawalAsked], tags=["Withdrawals"])
async def list_withdrawals(
    reader: Watching, tx: Tx, now: Now, state: InState = None, cursor: Cursor = None, limit: Limit = 100
) -> Page[WithdrawalAsked]:
    """List senders' wishes to take referrals back, the oldest first."""
    whose = f"withdrawals {state}"
    after = read_time_and_id(whose, cursor)
    found = await withdrawing.list_withdrawals(tx, reader, state, after=after, limit=limit, now=now)
    return make_page(whose, found, cursor=cursor, place=lambda last: (last.requested_at, last.withdrawal_id))


@router.post(
    "/v1/withdrawals/{withdrawal_id}/decision",
    response_model=WithdrawalAsked,
    responses=problems(404, 409),
    tags=["Withdrawals"],
)
async def post_withdrawal_decision(
    decider: Deciding,
    withdrawal_id: PathId,
    form: Annotated[WithdrawalDecisionForm, json_body(WithdrawalDecisionForm)],
    tx: Tx,
    now: Now,
) -> WithdrawalAsked:
    """Decide whether a referral is treated as taken back; its sender is told, and reads your reason."""
    return await withdrawing.decide_withdrawal(tx, WithdrawalId(withdrawal_id), form, decider, now=now)


@router.get("/internal/withdrawals/{withdrawal_id}", response_model=WithdrawalAsked, include_in_schema=False)
async def get_withdrawal(service: Telling, withdrawal_id: PathId, tx: Tx, now: Now) -> WithdrawalAsked:
    """Give a withdrawal to the service that tells its sender what was decided."""
    return await withdrawing.read_withdrawal(tx, service, WithdrawalId(withdrawal_id), now=now)
