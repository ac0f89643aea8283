"""Receiving a referral, once for each key and for each of the sender's own references."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import rules
from services.intake.actions import LEDGER, checking, keys
from services.intake.actions.keeping import Version, keep
from services.intake.actions.keys import Kept
from services.intake.errors import DuplicateReference
from services.intake.findings import find
from services.intake.store import keys as key_store
from services.intake.store import referrals
from shared.clock import london_date
from shared.platform.auth import Caller
from shared.platform.json import Sent
from shared.problems import NotFound
from shared.schemas.ids import AgencyId, ReferralId, new_id
from shared.schemas.progress import ReferralAccepted
from shared.schemas.reference import new_reference
from shared.schemas.referrals import ReferralIn


@dataclass(frozen=True, slots=True)
class Reception:
    """What the sender is told, and whether it was told so before."""

    status: int
    answer: ReferralAccepted
    replayed: bool = False


async def receive_referral(
    tx: AsyncSession, sent: Sent[ReferralIn], sender: Caller, key: str, *, now: datetime, danger_advice: str
) -> Reception:
    """Store a referral as it was sent and announce it, once for each key and each sender's reference.

    Args:
        key: the sender's Idempotency-Key; the same key with the same content gets the first answer again.
        danger_advice: what the answer says when a child is in danger now.

    Raises:
        KeyReused: the key was used for other content.
        KeyInFlight: the first request with it is still under way.
        DuplicateReference: the sender's own reference names a referral with other content.
    """
    agency_id = sender.own_agency()
    answer = _accept(sent.form, now, danger_advice)
    answer.findings.extend(await checking.find_in_receipt(tx, sent.form, sender))
    kept = Kept(201, answer.model_dump(mode="json"))
    if earlier := await keys.claim(tx, sender, key, sent.fingerprint, kept, now=now):
        first = ReferralAccepted.model_validate(earlier.body)
        await LEDGER.record(tx, sender, "referral.replayed", at=now, subjects=[first.referral_id])
        return Reception(earlier.status, first, replayed=True)
    if first_id := await _already_sent(tx, sent, agency_id, answer.referral_id):
        first = await _first_answer(tx, first_id)
        await keys.answer_otherwise(tx, sender, key, Kept(200, first.model_dump(mode="json")))
        await LEDGER.record(tx, sender, "referral.recognised", at=now, subjects=[first_id])
        return Reception(200, first)
    version = Version(sent, answer, agency_id, sent.form.sender_reference)
    await keep(tx, version, sender, action="referral.received")
    await checking.note_sent(tx, sent.form, sender, answer.referral_id)
    return Reception(201, answer)


def _accept(form: ReferralIn, now: datetime, danger_advice: str) -> ReferralAccepted:
    return ReferralAccepted(
        reference=new_reference(),
        referral_id=ReferralId(new_id()),
        version=1,
        received_at=now,
        respond_by=rules.respond_by(now),
        children=rules.number_children(form),
        findings=find(form, today=london_date(now), received_at=now),
        advice=danger_advice if form.immediate_danger else None,
    )


async def _already_sent(
    tx: AsyncSession, sent: Sent[ReferralIn], agency_id: AgencyId, referral_id: ReferralId
) -> ReferralId | None:
    """Return the referral that already goes by the sender's own reference, if it says the same."""
    if sent.form.sender_reference is None:
        return None
    claim = {
        "agency_id": agency_id,
        "sender_reference": sent.form.sender_reference,
        "referral_id": referral_id,
        "fingerprint": sent.fingerprint,
    }
    earlier = await key_store.claim_sender_reference(tx, claim)
    if earlier is not None and earlier.fingerprint != sent.fingerprint:
        raise DuplicateReference
    return earlier.referral_id if earlier else None


async def _first_answer(tx: AsyncSession, referral_id: ReferralId) -> ReferralAccepted:
    referral = await referrals.find_referral(tx, referral_id, version=1)
    if referral is None:
        raise NotFound
    return ReferralAccepted.model_validate(referral, from_attributes=True)
