"""Webhooks of an agency: made, listed, ended."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.actions import LEDGER
from services.notifications.errors import TooManyWebhooks
from services.notifications.models import Webhook as Row
from services.notifications.store import webhooks as store
from services.notifications.webhooks.signing import Vault, new_secret
from shared.platform.auth import Caller
from shared.platform.paging import read_cursor, write_cursor
from shared.problems import NotFound
from shared.schemas.ids import WebhookId, new_id
from shared.schemas.outcomes import Webhook, WebhookCreated, WebhookForm
from shared.schemas.shapes import Page

#: Each message is sent to every one of them: without a limit, one agency could keep all senders busy.
WEBHOOKS_PER_AGENCY: Final = 10

_LIST = "webhooks"


async def create_webhook(
    tx: AsyncSession, form: WebhookForm, client: Caller, vault: Vault, *, now: datetime
) -> WebhookCreated:
    """Store a webhook whose address has been checked, and return it with its secret, this once.

    What is told from now on is sent to it. What was told earlier is in the feeds.

    Raises:
        TooManyWebhooks: the agency has WEBHOOKS_PER_AGENCY in use.
    """
    agency_id = client.own_agency()
    if await store.count_webhooks(tx, agency_id) >= WEBHOOKS_PER_AGENCY:
        raise TooManyWebhooks(WEBHOOKS_PER_AGENCY)
    made = WebhookCreated(
        webhook_id=WebhookId(new_id()),
        url=form.url,
        event_types=list(dict.fromkeys(form.event_types)),
        created_at=now,
        secret=new_secret(),
    )
    await store.add_webhook(
        tx,
        {
            "webhook_id": made.webhook_id,
            "agency_id": agency_id,
            "url": made.url,
            "event_types": made.event_types,
            "secret": vault.seal(made.secret),
            "created_by": client.subject,
            "created_at": now,
        },
    )
    await LEDGER.record(tx, client, "webhook.created", at=now, subjects=[made.webhook_id])
    return made


async def list_webhooks(
    tx: AsyncSession, client: Caller, *, cursor: str | None, limit: int, now: datetime
) -> Page[Webhook]:
    """Return the agency's webhooks that are in use, newest first."""
    list_name = f"{_LIST} of {client.own_agency()}"
    found = await store.list_webhooks(
        tx, client.own_agency(), before=read_place(list_name, cursor), limit=limit
    )
    items = [_show(webhook) for webhook in found[:limit]]
    await LEDGER.record(
        tx, client, "webhook.read", at=now, subjects=[webhook.webhook_id for webhook in items]
    )
    last = write_place(list_name, items[-1].created_at, items[-1].webhook_id) if items else cursor
    return Page(items=items, next_cursor=last, has_more=len(found) > limit)


async def read_webhook(tx: AsyncSession, webhook_id: WebhookId, client: Caller, *, now: datetime) -> Webhook:
    """Return a webhook of the agency's, ended or not.

    Raises:
        NotFound: there is none, or it is another agency's.
    """
    webhook = await get_webhook(tx, webhook_id, client)
    await LEDGER.record(tx, client, "webhook.read", at=now, subjects=[webhook_id])
    return _show(webhook)


async def delete_webhook(tx: AsyncSession, webhook_id: WebhookId, client: Caller, *, now: datetime) -> None:
    """End a webhook; what was sent to it stays on record. Ending it again changes nothing.

    Raises:
        NotFound: there is none, or it is another agency's.
    """
    await get_webhook(tx, webhook_id, client)
    if await store.end_webhook(tx, webhook_id, because="deleted", now=now):
        await LEDGER.record(tx, client, "webhook.deleted", at=now, subjects=[webhook_id])


async def get_webhook(tx: AsyncSession, webhook_id: WebhookId, client: Caller) -> Row:
    """Return a webhook of the caller's own agency; raises NotFound for any other."""
    webhook = await store.find_webhook(tx, webhook_id, client.own_agency())
    if webhook is None:
        raise NotFound
    return webhook


def write_place(list_name: str, at: datetime, last_id: UUID) -> str:
    """Return the cursor after an item of a list that goes by time and id."""
    return write_cursor(list_name, at, last_id)


def read_place(list_name: str, cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the time and id that a cursor of such a list names; raises BadCursor."""
    if cursor is None:
        return None
    at, last_id = read_cursor(list_name, cursor, places=(datetime, UUID))
    return at, last_id


def _show(webhook: Row) -> Webhook:
    return Webhook.model_validate(webhook, from_attributes=True)
