"""What staff do with the copies of refused referrals: see them on a list, read one, settle it."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.errors import CopyKeyMissing, CopySettled, NotNamed
from services.intake.models import HeldCopy as Kept
from services.intake.models import Referral
from services.intake.sealing import KeyMissing, Vault, readable
from services.intake.store import held_copies, referrals
from services.intake.store.held_copies import OPEN
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.held_copies import HeldCopy, OpenedCopy, SettlementForm
from shared.schemas.ids import HeldCopyId, ReferralId
from shared.schemas.reference import read_reference
from shared.schemas.words import HeldCopyState


async def list_copies(
    tx: AsyncSession,
    reader: Caller,
    state: HeldCopyState | None,
    *,
    after: tuple[bool, datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[HeldCopy], bool]:
    """Return copies but not their words, immediate danger first, then the oldest; and whether there is more.

    Args:
        state: left out, all that nobody has dealt with yet.
    """
    found = await held_copies.list_copies(tx, [state] if state else OPEN, after=after, limit=limit)
    shown = [_described(copy, reference) for copy, reference in found[:limit]]
    subjects = [copy.held_copy_id for copy in shown]
    await LEDGER.record(tx, reader, "held_copies.listed", at=now, subjects=subjects)
    return shown, len(found) > limit


async def open_copy(
    tx: AsyncSession, held_copy_id: HeldCopyId, reason: str, reader: Caller, vault: Vault, *, now: datetime
) -> OpenedCopy:
    """Return what was sent, and note who reads it and why.

    Raises:
        NotFound: there is no such copy.
        CopyKeyMissing: no key of the file opens it.
    """
    copy = await _get(tx, held_copy_id)
    try:
        content, told = vault.open(copy.content), json.loads(vault.open(copy.told))
    except KeyMissing:
        raise CopyKeyMissing from None
    if copy.state == HeldCopyState.WAITING:
        copy.state = HeldCopyState.OPENED
    who = {"opened_at": now, "opened_by": reader.subject, "opened_by_name": reader.name}
    copy.opened_at, copy.opened_by, copy.opened_by_name = now, reader.subject, reader.name
    await held_copies.add_opening(tx, {"held_copy_id": held_copy_id, **who, "reason": reason})
    await LEDGER.record(tx, reader, "held_copy.opened", at=now, subjects=[held_copy_id])
    described = _described(copy, await _reference(tx, copy.referral_id))
    return OpenedCopy(
        **described.model_dump(), content=readable(content), path=told["path"], errors=told["errors"]
    )


async def settle_copy(
    tx: AsyncSession, held_copy_id: HeldCopyId, form: SettlementForm, staff: Caller, *, now: datetime
) -> HeldCopy:
    """Note what became of a copy: it lives on as a referral that is here, or it is set aside with a reason.

    Raises:
        NotFound: there is no such copy.
        CopySettled: it has been dealt with.
        NotNamed: `reference` names no referral, or is missing or out of place.
    """
    copy = await _get(tx, held_copy_id)
    _require_open(copy)
    referral = await _taken_up_as(tx, form)
    _settle(copy, HeldCopyState(form.state), form.reason, referral.referral_id if referral else None)
    await _sign(tx, copy, staff, now=now)
    return _described(copy, referral.reference if referral else None)


async def take_up(
    tx: AsyncSession, held_copy_id: HeldCopyId, referral_id: ReferralId, staff: Caller, *, now: datetime
) -> None:
    """Note that a copy lives on as the referral that is written in the same transaction.

    Raises:
        NotNamed: there is no such copy.
        CopySettled: it has been dealt with.
    """
    copy = await held_copies.find(tx, held_copy_id)
    if copy is None:
        raise NotNamed("held_copy_id", "not_known", "The hub holds no copy by this id.")
    _require_open(copy)
    _settle(copy, HeldCopyState.TAKEN_UP, "Taken up by telephone.", referral_id)
    await _sign(tx, copy, staff, now=now)


async def _get(tx: AsyncSession, held_copy_id: HeldCopyId) -> Kept:
    copy = await held_copies.find(tx, held_copy_id)
    if copy is None:
        raise NotFound
    return copy


def _require_open(copy: Kept) -> None:
    if copy.state not in OPEN:
        raise CopySettled


async def _taken_up_as(tx: AsyncSession, form: SettlementForm) -> Referral | None:
    if form.state == "set_aside":
        if form.reference is not None:
            raise NotNamed("reference", "not_allowed", "What is set aside lives on as nothing.")
        return None
    if form.reference is None:
        raise NotNamed("reference", "missing", "Name the referral that it lives on as.")
    try:
        heard = read_reference(form.reference)
    except ValueError:
        raise NotNamed("reference", "not_a_reference", "This is not a reference of the hub.") from None
    referral = await referrals.find_by_reference(tx, heard, None)
    if referral is None:
        raise NotNamed("reference", "not_known", "The hub has no referral by this reference.")
    return referral


def _settle(copy: Kept, state: HeldCopyState, reason: str, referral_id: ReferralId | None) -> None:
    copy.state, copy.settled_reason, copy.referral_id = state, reason, referral_id


async def _sign(tx: AsyncSession, copy: Kept, staff: Caller, *, now: datetime) -> None:
    copy.settled_at, copy.settled_by, copy.settled_by_name = now, staff.subject, staff.name
    subjects = [copy.held_copy_id, *([copy.referral_id] if copy.referral_id else [])]
    await LEDGER.record(tx, staff, f"held_copy.{copy.state}", at=now, subjects=subjects)


async def _reference(tx: AsyncSession, referral_id: ReferralId | None) -> str | None:
    referral = await referrals.find_referral(tx, referral_id, version=1) if referral_id else None
    return referral.reference if referral else None


def _described(copy: Kept, reference: str | None) -> HeldCopy:
    return HeldCopy(
        held_copy_id=copy.held_copy_id,
        agency_id=copy.agency_id,
        client_name=copy.client_name,
        request=copy.request,
        first_sent_at=copy.first_sent_at,
        last_sent_at=copy.last_sent_at,
        times_sent=copy.times_sent,
        status=copy.status,
        code=copy.code,
        immediate_danger=copy.immediate_danger,
        size_bytes=copy.size_bytes,
        state=HeldCopyState(copy.state),
        opened_by=copy.opened_by_name,
        opened_at=copy.opened_at,
        settled_by=copy.settled_by_name,
        settled_at=copy.settled_at,
        settled_reason=copy.settled_reason,
        reference=reference,
    )
