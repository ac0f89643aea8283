"""Noting how far the hub is, as the other services announce it."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.store import progress
from shared.platform.audit import system
from shared.schemas.events import CaseOpened, ChildDecided
from shared.schemas.ids import ReferralId
from shared.schemas.words import Stage


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
        await progress.set_stage(tx, rows)
        await LEDGER.record(tx, system("intake"), "referral.progressed", at=at, subjects=referrals)
