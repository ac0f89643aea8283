"""Deliveries to webhooks: claimed, sent with no transaction open, recorded; listed and sent again."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import event as hooks
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import rules
from services.notifications.actions import LEDGER
from services.notifications.actions.bodies import write_body
from services.notifications.actions.webhooks import get_webhook, read_place, write_place
from services.notifications.errors import WebhookHasEnded
from services.notifications.models import Attempt
from services.notifications.models import Delivery as Row
from services.notifications.rules import Answered, DeliveryState
from services.notifications.store import deliveries as store
from services.notifications.store.webhooks import end_webhook, list_subscribed
from shared.platform.audit import system
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import AgencyId, DeliveryId, EventId, WebhookId, new_id
from shared.schemas.outcomes import Delivery, DeliveryAttempt, MessageType
from shared.schemas.shapes import Page

_TYPES: Final = TypeAdapter[MessageType](MessageType)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send until the lease runs out; `sealed_secret` signs the body."""

    delivery_id: DeliveryId
    lease_token: UUID
    claimed_at: datetime
    webhook_id: WebhookId
    event_id: EventId
    url: str
    sealed_secret: bytes
    body: bytes


class Bell:
    """Wakes the delivery worker of this process."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    def ring_after(self, tx: AsyncSession) -> None:
        """Ring when the transaction of `tx` commits: what it made due cannot be seen before."""
        hooks.listen(tx.sync_session, "after_commit", lambda _session: self.rung.set(), once=True)


async def make_due(
    tx: AsyncSession,
    agency_id: AgencyId,
    event_type: MessageType,
    event_ids: Sequence[EventId],
    *,
    now: datetime,
) -> None:
    """Make what an agency was told due to those of its webhooks that are called about `event_type`."""
    rows = [
        {
            "delivery_id": DeliveryId(new_id()),
            "webhook_id": webhook_id,
            "event_id": event_id,
            "event_type": event_type,
            "created_at": now,
            "state": DeliveryState.DUE,
            "attempts": 0,
            "next_attempt_at": now,
        }
        for webhook_id in await list_subscribed(tx, agency_id, event_type)
        for event_id in event_ids
    ]
    await store.add_deliveries(tx, rows)


async def claim_delivery(
    tx: AsyncSession,
    *,
    passing_over: Collection[WebhookId],
    lease: timedelta,
    public_url: str,
    now: datetime,
) -> Claimed | None:
    """Take the delivery that has been due the longest, for `lease`; None when nothing is due.

    Whoever dies with it loses it when the lease ends, and it is sent again under the same id.

    Args:
        passing_over: webhooks that are being called as often as they may be at a time.
        public_url: where partners fetch what they are called about.
    """
    found = await store.claim_due(tx, passing_over=passing_over, now=now)
    if found is None:
        return None
    delivery, webhook, message = found
    token = new_id()
    delivery.lease_token, delivery.lease_until = token, now + lease
    return Claimed(
        delivery_id=delivery.delivery_id,
        lease_token=token,
        claimed_at=now,
        webhook_id=webhook.webhook_id,
        event_id=message.event_id,
        url=webhook.url,
        sealed_secret=webhook.secret,
        body=write_body(message, public_url),
    )


async def record_attempt(
    tx: AsyncSession,
    claimed: Claimed,
    answered: Answered,
    *,
    schedule: Sequence[float],
    dice: float,
    now: datetime,
) -> DeliveryState | None:
    """Record what became of a try and what follows from it; return how the delivery stands now.

    Args:
        schedule: seconds before the first try and between one try and the next.
        dice: from 0 to 1; spreads the next try.

    Returns:
        None when the lease ran out meanwhile and another has the delivery: its record counts, not ours.
    """
    delivery = await store.find_leased(tx, claimed.delivery_id, claimed.lease_token)
    if delivery is None:
        return None
    await store.add_attempt(
        tx,
        {
            "attempt_id": new_id(),
            "delivery_id": claimed.delivery_id,
            "attempted_at": claimed.claimed_at,
            "status_code": answered.status_code,
            "error": answered.error,
        },
    )
    delivery.lease_token = delivery.lease_until = None
    delivery.attempts += 1
    _follow(delivery, answered, schedule=schedule, now=now, dice=dice)
    if answered.webhook_is_gone:
        await tx.flush()
        await end_webhook(tx, claimed.webhook_id, because="gone", now=now)
    await _record(tx, claimed, DeliveryState(delivery.state), answered, now=now)
    return DeliveryState(delivery.state)


def _follow(
    delivery: Row, answered: Answered, *, schedule: Sequence[float], now: datetime, dice: float
) -> None:
    again_at: datetime | None = None
    if answered.error is None:
        delivery.state, delivery.delivered_at = DeliveryState.DELIVERED, now
    # A webhook that was deleted while we were calling it has nothing due any more.
    elif delivery.state == DeliveryState.DUE:
        if not answered.webhook_is_gone:
            again_at = rules.next_attempt_at(
                delivery.attempts, answered, schedule=schedule, now=now, dice=dice
            )
        delivery.state = DeliveryState.DUE if again_at else DeliveryState.FAILED
    delivery.next_attempt_at = again_at


async def _record(
    tx: AsyncSession, claimed: Claimed, state: DeliveryState, answered: Answered, *, now: datetime
) -> None:
    facts = {"status": answered.status_code, "error": answered.error, "state": state}
    await LEDGER.record(
        tx,
        system("notifications"),
        "delivery.attempted",
        at=now,
        subjects=[claimed.delivery_id, claimed.event_id, claimed.webhook_id],
        facts=facts,
    )


async def list_deliveries(
    tx: AsyncSession, webhook_id: WebhookId, client: Caller, *, cursor: str | None, limit: int, now: datetime
) -> Page[Delivery]:
    """Return what was sent or is to be sent to a webhook, newest first.

    Raises:
        NotFound: there is no such webhook, or it is another agency's.
    """
    await get_webhook(tx, webhook_id, client)
    list_name = f"deliveries to {webhook_id}"
    found = await store.list_deliveries(tx, webhook_id, before=read_place(list_name, cursor), limit=limit)
    shown = found[:limit]
    tries = await store.list_attempts(tx, [delivery.delivery_id for delivery in shown])
    items = [_show(delivery, tries.get(delivery.delivery_id, [])) for delivery in shown]
    subjects = [webhook_id, *(item.delivery_id for item in items), *(item.event_id for item in items)]
    await LEDGER.record(tx, client, "delivery.read", at=now, subjects=subjects)
    last = write_place(list_name, shown[-1].created_at, shown[-1].delivery_id) if shown else cursor
    return Page(items=items, next_cursor=last, has_more=len(found) > limit)


async def resend(tx: AsyncSession, delivery_id: DeliveryId, client: Caller, *, now: datetime) -> Delivery:
    """Make a delivery due again at once, with all its tries before it, whatever became of it.

    Raises:
        NotFound: there is no such delivery, or it is another agency's.
        WebhookHasEnded: its webhook takes nothing any more.
    """
    found = await store.find_delivery(tx, delivery_id, client.own_agency())
    if found is None:
        raise NotFound
    delivery, webhook = found
    if webhook.ended_at is not None:
        raise WebhookHasEnded
    # One that is being sent at this moment keeps its lease: what becomes of that try decides.
    delivery.state, delivery.attempts = DeliveryState.DUE, 0
    delivery.next_attempt_at, delivery.delivered_at = now, None
    await LEDGER.record(tx, client, "delivery.resent", at=now, subjects=[delivery_id, delivery.event_id])
    tries = await store.list_attempts(tx, [delivery_id])
    return _show(delivery, tries.get(delivery_id, []))


def _show(delivery: Row, tries: Sequence[Attempt]) -> Delivery:
    return Delivery(
        delivery_id=delivery.delivery_id,
        event_id=delivery.event_id,
        type=_TYPES.validate_python(delivery.event_type),
        state=DeliveryState(delivery.state).value,
        attempts=[DeliveryAttempt.model_validate(each, from_attributes=True) for each in tries],
        next_attempt_at=delivery.next_attempt_at,
        delivered_at=delivery.delivered_at,
    )
