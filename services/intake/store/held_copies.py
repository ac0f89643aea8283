"""Queries for the copies of refused referrals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from services.intake.errors import NotKept
from services.intake.models import HeldCopy, HeldCopyOpening, Referral
from shared.platform.database import LOCK_NOT_AVAILABLE, sqlstate
from shared.problems import Unavailable
from shared.schemas.ids import HeldCopyId
from shared.schemas.words import HeldCopyState

#: Not dealt with yet.
OPEN = (HeldCopyState.WAITING, HeldCopyState.OPENED)
_SAME = (HeldCopy.client_id, HeldCopy.request, HeldCopy.code, HeldCopy.content_mark)
_WHILE_OPEN = text("state IN ('waiting', 'opened')")

#: A copy, and the reference it lives on as.
Listed = tuple[HeldCopy, str | None]
#: Where a page of the list ended: immediate danger, when it was first sent, which copy.
Place = tuple[bool, datetime, UUID]


async def keep(tx: AsyncSession, row: dict[str, Any], older_marks: Sequence[str]) -> None:
    """Keep a copy; the same once more, while the first is not dealt with, is counted there.

    Args:
        older_marks: by which the same content may be known from before a change of keys.

    Raises:
        NotKept: the database does not take it.
    """
    try:
        if older_marks and await _counted(tx, row, older_marks):
            return
        statement = insert(HeldCopy).values(row)
        await tx.execute(
            statement.on_conflict_do_update(
                index_elements=_SAME,
                index_where=_WHILE_OPEN,
                set_={
                    "times_sent": HeldCopy.times_sent + 1,
                    # Those sent at the same moment are counted in any order.
                    "last_sent_at": func.greatest(HeldCopy.last_sent_at, statement.excluded.last_sent_at),
                },
            )
        )
    except DBAPIError as error:
        raise NotKept from error


async def _counted(tx: AsyncSession, row: dict[str, Any], marks: Sequence[str]) -> bool:
    counted = await tx.execute(
        update(HeldCopy)
        .where(
            HeldCopy.client_id == row["client_id"],
            HeldCopy.request == row["request"],
            HeldCopy.code == row["code"],
            HeldCopy.content_mark.in_(marks),
            HeldCopy.state.in_(OPEN),
        )
        .values(
            times_sent=HeldCopy.times_sent + 1,
            last_sent_at=func.greatest(HeldCopy.last_sent_at, row["last_sent_at"]),
        )
        .returning(HeldCopy.held_copy_id)
    )
    return counted.first() is not None


async def find(tx: AsyncSession, held_copy_id: HeldCopyId) -> HeldCopy | None:
    """Return a copy, held for this transaction: nobody else opens or settles it meanwhile.

    Raises:
        Unavailable: somebody else holds it for longer than a request waits.
    """
    try:
        return await tx.get(HeldCopy, held_copy_id, with_for_update=True)
    except DBAPIError as error:
        if sqlstate(error) == LOCK_NOT_AVAILABLE:
            raise Unavailable("Somebody else has this copy open. Send the same request again.") from None
        raise


async def list_copies(
    tx: AsyncSession, states: Sequence[HeldCopyState], *, after: Place | None, limit: int
) -> Sequence[Listed]:
    """Return one more than `limit` copies with the references they live on as, but not what they say.

    Those that speak of immediate danger come first, then what was sent first.
    """
    query = (
        select(HeldCopy, Referral.reference)
        .outerjoin(Referral, and_(Referral.referral_id == HeldCopy.referral_id, Referral.version == 1))
        .options(defer(HeldCopy.content), defer(HeldCopy.told))
        .where(HeldCopy.state.in_(states))
        .order_by(HeldCopy.immediate_danger.desc(), HeldCopy.first_sent_at, HeldCopy.held_copy_id)
        .limit(limit + 1)
    )
    if after is not None:
        danger, *since = after
        later = tuple_(HeldCopy.first_sent_at, HeldCopy.held_copy_id) > tuple(since)
        same = and_(HeldCopy.immediate_danger.is_(danger), later)
        query = query.where(or_(same, HeldCopy.immediate_danger.is_(False)) if danger else same)
    return [(copy, reference) for copy, reference in await tx.execute(query)]


async def add_opening(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Note that somebody reads a copy, and why."""
    await tx.execute(insert(HeldCopyOpening).values(row))
