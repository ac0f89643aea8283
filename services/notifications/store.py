"""Every query of notifications."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import Acknowledgement, Attempt, Delivery, Feed, Outcome, Webhook
from services.notifications.rules import DeliveryState, Told
from shared.schemas.ids import AgencyId, ChildId, DeliveryId, EventId, ReferralId, WebhookId

OutcomeRow = tuple[Outcome, datetime | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which outcomes a reader asks for.

    Attributes:
        agency_id: None for staff who see every agency's.
        reference: the hub's reference of one referral.
        sender_reference: the sender's own; of the two, either will do.
    """

    agency_id: AgencyId | None
    reference: str | None = None
    sender_reference: str | None = None

    @property
    def list_name(self) -> str:
        """What a cursor is bound to: an agency's whole feed, or what it holds about one referral."""
        about = self.reference or self.sender_reference
        return f"outcomes of {self.agency_id}" + (f" about {about}" if about else "")


async def lock_feed(tx: AsyncSession, agency_id: AgencyId) -> int:
    """Return the last number given in an agency's feed; nobody else takes one until this transaction ends."""
    await tx.execute(insert(Feed).values(agency_id=agency_id, last_number=0).on_conflict_do_nothing())
    found = await tx.scalars(select(Feed.last_number).where(Feed.agency_id == agency_id).with_for_update())
    return found.one()


async def set_last_number(tx: AsyncSession, agency_id: AgencyId, number: int) -> None:
    """Note the last number given; the feed is locked by this transaction."""
    await tx.execute(update(Feed).where(Feed.agency_id == agency_id).values(last_number=number))


async def list_told(
    tx: AsyncSession, referral_id: ReferralId, child_id: ChildId
) -> list[tuple[EventId, Told]]:
    """Return what a referral's sender was told about a child, in the order it was told."""
    rows = await tx.execute(
        select(Outcome.event_id, Outcome.decision_id, Outcome.decided_at)
        .where(Outcome.referral_id == referral_id, Outcome.child_id == child_id)
        .order_by(Outcome.number)
    )
    return [(row.event_id, Told(row.decision_id, row.decided_at)) for row in rows]


async def add_outcome(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add an outcome."""
    await tx.execute(insert(Outcome).values(row))


def _outcomes() -> Select[Outcome, datetime | None]:
    return select(Outcome, Acknowledgement.acknowledged_at).outerjoin(
        Acknowledgement, Acknowledgement.event_id == Outcome.event_id
    )


async def list_outcomes(
    tx: AsyncSession, wanted: Wanted, *, after: int | None, limit: int
) -> Sequence[OutcomeRow]:
    """Return one more than `limit` outcomes, in the order of the feed."""
    query = _outcomes().order_by(Outcome.number).limit(limit + 1)
    if wanted.agency_id is not None:
        query = query.where(Outcome.agency_id == wanted.agency_id)
    about = [Outcome.reference == wanted.reference] if wanted.reference else []
    about += [Outcome.sender_reference == wanted.sender_reference] if wanted.sender_reference else []
    if about:
        query = query.where(or_(*about))
    if after is not None:
        query = query.where(Outcome.number > after)
    return [(row[0], row[1]) for row in await tx.execute(query)]


async def find_outcome(tx: AsyncSession, event_id: EventId, agency_id: AgencyId | None) -> OutcomeRow | None:
    """Return an outcome; with an agency, only if it is that agency's."""
    query = _outcomes().where(Outcome.event_id == event_id)
    if agency_id is not None:
        query = query.where(Outcome.agency_id == agency_id)
    row = (await tx.execute(query)).first()
    return (row[0], row[1]) if row else None


async def acknowledge(tx: AsyncSession, row: dict[str, Any]) -> Acknowledgement:
    """Note that an agency recorded an outcome, unless it said so before; return the one that stands."""
    await tx.execute(insert(Acknowledgement).values(row).on_conflict_do_nothing())
    return await tx.get_one(Acknowledgement, row["event_id"])


async def add_webhook(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add a webhook."""
    await tx.execute(insert(Webhook).values(row))


async def count_webhooks(tx: AsyncSession, agency_id: AgencyId) -> int:
    """Return how many webhooks of an agency are in use. Locks its feed: two requests are counted in turn."""
    await lock_feed(tx, agency_id)
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


async def add_deliveries(tx: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Add deliveries that are due."""
    if rows:
        await tx.execute(insert(Delivery).values(rows))


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
) -> tuple[Delivery, Webhook, Outcome] | None:
    """Return the delivery that has been due the longest, locked; None when none is.

    Args:
        passing_over: webhooks that are being called as often as they may be at a time.
    """
    query = (
        select(Delivery, Webhook, Outcome)
        .join(Webhook, Webhook.webhook_id == Delivery.webhook_id)
        .join(Outcome, Outcome.event_id == Delivery.event_id)
        .where(
            Delivery.state == DeliveryState.DUE,
            Delivery.next_attempt_at <= now,
            or_(Delivery.lease_until.is_(None), Delivery.lease_until <= now),
            Webhook.ended_at.is_(None),
        )
        .order_by(Delivery.next_attempt_at)
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    if passing_over:
        query = query.where(Delivery.webhook_id.not_in(list(passing_over)))
    row = (await tx.execute(query)).first()
    return (row[0], row[1], row[2]) if row else None


async def find_leased(tx: AsyncSession, delivery_id: DeliveryId, lease_token: UUID) -> Delivery | None:
    """Return a delivery, locked, if whoever holds `lease_token` still has it to send."""
    query = select(Delivery).where(Delivery.delivery_id == delivery_id, Delivery.lease_token == lease_token)
    return (await tx.scalars(query.with_for_update())).first()


async def add_attempt(tx: AsyncSession, row: dict[str, Any]) -> None:
    """Add a try."""
    await tx.execute(insert(Attempt).values(row))
