"""How each route is asked: with a body that is good, so that only the asker can be what is wrong."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import httpx

from tests.hub import URLS, agency_id_of
from tests.permissions.applications import scope_of
from tests.permissions.closed import CLOSED_BODIES, CLOSED_KNOWN_BY
from tests.permissions.day import DAY_BODIES, DAY_KNOWN_BY
from tests.permissions.decisions import a_decision
from tests.permissions.policies import (
    ANSWER_POLICY,
    PUT_FORWARD,
    REPLAY_POLICY,
    WITHDRAW_POLICY,
    a_new_policy,
)
from tests.permissions.questions import BODIES
from tests.permissions.rows import (
    ACKNOWLEDGEMENT,
    ANSWER,
    BIRTH_NOTE,
    CHECK,
    CORRECTION,
    DECISION,
    DEMO_TOKEN,
    EVALUATION,
    GRADE,
    JOIN,
    LINK,
    MATCH_COUNTS,
    MATCH_DECISION,
    OPENING,
    OVERDUE,
    QUALITY_CHECK,
    QUESTION,
    RELATED,
    RELATION,
    RELATION_UNDO,
    RESTRICTION,
    SEARCH,
    SEARCHES,
    SETTLEMENT,
    TELEPHONE,
    UNDO,
    UNLINK,
    WITHDRAWAL,
    WITHDRAWAL_DECISION,
    Row,
)
from tests.permissions.scenes import PUBLIC_WEBHOOK, Record
from tests.permissions.second_looks import APPROVAL, SECOND_LOOK, SET_DEPTH, WAITING, depth_of
from tests.permissions.states import State
from tests.permissions.subjects import OTHER_SYSTEM, Crowd, Subject
from tests.permissions.talking import KNOWN, QUERIES, body_of
from tests.permissions.timers import TIME_BODIES, TIME_KNOWN_BY
from tests.referrals import a_referral

Asked = dict[str, Any]
A_GRADE = {"status": "graded", "grade": 3, "rationale": "What our records show."}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def asked(
    crowd: Crowd, row: Row, record: Record, who: Subject, *, request_id: str | None = None
) -> httpx.Response:
    """Return what `who` is answered.

    Args:
        request_id: goes along, so that what was written about this very request can be found.
    """
    method, path = row.route.split(" ")
    ids = record.ids | _of_the_asker(row, crowd.agency_of(who))
    address = path.format(**ids) + _QUERIES.get((row.route, row.how), "").format(**ids)
    rest = body_of(row, record.ids) or _BODIES.get(row.route, _nothing)(row, record)
    headers = {**await crowd.headers(who, scope_of(row.key)), **rest.pop("headers", {})}
    if request_id is not None:
        headers["X-Request-Id"] = request_id
    return await crowd.hub.http.request(method, f"{URLS[row.service]}{address}", headers=headers, **rest)


def _of_the_asker(row: Row, agency_id: str) -> dict[str, str]:
    """Return the ids of the path that are the asker's own: the agency whose grade is given."""
    if row.route != GRADE:
        return {}
    if row.how == "for another agency":
        return {"agency_id": str(uuid4())}
    return {"agency_id": agency_id}


def _nothing(_row: Row, _record: Record) -> Asked:
    return {}


def _referral(_row: Row, _record: Record) -> Asked:
    return {"json": a_referral(), "headers": {"Idempotency-Key": str(uuid4())}}


def _question(_row: Row, record: Record) -> Asked:
    asked = str(agency_id_of(OTHER_SYSTEM))
    return {"json": {"child_id": record.ids["child_id"], "agency_id": asked, "reason": "She is seen there."}}


def _decision(row: Row, record: Record) -> Asked:
    return _of_version(row, record, a_decision("child_in_need"))


def _of_version(row: Row, record: Record, body: Asked) -> Asked:
    version = record.version + (1000 if row.how == "stale" else 0)
    headers = {} if row.how == "without a version" else {"If-Match": f'"{version}"'}
    return {"json": body, "headers": headers}


def _relation(row: Row, record: Record) -> Asked:
    kind = "institution" if row.how else "peer_group"
    return {"json": {"case_id": record.ids["other_case_id"], "kind": kind, "reason": "The same flat."}}


def _keyed(body: Asked) -> Asked:
    return {"json": body, "headers": {"Idempotency-Key": str(uuid4())}}


def _correction(_row: Row, _record: Record) -> Asked:
    return _keyed({"reason": "The school told us more.", "referral": a_referral()})


def _content(_row: Row, _record: Record) -> Asked:
    return {"json": {"verdict": "content", "version": 1}}


def _whose_token(row: Row, _record: Record) -> Asked:
    return {"json": {"username": "nobody.here" if row.state is State.ABSENT else "dana.reid"}}


def _same(body: Asked, _row: Row, _record: Record) -> Asked:
    return {"json": body}


_BODIES: dict[str, Callable[[Row, Record], Asked]] = (
    {
        "POST /v1/referrals": _referral,
        GRADE: lambda _row, _record: {"json": A_GRADE},
        QUESTION: _question,
        ANSWER: lambda _row, _record: {"json": {"status": "nothing_known"}},
        DECISION: _decision,
        APPROVAL: lambda row, record: _of_version(row, record, SECOND_LOOK),
        PUT_FORWARD: lambda _row, _record: {"json": a_new_policy()},
        ANSWER_POLICY: lambda row, record: _of_version(row, record, {"approved": True, "reason": "Agreed."}),
        WITHDRAW_POLICY: lambda row, record: _of_version(row, record, {"reason": "A rule is missing."}),
        REPLAY_POLICY: lambda _row, _record: {"json": {}},
        SET_DEPTH: lambda row, record: _of_version(row, record, depth_of(row)),
        JOIN: lambda row, record: _of_version(
            row, record, {"referral_id": record.ids["referral_id"], "reason": "The same child."}
        ),
        UNDO: lambda row, record: _of_version(row, record, {"reason": "They are cousins."}),
        ACKNOWLEDGEMENT: lambda _row, _record: {
            "json": {"recorded_reference": "N-1", "recorded_at": "2026-11-22T10:15:00Z"}
        },
        CORRECTION: _correction,
        WITHDRAWAL: lambda _row, _record: _keyed({"reason": "Sent about another family."}),
        WITHDRAWAL_DECISION: lambda _row, _record: {"json": {"agreed": False, "reason": "The worry stands."}},
        QUALITY_CHECK: _content,
        CHECK: lambda _row, _record: {"json": {}},
        TELEPHONE: lambda _row, _record: _keyed({"words": "She was crying again."}),
        OPENING: lambda _row, _record: {"json": {"reason": "It is on the list."}},
        SETTLEMENT: lambda _row, _record: {
            "json": {"state": "set_aside", "reason": "It came again in order."}
        },
        EVALUATION: lambda _row, _record: {"json": {"referral": {}}},
        MATCH_DECISION: lambda _row, record: {
            "json": {"verdict": "linked", "person_id": record.ids["person_id"], "reason": "The school knows."}
        },
        LINK: lambda _row, record: {
            "json": {"record_id": record.ids["record_id"], "reason": "The school knows them."}
        },
        UNLINK: lambda _row, _record: {"json": {"reason": "They are cousins."}},
        RESTRICTION: lambda _row, _record: {"json": {"restricted": True, "reason": "She asked for it."}},
        SEARCH: lambda _row, record: {
            "json": {"name": record.ids["family_name"], "purpose": "new_contact", "reason": "A call."}
        },
        RELATION: _relation,
        RELATION_UNDO: lambda _row, _record: {"json": {"reason": "Another flat."}},
        BIRTH_NOTE: lambda _row, _record: {"json": {"what": "born_elsewhere", "reason": "The midwife rang."}},
        "POST /v1/webhooks": lambda _row, _record: {"json": PUBLIC_WEBHOOK},
        "POST /internal/introspect": lambda _row, _record: {"data": {"token": "whatever"}},
        "POST /internal/sessions": lambda _row, _record: {"json": {"code": "never-given"}},
        DEMO_TOKEN: _whose_token,
        "POST /oauth2/token": lambda _row, _record: {"headers": FORM},
        "POST /sign-in": lambda _row, _record: {"headers": FORM},
    }
    | BODIES
    | {route: partial(_same, body) for route, body in (TIME_BODIES | DAY_BODIES | CLOSED_BODIES).items()}
)
_QUERIES = (
    {
        ("GET /assets", ""): "/hub.css",
        ("GET /v1/referrals", ""): "?limit=1000",
        ("GET /v1/cases", ""): "?limit=1000",
        ("GET /v1/cases", WAITING): "?queue=second_look&limit=1000",
        ("GET /v1/cases", "by reference"): "?reference={reference}",
        ("GET /v1/information-requests", ""): "?limit=1000",
        ("GET /v1/outcomes", ""): "?limit=1000",
        ("GET /v1/outcomes", "by reference"): "?reference={reference}",
        ("GET /v1/webhooks", ""): "?limit=1000",
        ("GET /v1/withdrawals", ""): "?limit=1000",
        ("GET /v1/quality-checks", ""): "?state=waiting&limit=1000",
        ("GET /v1/further-information", ""): "?limit=1000",
        ("GET /v1/held-copies", ""): "?limit=1000",
        ("GET /v1/matches", ""): "?limit=1000",
        (MATCH_COUNTS, ""): "?references={reference}",
        (OVERDUE, ""): "?limit=1000",
        (SEARCHES, ""): "?limit=1000",
        ("GET /v1/notices", ""): "?limit=1000",
        (RELATED, ""): "?limit=1000",
        ("GET /v1/parked-events", ""): "?limit=1000",
    }
    | {(route, ""): "?limit=1000" for route in TIME_KNOWN_BY | DAY_KNOWN_BY | CLOSED_KNOWN_BY}
    | QUERIES
)
#: By which of its ids a record is known again in a list.
KNOWN_BY = (
    {
        "GET /v1/referrals": "referral_id",
        "GET /v1/cases": "case_id",
        "GET /v1/information-requests": "request_id",
        "GET /v1/outcomes": "event_id",
        "GET /v1/webhooks": "webhook_id",
        "GET /v1/withdrawals": "withdrawal_id",
        "GET /v1/quality-checks": "referral_id",
        "GET /v1/further-information": "request_id",
        "GET /v1/held-copies": "held_copy_id",
        "GET /v1/matches": "match_id",
        SEARCH: "person_id",
        RELATED: "relation_id",
        OVERDUE: "person_id",
        SEARCHES: "search_id",
        "GET /v1/notices": "event_id",
        "GET /v1/parked-events": "event_id",
    }
    | TIME_KNOWN_BY
    | DAY_KNOWN_BY
    | CLOSED_KNOWN_BY
    | KNOWN
)
