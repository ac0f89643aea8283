"""What tests of corrections share: sending a later version, reading it, and what the audit says of it."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from deploy.local.postgres import PostgresServer
from tests.hub import URLS, Hub

REFERRALS = f"{URLS['intake']}/v1/referrals"
POLICE = "northshire-police"


async def post_to(
    hub: Hub, path: str, body: dict[str, Any], *, who: str = POLICE, key: str | None = None
) -> httpx.Response:
    """Send something about a referral, under a key of its own unless one is given."""
    headers = await hub.as_client(who) | {"Idempotency-Key": key or str(uuid4())}
    return await hub.http.post(f"{REFERRALS}/{path}", json=body, headers=headers)


async def post_version(
    hub: Hub,
    reference: str,
    referral: dict[str, Any],
    *,
    who: str = POLICE,
    key: str | None = None,
    **more: Any,
) -> httpx.Response:
    """Send a later version of a referral."""
    form = {"reason": "The school has told us more.", "referral": referral} | more
    return await post_to(hub, f"{reference}/versions", form, who=who, key=key)


async def correct(hub: Hub, reference: str, referral: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Send a later version that is taken, and return what the sender was told."""
    answer = await post_version(hub, reference, referral, **more)
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def read(hub: Hub, path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """Return what is read of a referral, by its sender unless others are named."""
    answer = await hub.http.get(f"{REFERRALS}/{path}", headers=headers or await hub.as_client(POLICE))
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def codes(said: dict[str, Any]) -> list[tuple[str, str]]:
    """Return where findings stand and what they are."""
    return [(finding["pointer"], finding["code"]) for finding in said["findings"]]


async def said_of(hub: Hub, referral_id: str) -> list[dict[str, Any]]:
    """Return the events that intake said about a referral, in order; not those about who its people are."""
    outbox = hub.mailboxes["intake"].outbox
    async with hub.sessions["intake"]() as session:
        rows = (await session.execute(outbox.select().order_by(outbox.c.position))).all()
    said = (row.payload for row in rows if row.event_type != "intake.people_matched.v1")
    return [payload for payload in said if payload.get("referral_id") == referral_id]


async def audited(server: PostgresServer, subject: str) -> list[tuple[str, str, str]]:
    """Return what the audit says of a record, oldest first: who, did what, with which facts as JSON."""
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    try:
        rows = await connection.fetch(
            "SELECT actor_id, action, facts::text FROM audit.entry"
            " WHERE service = 'intake' AND $1 = ANY(subject_ids) ORDER BY at, audit_id",
            UUID(subject),
        )
    finally:
        await connection.close()
    return [(row["actor_id"], row["action"], row["facts"]) for row in rows]
