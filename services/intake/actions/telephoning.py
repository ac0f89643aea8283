"""Writing down a contact by telephone: what the caller said becomes a referral, whatever is missing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import rules
from services.intake.actions import LEDGER, keys, settling
from services.intake.actions.keeping import Version, keep
from services.intake.actions.keys import Kept
from services.intake.actions.quality import Ask, ask_for_follow_up
from services.intake.actions.receiving import Reception, accept
from services.intake.advice import Advice
from services.intake.errors import CallersReferenceTaken, NotNamed
from services.intake.store import keys as key_store
from services.intake.store import referrals
from shared.platform import json
from shared.platform.auth import Caller
from shared.platform.json import Sent
from shared.platform.peers import AWAY, Peer
from shared.problems import NotFound
from shared.schemas.access import Agency
from shared.schemas.ids import AgencyId
from shared.schemas.progress import Finding, Gap, ReferralAccepted
from shared.schemas.referrals import ReferralIn
from shared.schemas.telephone import CallBack, TelephoneChild, TelephoneContactForm
from shared.schemas.words import Channel, ReferralKind

#: A referral needs somebody's name or role; who rings may give neither.
_NAMELESS = "Caller who gave neither name nor role"
_FOLLOW_UP = Gap(
    pointer=None,
    question="Please send in writing what you told us by telephone, as a new version of this referral.",
)
_NOT_CHECKED = Finding(
    pointer="#/agency_id",
    code="agency_not_checked",
    detail="Nobody could say just now whether this agency takes part: see to it that it is answered.",
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as it was written down, on its way into the hub.

    Attributes:
        key: the Idempotency-Key of whoever wrote it down.
        agency_is_known: whether access has said that the agency named takes part.
    """

    contact: Sent[TelephoneContactForm]
    key: str
    agency_is_known: bool = True


async def ask_who_rang(access: Peer, agency_id: AgencyId | None, own: AgencyId | None) -> bool:
    """Say whether the agency that rang is known to take part; asked before a transaction opens.

    While access is away the call is taken for the agency that was named: a call that is lost is worse than
    one whose agency somebody looks up afterwards.

    Args:
        agency_id: as it was written down; None for anyone else who rings.
        own: the agency of whoever writes it down, which needs no asking.

    Raises:
        NotNamed: access knows no such agency.
    """
    if agency_id is None or agency_id == own:
        return True
    try:
        await access.get(f"/internal/agencies/{agency_id}", Agency)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.NOT_FOUND:
            raise NotNamed("agency_id", "not_known", "No agency of the partnership has this id.") from None
        return False
    except AWAY:
        return False
    return True


async def take_call(
    tx: AsyncSession, call: Call, staff: Caller, *, now: datetime, advice: Advice
) -> Reception:
    """Store what a caller said as a referral and announce it, once for each key.

    A partner agency that rang is asked to follow up in writing, and a held copy that the call takes up is
    settled, in the same transaction.

    Args:
        advice: what the answer says to do now.

    Raises:
        KeyReused: the key was used for other content.
        KeyInFlight: the first request with it is still under way.
        CallersReferenceTaken: the caller's reference names a referral that is here.
        NotNamed: the held copy is not there.
        CopySettled: somebody has dealt with the held copy.
    """
    form, own = call.contact.form, staff.own_agency()
    sent = as_referral(form)
    answer = accept(sent.form, now, advice)
    if not call.agency_is_known:
        answer.findings.append(_NOT_CHECKED)
    kept = Kept(201, answer.model_dump(mode="json"))
    fingerprint = f"telephone {call.contact.fingerprint}"
    if earlier := await keys.claim(tx, staff, call.key, fingerprint, kept, now=now):
        first = ReferralAccepted.model_validate(earlier.body)
        await LEDGER.record(tx, staff, "referral.replayed", at=now, subjects=[first.referral_id])
        return Reception.of(earlier.status, first, replayed=True)
    version = Version(sent, answer, form.agency_id or own, form.sender_reference, Channel.TELEPHONE)
    await _claim_reference(tx, version)
    await keep(tx, version, staff, action="referral.received_by_telephone")
    if form.held_copy_id is not None:
        await settling.take_up(tx, form.held_copy_id, answer.referral_id, staff, now=now)
    if version.agency_id != own:
        await _chase(tx, answer, staff, now=now)
    return Reception(kept, answer)


async def _claim_reference(tx: AsyncSession, version: Version) -> None:
    if version.sender_reference is None:
        return
    claim = {
        "agency_id": version.agency_id,
        "sender_reference": version.sender_reference,
        "referral_id": version.answer.referral_id,
        "fingerprint": version.sent.fingerprint,
    }
    if await key_store.claim_sender_reference(tx, claim) is not None:
        raise CallersReferenceTaken


async def _chase(tx: AsyncSession, answer: ReferralAccepted, staff: Caller, *, now: datetime) -> None:
    referral = await referrals.find_referral(tx, answer.referral_id, version=1)
    if referral is None:
        raise NotFound
    ask = Ask([_FOLLOW_UP], None, rules.close_of_working_day(now, 1))
    await ask_for_follow_up(tx, referral, ask, staff, now=now)


def as_referral(form: TelephoneContactForm) -> Sent[ReferralIn]:
    """Return what was said as a referral: the caller's words untouched, and nothing added but the shape."""
    document = _without_nothing(
        {
            "sender_reference": form.sender_reference,
            "kind": ReferralKind.REFERRAL,
            "immediate_danger": form.immediate_danger,
            "referrer": _referrer(form.call_back or CallBack(), form.source_code),
            "children": [_child(child, form) for child in form.children or (TelephoneChild(),)],
            "concerns": [{"narrative": form.words}],
        }
    )
    return json.read(ReferralIn, json.dump(document))


def _referrer(caller: CallBack, source_code: str | None) -> dict[str, Any]:
    is_named = any((said or "").strip() for said in (caller.name, caller.role))
    return _without_nothing(
        {
            "name": caller.name,
            "role": caller.role if is_named else _NAMELESS,
            "telephone": caller.telephone,
            "safe_to_ring": caller.is_safe,
            "ringing_note": caller.note,
            "source_code": source_code,
        }
    )


def _child(child: TelephoneChild, form: TelephoneContactForm) -> dict[str, Any]:
    return _without_nothing(
        {
            **child.model_dump(mode="json"),
            "address": {"lines": [form.address]} if form.address is not None else None,
            "whereabouts": form.child_now_with,
        }
    )


def _without_nothing(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
