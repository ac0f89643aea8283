"""Queries for the guards against sending twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.errors import KeyInFlight
from services.intake.models import IdempotencyKey, SenderReference
from shared.platform.database import LOCK_NOT_AVAILABLE, plain_table, sqlstate
from shared.platform.writing import NewRow, add_together
from shared.schemas.ids import AgencyId


def new_key(values: dict[str, Any]) -> NewRow:
    """Return the row that takes an idempotency key."""
    return NewRow(plain_table(IdempotencyKey), values)


def new_sender_reference(values: dict[str, Any]) -> NewRow:
    """Return the row that takes a sender's own reference."""
    return NewRow(plain_table(SenderReference), values)


@contextmanager
def telling_twins() -> Iterator[None]:
    """Tell a request whose key or reference another one holds, and has not ended, that this is so.

    Raises:
        KeyInFlight: it was so for as long as a request waits.
    """
    try:
        yield
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise KeyInFlight from None
        raise


async def claim_key(tx: AsyncSession, key: NewRow) -> bool:
    """Take an idempotency key for this request; say whether it was free.

    Raises:
        KeyInFlight: a request with the same key has not ended yet.
    """
    with telling_twins():
        return await add_together(tx, claims=[key]) is None


async def claim_sender_reference(tx: AsyncSession, values: dict[str, Any]) -> SenderReference | None:
    """Take a sender's own reference; return the row that already holds it, or None if taken.

    Raises:
        KeyInFlight: another request with the same reference has not ended yet.
    """
    with telling_twins():
        if await add_together(tx, claims=[new_sender_reference(values)]) is None:
            return None
    return await get_sender_reference(tx, values["agency_id"], values["sender_reference"])


async def get_key(tx: AsyncSession, key: dict[str, Any]) -> IdempotencyKey:
    """Return a key that is taken."""
    return await tx.get_one(IdempotencyKey, (key["agency_id"], key["client_id"], key["key"]))


async def get_sender_reference(tx: AsyncSession, agency_id: AgencyId, reference: str) -> SenderReference:
    """Return a sender's own reference that is taken."""
    return await tx.get_one(SenderReference, (agency_id, reference))


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
