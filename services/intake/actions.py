"""What intake does: one verb, one transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import rules, store
from services.intake.errors import DuplicateReference, KeyReused
from services.intake.findings import find
from services.intake.models import MAILBOX, Referral
from shared.clock import london_date
from shared.platform.audit import Ledger, system
from shared.platform.auth import Caller
from shared.platform.json import Sent, dump
from shared.platform.outbox import publish
from shared.problems import NotFound
from shared.schemas.events import CaseOpened, ChildDecided, ReferralReceived
from shared.schemas.ids import AgencyId, ReferralId, new_id
from shared.schemas.reference import new_reference, read_reference
from shared.schemas.referrals import (
    AcceptedChild,
    Finding,
    ReferralAccepted,
    ReferralDocument,
    ReferralIn,
    ReferralProgress,
    ReferralSender,
)
from shared.schemas.words import Stage

LEDGER = Ledger("intake")


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
    claim = {"agency_id": agency_id, "client_id": sender.subject, "key": key}
    row = claim | {
        "fingerprint": sent.fingerprint,
        "status": 201,
        "answer": answer.model_dump(mode="json"),
        "created_at": now,
    }
    if earlier := await store.claim_key(tx, row):
        if earlier.fingerprint != sent.fingerprint:
            raise KeyReused
        first = ReferralAccepted.model_validate(earlier.answer)
        await LEDGER.record(tx, sender, "referral.replayed", at=now, subjects=[first.referral_id])
        return Reception(earlier.status, first, replayed=True)
    if first_id := await _already_sent(tx, sent, agency_id, answer.referral_id):
        first = await _first_answer(tx, first_id)
        await store.answer_key_with(tx, claim, status=200, answer=first.model_dump(mode="json"))
        await LEDGER.record(tx, sender, "referral.recognised", at=now, subjects=[first_id])
        return Reception(200, first)
    await _store(tx, sent, sender, answer)
    return Reception(201, answer)


def _accept(form: ReferralIn, now: datetime, danger_advice: str) -> ReferralAccepted:
    return ReferralAccepted(
        reference=new_reference(),
        referral_id=ReferralId(new_id()),
        version=1,
        received_at=now,
        respond_by=rules.respond_by(now),
        children=rules.number_children(form),
        findings=find(form, today=london_date(now)),
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
    earlier = await store.claim_sender_reference(tx, claim)
    if earlier is not None and earlier.fingerprint != sent.fingerprint:
        raise DuplicateReference
    return earlier.referral_id if earlier else None


async def _store(tx: AsyncSession, sent: Sent[ReferralIn], sender: Caller, answer: ReferralAccepted) -> None:
    said = answer.model_dump(mode="json", include={"children", "findings"})
    await store.add_referral(
        tx,
        {
            "referral_id": answer.referral_id,
            "version": answer.version,
            "reference": answer.reference,
            "agency_id": sender.own_agency(),
            "client_id": sender.subject,
            "sender_reference": sent.form.sender_reference,
            "kind": sent.form.kind,
            "immediate_danger": sent.form.immediate_danger,
            "received_at": answer.received_at,
            "respond_by": answer.respond_by,
            "document": sent.document,
            **said,
        },
    )
    subjects = [answer.referral_id, *(child.child_id for child in answer.children)]
    await LEDGER.record(tx, sender, "referral.received", at=answer.received_at, subjects=subjects)
    event = ReferralReceived(
        referral_id=answer.referral_id,
        version=answer.version,
        agency_id=sender.own_agency(),
        occurred_at=answer.received_at,
    )
    await publish(tx, MAILBOX.outbox, event)


async def _first_answer(tx: AsyncSession, referral_id: ReferralId) -> ReferralAccepted:
    referral = await store.find_referral(tx, referral_id, version=1)
    if referral is None:
        raise NotFound
    return ReferralAccepted.model_validate(referral, from_attributes=True)


async def read_progress(
    tx: AsyncSession, reader: Caller, reference: str, *, now: datetime
) -> ReferralProgress:
    """Return where a referral is.

    Raises:
        NotFound: there is none, or it is another agency's.
    """
    try:
        heard = read_reference(reference)
    except ValueError:
        raise NotFound from None
    referral = await store.find_by_reference(tx, heard, _only_agency(reader))
    if referral is None:
        raise NotFound
    return (await _shown(tx, reader, [referral], now=now))[0]


async def list_progress(
    tx: AsyncSession, reader: Caller, *, before: tuple[datetime, UUID] | None, limit: int, now: datetime
) -> tuple[list[ReferralProgress], bool]:
    """Return where the reader's referrals are, newest first, and whether there are more."""
    found = await store.list_referrals(tx, _only_agency(reader), before=before, limit=limit)
    return await _shown(tx, reader, found[:limit], now=now), len(found) > limit


def _only_agency(reader: Caller) -> AgencyId | None:
    """Return the one agency whose referrals `reader` may see, or None for staff who work with all."""
    if reader.is_staff and reader.roles & rules.SEES_ALL:
        return None
    return reader.own_agency()


async def _shown(
    tx: AsyncSession, reader: Caller, referrals: Any, *, now: datetime
) -> list[ReferralProgress]:
    ids = [referral.referral_id for referral in referrals]
    stages = await store.get_stages(tx, ids)
    await LEDGER.record(tx, reader, "referral.read", at=now, subjects=ids)
    return [_progress(referral, stages.get(referral.referral_id, {})) for referral in referrals]


def _progress(referral: Referral, stages: Any) -> ReferralProgress:
    children = [AcceptedChild.model_validate(child) for child in referral.children]
    stage = rules.stage_of([child.child_id for child in children], stages)
    return ReferralProgress(
        reference=referral.reference,
        referral_id=referral.referral_id,
        sender_reference=referral.sender_reference,
        version=referral.version,
        received_at=referral.received_at,
        respond_by=referral.respond_by,
        stage=stage,
        held_by=rules.HELD_BY[stage],
        children=children,
    )


async def read_document(
    tx: AsyncSession, reader: Caller, referral_id: ReferralId, version: int | None, *, now: datetime
) -> ReferralDocument:
    """Return a whole referral to a service that considers it.

    Raises:
        NotFound: there is no such referral or version.
    """
    referral = await store.find_referral(tx, referral_id, version=version)
    if referral is None:
        raise NotFound
    await LEDGER.record(tx, reader, "referral.read", at=now, subjects=[referral_id])
    return ReferralDocument(
        referral_id=referral.referral_id,
        version=referral.version,
        reference=referral.reference,
        agency_id=referral.agency_id,
        received_at=referral.received_at,
        respond_by=referral.respond_by,
        children=[AcceptedChild.model_validate(child) for child in referral.children],
        # As JSON once more: strict forms take a date from JSON alone.
        document=ReferralIn.model_validate_json(dump(referral.document)),
        findings=[Finding.model_validate(finding) for finding in referral.findings],
    )


async def read_sender(
    tx: AsyncSession, reader: Caller, referral_id: ReferralId, *, now: datetime
) -> ReferralSender:
    """Return who is to be answered about a referral, with no word about the child.

    Raises:
        NotFound: there is no such referral.
    """
    referral = await store.find_referral(tx, referral_id)
    if referral is None:
        raise NotFound
    await LEDGER.record(tx, reader, "referral.sender_read", at=now, subjects=[referral_id])
    return ReferralSender.model_validate(referral, from_attributes=True)


async def note_case_opened(tx: AsyncSession, event: CaseOpened) -> None:
    """Note that the hub considers the children of a referral."""
    await _note(tx, [event.referral_id], list(event.child_ids), Stage.BEING_CONSIDERED, event.occurred_at)


async def note_child_decided(tx: AsyncSession, event: ChildDecided) -> None:
    """Note that a child of one or more referrals has been decided."""
    await _note(tx, list(event.referral_ids), [event.child_id], Stage.DECIDED, event.occurred_at)


async def _note(
    tx: AsyncSession, referrals: list[ReferralId], children: list[Any], stage: Stage, at: datetime
) -> None:
    rows = [
        {"referral_id": referral, "child_id": child, "stage": stage, "since_at": at}
        for referral in referrals
        for child in children
    ]
    if rows:
        await store.set_stage(tx, rows)
        await LEDGER.record(tx, system("intake"), "referral.progressed", at=at, subjects=referrals)
