"""Who saw, did or was refused what is written down, or it does not happen."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shared.schemas.ids import new_id
from tests.permissions.asking import KNOWN_BY, asked
from tests.permissions.closed import CLOSED_WRITTEN
from tests.permissions.day import DAY_NOT_RECORDED, DAY_WRITTEN
from tests.permissions.policies import ANSWER_POLICY, PUT_FORWARD, REPLAY_POLICY, WITHDRAW_POLICY
from tests.permissions.questions import SCALE, WRITTEN_BY_ASKING
from tests.permissions.rows import (
    ACKNOWLEDGEMENT,
    ANSWER,
    BIRTH_NOTE,
    CORRECTION,
    DECISION,
    GRADE,
    JOIN,
    LINK,
    MATCH_COUNTS,
    MATCH_DECISION,
    OPENING,
    QUALITY_CHECK,
    QUESTION,
    RELATION,
    RELATION_UNDO,
    RESEND,
    SETTLEMENT,
    TELEPHONE,
    UNDO,
    UNLINK,
    WITHDRAWAL,
    WITHDRAWAL_DECISION,
    Row,
)
from tests.permissions.scenes import Record, Scenes
from tests.permissions.second_looks import APPROVAL, FRAME, SET_DEPTH
from tests.permissions.states import State
from tests.permissions.subjects import Crowd, Subject
from tests.permissions.table import OPEN, TABLE
from tests.permissions.talking import WRITTEN_HERE
from tests.permissions.timers import TIME_WRITTEN

#: What leaves no row: it shows nobody.
NOT_RECORDED = {
    "GET /v1/agencies",
    "GET /internal/agencies/{agency_id}",
    "POST /internal/introspect",
    MATCH_COUNTS,
    FRAME,
    SCALE,
    *DAY_NOT_RECORDED,
}
GUARDED = [row for row in TABLE if row.key not in OPEN]
TAKEN = [row for row in GUARDED if row.answer < 300 and row.route not in NOT_RECORDED]
BY_STAFF = "SELECT xmin FROM intake.link_decision WHERE record_id = ANY($1) AND decided_by <> 'intake'"
_SUBMISSION = "SELECT xmin FROM triage.policy_submission WHERE submission_id = ANY($1)"
#: Where what was written stands, to be held against the transaction of its audit row.
WRITTEN = (
    {
        "POST /v1/referrals": "SELECT xmin FROM intake.referral WHERE referral_id = ANY($1)",
        CORRECTION: "SELECT xmin FROM intake.referral WHERE referral_id = ANY($1) AND version > 1",
        TELEPHONE: "SELECT xmin FROM intake.referral WHERE referral_id = ANY($1)",
        WITHDRAWAL: "SELECT xmin FROM intake.withdrawal WHERE withdrawal_id = ANY($1)",
        WITHDRAWAL_DECISION: "SELECT xmin FROM intake.withdrawal WHERE withdrawal_id = ANY($1)",
        QUALITY_CHECK: "SELECT xmin FROM intake.quality_check WHERE referral_id = ANY($1)",
        SETTLEMENT: "SELECT xmin FROM intake.held_copy WHERE held_copy_id = ANY($1)",
        OPENING: "SELECT xmin FROM intake.held_copy WHERE held_copy_id = ANY($1)",
        MATCH_DECISION: BY_STAFF,
        LINK: BY_STAFF,
        UNLINK: BY_STAFF,
        BIRTH_NOTE: "SELECT xmin FROM intake.birth_note WHERE note_id = ANY($1)",
        GRADE: "SELECT xmin FROM triage.grade WHERE grade_id = ANY($1)",
        QUESTION: "SELECT xmin FROM triage.information_request WHERE request_id = ANY($1)",
        ANSWER: "SELECT xmin FROM triage.information_request WHERE request_id = ANY($1)",
        RELATION: "SELECT xmin FROM triage.case_relation WHERE relation_id = ANY($1)",
        RELATION_UNDO: "SELECT xmin FROM triage.case_relation WHERE relation_id = ANY($1)",
        DECISION: "SELECT xmin FROM triage.decision WHERE decision_id = ANY($1)",
        APPROVAL: "SELECT xmin FROM triage.decision WHERE decision_id = ANY($1)",
        PUT_FORWARD: _SUBMISSION,
        ANSWER_POLICY: _SUBMISSION,
        WITHDRAW_POLICY: _SUBMISSION,
        REPLAY_POLICY: "SELECT xmin FROM triage.policy_replay WHERE replay_id = ANY($1)",
        SET_DEPTH: "SELECT xmin FROM triage.depth_change WHERE child_id = ANY($1)",
        JOIN: "SELECT xmin FROM triage.case_join WHERE join_id = ANY($1)",
        UNDO: "SELECT xmin FROM triage.case_join WHERE join_id = ANY($1)",
        ACKNOWLEDGEMENT: "SELECT xmin FROM notifications.acknowledgement WHERE event_id = ANY($1)",
        "POST /v1/webhooks": "SELECT xmin FROM notifications.webhook WHERE webhook_id = ANY($1)",
        RESEND: "SELECT xmin FROM notifications.delivery WHERE delivery_id = ANY($1)",
    }
    | WRITTEN_BY_ASKING
    | TIME_WRITTEN
    | DAY_WRITTEN
    | CLOSED_WRITTEN
    | WRITTEN_HERE
)
_ENTRIES = "SELECT *, xmin FROM audit.entry WHERE request_id = $1 AND ($2::text IS NULL OR service = $2)"


async def entries(
    owner: asyncpg.Connection, request_id: str, service: str | None = None
) -> list[dict[str, Any]]:
    """Return what was written down about a request, by everyone or by one service that was asked."""
    return [dict(entry) for entry in await owner.fetch(_ENTRIES, request_id, service)]


def first(row: Row, mark: str) -> Subject | None:
    return next((who for who, own in row.cells() if own == mark), None)


@pytest.mark.parametrize("row", TAKEN, ids=str)
async def test_what_is_seen_or_done_is_written_down(
    row: Row, crowd: Crowd, scenes: Scenes, owner: asyncpg.Connection
) -> None:
    who = first(row, "+") or first(row, "o")
    assert who is not None
    record = await scenes.get(row.state, afresh=row.uses_up)
    request_id = str(new_id())
    answer = await asked(crowd, row, record, who, request_id=request_id)
    written = await entries(owner, request_id)
    assert answer.status_code == row.answer
    assert written
    assert {entry["allowed"] for entry in written} == {"allow"}
    assert _ids_shown(row, record) <= {subject for entry in written for subject in entry["subject_ids"]}


def _ids_shown(row: Row, record: Record) -> set[UUID]:
    """Return the ids that whoever saw or did this must be found by."""
    own = [name for name in record.ids if name.endswith("_id") and name != "agency_id"]
    named = [name for name in own if f"{{{name}}}" in row.route]
    if "+" in row.marks and row.route in KNOWN_BY:
        named.append(KNOWN_BY[row.route])
    # A session is found by whose it is.
    return {UUID(record.ids[name]) for name in named if not (name == "session_id" and "DELETE" in row.route)}


@pytest.mark.parametrize("route", WRITTEN)
async def test_the_audit_row_is_of_the_transaction_of_the_thing_itself(
    route: str, crowd: Crowd, scenes: Scenes, owner: asyncpg.Connection
) -> None:
    row = next(row for row in TAKEN if row.route == route)
    who = first(row, "+")
    assert who is not None
    request_id = str(new_id())
    # Afresh even where the table may use a record twice: a second confirmation writes nothing.
    record = await scenes.get(row.state, afresh=row.state is not State.CALLED)
    await asked(crowd, row, record, who, request_id=request_id)
    (entry,) = await entries(owner, request_id, row.service)
    assert [found["xmin"] for found in await owner.fetch(WRITTEN[route], entry["subject_ids"])] == [
        entry["xmin"]
    ]


@pytest.mark.parametrize("row", GUARDED, ids=str)
async def test_a_refusal_of_a_known_caller_is_written_down(
    row: Row, crowd: Crowd, scenes: Scenes, owner: asyncpg.Connection
) -> None:
    record = await scenes.get(row.state)
    for mark in "34!+":
        who = first(row, mark)
        if who is None or row.expected(mark) < 400:
            continue
        request_id = str(new_id())
        answer = await asked(crowd, row, record, who, request_id=request_id)
        (entry,) = await entries(owner, request_id, row.service)
        assert (entry["allowed"], entry["action"]) == ("deny", "request.refused")
        assert entry["rule"] == f"{answer.status_code} {answer.json()['code']}"
        assert json.loads(entry["facts"]) == {"request": row.route}


async def test_nothing_is_written_of_someone_unknown(
    crowd: Crowd, scenes: Scenes, owner: asyncpg.Connection
) -> None:
    row = next(row for row in TAKEN if row.route == "GET /v1/cases/{case_id}")
    request_id = str(new_id())
    record = await scenes.get(row.state)
    for who in (Subject.NOBODY, Subject.BAD, Subject.EXPIRED):
        await asked(crowd, row, record, who, request_id=request_id)
    assert await entries(owner, request_id) == []


@asynccontextmanager
async def audit_closed_to(service: str, owner: asyncpg.Connection) -> AsyncIterator[None]:
    """Take from a service the one right it has in the audit, for a while."""
    await owner.execute(f"REVOKE INSERT ON audit.entry FROM hub_{service}")
    try:
        yield
    finally:
        await owner.execute(f"GRANT INSERT ON audit.entry TO hub_{service}")


@pytest.mark.parametrize("row", TAKEN, ids=str)
async def test_what_cannot_be_written_down_is_neither_shown_nor_done(
    row: Row, crowd: Crowd, scenes: Scenes, owner: asyncpg.Connection
) -> None:
    who = first(row, "+") or first(row, "o")
    assert who is not None
    record = await scenes.get(row.state)
    # Signs in and fetches tokens while that can still be written down.
    await asked(crowd, row, record.beside(), who)
    before = await contents(owner, row.service)
    async with audit_closed_to(row.service, owner):
        answer = await asked(crowd, row, record, who)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    # A sender of a worry is told beside it what to do now; nothing else is said.
    assert set(answer.json()) - {"advice"} == {"type", "title", "status", "code", "detail", "request_id"}
    assert answer.headers["retry-after"]
    assert await contents(owner, row.service) == before


@pytest.mark.parametrize("mark", ["3", "4", "+"])
async def test_a_refusal_that_cannot_be_written_down_says_nothing(
    mark: str, crowd: Crowd, scenes: Scenes, owner: asyncpg.Connection
) -> None:
    row = next(row for row in GUARDED if row.route == ANSWER and row.answer == 409)
    who = first(row, mark)
    assert who is not None
    record = await scenes.get(row.state)
    async with audit_closed_to("triage", owner):
        answer = await asked(crowd, row, record, who)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


async def contents(owner: asyncpg.Connection, schema: str) -> dict[str, str | None]:
    """Return a digest of every table of a service."""
    names = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1", schema)
    digest = "SELECT md5(string_agg(each::text, '|' ORDER BY each::text)) FROM {}.{} each"
    return {name: await owner.fetchval(digest.format(schema, name)) for (name,) in names}
