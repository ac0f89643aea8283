"""Checking a draft before it is sent: what the hub makes of it, and a receipt that names nobody."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import structlog
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import before_sending
from services.intake.actions import LEDGER
from services.intake.before_sending import Outlook
from services.intake.findings import find
from services.intake.models import CheckReceipt as ReceiptRow
from services.intake.store import receipts
from services.intake.store.receipts import Wanted
from shared.clock import london_date
from shared.codes import NOT_CODED, split_known
from shared.platform.auth import Caller
from shared.platform.peers import AWAY, Peer
from shared.schemas.checks import CheckReceipt, Evaluation, EvaluationForm, ReferralCheck
from shared.schemas.ids import CheckReceiptId, ReferralId, new_id
from shared.schemas.progress import Finding
from shared.schemas.referrals import ReferralDraft, ReferralIn
from shared.schemas.words import Pathway


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deployment says about checks.

    Attributes:
        telephone: the hub's.
        sample_share: of the checks that are never sent, how many staff look at, 0 to 1.
        patience: how long a sender waits for what would come of the draft.
    """

    telephone: str
    sample_share: float
    patience: timedelta


async def ask_what_comes_of(triage: Peer, draft: ReferralDraft, patience: timedelta) -> Evaluation | None:
    """Return the policy's view of a draft, or None when triage is away, too slow or cannot say.

    To be called while no transaction is open.
    """
    form = EvaluationForm(referral=draft)
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await triage.post("/internal/evaluations", form, Evaluation)
    except (*AWAY, httpx.HTTPStatusError, ValidationError) as error:
        structlog.get_logger().warning("draft_not_evaluated", error_type=type(error).__name__)
        return None


async def check_draft(
    tx: AsyncSession,
    draft: ReferralDraft,
    sender: Caller,
    evaluation: Evaluation | None,
    *,
    now: datetime,
    terms: Terms,
) -> ReferralCheck:
    """Say what the hub makes of a draft, and keep a receipt of it without a word about anyone."""
    likely, telephone = before_sending.outlook(evaluation), terms.telephone
    found = find(draft, today=london_date(now), received_at=now)
    check = ReferralCheck(
        receipt_id=CheckReceiptId(new_id()),
        checked_at=now,
        telephone=telephone,
        safety=before_sending.safety(draft, likely, telephone),
        gaps=before_sending.gaps(draft),
        findings=before_sending.to_be_said(draft, found),
        likely=evaluation.children if evaluation else None,
        policy_version=evaluation.policy_version if evaluation else None,
        what_to_do_now=before_sending.what_to_do_now(
            draft, likely, telephone, evaluated=evaluation is not None
        ),
        send_anyway=before_sending.send_anyway(telephone),
    )
    await receipts.add_receipt(tx, _receipt(check, draft, sender, likely, terms.sample_share))
    await LEDGER.record(tx, sender, "referral.checked", at=now, subjects=[check.receipt_id])
    return check


def _receipt(
    check: ReferralCheck, draft: ReferralDraft, sender: Caller, likely: Outlook, share: float
) -> dict[str, object]:
    # An unknown code is what someone typed, and may hold a name: only that there was one is kept.
    known, unknown = split_known(concern.indicator for concern in draft.concerns)
    return {
        "receipt_id": check.receipt_id,
        "agency_id": sender.own_agency(),
        "client_id": sender.subject,
        "checked_at": check.checked_at,
        "indicators": [*known, *([NOT_CODED] if unknown else [])],
        "gaps": [gap.pointer for gap in check.gaps],
        "children_count": len(draft.children),
        "likely_level": likely.level,
        "likely_pathway": likely.pathway,
        "sampled": before_sending.is_sampled(check.receipt_id, share),
        "referral_id": None,
    }


async def find_in_receipt(tx: AsyncSession, form: ReferralIn, sender: Caller) -> list[Finding]:
    """Return what is odd about the receipt that a referral names: nothing, or that it is not known."""
    receipt_id = form.check_receipt_id
    if receipt_id is None or await receipts.is_known(tx, receipt_id, sender.own_agency(), sender.subject):
        return []
    detail = "The hub gave you no such receipt: the referral stands without it."
    return [Finding(pointer="#/check_receipt_id", code="receipt_not_known", detail=detail)]


async def note_sent(tx: AsyncSession, form: ReferralIn, sender: Caller, referral_id: ReferralId) -> None:
    """Note on the receipt that a referral names, where it is this sender's, which referral came of it."""
    if form.check_receipt_id is not None:
        await receipts.note_sent(tx, form.check_receipt_id, sender.own_agency(), sender.subject, referral_id)


async def list_receipts(
    tx: AsyncSession,
    reader: Caller,
    wanted: Wanted,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[CheckReceipt], bool]:
    """Return receipts of checks, newest first, and whether there are more."""
    rows = await receipts.list_receipts(tx, wanted, before=before, limit=limit)
    shown = [_shown(receipt, reference) for receipt, reference in rows[:limit]]
    subjects = [receipt.receipt_id for receipt in shown]
    await LEDGER.record(tx, reader, "check_receipt.read", at=now, subjects=subjects)
    return shown, len(rows) > limit


def _shown(receipt: ReceiptRow, reference: str | None) -> CheckReceipt:
    return CheckReceipt(
        receipt_id=receipt.receipt_id,
        agency_id=receipt.agency_id,
        checked_at=receipt.checked_at,
        indicators=receipt.indicators,
        likely_level=receipt.likely_level,
        likely_pathway=Pathway(receipt.likely_pathway) if receipt.likely_pathway else None,
        gaps=receipt.gaps,
        children_count=receipt.children_count,
        sampled=receipt.sampled,
        sent_as=reference,
    )
