"""Reading referrals: where they are, for their senders; in full, for those who consider them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import rules
from services.intake.actions import LEDGER
from services.intake.models import Referral
from services.intake.store import progress, referrals
from shared.platform.auth import Caller
from shared.platform.json import dump
from shared.problems import NotFound
from shared.schemas.ids import AgencyId, ReferralId
from shared.schemas.progress import (
    AcceptedChild,
    Finding,
    ReferralDocument,
    ReferralProgress,
    ReferralSender,
)
from shared.schemas.reference import read_reference
from shared.schemas.referrals import ReferralIn
from shared.schemas.words import Channel, ReferralKind


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
    referral = await referrals.find_by_reference(tx, heard, _only_agency(reader))
    if referral is None:
        raise NotFound
    return (await _shown(tx, reader, [referral], now=now))[0]


async def list_progress(
    tx: AsyncSession, reader: Caller, *, before: tuple[datetime, UUID] | None, limit: int, now: datetime
) -> tuple[list[ReferralProgress], bool]:
    """Return where the reader's referrals are, newest first, and whether there are more."""
    found = await referrals.list_referrals(tx, _only_agency(reader), before=before, limit=limit)
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
    stages = await progress.get_stages(tx, ids)
    await LEDGER.record(tx, reader, "referral.read", at=now, subjects=ids)
    return [_progress(referral, stages.get(referral.referral_id, {})) for referral in referrals]


def _progress(referral: Referral, stages: Any) -> ReferralProgress:
    children = [AcceptedChild.model_validate(child) for child in referral.children]
    stage = rules.stage_of([child.child_id for child in children], stages)
    return ReferralProgress(
        reference=referral.reference,
        referral_id=referral.referral_id,
        sender_reference=referral.sender_reference,
        agency_id=referral.agency_id,
        kind=ReferralKind(referral.kind),
        channel=Channel(referral.channel),
        immediate_danger=referral.immediate_danger,
        findings_count=len(referral.findings),
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
    referral = await referrals.find_referral(tx, referral_id, version=version)
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
    referral = await referrals.find_referral(tx, referral_id)
    if referral is None:
        raise NotFound
    await LEDGER.record(tx, reader, "referral.sender_read", at=now, subjects=[referral_id])
    return ReferralSender.model_validate(referral, from_attributes=True)
