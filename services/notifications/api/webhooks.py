"""Webhooks over HTTP: where an agency wants to be called, and what became of the calls."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from services.notifications.actions import deliveries, webhooks
from services.notifications.errors import UrlNotAllowed
from services.notifications.webhooks.addresses import AddressRefused
from services.notifications.webhooks.sending import Guard
from shared.platform.auth import Caller, permit
from shared.platform.openapi import json_body, problems
from shared.platform.paging import Cursor, Limit
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import DeliveryId, WebhookId
from shared.schemas.outcomes import Delivery, Webhook, WebhookCreated, WebhookForm
from shared.schemas.shapes import Page
from shared.schemas.words import Scope

router = APIRouter(tags=["Webhooks"])

System = Annotated[Caller, permit(scope=Scope.WEBHOOK_MANAGE)]
Form = Annotated[WebhookForm, json_body(WebhookForm)]


async def _require_callable(request: Request, form: Form) -> None:
    """Refuse an address the hub must not call; before a transaction opens, since names are looked up."""
    guard: Guard = request.app.state.guard
    try:
        await guard.find(form.url)
    except AddressRefused as refused:
        raise UrlNotAllowed(refused.code, refused.detail) from None
    except OSError:
        # In the words for a private address: nobody learns from us which names exist inside.
        detail = "The host does not resolve to public addresses alone."
        raise UrlNotAllowed("not_public", detail) from None


@router.post(
    "/v1/webhooks",
    status_code=201,
    response_model=WebhookCreated,
    responses=problems(409),
)
async def post_webhook(
    client: System,
    form: Form,
    _callable: Annotated[None, Depends(_require_callable)],
    tx: Tx,
    now: Now,
    request: Request,
) -> WebhookCreated:
    """Be called about outcomes and notices from now on. The answer holds the secret to verify our calls with.

    It is shown this once. Earlier ones are in your feeds, which stay complete whether or not your server can
    be reached.
    """
    return await webhooks.create_webhook(tx, form, client, request.app.state.vault, now=now)


@router.get("/v1/webhooks", response_model=Page[Webhook])
async def list_webhooks(
    client: System, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 100
) -> Page[Webhook]:
    """List the webhooks you have in use, newest first."""
    return await webhooks.list_webhooks(tx, client, cursor=cursor, limit=limit, now=now)


@router.get("/v1/webhooks/{webhook_id}", response_model=Webhook)
async def get_webhook(client: System, webhook_id: PathId, tx: Tx, now: Now) -> Webhook:
    """Read one webhook; `ended_at` says that it is called no more, and `ended_because` why."""
    return await webhooks.read_webhook(tx, WebhookId(webhook_id), client, now=now)


@router.delete("/v1/webhooks/{webhook_id}", status_code=204)
async def delete_webhook(client: System, webhook_id: PathId, tx: Tx, now: Now) -> Response:
    """End a webhook: it is called no more. What was sent to it stays on record."""
    await webhooks.delete_webhook(tx, WebhookId(webhook_id), client, now=now)
    return Response(status_code=204)


@router.get("/v1/webhooks/{webhook_id}/deliveries", response_model=Page[Delivery])
async def list_deliveries(
    client: System, webhook_id: PathId, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 100
) -> Page[Delivery]:
    """See what was sent or is to be sent to a webhook, newest first, with every try."""
    return await deliveries.list_deliveries(
        tx, WebhookId(webhook_id), client, cursor=cursor, limit=limit, now=now
    )


@router.post(
    "/v1/deliveries/{delivery_id}/resend",
    status_code=202,
    response_model=Delivery,
    responses=problems(409),
)
async def post_resend(client: System, delivery_id: PathId, tx: Tx, now: Now) -> Delivery:
    """Have an outcome or a notice sent to a webhook again, at once and with all tries before it."""
    return await deliveries.resend(tx, DeliveryId(delivery_id), client, now=now)
