"""Queries about webhooks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import Delivery, Webhook
from services.notifications.rules import DeliveryState
from services.notifications.store.feeds import FeedName, lock_feed
from shared.schemas.ids import AgencyId, WebhookId


async def add_webhook(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add a webhook."""
    await tx.execute(insert(Webhook).values(row))


async def count_webhooks(tx: AsyncSession, agency_id: AgencyId) -> int:
    """Return how many webhooks of an agency are in use. Locks its feed: two requests are counted in turn."""
    await lock_feed(tx, agency_id, FeedName.OUTCOMES)
    found = await tx.scalars(
        select(func.count()).where(Webhook.agency_id == agency_id, Webhook.ended_at.is_(None))
    )
    return found.one()


async def list_webhooks(
    tx: AsyncSession, agency_id: AgencyId, *, before: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Webhook]:
    """Return one more than `limit` of an agency's webhooks that are in use, newest first."""
    query = (
        select(Webhook)
        .where(Webhook.agency_id == agency_id, Webhook.ended_at.is_(None))
        .order_by(Webhook.created_at.desc(), Webhook.webhook_id.desc())
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(tuple_(Webhook.created_at, Webhook.webhook_id) < before)
    return (await tx.scalars(query)).all()


async def find_webhook(tx: AsyncSession, webhook_id: WebhookId, agency_id: AgencyId) -> Webhook | None:
    """Return an agency's webhook, ended or not."""
    query = select(Webhook).where(Webhook.webhook_id == webhook_id, Webhook.agency_id == agency_id)
    return (await tx.scalars(query)).first()


async def end_webhook(tx: AsyncSession, webhook_id: WebhookId, *, because: str, now: datetime) -> bool:
    """End a webhook and give up what was still due to it; False when it had ended before."""
    ended = await tx.scalar(
        update(Webhook)
        .where(Webhook.webhook_id == webhook_id, Webhook.ended_at.is_(None))
        .values(ended_at=now, ended_because=because)
        .returning(Webhook.webhook_id)
    )
    await tx.execute(
        update(Delivery)
        .where(Delivery.webhook_id == webhook_id, Delivery.state == DeliveryState.DUE)
        .values(state=DeliveryState.FAILED, next_attempt_at=None)
    )
    return ended is not None


async def list_subscribed(tx: AsyncSession, agency_id: AgencyId, event_type: str) -> Sequence[WebhookId]:
    """Return the webhooks in use that an agency wants called about `event_type`.

    They are locked until the transaction ends, so that one that ends meanwhile leaves nothing due.
    """
    query = select(Webhook.webhook_id).where(
        Webhook.agency_id == agency_id,
        Webhook.ended_at.is_(None),
        Webhook.event_types.contains([event_type]),
    )
    return (await tx.scalars(query.with_for_update(read=True))).all()
