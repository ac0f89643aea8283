"""The hub as a partner's system reaches it: its own token, outcomes and notices, its webhook."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar, get_args
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ConfigDict

from deploy.local.files import write_json
from deploy.local.receiver.settings import CLIENT_ID, Settings
from shared.platform.peers import ClientIdentity
from shared.schemas.outcomes import MessageType, Webhook, WebhookCreated
from shared.schemas.shapes import Answer, Page

Told = TypeVar("Told", bound=Answer)

#: What we want to be called about: everything there is.
WANTED: Final = list(get_args(MessageType))


class Subscription(BaseModel):
    """The webhook that is ours, and the secret by which we know that a call is the hub's."""

    model_config = ConfigDict(frozen=True)

    webhook_id: str
    url: str
    secret: str


class ForeignAddress(Exception):
    """A call names an address that is not the hub's: our token is not shown there."""


class PartnersHub:
    """Calls the hub with the token of the partner's system."""

    def __init__(self, http: httpx.AsyncClient, settings: Settings) -> None:
        self._http = http
        self._settings = settings
        self._identity = ClientIdentity(
            http, client_id=CLIENT_ID, key_file=settings.key_file, access_url=settings.access_url
        )

    async def subscribe(self, kept_in: Path) -> Subscription:
        """Return our webhook: the one whose secret is kept, or a new one where that has gone or wants less.

        Raises:
            httpx.HTTPError: the hub is away or refuses us.
        """
        kept = _read(kept_in)
        standing = await self._list_webhooks()
        mine = [webhook for webhook in standing if webhook.url == self._settings.called_at]
        good = [str(webhook.webhook_id) for webhook in mine if set(webhook.event_types) >= set(WANTED)]
        if kept is not None and kept.webhook_id in good:
            return kept
        # Each of these is ours, but its secret is lost, so that its calls could never be verified; or it was
        # made when there was less to be called about, and the feeds have what it misses meanwhile.
        for webhook in mine:
            await self._call("DELETE", f"/v1/webhooks/{webhook.webhook_id}")
        made = await self._create()
        write_json(kept_in, made.model_dump())
        return made

    async def fetch(self, url: str, told: type[Told]) -> Told:
        """Return the outcome or notice that a call was about.

        Raises:
            ForeignAddress: the address is not the hub's.
            httpx.HTTPError: the hub is away or refuses us.
        """
        if urlsplit(url)[:2] != urlsplit(self._settings.notifications_url)[:2]:
            raise ForeignAddress
        answer = await self._call("GET", urlsplit(url).path)
        return told.model_validate_json(answer.content)

    async def acknowledge(self, event_id: str, recorded_reference: str, recorded_at: datetime) -> None:
        """Tell the hub under which number of ours the outcome is recorded; raises as `fetch` does."""
        said = {"recorded_reference": recorded_reference, "recorded_at": recorded_at.isoformat()}
        await self._call("POST", f"/v1/outcomes/{event_id}/acknowledgement", json=said)

    async def _list_webhooks(self) -> list[Webhook]:
        answer = await self._call("GET", "/v1/webhooks")
        return Page[Webhook].model_validate_json(answer.content).items

    async def _create(self) -> Subscription:
        wanted = {"url": self._settings.called_at, "event_types": WANTED}
        answer = await self._call("POST", "/v1/webhooks", json=wanted)
        created = WebhookCreated.model_validate_json(answer.content)
        return Subscription(webhook_id=str(created.webhook_id), url=created.url, secret=created.secret)

    async def _call(self, method: str, path: str, **content: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {await self._identity.token()}"}
        url = self._settings.notifications_url + path
        answer = await self._http.request(method, url, headers=headers, **content)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._identity.forget()
        answer.raise_for_status()
        return answer


def _read(kept_in: Path) -> Subscription | None:
    try:
        return Subscription.model_validate(json.loads(kept_in.read_text()))
    except FileNotFoundError:
        return None
