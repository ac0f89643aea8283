"""Queries for what was made of versions, and for what their senders were then asked."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.models import FurtherInformation, QualityCheck, Referral
from shared.schemas.ids import AgencyId, FurtherInformationId, ReferralId
from shared.schemas.words import FurtherInformationState

#: A request, and what its referral is called by the hub and by its sender.
Named = tuple[FurtherInformation, str, str | None]


async def find_check(tx: AsyncSession, referral_id: ReferralId, version: int) -> QualityCheck | None:
    """Return what was made of a version."""
    return await tx.get(QualityCheck, (referral_id, version))


async def add_check(tx: AsyncSession, row: dict[str, Any]) -> QualityCheck | None:
    """Add what was made of a version; return the look that was there before, or None if this is the first.

    Of two at once the second waits until the first is known.
    """
    statement = insert(QualityCheck).values(row).on_conflict_do_nothing().returning(QualityCheck.version)
    if (await tx.execute(statement)).first() is not None:
        return None
    return await tx.get_one(QualityCheck, (row["referral_id"], row["version"]))


async def add_request(tx: AsyncSession, request: FurtherInformation) -> None:
    """Add a request."""
    tx.add(request)
    await tx.flush()


def _named() -> Select[Any, Any, Any]:
    return select(FurtherInformation, Referral.reference, Referral.sender_reference).join(
        Referral,
        (Referral.referral_id == FurtherInformation.referral_id)
        & (Referral.version == FurtherInformation.version),
    )


async def find_request(tx: AsyncSession, request_id: FurtherInformationId) -> Named | None:
    """Return a request with the names of its referral."""
    row = (await tx.execute(_named().where(FurtherInformation.request_id == request_id))).first()
    return (row[0], row[1], row[2]) if row else None


async def list_requests(
    tx: AsyncSession,
    agency_id: AgencyId | None,
    *,
    state: FurtherInformationState | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Named]:
    """Return one more than `limit` requests, newest first; with an agency, only those put to it."""
    place = (FurtherInformation.requested_at, FurtherInformation.request_id)
    query = _named().order_by(*(column.desc() for column in place)).limit(limit + 1)
    if agency_id is not None:
        query = query.where(FurtherInformation.agency_id == agency_id)
    if state is not None:
        query = query.where(FurtherInformation.state == state)
    if before is not None:
        query = query.where(tuple_(*place) < before)
    return [(row[0], row[1], row[2]) for row in await tx.execute(query)]


async def list_for_referral(
    tx: AsyncSession, referral_ids: Iterable[ReferralId]
) -> dict[ReferralId, list[FurtherInformation]]:
    """Return what the senders of referrals were asked, the newest first; those never asked are left out."""
    query = (
        select(FurtherInformation)
        .where(FurtherInformation.referral_id.in_(list(referral_ids)))
        .order_by(FurtherInformation.requested_at.desc(), FurtherInformation.request_id.desc())
    )
    asked: dict[ReferralId, list[FurtherInformation]] = {}
    for row in await tx.scalars(query):
        asked.setdefault(row.referral_id, []).append(row)
    return asked


async def close_answered(
    tx: AsyncSession, request_id: FurtherInformationId, referral_id: ReferralId, version: int, now: datetime
) -> bool:
    """Note that a version of a referral answers a request; return whether it was there to be answered.

    One that has lapsed can still be answered: late is better than never, and seen by its times. One that
    was answered keeps its first answer.
    """
    statement = (
        update(FurtherInformation)
        .where(
            FurtherInformation.request_id == request_id,
            FurtherInformation.referral_id == referral_id,
            FurtherInformation.version < version,
            FurtherInformation.state != FurtherInformationState.ANSWERED,
        )
        .values(state=FurtherInformationState.ANSWERED, answered_version=version, closed_at=now)
        .returning(FurtherInformation.request_id)
    )
    return (await tx.execute(statement)).first() is not None


async def lapse_due(tx: AsyncSession, *, now: datetime, limit: int) -> Sequence[FurtherInformation]:
    """Close up to `limit` requests whose time has run out, the longest due first, and return them.

    What another transaction is closing just now is passed over.
    """
    due = (
        select(FurtherInformation.request_id)
        .where(FurtherInformation.state == FurtherInformationState.ASKED, FurtherInformation.due_at <= now)
        .order_by(FurtherInformation.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED")
    )
    statement = (
        update(FurtherInformation)
        .where(FurtherInformation.request_id.in_(select(due.c.request_id)))
        .values(state=FurtherInformationState.NOT_ANSWERED, closed_at=now)
        .returning(FurtherInformation)
    )
    return (await tx.scalars(statement)).all()
