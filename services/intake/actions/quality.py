"""The look at what an agency sent: content, or more is asked for. The child's own way never waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Counter
from sqlalchemy import event as hooks
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import models, rules
from services.intake.actions import LEDGER
from services.intake.actions.asked import show
from services.intake.actions.looking_up import as_heard
from services.intake.errors import AlreadyLookedAt, DueAtNotAcceptable, NoSuchVersion, VersionOvertaken
from services.intake.models import MAILBOX, Referral
from services.intake.settings import Settings
from services.intake.store import quality, referrals
from shared.platform.auth import Caller
from shared.platform.outbox import publish
from shared.problems import NotFound
from shared.schemas.events import FurtherInformationRequested
from shared.schemas.ids import AgencyId, FurtherInformationId, new_id
from shared.schemas.progress import Finding, Gap
from shared.schemas.quality import QualityCheck, QualityCheckForm
from shared.schemas.words import FurtherInformationState, QualityState, QualityVerdict, Role

#: Staff who may look at what any agency sent; a representative looks at its own agency's.
LOOKS_AT_ALL = frozenset({Role.DECISION_MAKER, Role.MANAGER})

_requests = Counter(
    "hub_further_information_requests_total", "Requests to senders for more, by agency.", ("agency",)
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What a sender is asked for, and by when.

    Attributes:
        text: words to the sender beside the questions.
        due_at: aware; the request lapses then.
    """

    gaps: Sequence[Gap]
    text: str | None
    due_at: datetime


async def check_quality(
    tx: AsyncSession,
    reference: str,
    form: QualityCheckForm,
    looker: Caller,
    *,
    now: datetime,
    config: Settings,
) -> QualityCheck:
    """Note what `looker` makes of the newest version of a referral, and ask its sender for more if need be.

    Saying the same again writes nothing and is answered like the first time.

    Raises:
        NotFound: there is no such referral, or it is another agency's.
        VersionOvertaken: a later version has come since it was read.
        NoSuchVersion: it has not come to that version yet.
        AlreadyLookedAt: somebody has said something else of this version.
        DueAtNotAcceptable: the sender would have no time to answer, or too much.
    """
    referral = await _find(tx, reference, looker)
    earlier = await quality.find_check(tx, referral.referral_id, form.version)
    if earlier is None:
        ask = _what_to_ask(referral, form, now, config)
        earlier = await quality.add_check(tx, _row(referral, form, looker, now))
        if earlier is None:
            return await _first_look(tx, referral, ask, looker, now=now)
    return await _look_again(tx, referral, earlier, form, looker, now=now)


async def _find(tx: AsyncSession, reference: str, looker: Caller) -> Referral:
    agency_id = None if looker.roles & LOOKS_AT_ALL else looker.own_agency()
    referral = await referrals.find_by_reference(tx, as_heard(reference), agency_id)
    if referral is None:
        raise NotFound
    return referral


def _what_to_ask(referral: Referral, form: QualityCheckForm, now: datetime, config: Settings) -> Ask | None:
    if form.version < referral.version:
        raise VersionOvertaken
    if form.version > referral.version:
        raise NoSuchVersion
    if form.verdict is QualityVerdict.CONTENT:
        return None
    longest = rules.close_of_working_day(now, config.further_information_longest_working_days)
    due_at = form.due_at or rules.close_of_working_day(now, config.further_information_working_days)
    if due_at <= now:
        raise DueAtNotAcceptable("in_the_past", "Give the sender some time to answer.")
    if due_at > longest:
        words = f"At most {config.further_information_longest_working_days} working days from today."
        raise DueAtNotAcceptable("too_far_ahead", words)
    return Ask(_gaps(form), form.text, due_at)


def _gaps(form: QualityCheckForm) -> list[Gap]:
    return [Gap(pointer=gap.pointer, question=gap.question) for gap in form.gaps]


def _row(referral: Referral, form: QualityCheckForm, looker: Caller, now: datetime) -> dict[str, object]:
    return {
        "referral_id": referral.referral_id,
        "version": referral.version,
        "agency_id": referral.agency_id,
        "verdict": form.verdict,
        "made_at": now,
        "made_by": looker.subject,
        "made_by_name": looker.name,
    }


async def _first_look(
    tx: AsyncSession, referral: Referral, ask: Ask | None, looker: Caller, *, now: datetime
) -> QualityCheck:
    verdict = QualityVerdict.FURTHER_INFORMATION if ask else QualityVerdict.CONTENT
    facts = {"version": referral.version, "verdict": verdict}
    await LEDGER.record(
        tx, looker, "referral.quality_checked", at=now, subjects=[referral.referral_id], facts=facts
    )
    request = await ask_for_follow_up(tx, referral, ask, looker, now=now) if ask else None
    check = await quality.find_check(tx, referral.referral_id, referral.version)
    return describe(referral, check, request)


async def _look_again(
    tx: AsyncSession,
    newest: Referral,
    earlier: models.QualityCheck,
    form: QualityCheckForm,
    looker: Caller,
    *,
    now: datetime,
) -> QualityCheck:
    asked = (await quality.list_for_referral(tx, [newest.referral_id])).get(newest.referral_id, [])
    of_version = [request for request in asked if request.version == form.version]
    same = next((request for request in of_version if _asks_the_same(request, form)), None)
    if earlier.verdict != form.verdict or (same is None and form.gaps):
        raise AlreadyLookedAt if form.version == newest.version else VersionOvertaken
    looked_at = await referrals.find_referral(tx, newest.referral_id, version=form.version)
    if looked_at is None:
        raise NotFound
    await LEDGER.record(tx, looker, "quality_check.read", at=now, subjects=[newest.referral_id])
    return describe(looked_at, earlier, same)


def _asks_the_same(request: models.FurtherInformation, form: QualityCheckForm) -> bool:
    # Left out, the due time was the hub's own, and that of the first time stands.
    due_at = form.due_at or request.due_at
    gaps = [gap.model_dump() for gap in _gaps(form)]
    return (request.gaps, request.text, request.due_at) == (gaps, form.text, due_at)


async def ask_for_follow_up(
    tx: AsyncSession, referral: Referral, ask: Ask, asker: Caller, *, now: datetime
) -> models.FurtherInformation:
    """Ask the sender of a referral for more, beside the referral and never in its way.

    The sender's agency hears of it; unanswered, the request lapses when it is due.

    Args:
        referral: the version that it is asked about.
    """
    request = models.FurtherInformation(
        request_id=FurtherInformationId(new_id()),
        referral_id=referral.referral_id,
        version=referral.version,
        agency_id=referral.agency_id,
        gaps=[gap.model_dump() for gap in ask.gaps],
        text=ask.text,
        requested_at=now,
        requested_by=asker.subject,
        requested_by_name=asker.name,
        due_at=ask.due_at,
        state=FurtherInformationState.ASKED,
    )
    await quality.add_request(tx, request)
    await LEDGER.record(
        tx,
        asker,
        "referral.further_information_requested",
        at=now,
        subjects=[referral.referral_id, request.request_id],
        facts={"version": referral.version, "gaps": len(ask.gaps)},
    )
    event = FurtherInformationRequested(
        request_id=request.request_id, referral_id=referral.referral_id, occurred_at=now
    )
    await publish(tx, MAILBOX.outbox, event)
    _count_after(tx, referral.agency_id)
    return request


def _count_after(tx: AsyncSession, agency_id: AgencyId) -> None:
    counter = _requests.labels(str(agency_id))
    hooks.listen(tx.sync_session, "after_commit", lambda _session: counter.inc(), once=True)


def describe(
    referral: Referral,
    check: models.QualityCheck | None,
    request: models.FurtherInformation | None,
    *,
    unseen: QualityState = QualityState.WAITING,
) -> QualityCheck:
    """Return a line of the queue: a version, what was made of it and what was asked.

    Args:
        unseen: where a version stands that nobody looked at.
    """
    asked = (
        show(request, reference=referral.reference, sender_reference=referral.sender_reference)
        if request
        else None
    )
    return QualityCheck(
        referral_id=referral.referral_id,
        reference=referral.reference,
        sender_reference=referral.sender_reference,
        agency_id=referral.agency_id,
        version=referral.version,
        received_at=referral.received_at,
        immediate_danger=referral.immediate_danger,
        state=_STATES[QualityVerdict(check.verdict)] if check else unseen,
        findings=[Finding.model_validate(finding) for finding in referral.findings],
        looked_at=check.made_at if check else None,
        looked_at_by=check.made_by_name if check else None,
        further_information=asked,
    )


_STATES = {
    QualityVerdict.CONTENT: QualityState.CONTENT,
    QualityVerdict.FURTHER_INFORMATION: QualityState.FURTHER_INFORMATION_REQUESTED,
}
