"""Reading referrals: where they are, for their senders; in full, for those who sent or consider them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import rules
from services.intake.actions import LEDGER
from services.intake.actions.asked import show
from services.intake.actions.looking_up import as_heard, only_agency
from services.intake.actions.sealed import list_kept_from
from services.intake.actions.withdrawing import show_withdrawal
from services.intake.models import Referral
from services.intake.store import progress, quality, referrals, withdrawals
from services.intake.store.referrals import Ends, Wanted
from shared.platform.auth import Caller
from shared.platform.json import dump
from shared.problems import NotFound
from shared.schemas.ids import ReferralId
from shared.schemas.progress import (
    AcceptedChild,
    Finding,
    FurtherInformation,
    ReferralDocument,
    ReferralProgress,
    ReferralSender,
    ReferralVersion,
    VersionSummary,
    Withdrawal,
)
from shared.schemas.referrals import ReferralIn
from shared.schemas.words import Channel, ReferralKind, Stage


async def read_progress(
    tx: AsyncSession, reader: Caller, reference: str, *, now: datetime
) -> ReferralProgress:
    """Return where a referral is.

    Raises:
        NotFound: there is none, or it is another agency's.
    """
    return (await _shown(tx, reader, [await _find_ends(tx, reader, reference)], now=now))[0]


async def list_progress(
    tx: AsyncSession,
    reader: Caller,
    wanted: Wanted,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[ReferralProgress], bool]:
    """Return where the reader's referrals are, the latest to arrive first, and whether there are more."""
    own = only_agency(reader)
    if own is not None and wanted.agency_id not in {None, own}:
        found: Sequence[Ends] = []
    else:
        closed = await list_kept_from(tx, reader)
        only = Wanted(own or wanted.agency_id, wanted.immediate_danger, wanted.channel, closed)
        found = await referrals.list_ends(tx, only, before=before, limit=limit)
    return await _shown(tx, reader, found[:limit], now=now), len(found) > limit


async def _find_ends(tx: AsyncSession, reader: Caller, reference: str) -> Ends:
    found = await referrals.find_ends_by_reference(tx, as_heard(reference), only_agency(reader))
    if found is None:
        raise NotFound
    return found


async def _shown(
    tx: AsyncSession, reader: Caller, found: Sequence[Ends], *, now: datetime
) -> list[ReferralProgress]:
    ids = [first.referral_id for first, _ in found]
    stages = await progress.get_stages(tx, ids)
    asked = await quality.list_for_referral(tx, ids)
    withdrawn = await withdrawals.list_newest(tx, ids)
    await LEDGER.record(tx, reader, "referral.read", at=now, subjects=ids)
    shown = []
    for first, newest in found:
        requests = [
            show(request, reference=first.reference, sender_reference=first.sender_reference)
            for request in asked.get(first.referral_id, ())
        ]
        wish = withdrawn.get(first.referral_id)
        withdrawal = show_withdrawal(wish, first.reference) if wish else None
        stage = rules.stage_of(
            [child.child_id for child in _children(newest)], stages.get(first.referral_id, {})
        )
        shown.append(_progress(first, newest, stage, requests, withdrawal))
    return shown


def _progress(
    first: Referral,
    newest: Referral,
    stage: Stage,
    requests: list[FurtherInformation],
    withdrawal: Withdrawal | None,
) -> ReferralProgress:
    return ReferralProgress(
        reference=first.reference,
        referral_id=first.referral_id,
        sender_reference=first.sender_reference,
        agency_id=first.agency_id,
        kind=ReferralKind(newest.kind),
        channel=Channel(first.channel),
        immediate_danger=newest.immediate_danger,
        version=newest.version,
        received_at=first.received_at,
        respond_by=first.respond_by,
        stage=stage,
        held_by=rules.HELD_BY[stage],
        children=_children(newest),
        findings_count=len(newest.findings),
        further_information=requests,
        withdrawal=withdrawal,
    )


def _children(version: Referral) -> list[AcceptedChild]:
    """Return every child of any version so far: one that is left out is kept after the others."""
    return [AcceptedChild.model_validate(child) for child in version.children]


def findings_of(version: Referral) -> list[Finding]:
    """Return what was odd or missing in a version."""
    return [Finding.model_validate(finding) for finding in version.findings]


def document_of(version: Referral) -> ReferralIn:
    """Return what was sent, as the form it was read into."""
    # As JSON once more: strict forms take a date from JSON alone.
    return ReferralIn.model_validate_json(dump(version.document))


async def list_versions(
    tx: AsyncSession, reader: Caller, reference: str, *, now: datetime
) -> list[VersionSummary]:
    """Return every version of a referral, the first one first, without its words.

    Raises:
        NotFound: there is no such referral, or it is another agency's.
    """
    first, _ = await _find_ends(tx, reader, reference)
    versions = await referrals.list_versions(tx, first.referral_id)
    numbers = [version.version for version in versions]
    await _record_content_read(tx, reader, versions, {"versions": numbers}, now=now)
    return [
        VersionSummary(
            version=version.version,
            received_at=version.received_at,
            channel=Channel(version.channel),
            reason=version.reason,
            changed=version.changed,
            findings=findings_of(version),
        )
        for version in versions
    ]


async def read_version(
    tx: AsyncSession, reader: Caller, reference: str, number: int, *, now: datetime
) -> ReferralVersion:
    """Return one version of a referral in full.

    Raises:
        NotFound: there is no such referral or version, or it is another agency's.
    """
    version = await referrals.find_version(tx, as_heard(reference), number, only_agency(reader))
    if version is None:
        raise NotFound
    await _record_content_read(tx, reader, [version], {"version": number}, now=now)
    return ReferralVersion(
        reference=version.reference,
        referral_id=version.referral_id,
        version=version.version,
        received_at=version.received_at,
        channel=Channel(version.channel),
        recorded_by=version.recorded_by,
        reason=version.reason,
        changed=version.changed,
        children=_children(version),
        document=document_of(version),
        findings=findings_of(version),
    )


async def _record_content_read(
    tx: AsyncSession, reader: Caller, versions: Sequence[Referral], facts: dict[str, Any], *, now: datetime
) -> None:
    seen = {child.child_id for version in versions for child in _children(version)}
    subjects = [versions[0].referral_id, *sorted(seen)]
    await LEDGER.record(tx, reader, "referral.content_read", at=now, subjects=subjects, facts=facts)


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
    facts = {"version": referral.version}
    await LEDGER.record(tx, reader, "referral.read", at=now, subjects=[referral_id], facts=facts)
    return ReferralDocument(
        referral_id=referral.referral_id,
        version=referral.version,
        reference=referral.reference,
        agency_id=referral.agency_id,
        received_at=referral.received_at,
        respond_by=referral.respond_by,
        children=_children(referral),
        document=document_of(referral),
        findings=findings_of(referral),
    )


async def read_sender(
    tx: AsyncSession, reader: Caller, referral_id: ReferralId, *, now: datetime
) -> ReferralSender:
    """Return who is to be answered about a referral, with no word about the child.

    Raises:
        NotFound: there is no such referral.
    """
    found = await referrals.find_ends(tx, referral_id)
    if found is None:
        raise NotFound
    first, newest = found
    await LEDGER.record(tx, reader, "referral.sender_read", at=now, subjects=[referral_id])
    return ReferralSender(
        referral_id=first.referral_id,
        reference=first.reference,
        sender_reference=first.sender_reference,
        agency_id=first.agency_id,
        received_at=first.received_at,
        children=_children(newest),
    )
