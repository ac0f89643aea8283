"""The rows of the threshold policy's life: read by deciders, changed and tried by managers."""

from typing import Any

from tests.permissions.rows import WHO_WATCHES, Row, S
from tests.triage.policy_texts import a_policy

POLICY = "GET /v1/policies/{version}"
PUT_FORWARD = "POST /v1/policies"
ANSWER_POLICY = "POST /v1/policies/{version}/approval"
WITHDRAW_POLICY = "POST /v1/policies/{version}/withdrawal"
REPLAY_POLICY = "POST /v1/policies/{version}/replays"
REPLAYS = "GET /v1/policies/{version}/replays"
REPLAY = "GET /v1/policy-replays/{replay_id}"
MOVED = "GET /v1/policy-replays/{replay_id}/children"
MANAGERS = "111 3333 3+3 333 333 3333"

POLICY_ROWS = [
    Row("triage", "GET /v1/policies", S.POLICY, 200, WHO_WATCHES),
    Row("triage", POLICY, S.POLICY, 200, WHO_WATCHES),
    Row("triage", POLICY, S.ABSENT, 404, WHO_WATCHES),
    Row("triage", PUT_FORWARD, S.POLICY, 201, MANAGERS),
    Row("triage", ANSWER_POLICY, S.POLICY, 200, MANAGERS, uses_up=True),
    Row("triage", ANSWER_POLICY, S.POLICY, 412, MANAGERS, how="stale"),
    Row("triage", ANSWER_POLICY, S.POLICY, 428, MANAGERS, how="without a version"),
    Row("triage", ANSWER_POLICY, S.OWN_POLICY, 403, "111 3333 333 333 333 3333"),
    Row("triage", ANSWER_POLICY, S.ABSENT, 404, MANAGERS),
    Row("triage", WITHDRAW_POLICY, S.OWN_POLICY, 200, MANAGERS, uses_up=True),
    Row("triage", WITHDRAW_POLICY, S.OWN_POLICY, 412, MANAGERS, how="stale"),
    Row("triage", WITHDRAW_POLICY, S.OWN_POLICY, 428, MANAGERS, how="without a version"),
    Row("triage", WITHDRAW_POLICY, S.POLICY, 403, "111 3333 333 333 333 3333"),
    Row("triage", WITHDRAW_POLICY, S.ABSENT, 404, MANAGERS),
    Row("triage", REPLAY_POLICY, S.POLICY, 202, MANAGERS, uses_up=True),
    Row("triage", REPLAY_POLICY, S.ABSENT, 404, MANAGERS),
    Row("triage", REPLAYS, S.POLICY, 200, MANAGERS),
    Row("triage", REPLAYS, S.ABSENT, 404, MANAGERS),
    Row("triage", REPLAY, S.POLICY, 200, MANAGERS),
    Row("triage", REPLAY, S.ABSENT, 404, MANAGERS),
    Row("triage", MOVED, S.POLICY, 200, MANAGERS),
    Row("triage", MOVED, S.ABSENT, 404, MANAGERS),
]


def a_new_policy() -> dict[str, Any]:
    """Return a policy that nobody has put forward."""
    return {"document": a_policy(), "note": "As agreed."}
