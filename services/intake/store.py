"""Every query of intake."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.intake.errors import KeyInFlight
from services.intake.models import ChildProgress, IdempotencyKey, Referral, SenderReference
from shared.platform.database import LOCK_NOT_AVAILABLE, sqlstate
from shared.schemas.ids import AgencyId, ChildId, ReferralId
from shared.schemas.reference import Reference
from shared.schemas.words import Stage

# A first request still under way holds its row locked; its twin waits this long and is then told so.
_WAIT_FOR_TWIN = text("SET LOCAL lock_timeout = '300ms'")


async def claim_key(tx: AsyncSession, row: dict[str, Any]) -> IdempotencyKey | None:
    """Take an idempotency key for this request; return the row that already holds it, or None if taken.

    Raises:
        KeyInFlight: a request with the same key has not ended yet.
    """
    await tx.execute(_WAIT_FOR_TWIN)
    taken = insert(IdempotencyKey).values(row).on_conflict_do_nothing().returning(IdempotencyKey.key)
    if await _claim(tx, taken):
        return None
    key = (row["agency_id"], row["client_id"], row["key"])
    return await tx.get_one(IdempotencyKey, key)


async def claim_sender_reference(tx: AsyncSession, row: dict[str, Any]) -> SenderReference | None:
    """Take a sender's own reference; return the row that already holds it, or None if taken.

    Raises:
        KeyInFlight: another request with the same reference has not ended yet.
    """
    taken = (
        insert(SenderReference).values(row).on_conflict_do_nothing().returning(SenderReference.referral_id)
    )
    if await _claim(tx, taken):
        return None
    return await tx.get_one(SenderReference, (row["agency_id"], row["sender_reference"]))


async def _claim(tx: AsyncSession, statement: Any) -> bool:
    try:
        return (await tx.execute(statement)).first() is not None
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


async def add_referral(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add one version of a referral."""
    await tx.execute(insert(Referral).values(row))


def _latest() -> Select[Referral]:
    other = aliased(Referral)
    newest = select(func.max(other.version)).where(other.referral_id == Referral.referral_id)
    return select(Referral).where(Referral.version == newest.scalar_subquery())


async def find_referral(
    tx: AsyncSession, referral_id: ReferralId, *, version: int | None = None
) -> Referral | None:
    """Return a referral, its newest version unless one is named."""
    if version is not None:
        return await tx.get(Referral, (referral_id, version))
    return (await tx.scalars(_latest().where(Referral.referral_id == referral_id))).first()


async def find_by_reference(
    tx: AsyncSession, reference: Reference, agency_id: AgencyId | None
) -> Referral | None:
    """Return the newest version of a referral; with an agency, only if it is that agency's."""
    query = _latest().where(Referral.reference == reference)
    if agency_id is not None:
        query = query.where(Referral.agency_id == agency_id)
    return (await tx.scalars(query)).first()


async def list_referrals(
    tx: AsyncSession, agency_id: AgencyId | None, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Referral]:
    """Return one more than `limit` referrals, newest first; with an agency, only that agency's."""
    query = _latest().order_by(Referral.received_at.desc(), Referral.referral_id.desc()).limit(limit + 1)
    if agency_id is not None:
        query = query.where(Referral.agency_id == agency_id)
    if before is not None:
        query = query.where(tuple_(Referral.received_at, Referral.referral_id) < before)
    return (await tx.scalars(query)).all()


async def get_stages(
    tx: AsyncSession, referrals: Iterable[ReferralId]
) -> dict[ReferralId, dict[ChildId, Stage]]:
    """Return where each child of the named referrals stands; a child nobody has looked at yet is absent."""
    stages: dict[ReferralId, dict[ChildId, Stage]] = {}
    rows = await tx.scalars(select(ChildProgress).where(ChildProgress.referral_id.in_(list(referrals))))
    for row in rows:
        stages.setdefault(row.referral_id, {})[row.child_id] = Stage(row.stage)
    return stages


async def set_stage(tx: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Note where children stand; a child once decided is not taken back to being considered."""
    statement = insert(ChildProgress).values(rows)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[ChildProgress.referral_id, ChildProgress.child_id],
            set_={"stage": statement.excluded.stage, "since_at": statement.excluded.since_at},
            where=ChildProgress.stage != Stage.DECIDED,
        )
    )
