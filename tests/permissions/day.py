"""Who may do what of the hub's day: the board, who holds a case, who has it open, drafts."""

from datetime import UTC, datetime
from typing import Any

from shared.calendar import next_opening
from tests.permissions.rows import CHILD, WHO_DECIDES, WHO_WATCHES, Row, S

BOARD = "GET /v1/board"
BOARD_CHANGES = "GET /v1/board/changes"
WAIT = f"POST {CHILD}/waits"
HOLDING = "GET /v1/cases/{case_id}/holding"
ALLOCATION = "PUT /v1/cases/{case_id}/allocation"
LEASE = "PUT /v1/cases/{case_id}/lease"
END_LEASE = "DELETE /v1/cases/{case_id}/lease"
KEEP_DRAFT = "PUT /v1/drafts/{form_name}/{subject_id}"
DRAFT = "GET /v1/drafts/{form_name}/{subject_id}"
FORGET_DRAFT = "DELETE /v1/drafts/{form_name}/{subject_id}"
DECIDERS = "GET /v1/deciders"
DECIDER = "GET /internal/deciders/{staff_id}"
#: Of a draft of a decision: an agency's representative has no such form.
WHO_DRAFTS = "111 3333 ++3 444 333 3333"

DAY = [
    Row("triage", BOARD, S.UNDECIDED, 200, WHO_WATCHES),
    Row("triage", BOARD, S.DECIDED, 200, "111 3333 ooo 333 333 3333"),
    Row("triage", BOARD_CHANGES, S.UNDECIDED, 200, WHO_WATCHES),
    Row("triage", BOARD_CHANGES, S.DECIDED, 200, WHO_WATCHES),
    Row("triage", WAIT, S.UNDECIDED, 201, WHO_DECIDES, uses_up=True),
    Row("triage", WAIT, S.DECIDED, 409, WHO_DECIDES),
    Row("triage", WAIT, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", HOLDING, S.UNDECIDED, 200, WHO_WATCHES),
    Row("triage", HOLDING, S.ABSENT, 404, WHO_WATCHES),
    Row("triage", ALLOCATION, S.UNDECIDED, 200, WHO_DECIDES, uses_up=True),
    Row("triage", ALLOCATION, S.DECIDED, 200, WHO_DECIDES, uses_up=True),
    Row("triage", ALLOCATION, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", LEASE, S.UNDECIDED, 200, WHO_DECIDES),
    Row("triage", LEASE, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", END_LEASE, S.UNDECIDED, 204, WHO_DECIDES),
    Row("triage", END_LEASE, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", KEEP_DRAFT, S.UNDECIDED, 200, WHO_DRAFTS),
    Row("triage", KEEP_DRAFT, S.ABSENT, 404, "111 3333 ++3 +++ 333 3333"),
    Row("triage", DRAFT, S.ABSENT, 404, "111 3333 ++3 +++ 333 3333"),
    Row("triage", FORGET_DRAFT, S.UNDECIDED, 204, "111 3333 ++3 +++ 333 3333"),
    Row("access", DECIDERS, S.UNDECIDED, 200, WHO_DECIDES),
    Row("access", DECIDER, S.UNDECIDED, 200, "111 3333 333 333 333 3+33"),
    Row("access", DECIDER, S.ABSENT, 404, "111 3333 333 333 333 3+33"),
]
DAY_BODIES: dict[str, dict[str, Any]] = {
    WAIT: {"safe_until": next_opening(datetime.now(UTC)).isoformat(), "why": "With grandmother."},
    ALLOCATION: {"staff_id": "me"},
    KEEP_DRAFT: {"fields": {"rationale": "She said"}},
}
DAY_KNOWN_BY = {BOARD: "child_id", BOARD_CHANGES: "child_id"}
DAY_WRITTEN = {
    WAIT: "SELECT xmin FROM triage.wait WHERE wait_id = ANY($1)",
    ALLOCATION: "SELECT xmin FROM triage.allocation WHERE allocation_id = ANY($1)",
}
#: Shows nobody whom the hub is about.
DAY_NOT_RECORDED = {DECIDERS, DECIDER}
