"""The rows of the table of permissions: a route, a state, and a mark for each who asks."""

from dataclasses import dataclass

from tests.permissions.states import State
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
MATCH_COUNTS = "GET /v1/matches/counts"
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
ASKED = "GET /v1/information-requests/{request_id}"
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
