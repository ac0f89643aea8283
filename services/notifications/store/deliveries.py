"""Queries about deliveries to webhooks and the tries to make them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, all_, bindparam, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import Attempt, Delivery, Notice, Outcome, Webhook
from services.notifications.rules import DeliveryState
from shared.platform.database import plain_table
from shared.schemas.ids import AgencyId, DeliveryId, WebhookId

#: What can be delivered.
Message = Outcome | Notice


# Made once, not at each call: building a statement costs about as much as asking it.
_ADD_DELIVERY: Final = insert(plain_table(Delivery))
_ADD_ATTEMPT: Final = insert(plain_table(Attempt))
_CLAIM: Final = (
    select(Delivery, Webhook, Outcome, Notice)
    .join(Webhook, Webhook.webhook_id == Delivery.webhook_id)
    .outerjoin(Outcome, Outcome.event_id == Delivery.event_id)
    .outerjoin(Notice, Notice.event_id == Delivery.event_id)
    .where(
        func.coalesce(Outcome.event_id, Notice.event_id).is_not(None),
        Delivery.state == DeliveryState.DUE,
        Delivery.next_attempt_at <= bindparam("now"),
        or_(Delivery.lease_until.is_(None), Delivery.lease_until <= bindparam("now")),
        Webhook.ended_at.is_(None),
        Delivery.webhook_id != all_(bindparam("passing_over", type_=ARRAY(Uuid))),
    )
    .order_by(Delivery.next_attempt_at)
    .limit(1)
    .with_for_update(of=Delivery, skip_locked=True)
)


async def add_deliveries(tx: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Add deliveries that are due."""
    if rows:
        await tx.execute(_ADD_DELIVERY, rows)


async def list_deliveries(
    tx: AsyncSession, webhook_id: WebhookId, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Delivery]:
    """Return one more than `limit` of a webhook's deliveries, newest first."""
    query = (
        select(Delivery)
        .where(Delivery.webhook_id == webhook_id)
        .order_by(Delivery.created_at.desc(), Delivery.delivery_id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(tuple_(Delivery.created_at, Delivery.delivery_id) < before)
    return (await tx.scalars(query)).all()


async def list_attempts(
    tx: AsyncSession, deliveries: Iterable[DeliveryId]
) -> dict[DeliveryId, list[Attempt]]:
    """Return the tries of each delivery, oldest first."""
    found: dict[DeliveryId, list[Attempt]] = {}
    query = select(Attempt).where(Attempt.delivery_id.in_(list(deliveries))).order_by(Attempt.attempted_at)
    for attempt in await tx.scalars(query):
        found.setdefault(attempt.delivery_id, []).append(attempt)
    return found


async def find_delivery(
    tx: AsyncSession, delivery_id: DeliveryId, agency_id: AgencyId
) -> tuple[Delivery, Webhook] | None:
    """Return an agency's delivery with its webhook, the delivery locked."""
    query = (
        select(Delivery, Webhook)
        .join(Webhook)
        .where(Delivery.delivery_id == delivery_id, Webhook.agency_id == agency_id)
        .with_for_update(of=Delivery)
    )
    row = (await tx.execute(query)).first()
    return (row[0], row[1]) if row else None


async def claim_due(
    tx: AsyncSession, *, passing_over: Collection[WebhookId], now: datetime
) -> tuple[Delivery, Webhook, Message] | None:
    """Return the delivery that has been due the longest, locked, with what it delivers; None when none is.

    Args:
        passing_over: webhooks that are being called as often as they may be at a time.
    """
    row = (await tx.execute(_CLAIM, {"now": now, "passing_over": list(passing_over)})).first()
    return (row[0], row[1], row[2] or row[3]) if row else None


async def find_leased(tx: AsyncSession, delivery_id: DeliveryId, lease_token: UUID) -> Delivery | None:
    """Return a delivery, locked, if whoever holds `lease_token` still has it to send."""
    query = select(Delivery).where(Delivery.delivery_id == delivery_id, Delivery.lease_token == lease_token)
    return (await tx.scalars(query.with_for_update())).first()


async def add_attempt(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add a try."""
    await tx.execute(_ADD_ATTEMPT, row)
