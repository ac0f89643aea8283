"""What a hub holds when all is quiet again: its tables, its feeds, its partners' records."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from services.intake import events as intake_events
from services.intake.sealing import Vault
from services.notifications import events as notifications_events
from services.triage import events as triage_events
from shared.schemas.events import type_name
from tests.faults.asking import Asker, system, world_of
from tests.faults.plan import SENDERS
from tests.faults.stage import Stage

Row = dict[str, Any]

_EXCHANGE_SECONDS = 10.0

#: What is read of each table; ids as text, so that they compare with what the API said.
_QUERIES = {
    "referrals": "SELECT referral_id::text, reference FROM intake.referral WHERE version = 1",
    "versions": "SELECT referral_id::text, reference, version FROM intake.referral"
    " ORDER BY reference, version",
    "keys": "SELECT key, answer ->> 'reference' AS reference, (answer ->> 'version')::int AS version"
    " FROM intake.idempotency_key",
    "requests": "SELECT request_id::text, referral_id::text, state, answered_version"
    " FROM intake.further_information",
    "refused": "SELECT client_id, request, status, state, times_sent, content FROM intake.held_copy",
    "opened": "SELECT payload ->> 'case_id' AS case_id, payload ->> 'referral_id' AS referral_id"
    " FROM triage.outbox WHERE event_type = 'triage.case_opened.v1'",
    "joins": "SELECT join_id::text, referral_id::text, case_id::text, undone_at IS NOT NULL AS is_undone"
    " FROM triage.case_join ORDER BY joined_at",
    "contacts": "SELECT referral_id::text, reference, version, case_id::text FROM triage.contact",
    "cases": "SELECT case_id::text, is_open FROM triage.case",
    "children": "SELECT child_id::text, case_id::text, referral_id::text, state, decision_id::text,"
    " whereabouts, contacts_12m FROM triage.case_child",
    "people": "SELECT record_id::text, referral_id::text, kind, version, person_id::text, link_state,"
    " likened_to::text, EXISTS (SELECT FROM intake.person_key AS key WHERE key.record_id = record.record_id)"
    " AS is_keyed FROM intake.person_record AS record",
    "asked": "SELECT record_id::text, person_id::text, verdict FROM intake.match_candidate"
    " JOIN intake.match USING (match_id) WHERE verdict IS NOT NULL",
    "said": "SELECT decision_id::text, record_id::text, person_id::text, verdict, decided_at"
    " FROM intake.link_decision ORDER BY decided_at, decision_id",
    "grades": "SELECT child_id::text FROM triage.grade WHERE given = 'when_asked'",
    "decisions": "SELECT decision_id::text, child_id::text, pathway, rationale, supersedes::text, standing"
    " FROM triage.decision",
    "corrections": "SELECT event_id::text, payload ->> 'case_id' AS case_id,"
    " payload ->> 'referral_id' AS referral_id, payload -> 'asked_agency_ids' AS asked,"
    " (payload ->> 'version')::int AS version FROM triage.outbox"
    " WHERE event_type = 'triage.case_corrected.v1'",
    "questions": "SELECT request_id::text, agency_id::text FROM triage.information_request",
    "announced": "SELECT event_id::text, payload ->> 'request_id' AS request_id,"
    " payload ->> 'agency_id' AS agency_id FROM triage.outbox"
    " WHERE event_type = 'triage.information_requested.v1'",
    "decided": "SELECT payload ->> 'decision_id' AS decision_id, (payload ->> 'version')::int AS version"
    " FROM triage.outbox WHERE event_type = 'triage.child_decided.v1'",
    "outcomes": "SELECT event_id::text, agency_id::text, number, child_id::text, decision_id::text,"
    " case_id::text, reference, outcome FROM notifications.outcome ORDER BY agency_id, number",
    "notices": "SELECT event_id::text, agency_id::text, number, announced_by::text, occasion"
    " FROM notifications.notice ORDER BY agency_id, number",
    "deliveries": "SELECT event_id::text, state FROM notifications.delivery",
    "acknowledged": "SELECT event_id::text FROM notifications.acknowledgement",
    "stages": "SELECT child_id::text, stage FROM intake.child_progress",
    "audit": "SELECT action, rule, subject_ids::text[] AS subject_ids FROM audit.entry WHERE action IN ("
    " 'referral.received', 'referral.version_received', 'referral.further_information_requested',"
    " 'referral.further_information_answered', 'request.refused', 'case.opened', 'case.corrected',"
    " 'child.decided', 'outcome.told', 'notice.given')",
}

_SUBSCRIPTIONS = {
    "intake": intake_events.SUBSCRIPTIONS,
    "triage": triage_events.SUBSCRIPTIONS,
    "notifications": notifications_events.SUBSCRIPTIONS,
}


def _owed_to(service: str) -> str:
    """Return the query for the events that a handler of a service has not had, whichever handlers it has."""
    return " UNION ALL ".join(
        f"SELECT event_id FROM {type_name(event).partition('.')[0]}.outbox"
        f" WHERE event_type = '{type_name(event)}' AND event_id NOT IN"
        f" (SELECT event_id FROM {service}.inbox WHERE handler = '{handler.name}')"
        for event, handlers in _SUBSCRIPTIONS[service].items()
        for handler in handlers
    )


#: What nobody has dealt with yet, by what it waits for; nothing, once all is quiet.
_WAITING = {
    "the bus": " UNION ALL ".join(
        f"SELECT event_id FROM {service}.outbox WHERE published_at IS NULL" for service in _SUBSCRIPTIONS
    ),
    **{service: _owed_to(service) for service in _SUBSCRIPTIONS},
    "whoever knows people": "SELECT match_id FROM intake.match WHERE state = 'open'",
    "a webhook": "SELECT event_id FROM notifications.delivery WHERE state <> 'delivered'",
    "the reconciler": "SELECT event_id FROM reconciler.resend",
    "a person": " UNION ALL ".join(f"SELECT event_id FROM {service}.parked" for service in _SUBSCRIPTIONS),
}


@dataclass(frozen=True)
class Aftermath:
    """Everything there is, each by a name.

    Attributes:
        tables: rows of the database.
        feeds: by agency, its feed read from the start to the end.
        notices: the same, of its feed of notices.
        held: by the sender's reference in it, how often a refused referral was sent that the hub kept.
        waiting: what still waits for whom; empty when all is quiet.
    """

    tables: dict[str, list[Row]]
    feeds: dict[str, list[Row]]
    notices: dict[str, list[Row]]
    held: Counter[str]
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
        feeds = {name: await _read_feed(system(name, world), "/v1/outcomes") for name in SENDERS}
        notices = {name: await _read_feed(system(name, world), "/v1/notices") for name in SENDERS}
    return Aftermath(tables, feeds, notices, _count_held(stage, tables["refused"]), waiting)


def _count_held(stage: Stage, copies: list[Row]) -> Counter[str]:
    """Open the copies that were kept, with the key that is outside the database."""
    vault, held = Vault(stage.folder.held_copy_key.read_text()), Counter[str]()
    for copy in copies:
        held[json.loads(vault.open(copy["content"]))["sender_reference"]] += copy["times_sent"]
    return held


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


async def _read_feed(reader: Asker, path: str) -> list[Row]:
    items: list[Row] = []
    cursor, has_more = "", True
    while has_more:
        page = (await reader.insist("GET", "notifications", f"{path}?after={cursor}")).json()
        items += page["items"]
        cursor, has_more = page["next_cursor"], page["has_more"]
    return items
