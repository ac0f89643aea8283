"""Queries for wishes to take a referral back."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import Referral, Withdrawal
from shared.schemas.ids import ReferralId, WithdrawalId
from shared.schemas.words import WithdrawalState

#: A withdrawal, and what its referral is called by the hub and by its sender.
Named = tuple[Withdrawal, str, str | None]


async def add_withdrawal(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add a wish to take a referral back."""
    await tx.execute(insert(Withdrawal).values(row))


async def is_one_open(tx: AsyncSession, referral_id: ReferralId) -> bool:
    """Say whether the hub has yet to decide on taking a referral back."""
    query = select(Withdrawal.withdrawal_id).where(
        Withdrawal.referral_id == referral_id, Withdrawal.state == WithdrawalState.REQUESTED
    )
    return (await tx.execute(query)).first() is not None


def _named() -> Select[Any, Any, Any]:
    return select(Withdrawal, Referral.reference, Referral.sender_reference).join(
        Referral, (Referral.referral_id == Withdrawal.referral_id) & (Referral.version == 1)
    )


async def find_withdrawal(
    tx: AsyncSession, withdrawal_id: WithdrawalId, *, to_decide: bool = False
) -> Named | None:
    """Return a withdrawal.

    Args:
        to_decide: whoever else would decide it waits, and sees then what was decided.
    """
    query = _named().where(Withdrawal.withdrawal_id == withdrawal_id)
    if to_decide:
        query = query.with_for_update(of=Withdrawal)
    row = (await tx.execute(query)).first()
    return (row[0], row[1], row[2]) if row else None


async def list_withdrawals(
    tx: AsyncSession,
    state: WithdrawalState | None,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    without: Sequence[ReferralId] = (),
) -> Sequence[Named]:
    """Return one more than `limit` withdrawals, oldest first.

    Args:
        without: referrals whose withdrawals are left out.
    """
    place = (Withdrawal.requested_at, Withdrawal.withdrawal_id)
    query = _named().order_by(*place).limit(limit + 1)
    if without:
        query = query.where(Withdrawal.referral_id.not_in(without))
    if state is not None:
        query = query.where(Withdrawal.state == state)
    if after is not None:
        query = query.where(tuple_(*place) > after)
    return [(row[0], row[1], row[2]) for row in await tx.execute(query)]


async def list_newest(tx: AsyncSession, referral_ids: Iterable[ReferralId]) -> dict[ReferralId, Withdrawal]:
    """Return the newest withdrawal of each of the named referrals that has one."""
    query = (
        select(Withdrawal)
        .where(Withdrawal.referral_id.in_(list(referral_ids)))
        .order_by(Withdrawal.requested_at, Withdrawal.withdrawal_id)
    )
    return {row.referral_id: row for row in await tx.scalars(query)}
