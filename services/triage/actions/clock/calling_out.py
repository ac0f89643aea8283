"""Call somebody outside the hub about a Red child: claim, send, record; no transaction while they answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import httpx
import structlog

from services.triage.actions.clock.alerting import escalate
from services.triage.actions.showing.asking_council import Adapter
from services.triage.store import alerts
from services.triage.store.alerts import DuePage
from shared.platform.connections import Transport
from shared.platform.database import Sessions, transaction
from shared.platform.telemetry import red_alerts, red_alerts_waiting, red_pages
from shared.schemas.alerts import PageContact, RedPage

#: What a page says. It names nobody, because it may be read on a locked screen in a kitchen.
WORDS: Final = "A child is graded Red: open the hub."
#: A try that nobody recorded, or that was not taken, is made again after so long.
_AGAIN: Final = timedelta(minutes=1)
_AT_ONCE: Final = 20
_AGENT: Final = "safeguarding-hub-triage/1"


class Gateway(Protocol):
    """Whoever takes a page on, as text message, e-mail or call."""

    async def page(self, page: RedPage) -> str | None:
        """Hand a page over; return None once it is taken, else a code of what kept it from that."""


@dataclass(frozen=True, slots=True)
class Calling:
    """Who is called about a Red child that nobody acknowledges, and when.

    Attributes:
        gateways: by contact; empty where no page is configured: then it is on screen alone.
        escalate_after: how long the first contact has.
        again_after: how long after a page that was taken everybody is called again, once it was escalated: a
            text message that was taken at night may wake nobody.
    """

    gateways: Mapping[PageContact, Gateway]
    escalate_after: timedelta
    again_after: timedelta


class HttpGateway:
    """A gateway of the deployment, or the adapter in front of one, that takes pages over HTTPS.

    Source:
        docs/adr/0032-what-falls-due.md
    """

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    async def page(self, page: RedPage) -> str | None:
        """Hand a page over; any answer of 200 to 299 takes it, and nothing in it is read."""
        try:
            async with asyncio.timeout(self._adapter.patience.total_seconds()):
                status = await self._post(page)
        except (TimeoutError, httpx.TimeoutException):
            return "timeout"
        except (httpx.HTTPError, OSError):
            return "away"
        return None if httpx.codes.is_success(status) else "refused"

    async def _post(self, page: RedPage) -> int:
        headers = {
            "Authorization": f"Bearer {self._adapter.secret}",
            "Content-Type": "application/json",
            "User-Agent": _AGENT,
            "Connection": "close",
        }
        # Only the headers of the answer are waited for: a gateway cannot hold this by talking on.
        async with (
            httpx.AsyncClient(
                transport=Transport(verify=self._adapter.trusted, trust_env=False),
                trust_env=False,
                follow_redirects=False,
                timeout=self._adapter.patience.total_seconds(),
            ) as http,
            http.stream("POST", self._adapter.url, content=page.model_dump_json(), headers=headers) as answer,
        ):
            return answer.status_code


async def call_out(sessions: Sessions, who: str, calling: Calling, *, now: datetime) -> bool:
    """Escalate what nobody acknowledged in time, and send the pages that are due.

    Args:
        who: the worker, to the row policies of the database.

    Returns:
        Whether there may be more to send at once.
    """
    async with transaction(sessions, who) as tx:
        late = await escalate(tx, now=now, after=calling.escalate_after)
        waiting = await alerts.count_waiting(tx)
        for contact in calling.gateways:
            await alerts.add_pages(tx, contact, now=now)
        due = await alerts.claim_pages(tx, now=now, again_at=now + _AGAIN, limit=_AT_ONCE)
    red_alerts_waiting.set(waiting)
    red_alerts.labels("escalated").inc(len(late))
    await asyncio.gather(*(_send(sessions, who, calling, each, now=now) for each in due))
    return len(due) == _AT_ONCE


async def _send(sessions: Sessions, who: str, calling: Calling, due: DuePage, *, now: datetime) -> None:
    gateway = calling.gateways.get(due.contact)
    if gateway is None:
        # It was configured when the page fell due, and is no longer.
        return
    page = RedPage(alert_id=due.alert_id, contact=due.contact, reference=due.reference, words=WORDS)
    problem = await gateway.page(page)
    async with transaction(sessions, who) as tx:
        if problem is None:
            await alerts.record_taken(tx, due, at=now, again_at=now + calling.again_after)
        else:
            await alerts.record_not_taken(tx, due, problem)
    red_pages.labels(problem or "taken").inc()
    if problem is not None:
        structlog.get_logger().error("red_page_not_taken", code=problem, attempt=due.tries)
