"""What a hub holds when all is quiet again: its tables, its feeds, its partners' records."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tests.faults.asking import Asker, system, world_of
from tests.faults.memory import SENDERS
from tests.faults.stage import Stage

Row = dict[str, Any]

_EXCHANGE_SECONDS = 10.0

#: What is read of each table; ids as text, so that they compare with what the API said.
_QUERIES = {
    "referrals": "SELECT referral_id::text, reference, sender_reference FROM intake.referral",
    "keys": "SELECT key, answer ->> 'reference' AS reference FROM intake.idempotency_key",
    "contacts": "SELECT referral_id::text, case_id::text FROM triage.contact",
    "cases": "SELECT case_id::text, is_open FROM triage.case",
    "children": "SELECT child_id::text, case_id::text, state, decision_id::text FROM triage.case_child",
    "grades": "SELECT child_id::text FROM triage.grade WHERE given = 'when_asked'",
    "decisions": "SELECT decision_id::text, child_id::text, pathway, rationale FROM triage.decision",
    "outcomes": "SELECT event_id::text, agency_id::text, number, child_id::text, decision_id::text,"
    " reference, outcome FROM notifications.outcome ORDER BY agency_id, number",
    "deliveries": "SELECT event_id::text, state FROM notifications.delivery",
    "acknowledged": "SELECT event_id::text FROM notifications.acknowledgement",
    "stages": "SELECT child_id::text, stage FROM intake.child_progress",
    "audit": "SELECT action, subject_ids::text[] AS subject_ids FROM audit.entry"
    " WHERE action IN ('referral.received', 'case.opened', 'child.decided', 'outcome.told')",
}

#: What nobody has dealt with yet, by what it waits for; nothing, once all is quiet.
_WAITING = {
    "the bus": " UNION ALL ".join(
        f"SELECT event_id FROM {service}.outbox WHERE published_at IS NULL"
        for service in ("intake", "triage", "notifications")
    ),
    "triage": "SELECT event_id FROM intake.outbox"
    " WHERE event_id NOT IN (SELECT event_id FROM triage.inbox WHERE handler = 'open_case')",
    "notifications": "SELECT event_id FROM triage.outbox WHERE event_type = 'triage.child_decided.v1'"
    " AND event_id NOT IN (SELECT event_id FROM notifications.inbox WHERE handler = 'make_outcomes')",
    "intake": "SELECT event_id FROM triage.outbox WHERE event_type <> 'triage.grade_recorded.v1'"
    " AND event_id NOT IN (SELECT event_id FROM intake.inbox)",
    "a webhook": "SELECT event_id FROM notifications.delivery WHERE state <> 'delivered'",
    "the reconciler": "SELECT event_id FROM reconciler.resend",
    "a person": " UNION ALL ".join(
        f"SELECT event_id FROM {service}.parked" for service in ("intake", "triage", "notifications")
    ),
}


@dataclass(frozen=True)
class Aftermath:
    """Everything there is, each by a name.

    Attributes:
        tables: rows of the database.
        feeds: by agency, its feed read from the start to the end.
        waiting: what still waits for whom; empty when all is quiet.
    """

    tables: dict[str, list[Row]]
    feeds: dict[str, list[Row]]
    waiting: dict[str, int]


def look_around(stage: Stage, *, patience_seconds: float) -> Aftermath:
    """Wait until nothing waits any more, or nothing moves for so many seconds, and read everything."""
    return asyncio.run(_look_around(stage, patience_seconds))


async def _look_around(stage: Stage, patience_seconds: float) -> Aftermath:
    engine = create_async_engine(make_url(stage.postgres.url))
    try:
        async with engine.connect() as connection:
            waiting = await _wait_for_quiet(connection, patience_seconds)
            tables = {name: await _rows(connection, query) for name, query in _QUERIES.items()}
    finally:
        await engine.dispose()
    async with world_of(stage, seconds=_EXCHANGE_SECONDS) as world:
        feeds = {name: await _read_feed(system(name, world)) for name in SENDERS}
    return Aftermath(tables, feeds, waiting)


async def _wait_for_quiet(connection: AsyncConnection, patience_seconds: float) -> dict[str, int]:
    last: dict[str, int] = {}
    give_up_at = time.monotonic() + patience_seconds
    while True:
        found = {what: len(await _rows(connection, query)) for what, query in _WAITING.items()}
        waiting = {what: count for what, count in found.items() if count}
        await connection.rollback()
        if waiting != last:
            last, give_up_at = waiting, time.monotonic() + patience_seconds
        if not waiting or time.monotonic() >= give_up_at:
            return waiting
        await asyncio.sleep(0.5)


async def _rows(connection: AsyncConnection, query: str) -> list[Row]:
    found: Sequence[Any] = (await connection.execute(text(query))).mappings().all()
    return [dict(row) for row in found]


async def _read_feed(reader: Asker) -> list[Row]:
    items: list[Row] = []
    cursor, has_more = "", True
    while has_more:
        page = (await reader.insist("GET", "notifications", f"/v1/outcomes?after={cursor}")).json()
        items += page["items"]
        cursor, has_more = page["next_cursor"], page["has_more"]
    return items
