"""Taking a later version of a referral: beside the ones before it, which stay as they were sent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import comparing
from services.intake.actions import LEDGER, keys
from services.intake.actions.keeping import Version, keep
from services.intake.actions.keys import Kept
from services.intake.actions.looking_up import hold_own
from services.intake.actions.reading import document_of, findings_of
from services.intake.actions.receiving import Reception
from services.intake.advice import Advice
from services.intake.comparing import Told
from services.intake.errors import NotOfThisReferral
from services.intake.findings import find
from services.intake.models import FurtherInformation, Referral
from services.intake.store import quality
from shared.clock import london_date
from shared.platform.auth import Caller
from shared.platform.json import Sent, dump
from shared.problems import FieldError
from shared.schemas.ids import FurtherInformationId, ReferralId
from shared.schemas.progress import AcceptedChild, ReferralAccepted, VersionForm
from shared.schemas.referrals import ReferralIn
from shared.schemas.words import FurtherInformationState


@dataclass(frozen=True, slots=True)
class Correction:
    """What is sent to correct a referral, or to answer a request for more.

    Attributes:
        reference: of the referral, as it was typed or said.
        key: the sender's Idempotency-Key.
    """

    reference: str
    sent: Sent[VersionForm]
    key: str

    @property
    def referral(self) -> Sent[ReferralIn]:
        """The referral in it, which is kept as it was sent."""
        return Sent(self.sent.form.referral, self.sent.document["referral"])


async def send_version(
    tx: AsyncSession, correction: Correction, sender: Caller, *, now: datetime, advice: Advice
) -> Reception:
    """Store a later version of a referral and announce it, once for each key.

    What says the same as the newest version, and answers no request, is answered with the newest.

    Args:
        advice: what the answer says to do now.

    Raises:
        NotFound: there is no such referral, or it is another agency's.
        KeyReused: the key was used for other content.
        KeyInFlight: the first request with it is still under way.
        NotOfThisReferral: a child or a request for more is named that is not of this referral.
    """
    newest = await hold_own(tx, sender, correction.reference)
    asked = await _find_asked(tx, newest.referral_id, correction.sent.form.answers_request_id)
    version = _next(newest, correction, now=now, advice=advice)
    kept = Kept(201, version.answer.model_dump(mode="json"))
    recognised = _says_the_same(newest, correction, asked)
    if recognised:
        again = ReferralAccepted.model_validate(newest, from_attributes=True)
        again = again.model_copy(update={"advice": version.answer.advice})
        kept = Kept(200, again.model_dump(mode="json"))
    fingerprint = keys.fingerprint_for("version", newest.referral_id, correction.sent)
    if earlier := await keys.claim(tx, sender, correction.key, fingerprint, kept, now=now):
        return await _told_before(tx, sender, earlier, "referral.replayed", now=now)
    if recognised:
        return await _told_before(tx, sender, kept, "referral.recognised", now=now)
    await keep(tx, version, sender, action="referral.version_received")
    if asked is not None:
        await _close(tx, asked, version.answer, sender)
    return Reception(kept, version.answer)


async def _find_asked(
    tx: AsyncSession, referral_id: ReferralId, request_id: FurtherInformationId | None
) -> FurtherInformation | None:
    if request_id is None:
        return None
    asked = (await quality.list_for_referral(tx, [referral_id])).get(referral_id, [])
    found = next((request for request in asked if request.request_id == request_id), None)
    if found is None:
        words = "Not a request about this referral."
        raise NotOfThisReferral((FieldError("not_of_this_referral", words, "#/answers_request_id"),))
    return found


async def _close(
    tx: AsyncSession, asked: FurtherInformation, answer: ReferralAccepted, sender: Caller
) -> None:
    at, request_id, referral_id = answer.received_at, asked.request_id, answer.referral_id
    if await quality.close_answered(tx, request_id, referral_id, answer.version, at):
        action, facts = "referral.further_information_answered", {"version": answer.version}
        await LEDGER.record(tx, sender, action, at=at, subjects=[referral_id, request_id], facts=facts)


def _says_the_same(newest: Referral, correction: Correction, asked: FurtherInformation | None) -> bool:
    # "We know no more" is an answer too, and its reason must be kept.
    if asked is not None and asked.state != FurtherInformationState.ANSWERED:
        return False
    return dump(newest.document) == dump(correction.referral.document)


def _next(newest: Referral, correction: Correction, *, now: datetime, advice: Advice) -> Version:
    form, before = correction.sent.form.referral, _told(newest)
    children = comparing.keep_children(form, before)
    found = find(form, today=london_date(now), received_at=now)
    answer = ReferralAccepted(
        reference=newest.reference,
        referral_id=newest.referral_id,
        version=newest.version + 1,
        received_at=now,
        respond_by=newest.respond_by,
        children=children,
        findings=comparing.find_in_version(form, children, found, before),
        advice=advice.on(form),
    )
    return Version(
        correction.referral,
        answer,
        newest.agency_id,
        newest.sender_reference,
        reason=correction.sent.form.reason,
        changed=comparing.what_changed(form, children, before),
    )


def _told(newest: Referral) -> Told:
    children = [AcceptedChild.model_validate(child) for child in newest.children]
    return Told(document_of(newest), children, findings_of(newest), newest.sender_reference)


async def _told_before(
    tx: AsyncSession, sender: Caller, kept: Kept, action: str, *, now: datetime
) -> Reception:
    answer = ReferralAccepted.model_validate(kept.body)
    facts = {"version": answer.version}
    await LEDGER.record(tx, sender, action, at=now, subjects=[answer.referral_id], facts=facts)
    return Reception.of(kept.status, answer, replayed=action == "referral.replayed")
