"""Queries for the receipts of checks before sending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import CheckReceipt, Referral
from shared.schemas.ids import AgencyId, CheckReceiptId, ReferralId


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which receipts are asked for; None leaves the choice open."""

    sent: bool | None = None
    sampled: bool | None = None


async def add_receipt(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add the receipt of a check."""
    await tx.execute(insert(CheckReceipt).values(row))


async def is_known(tx: AsyncSession, receipt_id: CheckReceiptId, agency_id: AgencyId, client_id: str) -> bool:
    """Say whether this sender was given such a receipt."""
    receipt = await tx.get(CheckReceipt, receipt_id)
    return receipt is not None and (receipt.agency_id, receipt.client_id) == (agency_id, client_id)


async def note_sent(
    tx: AsyncSession,
    receipt_id: CheckReceiptId,
    agency_id: AgencyId,
    client_id: str,
    referral_id: ReferralId,
) -> None:
    """Note which referral came of a check, where it is this sender's; the first one stands."""
    await tx.execute(
        update(CheckReceipt)
        .where(
            CheckReceipt.receipt_id == receipt_id,
            CheckReceipt.agency_id == agency_id,
            CheckReceipt.client_id == client_id,
        )
        .values(referral_id=func.coalesce(CheckReceipt.referral_id, referral_id))
    )


async def list_receipts(
    tx: AsyncSession, wanted: Wanted, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Row[CheckReceipt, str | None]]:
    """Return one more than `limit` receipts, newest first, each with the reference of what came of it."""
    query = (
        select(CheckReceipt, Referral.reference)
        .outerjoin(Referral, (Referral.referral_id == CheckReceipt.referral_id) & (Referral.version == 1))
        .order_by(CheckReceipt.checked_at.desc(), CheckReceipt.receipt_id.desc())
        .limit(limit + 1)
    )
    if wanted.sent is not None:
        query = query.where(CheckReceipt.referral_id.is_not(None) == wanted.sent)
    if wanted.sampled is not None:
        query = query.where(CheckReceipt.sampled.is_(wanted.sampled))
    if before is not None:
        query = query.where(tuple_(CheckReceipt.checked_at, CheckReceipt.receipt_id) < before)
    return (await tx.execute(query)).all()
