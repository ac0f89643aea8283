"""Queries for the guards against sending twice."""

from typing import Any

from sqlalchemy import Executable, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.errors import KeyInFlight
from services.intake.models import IdempotencyKey, SenderReference
from shared.platform.database import LOCK_NOT_AVAILABLE, plain_table, sqlstate

_TAKE_KEY = insert(plain_table(IdempotencyKey)).on_conflict_do_nothing().returning(IdempotencyKey.key)
_TAKE_REFERENCE = (
    insert(plain_table(SenderReference)).on_conflict_do_nothing().returning(SenderReference.sender_reference)
)


async def claim_key(tx: AsyncSession, row: dict[str, Any]) -> IdempotencyKey | None:
    """Take an idempotency key for this request; return the row that already holds it, or None if taken.

    Raises:
        KeyInFlight: a request with the same key has not ended yet.
    """
    if await _claim(tx, _TAKE_KEY, row):
        return None
    key = (row["agency_id"], row["client_id"], row["key"])
    return await tx.get_one(IdempotencyKey, key)


async def claim_sender_reference(tx: AsyncSession, row: dict[str, Any]) -> SenderReference | None:
    """Take a sender's own reference; return the row that already holds it, or None if taken.

    Raises:
        KeyInFlight: another request with the same reference has not ended yet.
    """
    if await _claim(tx, _TAKE_REFERENCE, row):
        return None
    return await tx.get_one(SenderReference, (row["agency_id"], row["sender_reference"]))


async def _claim(tx: AsyncSession, taking: Executable, row: dict[str, Any]) -> bool:
    try:
        return (await tx.execute(taking, row)).first() is not None
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise KeyInFlight from None
        raise


async def answer_key_with(
    tx: AsyncSession, key: dict[str, Any], *, status: int, answer: dict[str, Any]
) -> None:
    """Give a key just claimed another answer than the one it was claimed with."""
    await tx.execute(
        update(IdempotencyKey)
        .where(
            IdempotencyKey.agency_id == key["agency_id"],
            IdempotencyKey.client_id == key["client_id"],
            IdempotencyKey.key == key["key"],
        )
        .values(status=status, answer=answer)
    )
