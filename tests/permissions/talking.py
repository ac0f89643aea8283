"""Discussions and management oversight in the table of permissions: rows, and how they are asked."""

from collections.abc import Callable
from typing import Any

from tests.permissions.rows import WHO_DECIDES, WHO_WATCHES, Row
from tests.permissions.states import State

S = State
Asked = dict[str, Any]
_ONE = "/v1/discussions/{discussion_id}"
CALL = "POST /v1/cases/{case_id}/discussions"
OF_CASE = "GET /v1/cases/{case_id}/discussions"
INVITATIONS = "GET /v1/discussions"
DISCUSSION = f"GET {_ONE}"
RECORD, CONCLUSION = f"POST {_ONE}/record", f"POST {_ONE}/conclusion"
CALLING_OFF, ISSUE = f"POST {_ONE}/calling-off", f"POST {_ONE}/issues"
PACK = f"GET {_ONE}/pack"
ACTION = f"POST {_ONE}/actions"
ACTIONS = "GET /v1/discussion-actions"
MARK = "POST /v1/discussion-actions/{action_id}/marks"
OVERSIGHT = "POST /v1/cases/{case_id}/oversight"
OVERSEEN = "GET /v1/cases/{case_id}/oversight"
MEASURE = "GET /v1/measures/oversight"
_MANAGER = "111 3333 3+3 333 333 3333"

# Marks: of no, a bad and an expired token, systems, deciders, persons, others, services.
# The discussion invites the sender's agency and the asked one; pack and action are the asked one's.
TALKING = [
    Row("triage", CALL, S.TALKED_OF, 201, WHO_DECIDES),
    Row("triage", CALL, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", OF_CASE, S.TALKED_OF, 200, WHO_WATCHES),
    Row("triage", OF_CASE, S.ABSENT, 404, WHO_WATCHES),
    Row("triage", INVITATIONS, S.TALKED_OF, 200, "111 3333 333 ++o 333 3333"),
    Row("triage", DISCUSSION, S.TALKED_OF, 200, WHO_WATCHES),
    Row("triage", DISCUSSION, S.ABSENT, 404, WHO_WATCHES),
    Row("triage", RECORD, S.TALKED_OF, 412, WHO_DECIDES, how="stale"),
    Row("triage", RECORD, S.TALKED_OF, 428, WHO_DECIDES, how="without a version"),
    Row("triage", RECORD, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", RECORD, S.TALKED_OF, 200, WHO_DECIDES, uses_up=True),
    Row("triage", CONCLUSION, S.TALKED_OF, 409, WHO_DECIDES),
    Row("triage", CALLING_OFF, S.TALKED_OF, 200, WHO_DECIDES, uses_up=True),
    Row("triage", ISSUE, S.TALKED_OF, 409, WHO_DECIDES),
    Row("triage", PACK, S.TALKED_OF, 200, "111 3333 +++ 4+4 333 3333"),
    Row("triage", PACK, S.ABSENT, 404, "111 3333 +++ +++ 333 3333"),
    Row("triage", ACTION, S.TALKED_OF, 201, WHO_DECIDES),
    Row("triage", ACTIONS, S.TALKED_OF, 200, "111 3333 +++ o+o 333 3333"),
    Row("triage", MARK, S.TALKED_OF, 200, "111 3333 ++3 4+4 333 3333"),
    Row("triage", MARK, S.ABSENT, 404, "111 3333 ++3 +++ 333 3333"),
    Row("triage", OVERSIGHT, S.TALKED_OF, 201, _MANAGER),
    Row("triage", OVERSIGHT, S.ABSENT, 404, _MANAGER),
    Row("triage", OVERSEEN, S.TALKED_OF, 200, WHO_WATCHES),
    Row("triage", MEASURE, S.TALKED_OF, 200, "111 3333 3++ 333 333 3333"),
]
#: By which of its ids a record is known again in a list.
KNOWN = {
    OF_CASE: "discussion_id",
    INVITATIONS: "discussion_id",
    ACTIONS: "action_id",
    OVERSEEN: "oversight_id",
}
QUERIES = {
    (OF_CASE, ""): "?limit=1000",
    (INVITATIONS, ""): "?limit=1000",
    (ACTIONS, ""): "?limit=1000",
    (OVERSEEN, ""): "?limit=1000",
    (PACK, ""): "?attendee={attendee_id}",
}
#: Where what was written stands, to be held against the transaction of its audit row.
WRITTEN_HERE = {
    CALL: "SELECT xmin FROM triage.discussion WHERE discussion_id = ANY($1)",
    RECORD: "SELECT xmin FROM triage.discussion_version WHERE discussion_id = ANY($1) AND number = 2",
    CALLING_OFF: "SELECT xmin FROM triage.discussion WHERE discussion_id = ANY($1)",
    ACTION: "SELECT xmin FROM triage.discussion_action WHERE action_id = ANY($1)",
    MARK: "SELECT xmin FROM triage.discussion_mark WHERE action_id = ANY($1)",
    OVERSIGHT: "SELECT xmin FROM triage.oversight WHERE oversight_id = ANY($1)",
}


def body_of(row: Row, ids: dict[str, str]) -> Asked | None:
    """Return how a route of discussions is asked; None for one of another kind."""
    if row.route not in _BODIES:
        return None
    # A discussion of this scene is always at its first version.
    asked: Asked = {"json": _BODIES[row.route](ids)}
    if row.route in (RECORD, CONCLUSION, CALLING_OFF, ISSUE) and row.how != "without a version":
        asked["headers"] = {"If-Match": '"1000"' if row.how else '"1"'}
    return asked


_BODIES: dict[str, Callable[[dict[str, str]], Asked]] = {
    CALL: lambda ids: {"kind": "threshold", "child_ids": [ids["child_id"]], "called_because": "A 5."},
    RECORD: lambda _ids: {"minutes": "What was said."},
    CONCLUSION: lambda _ids: {"conclusion": "What it came to."},
    CALLING_OFF: lambda _ids: {"reason": "By mistake."},
    ISSUE: lambda _ids: {},
    ACTION: lambda _ids: {"words": "Ring the school.", "owner": "Dana Reid", "due_on": "2026-11-30"},
    MARK: lambda _ids: {"done": True},
    OVERSIGHT: lambda _ids: {"kind": "review", "words": "Seen and agreed."},
}
