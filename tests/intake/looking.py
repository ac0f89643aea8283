"""What the tests of the look at quality share: asking, later versions, and what was written down."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from sqlalchemy import select

from deploy.local.postgres import PostgresServer
from services.intake.actions.quality import Ask, ask_for_follow_up
from services.intake.models import FurtherInformation
from services.intake.store import referrals
from shared.clock import utc_now
from shared.platform.audit import system
from shared.platform.database import transaction
from shared.schemas.ids import FurtherInformationId, ReferralId
from shared.schemas.progress import Gap
from tests.hub import URLS, Hub

#: Represents the agency whose system sends where a test says nothing else.
OMAR = "omar.khan"
QUESTION = "Did anyone speak with Maisie on her own?"


def asking(version: int = 1, **given: Any) -> dict[str, Any]:
    """Return the body of a look that asks for the voice of the child."""
    gaps = [{"pointer": "#/children/0/voice", "question": QUESTION}]
    return {"verdict": "further_information", "version": version, "gaps": gaps} | given


async def look(
    hub: Hub, reference: str, body: dict[str, Any] | None = None, who: str = OMAR
) -> httpx.Response:
    """Say what someone makes of a referral: content, where nothing else is given."""
    url = f"{URLS['intake']}/v1/referrals/{reference}/quality-check"
    body = body or {"verdict": "content", "version": 1}
    return await hub.http.post(url, json=body, headers=await hub.as_staff(who))


async def read(hub: Hub, path: str, headers: dict[str, str], **query: Any) -> dict[str, Any]:
    """Return what intake says to a GET that it answers."""
    answer = await hub.http.get(f"{URLS['intake']}{path}", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def queue(hub: Hub, who: str = OMAR, **query: Any) -> list[dict[str, Any]]:
    """Return the whole of a queue as someone sees it, page by page."""
    headers = await hub.as_staff(who)
    found: list[dict[str, Any]] = []
    page = await read(hub, "/v1/quality-checks", headers, **query)
    while page["has_more"]:
        found += page["items"]
        page = await read(hub, "/v1/quality-checks", headers, **query, cursor=page["next_cursor"])
    found += page["items"]
    return found


async def versions_on(hub: Hub, reference: str, who: str = OMAR, **query: Any) -> list[int]:
    """Return which versions of a referral stand on someone's queue."""
    return [item["version"] for item in await queue(hub, who, **query) if item["reference"] == reference]


async def ask(hub: Hub, said: dict[str, Any], *, due_in: timedelta) -> FurtherInformationId:
    """Ask the sender of a referral for a written follow-up by a time that may have passed."""
    async with transaction(hub.sessions["intake"], "test") as tx:
        referral = await referrals.find_referral(tx, ReferralId(UUID(said["referral_id"])))
        assert referral is not None
        question = Gap(pointer=None, question="Please send it in writing.")
        wanted = Ask([question], None, utc_now() + due_in)
        request = await ask_for_follow_up(tx, referral, wanted, system("intake"), now=utc_now())
    return request.request_id


async def request_of(hub: Hub, request_id: FurtherInformationId) -> FurtherInformation:
    """Return a request as it stands."""
    async with transaction(hub.sessions["intake"], "test") as tx:
        return await tx.get_one(FurtherInformation, request_id)


async def events_about(hub: Hub, referral_id: str) -> list[str]:
    """Return the names of what intake has announced about a referral."""
    outbox = hub.mailboxes["intake"].outbox
    async with transaction(hub.sessions["intake"], "test") as tx:
        about = outbox.c.payload["referral_id"].astext == referral_id
        return list(await tx.scalars(select(outbox.c.event_type).where(about).order_by(outbox.c.position)))


async def audited(server: PostgresServer, action: str, subject: str | UUID) -> list[dict[str, Any]]:
    """Return the facts of each audit row of an action on a record."""
    owner = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    query = "SELECT facts FROM audit.entry WHERE action = $1 AND subject_ids @> ARRAY[$2::uuid]"
    try:
        return [json.loads(row["facts"]) for row in await owner.fetch(query, action, str(subject))]
    finally:
        await owner.close()
