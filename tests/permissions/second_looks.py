"""The rows of the second look, of how deep the hub goes, and of its measure; and how each is asked."""

from typing import Any

from tests.permissions.rows import CHILD, FOR_NOTIFICATIONS, WHO_DECIDES, WHO_WATCHES, Row, S

APPROVAL = "POST /v1/decisions/{decision_id}/approval"
DEPTH = f"GET {CHILD}/depth"
SET_DEPTH = f"PUT {CHILD}/depth"
BY_AGENCY = "GET /v1/measures/agencies"
COVERAGE = "GET /v1/measures/coverage"
FRAME = "GET /v1/risk-frame"
MANAGERS = "111 3333 3+3 333 333 3333"
STRAIGHT = "straight to its worker"
WAITING = "that waits for a second look"

DECIDING = [
    Row("triage", "GET /v1/cases", S.PENDING, 200, "111 3333 +++ ooo o33 3333", how=WAITING),
    Row("triage", "GET /v1/cases/{case_id}", S.PENDING, 200, "111 3333 +++ ++4 433 3333"),
    Row("triage", "GET /internal/decisions/{decision_id}", S.PENDING, 404, FOR_NOTIFICATIONS),
    Row("triage", APPROVAL, S.PENDING, 200, MANAGERS, uses_up=True),
    Row("triage", APPROVAL, S.PENDING, 412, MANAGERS, how="stale"),
    Row("triage", APPROVAL, S.PENDING, 428, MANAGERS, how="without a version"),
    Row("triage", APPROVAL, S.DECIDED, 409, MANAGERS),
    Row("triage", APPROVAL, S.ABSENT, 404, MANAGERS),
    Row("triage", DEPTH, S.UNDECIDED, 200, WHO_WATCHES),
    Row("triage", DEPTH, S.ABSENT, 404, WHO_WATCHES),
    Row("triage", SET_DEPTH, S.UNDECIDED, 200, WHO_DECIDES, uses_up=True),
    Row("triage", SET_DEPTH, S.UNDECIDED, 200, MANAGERS, how=STRAIGHT, uses_up=True),
    Row("triage", SET_DEPTH, S.UNDECIDED, 412, WHO_DECIDES, how="stale"),
    Row("triage", SET_DEPTH, S.UNDECIDED, 428, WHO_DECIDES, how="without a version"),
    Row("triage", SET_DEPTH, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", BY_AGENCY, S.DECIDED, 200, "111 3333 3++ 333 3+3 3333"),
    Row("triage", COVERAGE, S.DECIDED, 200, "111 3333 3++ 333 3+3 3333"),
    Row("triage", FRAME, S.UNDECIDED, 200, WHO_WATCHES),
]
SECOND_LOOK: dict[str, Any] = {"approved": False, "reason": "Health has not been heard."}


def depth_of(row: Row) -> dict[str, Any]:
    """Return how deep the hub is told to go."""
    return {"depth": "straight" if row.how == STRAIGHT else "light", "reason": "Her worker visits today."}
