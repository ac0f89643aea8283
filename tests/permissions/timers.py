"""Who may know and do what about time: timers, screening, targets, breaches, drift, alerts."""

from tests.permissions.rows import CHILD, FOR_NOTIFICATIONS, WHO_DECIDES, WHO_WATCHES, Row, S

TIMERS = "GET /v1/cases/{case_id}/timers"
SCREENED = "POST /v1/cases/{case_id}/screened"
TARGET = f"POST {CHILD}/targets"
TARGET_REVIEW = "POST /v1/targets/{target_id}/review"
BREACHES = "GET /v1/breaches"
BREACH_REASON = "POST /v1/breaches/{breach_id}/reason"
DRIFTING = "GET /v1/drifting"
WORK_LISTS = "GET /v1/work-lists"
ALERTS = "GET /v1/alerts"
SEEN = "POST /v1/alerts/{alert_id}/acknowledgement"
DUE = "GET /v1/due"
ONWARD = f"POST {CHILD}/onward-steps"
REMINDER = "GET /internal/information-requests/{request_id}"
INVITED_TO = "GET /internal/discussions/{discussion_id}"
WHO_MANAGES = "111 3333 3+3 333 333 3333"

TIME = [
    Row("triage", TIMERS, S.UNDECIDED, 200, WHO_WATCHES),
    Row("triage", TIMERS, S.LATE, 200, WHO_WATCHES),
    Row("triage", TIMERS, S.ABSENT, 404, WHO_WATCHES),
    Row("triage", SCREENED, S.UNDECIDED, 200, WHO_DECIDES, uses_up=True),
    Row("triage", SCREENED, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", TARGET, S.UNDECIDED, 201, WHO_MANAGES, uses_up=True),
    Row("triage", TARGET, S.ABSENT, 404, WHO_MANAGES),
    Row("triage", TARGET_REVIEW, S.LATE, 200, WHO_MANAGES, uses_up=True),
    Row("triage", TARGET_REVIEW, S.ABSENT, 404, WHO_MANAGES),
    Row("triage", BREACHES, S.LATE, 200, WHO_WATCHES),
    Row("triage", BREACH_REASON, S.LATE, 201, WHO_DECIDES, uses_up=True),
    Row("triage", BREACH_REASON, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", DRIFTING, S.LATE, 200, WHO_WATCHES),
    Row("triage", WORK_LISTS, S.LATE, 200, WHO_WATCHES),
    Row("triage", ALERTS, S.LATE, 200, WHO_WATCHES),
    Row("triage", SEEN, S.LATE, 200, WHO_DECIDES, uses_up=True),
    Row("triage", SEEN, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", DUE, S.DECIDED, 200, WHO_WATCHES),
    Row("triage", ONWARD, S.DECIDED, 201, WHO_DECIDES, uses_up=True),
    Row("triage", ONWARD, S.UNDECIDED, 409, WHO_DECIDES),
    Row("triage", ONWARD, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", REMINDER, S.UNDECIDED, 200, FOR_NOTIFICATIONS),
    Row("triage", REMINDER, S.ABSENT, 404, FOR_NOTIFICATIONS),
    Row("triage", INVITED_TO, S.TALKED_OF, 200, FOR_NOTIFICATIONS),
    Row("triage", INVITED_TO, S.ABSENT, 404, FOR_NOTIFICATIONS),
]
TIME_BODIES = {
    # A Wednesday long before anybody runs this again.
    TARGET: {"target_on": "2090-02-01", "reason": "A baby is due."},
    TARGET_REVIEW: {"words": "Both visits are made."},
    ONWARD: {"step": "handover_accepted", "done_by": "Ruth Ellis, north assessment team"},
    BREACH_REASON: {"reason": "The duty officer was with another family."},
}
TIME_KNOWN_BY = {BREACHES: "breach_id", DRIFTING: "drift_id", ALERTS: "alert_id", DUE: "case_id"}
TIME_WRITTEN = {
    TARGET: "SELECT xmin FROM triage.child_target WHERE target_id = ANY($1)",
    ONWARD: "SELECT xmin FROM triage.onward WHERE onward_id = ANY($1)",
    SEEN: "SELECT xmin FROM triage.alert WHERE alert_id = ANY($1)",
}
