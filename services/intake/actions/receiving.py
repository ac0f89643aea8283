"""Receiving a referral, once for each key and for each of the sender's own references."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import rules
from services.intake.actions import LEDGER, checking, keys
from services.intake.actions.keeping import Version, keep
from services.intake.actions.keys import Kept
from services.intake.advice import Advice
from services.intake.errors import DuplicateReference
from services.intake.findings import find
from services.intake.store import keys as key_store
from services.intake.store import referrals
from shared.clock import london_date
from shared.platform.auth import Caller
from shared.platform.json import Sent
from shared.platform.writing import NewRow
from shared.problems import NotFound
from shared.schemas.ids import ReferralId, new_id
from shared.schemas.progress import ReferralAccepted
from shared.schemas.reference import new_reference
from shared.schemas.referrals import ReferralIn


@dataclass(frozen=True, slots=True)
class Reception:
    """What the sender is told, and whether it was told so before.

    Attributes:
        kept: the answer as it is sent, and kept for the key.
    """

    kept: Kept
    answer: ReferralAccepted
    replayed: bool = False

    @classmethod
    def of(cls, status: int, answer: ReferralAccepted, *, replayed: bool = False) -> Self:
        """Return what is said with an answer."""
        return cls(Kept(status, answer.model_dump(mode="json")), answer, replayed)


async def receive_referral(
    tx: AsyncSession, sent: Sent[ReferralIn], sender: Caller, key: str, *, now: datetime, advice: Advice
) -> Reception:
    """Store a referral as it was sent and announce it, once for each key and each sender's reference.

    Args:
        key: the sender's Idempotency-Key; the same key with the same content gets the first answer again.
        advice: what the answer says to do now.

    Raises:
        KeyReused: the key was used for other content.
        KeyInFlight: the first request with it is still under way.
        DuplicateReference: the sender's own reference names a referral with other content.
    """
    answer = accept(sent.form, now, advice)
    answer.findings.extend(await checking.find_in_receipt(tx, sent.form, sender))
    kept = Kept(201, answer.model_dump(mode="json"))
    key_claim = keys.claim_of(sender, key, sent.fingerprint, kept, now=now)
    claims = [key_claim, *_reference_claim(sent, sender, answer.referral_id)]
    version = Version(sent, answer, sender.own_agency(), sent.form.sender_reference)
    # All in one trip, which is the common case; what was there already is looked at only when it was.
    taken = await keep(tx, version, sender, action="referral.received", claims=claims)
    if taken is None:
        await checking.note_sent(tx, sent.form, sender, answer.referral_id)
        return Reception(kept, answer)
    if taken is key_claim:
        return await _replay(tx, sent, sender, key, now=now)
    return await _recognise(tx, sent, sender, key, now=now, advice=advice)


async def _replay(
    tx: AsyncSession, sent: Sent[ReferralIn], sender: Caller, key: str, *, now: datetime
) -> Reception:
    """Answer as the key was answered before."""
    earlier = await keys.get_earlier(tx, sender, key, sent.fingerprint)
    first = ReferralAccepted.model_validate(earlier.body)
    await LEDGER.record(tx, sender, "referral.replayed", at=now, subjects=[first.referral_id])
    return Reception.of(earlier.status, first, replayed=True)


async def _recognise(
    tx: AsyncSession, sent: Sent[ReferralIn], sender: Caller, key: str, *, now: datetime, advice: Advice
) -> Reception:
    """Answer with the referral that goes by the sender's own reference already, if it says the same."""
    agency_id, reference = sender.own_agency(), sent.form.sender_reference or ""
    named = await key_store.get_sender_reference(tx, agency_id, reference)
    if named.fingerprint != sent.fingerprint:
        raise DuplicateReference
    first = await _first_answer(tx, named.referral_id)
    first = first.model_copy(update={"advice": advice.on(sent.form)})
    reception = Reception.of(200, first)
    await keys.answer_otherwise(tx, sender, key, reception.kept)
    await LEDGER.record(tx, sender, "referral.recognised", at=now, subjects=[named.referral_id])
    return reception


def accept(form: ReferralIn, now: datetime, advice: Advice) -> ReferralAccepted:
    """Return what is said of a referral that is taken now, with its new reference and ids."""
    return ReferralAccepted(
        reference=new_reference(),
        referral_id=ReferralId(new_id()),
        version=1,
        received_at=now,
        respond_by=rules.respond_by(now),
        children=rules.number_children(form),
        findings=find(form, today=london_date(now), received_at=now),
        advice=advice.on(form),
    )


def _reference_claim(sent: Sent[ReferralIn], sender: Caller, referral_id: ReferralId) -> list[NewRow]:
    """Return the row that takes the sender's own reference; none where it gave none."""
    if sent.form.sender_reference is None:
        return []
    claim = {
        "agency_id": sender.own_agency(),
        "sender_reference": sent.form.sender_reference,
        "referral_id": referral_id,
        "fingerprint": sent.fingerprint,
    }
    return [key_store.new_sender_reference(claim)]


async def _first_answer(tx: AsyncSession, referral_id: ReferralId) -> ReferralAccepted:
    referral = await referrals.find_referral(tx, referral_id, version=1)
    if referral is None:
        raise NotFound
    return ReferralAccepted.model_validate(referral, from_attributes=True)
