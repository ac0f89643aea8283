"""Who may do what: one row for each route and state of what is asked for, one mark for each who asks.

Marks: 1 is 401, 3 is 403, 4 is 404 and ! is 422; + is the row's own answer; for a list, + also shows the
record and o does not.

    systems: of the sender, of the sender without the scope, of an asked agency, of another agency
    deciders: decision-maker, manager, practice auditor
    persons: of the sender, of an asked agency, of another agency
    others: early-help coordinator, information governance, administrator
    services: intake, triage, notifications, console
"""

from dataclasses import dataclass

from tests.permissions.scenes import State
from tests.permissions.subjects import ALL, Subject

CHILD = "/v1/cases/{case_id}/children/{child_id}"
REFERRAL = "GET /v1/referrals/{reference}"
VERSIONS = "GET /v1/referrals/{reference}/versions"
VERSION = "GET /v1/referrals/{reference}/versions/{version}"
CORRECTION = "POST /v1/referrals/{reference}/versions"
WITHDRAWAL = "POST /v1/referrals/{reference}/withdrawal"
WITHDRAWAL_DECISION = "POST /v1/withdrawals/{withdrawal_id}/decision"
QUALITY_CHECK = "POST /v1/referrals/{reference}/quality-check"
CHECK = "POST /v1/referrals/check"
TELEPHONE = "POST /v1/referrals/by-telephone"
OPENING = "POST /v1/held-copies/{held_copy_id}/opening"
SETTLEMENT = "POST /v1/held-copies/{held_copy_id}/settlement"
MATCH = "GET /v1/matches/{match_id}"
MATCH_DECISION = "POST /v1/matches/{match_id}/decision"
PERSON = "GET /v1/people/{person_id}"
FAMILY = "GET /v1/families/{person_id}"
PEOPLE = "GET /v1/referrals/{reference}/people"
SEARCH = "POST /v1/people/search"
OVERDUE = "GET /v1/people/overdue-births"
BIRTH_NOTE = "POST /v1/people/{person_id}/birth-note"
OTHER_CHILDREN = "GET /v1/referrals/{reference}/other-children"
SEARCHES = "GET /v1/people/searches"
LINK = "POST /v1/people/{person_id}/links"
UNLINK = "POST /v1/links/{record_id}/unlink"
RESTRICTION = "POST /v1/people/{person_id}/restriction"
CHILD_LINKS = "GET /internal/children/{child_id}/links"
REFERRAL_LINKS = "GET /internal/referrals/{referral_id}/links"
ASKED_FOR_MORE = "GET /internal/further-information/{request_id}"
WISH = "GET /internal/withdrawals/{withdrawal_id}"
EVALUATION = "POST /internal/evaluations"
NOTICE = "GET /v1/notices/{event_id}"
DOCUMENT = "GET /internal/referrals/{referral_id}"
SENDER = "GET /internal/referrals/{referral_id}/sender"
CHRONOLOGY = f"GET {CHILD}/chronology"
GRADE = f"PUT {CHILD}/grades/{{agency_id}}"
QUESTION = "POST /v1/cases/{case_id}/information-requests"
ANSWER = "POST /v1/information-requests/{request_id}/answer"
RELATED = "GET /v1/cases/{case_id}/related"
RELATION = "POST /v1/cases/{case_id}/related"
RELATION_UNDO = "POST /v1/relations/{relation_id}/undo"
DECISION = f"POST {CHILD}/decisions"
BESIDE = "GET /v1/cases/{case_id}/beside"
JOIN = "POST /v1/cases/{case_id}/joins"
UNDO = "POST /v1/joins/{join_id}/undo"
ACKNOWLEDGEMENT = "POST /v1/outcomes/{event_id}/acknowledgement"
END_WEBHOOK = "DELETE /v1/webhooks/{webhook_id}"
DELIVERIES = "GET /v1/webhooks/{webhook_id}/deliveries"
RESEND = "POST /v1/deliveries/{delivery_id}/resend"
RELEASE = "POST /v1/parked-events/{handler}/{event_id}/release"
SESSION_TOKEN = "POST /internal/sessions/{session_id}/token"
DEMO_TOKEN = "POST /internal/demo/staff-token"


@dataclass(frozen=True, slots=True)
class Row:
    """One route in one state.

    Attributes:
        answer: what + stands for.
        how: another way to ask than the plain one, by its name in `asking`.
        uses_up: whether a + changes the record, so that the next one needs another.
    """

    service: str
    route: str
    state: State
    answer: int
    marks: str
    how: str = ""
    uses_up: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """The service and its route."""
        return self.service, self.route

    def cells(self) -> list[tuple[Subject, str]]:
        """Return the mark of everyone."""
        return list(zip(ALL, self.marks.replace(" ", ""), strict=True))

    def expected(self, mark: str) -> int:
        """Return the status that a mark stands for."""
        return {"1": 401, "3": 403, "4": 404, "!": 422}.get(mark, self.answer)

    def __str__(self) -> str:
        """Name the row in a test report."""
        return " ".join(filter(None, (self.service, self.route, self.how, f"({self.state})")))


S = State
EVERYONE = "+++ ++++ +++ +++ +++ ++++"
CONSOLE_ALONE = "111 3333 333 333 333 333+"
FOR_TRIAGE = "111 3333 333 333 333 3+33"
FOR_NOTIFICATIONS = "111 3333 333 333 333 33+3"
FOR_INTAKE = "111 3333 333 333 333 +333"
WHO_WATCHES = "111 3333 +++ 333 333 3333"
WHO_DECIDES = "111 3333 ++3 333 333 3333"
#: Whose referral it is, its representative, and the staff who work with all of them.
ITS_READERS = "111 +344 +++ +44 333 3333"

# Marks: of no, a bad and an expired token, systems, deciders, persons, others, services.
INTAKE = [
    Row("intake", "POST /v1/referrals", S.UNDECIDED, 201, "111 +3++ 333 333 333 3333"),
    Row("intake", "GET /v1/referrals", S.UNDECIDED, 200, "111 +3oo +++ +oo 333 3333"),
    Row("intake", REFERRAL, S.UNDECIDED, 200, "111 +344 +++ +44 333 3333"),
    Row("intake", REFERRAL, S.DECIDED, 200, "111 +344 +++ +44 333 3333"),
    Row("intake", REFERRAL, S.ABSENT, 404, "111 +3++ +++ +++ 333 3333"),
    Row("intake", VERSIONS, S.UNDECIDED, 200, ITS_READERS),
    Row("intake", VERSIONS, S.ABSENT, 404, "111 +3++ +++ +++ 333 3333"),
    Row("intake", VERSION, S.UNDECIDED, 200, ITS_READERS),
    Row("intake", VERSION, S.ABSENT, 404, "111 +3++ +++ +++ 333 3333"),
    Row("intake", CORRECTION, S.UNDECIDED, 201, "111 +344 333 333 333 3333", uses_up=True),
    Row("intake", CORRECTION, S.DECIDED, 201, "111 +344 333 333 333 3333", uses_up=True),
    Row("intake", CORRECTION, S.ABSENT, 404, "111 +3++ 333 333 333 3333"),
    Row("intake", WITHDRAWAL, S.UNDECIDED, 201, "111 +344 333 333 333 3333", uses_up=True),
    Row("intake", WITHDRAWAL, S.WITHDRAWING, 409, "111 +344 333 333 333 3333"),
    Row("intake", WITHDRAWAL, S.ABSENT, 404, "111 +3++ 333 333 333 3333"),
    Row("intake", "GET /v1/withdrawals", S.WITHDRAWING, 200, "111 3333 +++ 333 333 3333"),
    Row("intake", WITHDRAWAL_DECISION, S.WITHDRAWING, 200, "111 3333 ++3 333 333 3333", uses_up=True),
    Row("intake", WITHDRAWAL_DECISION, S.ABSENT, 404, "111 3333 ++3 333 333 3333"),
    Row("intake", WISH, S.WITHDRAWING, 200, FOR_NOTIFICATIONS),
    Row("intake", WISH, S.ABSENT, 404, FOR_NOTIFICATIONS),
    Row("intake", "GET /v1/quality-checks", S.UNDECIDED, 200, "111 3333 +++ +oo 333 3333"),
    Row("intake", QUALITY_CHECK, S.UNDECIDED, 200, "111 3333 ++3 +44 333 3333", uses_up=True),
    Row("intake", QUALITY_CHECK, S.ASKED_FOR_MORE, 409, "111 3333 ++3 +44 333 3333"),
    Row("intake", QUALITY_CHECK, S.ABSENT, 404, "111 3333 ++3 +++ 333 3333"),
    Row("intake", "GET /v1/further-information", S.ASKED_FOR_MORE, 200, "111 +3oo +++ +oo 333 3333"),
    Row("intake", ASKED_FOR_MORE, S.ASKED_FOR_MORE, 200, FOR_NOTIFICATIONS),
    Row("intake", ASKED_FOR_MORE, S.ABSENT, 404, FOR_NOTIFICATIONS),
    Row("intake", "GET /v1/quality-counts", S.ASKED_FOR_MORE, 200, "111 3333 +++ +++ 333 3333"),
    Row("intake", CHECK, S.UNDECIDED, 200, "111 +3++ 333 333 333 3333"),
    Row("intake", "GET /v1/check-receipts", S.UNDECIDED, 200, "111 3333 3++ 333 333 3333"),
    Row("intake", "GET /v1/held-copies", S.HELD, 200, "111 3333 +++ 333 333 3333"),
    Row("intake", OPENING, S.HELD, 200, "111 3333 ++3 333 333 3333"),
    Row("intake", OPENING, S.ABSENT, 404, "111 3333 ++3 333 333 3333"),
    Row("intake", SETTLEMENT, S.HELD, 200, "111 3333 ++3 333 333 3333", uses_up=True),
    Row("intake", SETTLEMENT, S.ABSENT, 404, "111 3333 ++3 333 333 3333"),
    Row("intake", TELEPHONE, S.UNDECIDED, 201, "111 3333 ++3 333 +33 3333"),
    Row("intake", "GET /v1/matches", S.ASKED_ABOUT, 200, WHO_WATCHES),
    Row("intake", MATCH, S.ASKED_ABOUT, 200, WHO_WATCHES),
    Row("intake", MATCH, S.ABSENT, 404, WHO_WATCHES),
    Row("intake", MATCH_DECISION, S.ASKED_ABOUT, 200, WHO_DECIDES, uses_up=True),
    Row("intake", MATCH_DECISION, S.ABSENT, 404, WHO_DECIDES),
    Row("intake", SEARCH, S.ASKED_ABOUT, 200, WHO_WATCHES),
    Row("intake", PERSON, S.ASKED_ABOUT, 200, WHO_WATCHES),
    Row("intake", PERSON, S.ABSENT, 404, WHO_WATCHES),
    Row("intake", FAMILY, S.ASKED_ABOUT, 200, WHO_WATCHES),
    Row("intake", FAMILY, S.ABSENT, 404, WHO_WATCHES),
    Row("intake", PEOPLE, S.ASKED_ABOUT, 200, WHO_WATCHES),
    Row("intake", PEOPLE, S.ABSENT, 404, WHO_WATCHES),
    Row("intake", OVERDUE, S.OVERDUE, 200, WHO_WATCHES),
    Row("intake", BIRTH_NOTE, S.OVERDUE, 200, WHO_DECIDES, uses_up=True),
    Row("intake", BIRTH_NOTE, S.ASKED_ABOUT, 409, WHO_DECIDES),
    Row("intake", BIRTH_NOTE, S.ABSENT, 404, WHO_DECIDES),
    Row("intake", OTHER_CHILDREN, S.ASKED_ABOUT, 200, WHO_WATCHES),
    Row("intake", OTHER_CHILDREN, S.ABSENT, 404, WHO_WATCHES),
    Row("intake", SEARCHES, S.OVERDUE, 200, "111 3333 33+ 333 3+3 3333"),
    Row("intake", LINK, S.ASKED_ABOUT, 200, WHO_DECIDES, uses_up=True),
    Row("intake", LINK, S.ABSENT, 422, WHO_DECIDES),
    Row("intake", UNLINK, S.LINKED, 200, WHO_DECIDES, uses_up=True),
    Row("intake", UNLINK, S.ABSENT, 404, WHO_DECIDES),
    Row("intake", RESTRICTION, S.ASKED_ABOUT, 200, "111 3333 3+3 333 333 3333", uses_up=True),
    Row("intake", RESTRICTION, S.ABSENT, 404, "111 3333 3+3 333 333 3333"),
    Row("intake", CHILD_LINKS, S.LINKED, 200, FOR_TRIAGE),
    Row("intake", CHILD_LINKS, S.ABSENT, 404, FOR_TRIAGE),
    Row("intake", REFERRAL_LINKS, S.BESIDE, 200, FOR_TRIAGE),
    Row("intake", REFERRAL_LINKS, S.ABSENT, 404, FOR_TRIAGE),
    Row("intake", DOCUMENT, S.UNDECIDED, 200, FOR_TRIAGE),
    Row("intake", DOCUMENT, S.ABSENT, 404, FOR_TRIAGE),
    Row("intake", SENDER, S.UNDECIDED, 200, FOR_NOTIFICATIONS),
    Row("intake", SENDER, S.ABSENT, 404, FOR_NOTIFICATIONS),
]
TRIAGE = [
    Row("triage", "GET /v1/cases", S.UNDECIDED, 200, "111 3333 +++ ++o o33 3333"),
    Row("triage", "GET /v1/cases", S.UNDECIDED, 200, "111 3333 +++ ++o o33 3333", how="by reference"),
    Row("triage", "GET /v1/cases", S.DECIDED, 200, "111 3333 ooo ++o o33 3333"),
    Row("triage", "GET /v1/cases", S.DECIDED, 200, "111 3333 +++ ++o o33 3333", how="by reference"),
    Row("triage", "GET /v1/cases", S.EARLY_HELP, 200, "111 3333 +++ ++o +33 3333", how="by reference"),
    Row("triage", "GET /v1/cases", S.MOVED_ON, 200, "111 3333 +++ ++o o33 3333", how="by reference"),
    Row("triage", "GET /v1/cases/{case_id}", S.UNDECIDED, 200, "111 3333 +++ ++4 433 3333"),
    Row("triage", "GET /v1/cases/{case_id}", S.DECIDED, 200, "111 3333 +++ ++4 433 3333"),
    Row("triage", "GET /v1/cases/{case_id}", S.EARLY_HELP, 200, "111 3333 +++ ++4 +33 3333"),
    Row("triage", "GET /v1/cases/{case_id}", S.MOVED_ON, 200, "111 3333 +++ ++4 433 3333"),
    Row("triage", "GET /v1/cases/{case_id}", S.ABSENT, 404, "111 3333 +++ +++ +33 3333"),
    Row("triage", CHRONOLOGY, S.UNDECIDED, 200, "111 3333 +++ ++4 433 3333"),
    Row("triage", CHRONOLOGY, S.DECIDED, 200, "111 3333 +++ ++4 433 3333"),
    Row("triage", CHRONOLOGY, S.EARLY_HELP, 200, "111 3333 +++ ++4 +33 3333"),
    Row("triage", CHRONOLOGY, S.MOVED_ON, 200, "111 3333 +++ ++4 433 3333"),
    Row("triage", CHRONOLOGY, S.ABSENT, 404, "111 3333 +++ +++ +33 3333"),
    Row("triage", GRADE, S.UNDECIDED, 200, "111 +3+4 333 ++4 333 3333", uses_up=True),
    Row("triage", GRADE, S.DECIDED, 200, "111 +3+4 333 ++4 333 3333", uses_up=True),
    Row("triage", GRADE, S.ABSENT, 404, "111 +3++ 333 +++ 333 3333"),
    Row("triage", GRADE, S.UNDECIDED, 404, "111 +3++ 333 +++ 333 3333", how="for another agency"),
    Row("triage", QUESTION, S.UNDECIDED, 201, "111 3333 +33 333 333 3333", uses_up=True),
    Row("triage", QUESTION, S.DECIDED, 201, "111 3333 +33 333 333 3333", uses_up=True),
    Row("triage", QUESTION, S.ABSENT, 404, "111 3333 +33 333 333 3333"),
    Row("triage", "GET /v1/information-requests", S.UNDECIDED, 200, "111 o3+o 333 o+o 333 3333"),
    Row("triage", ANSWER, S.UNDECIDED, 200, "111 43+4 333 4+4 333 3333", uses_up=True),
    Row("triage", ANSWER, S.ANSWERED, 409, "111 43+4 333 4+4 333 3333"),
    Row("triage", ANSWER, S.ABSENT, 404, "111 +3++ 333 +++ 333 3333"),
    Row("triage", DECISION, S.UNDECIDED, 201, WHO_DECIDES, uses_up=True),
    Row("triage", DECISION, S.UNDECIDED, 412, WHO_DECIDES, how="stale"),
    Row("triage", DECISION, S.UNDECIDED, 428, WHO_DECIDES, how="without a version"),
    Row("triage", DECISION, S.DECIDED, 409, WHO_DECIDES, uses_up=True),
    Row("triage", DECISION, S.EARLY_HELP, 409, WHO_DECIDES),
    Row("triage", DECISION, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", BESIDE, S.BESIDE, 200, WHO_WATCHES),
    Row("triage", BESIDE, S.ABSENT, 404, WHO_WATCHES),
    Row("triage", JOIN, S.BESIDE, 201, WHO_DECIDES, uses_up=True),
    Row("triage", JOIN, S.BESIDE, 412, WHO_DECIDES, how="stale"),
    Row("triage", JOIN, S.BESIDE, 428, WHO_DECIDES, how="without a version"),
    Row("triage", JOIN, S.JOINED, 409, WHO_DECIDES),
    Row("triage", JOIN, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", UNDO, S.JOINED, 200, WHO_DECIDES, uses_up=True),
    Row("triage", UNDO, S.JOINED, 412, WHO_DECIDES, how="stale"),
    Row("triage", UNDO, S.JOINED, 428, WHO_DECIDES, how="without a version"),
    Row("triage", UNDO, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", "GET /internal/decisions/{decision_id}", S.DECIDED, 200, FOR_NOTIFICATIONS),
    Row("triage", "GET /internal/decisions/{decision_id}", S.ABSENT, 404, FOR_NOTIFICATIONS),
    Row("triage", RELATED, S.RELATED, 200, WHO_WATCHES),
    Row("triage", RELATED, S.ABSENT, 404, WHO_WATCHES),
    Row("triage", RELATION, S.RELATED, 201, WHO_DECIDES, how="otherwise", uses_up=True),
    Row("triage", RELATION, S.RELATED, 409, WHO_DECIDES),
    Row("triage", RELATION, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", RELATION_UNDO, S.RELATED, 200, WHO_DECIDES, uses_up=True),
    Row("triage", RELATION_UNDO, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", EVALUATION, S.UNDECIDED, 200, FOR_INTAKE),
]
NOTIFICATIONS = [
    Row("notifications", "GET /v1/outcomes", S.DECIDED, 200, "111 +3oo !!3 +oo 333 3333"),
    Row("notifications", "GET /v1/outcomes", S.DECIDED, 200, "111 +3oo ++3 +oo 333 3333", how="by reference"),
    Row("notifications", "GET /v1/outcomes/{event_id}", S.DECIDED, 200, "111 +344 ++3 +44 333 3333"),
    Row("notifications", "GET /v1/outcomes/{event_id}", S.EARLY_HELP, 200, "111 +344 ++3 +44 333 3333"),
    Row("notifications", "GET /v1/outcomes/{event_id}", S.ABSENT, 404, "111 +3++ ++3 +++ 333 3333"),
    Row("notifications", ACKNOWLEDGEMENT, S.DECIDED, 200, "111 +344 333 333 333 3333"),
    Row("notifications", ACKNOWLEDGEMENT, S.ABSENT, 404, "111 +3++ 333 333 333 3333"),
    Row("notifications", "GET /v1/notices", S.ASKED_FOR_MORE, 200, "111 +3oo 333 333 333 3333"),
    Row("notifications", NOTICE, S.ASKED_FOR_MORE, 200, "111 +344 333 333 333 3333"),
    Row("notifications", NOTICE, S.ABSENT, 404, "111 +3++ 333 333 333 3333"),
    Row("notifications", "POST /v1/webhooks", S.UNDECIDED, 201, "111 +3++ 333 333 333 3333"),
    Row("notifications", "GET /v1/webhooks", S.CALLED, 200, "111 +3oo 333 333 333 3333"),
    Row("notifications", "GET /v1/webhooks/{webhook_id}", S.CALLED, 200, "111 +344 333 333 333 3333"),
    Row("notifications", "GET /v1/webhooks/{webhook_id}", S.ABSENT, 404, "111 +3++ 333 333 333 3333"),
    Row("notifications", END_WEBHOOK, S.CALLED, 204, "111 +344 333 333 333 3333", uses_up=True),
    Row("notifications", END_WEBHOOK, S.ABSENT, 404, "111 +3++ 333 333 333 3333"),
    Row("notifications", DELIVERIES, S.CALLED, 200, "111 +344 333 333 333 3333"),
    Row("notifications", DELIVERIES, S.ABSENT, 404, "111 +3++ 333 333 333 3333"),
    Row("notifications", RESEND, S.CALLED, 202, "111 +344 333 333 333 3333"),
    Row("notifications", RESEND, S.ABSENT, 404, "111 +3++ 333 333 333 3333"),
]
ACCESS = [
    Row("access", "GET /v1/agencies", S.UNDECIDED, 200, "111 ++++ +++ +++ +++ ++++"),
    Row("access", "GET /internal/agencies/{agency_id}", S.UNDECIDED, 200, "111 3333 333 333 333 ++++"),
    Row("access", "GET /internal/agencies/{agency_id}", S.ABSENT, 404, "111 3333 333 333 333 ++++"),
    Row("access", "POST /internal/introspect", S.UNDECIDED, 200, "111 3333 333 333 333 ++++"),
    Row("access", "POST /internal/sessions", S.ABSENT, 422, CONSOLE_ALONE),
    Row("access", SESSION_TOKEN, S.UNDECIDED, 200, CONSOLE_ALONE),
    Row("access", SESSION_TOKEN, S.ABSENT, 404, CONSOLE_ALONE),
    Row("access", "DELETE /internal/sessions/{session_id}", S.UNDECIDED, 204, CONSOLE_ALONE, uses_up=True),
    Row("access", "DELETE /internal/sessions/{session_id}", S.ABSENT, 404, CONSOLE_ALONE),
    Row("access", DEMO_TOKEN, S.UNDECIDED, 200, CONSOLE_ALONE),
    Row("access", DEMO_TOKEN, S.ABSENT, 404, CONSOLE_ALONE),
    Row("access", "POST /oauth2/token", S.UNDECIDED, 400, EVERYONE),
    Row("access", "GET /.well-known/oauth-authorization-server", S.UNDECIDED, 200, EVERYONE),
    Row("access", "GET /.well-known/jwks.json", S.UNDECIDED, 200, EVERYONE),
    Row("access", "GET /sign-in", S.UNDECIDED, 303, EVERYONE),
    Row("access", "POST /sign-in", S.UNDECIDED, 400, EVERYONE),
    Row("access", "GET /assets", S.UNDECIDED, 200, EVERYONE),
]
KEEPERS = "111 3333 3+3 333 33+ 3333"
HEARING = ("intake", "triage", "notifications")
PARKED = [
    row
    for service in HEARING
    for row in (
        Row(service, "GET /v1/parked-events", S.PARKED, 200, KEEPERS),
        Row(service, RELEASE, S.PARKED, 204, KEEPERS, uses_up=True),
        Row(service, RELEASE, S.ABSENT, 404, KEEPERS),
    )
]
EVERY_SERVICE = [
    Row(service, f"GET {path}", S.UNDECIDED, 200, EVERYONE)
    for service in ("access", "intake", "triage", "notifications")
    for path in ("/health/live", "/health/ready", "/metrics", "/openapi.json")
]
TABLE = [*INTAKE, *TRIAGE, *NOTIFICATIONS, *ACCESS, *PARKED, *EVERY_SERVICE]

#: Routes without a permit of their own, each with its reason.
OPEN = {
    ("access", "POST /oauth2/token"): "whoever asks for a token proves who they are in the request itself",
    ("access", "GET /.well-known/oauth-authorization-server"): "says where tokens are to be had",
    ("access", "GET /.well-known/jwks.json"): "public keys",
    ("access", "GET /sign-in"): "the page where people say who they are",
    ("access", "POST /sign-in"): "the page where people say who they are",
    ("access", "GET /assets"): "style sheets of the sign-in page",
} | {row.key: "says how the process is, nothing of a person" for row in EVERY_SERVICE}
