"""The services as the console meets them: canned answers, honest refusals, a note of all that was asked."""

import json
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pydantic import BaseModel

from shared.platform.json import read
from shared.platform.refusals import problem_response
from shared.problems import FieldError, Invalid, NotAuthenticated, NotFound, Problem, Stale
from shared.schemas.access import Session, SessionForm, StaffMember, TokenAnswer
from shared.schemas.asking import InformationAnswerForm, InformationRequestView
from shared.schemas.cases import CaseLine, CaseView
from shared.schemas.children import GradeForm
from shared.schemas.decisions import DecisionForm, DecisionMade
from shared.schemas.grades import GradeGiven
from shared.schemas.parked import ParkedEvent
from shared.schemas.shapes import Page
from tests.console.fake_asking import FakeAsking
from tests.console.fake_closed import FakeClosed
from tests.console.fake_day import FakeDay
from tests.console.fake_deciding import FakeDeciding
from tests.console.fake_intake import FakeIntake
from tests.console.fake_joining import FakeJoining
from tests.console.fake_people import FakePeople
from tests.console.fake_policies import FakePolicies
from tests.console.fake_related import FakeRelated
from tests.console.fake_timers import FakeTimers
from tests.console.lines import a_line
from tests.console.scenes import AGENCIES, NOW, a_case, an_id

ACCESS, TRIAGE, INTAKE = "http://access.test", "http://triage.test", "http://intake.test"
NOTIFICATIONS = "http://notifications.test"
ACCESS_FOR_BROWSERS = "https://sign-in.test"
SESSION = an_id(999)

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]


class Asked(BaseModel):
    """One request that reached a service."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class FakeHub:
    """Access, triage and intake at the far end of the console's HTTP client."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "access-1"})
        self.staff: dict[str, StaffMember] = {}
        self.signed_in: dict[UUID, StaffMember] = {}
        self.cases: dict[UUID, CaseView] = {a_case().case_id: a_case()}
        self.lines: list[CaseLine] = [a_line()]
        self.next_cursor: str | None = None
        self.requests: list[InformationRequestView] = []
        self.parked: list[ParkedEvent] = []
        self.intake = FakeIntake()
        self.people = FakePeople()
        self.related = FakeRelated()
        self.timers = FakeTimers()
        self.policies = FakePolicies()
        self.day = FakeDay()
        self.closed = FakeClosed()
        self.joining = FakeJoining()
        self.deciding = FakeDeciding()
        self.asking = FakeAsking()
        self.refusal: Problem | None = None
        self.refusal_of_answers: Problem | None = None
        self.away: set[str] = set()
        self.asked: list[Asked] = []
        self._begun = 0
        self.on_decided: Callable[[DecisionForm], None] = lambda _form: None
        grade = self._grade
        self._routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("POST", re.compile(r"/oauth2/token"), self._service_token),
            ("GET", re.compile(r"/\.well-known/jwks\.json"), self._keys),
            ("POST", re.compile(r"/internal/sessions"), self._swap),
            ("POST", re.compile(r"/internal/sessions/(?P<id>[^/]+)/token"), self._staff_token),
            ("DELETE", re.compile(r"/internal/sessions/(?P<id>[^/]+)"), self._end),
            ("GET", re.compile(r"/v1/agencies"), self._agencies),
            ("GET", re.compile(r"/v1/cases"), self._lines),
            ("GET", re.compile(r"/v1/cases/(?P<id>[^/]+)"), self._case),
            ("PUT", re.compile(r"/v1/cases/(?P<id>.+)/children/(?P<child>.+)/grades/(?P<agency>.+)"), grade),
            ("GET", re.compile(r"/v1/information-requests"), self._requests),
            ("POST", re.compile(r"/v1/information-requests/(?P<id>[^/]+)/answer"), self._answer),
            (
                "POST",
                re.compile(r"/v1/cases/(?P<id>[^/]+)/children/(?P<child>[^/]+)/decisions"),
                self._decide,
            ),
            ("GET", re.compile(r"/v1/parked-events"), self._parked),
            (
                "POST",
                re.compile(r"/v1/parked-events/(?P<handler>[^/]+)/(?P<id>[^/]+)/release"),
                self._release,
            ),
        ]
        behind = (
            self.intake, self.people, self.joining, self.related, self.deciding,
            self.asking, self.timers, self.policies, self.day, self.closed,
        )  # fmt: skip
        self._routes += [(*route[:2], self._for_staff(route[2])) for one in behind for route in one.routes]

    def client(self) -> httpx.AsyncClient:
        """Return the console's way to these services."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._handle))

    def asked_of(self, method: str, path: str) -> list[Asked]:
        """Return the requests that were made of a path, the oldest first."""
        return [asked for asked in self.asked if asked.method == method and asked.path == path]

    def a_code_for(self, staff: StaffMember) -> str:
        """Return a one-use code such as access gives the browser after its sign-in page."""
        code = f"code-{len(self.staff)}-{staff.username}"
        self.staff[code] = staff
        return code

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.host.partition(".")[0] in self.away:
            raise httpx.ConnectError("away", request=request)
        self.asked.append(_asked(request))
        try:
            for method, pattern, answer in self._routes:
                found = pattern.fullmatch(request.url.path)
                if found and method == request.method:
                    return answer(request, found.groupdict())
            raise NotFound
        except Problem as problem:
            response = problem_response(problem)
            return httpx.Response(response.status_code, content=bytes(response.body))

    def _service_token(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _json(TokenAnswer(access_token="service", expires_in=300, scope=""))

    def _keys(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return httpx.Response(200, json=KeySet([self.key]).as_dict(private=False))

    def _swap(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        _require_service(request)
        staff = self.staff.pop(read(SessionForm, request.content).form.code, None)
        if staff is None:
            raise Invalid("The code is not one access gave.")
        session_id = SESSION if self._begun == 0 else an_id(1000 + self._begun)
        self._begun += 1
        self.signed_in[session_id] = staff
        expires_at = NOW + timedelta(hours=8)
        return _json(Session(session_id=session_id, staff=staff, expires_at=expires_at))

    def _staff_token(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        _require_service(request)
        staff = self.signed_in.get(UUID(ids["id"]))
        if staff is None:
            raise NotFound
        now = int(time.time())
        claims = {
            "iss": ACCESS, "aud": "safeguarding-hub", "sub": str(staff.staff_id),
            "iat": now, "exp": now + 300, "jti": str(len(self.asked)), "kind": "staff",
            "name": staff.name, "sid": ids["id"], "agency_id": str(staff.agency_id),
            "roles": [str(role) for role in staff.roles],
        }  # fmt: skip
        token = jwt.encode({"alg": "ES256", "kid": "access-1"}, claims, self.key)
        return _json(TokenAnswer(access_token=token, expires_in=300, scope=""))

    def _end(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        _require_service(request)
        if self.signed_in.pop(UUID(ids["id"]), None) is None:
            raise NotFound
        return httpx.Response(204)

    def _agencies(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        return _json(Page(items=AGENCIES, next_cursor=None, has_more=False))

    def _lines(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        wanted = request.url.params.get("reference")
        lines = [line for line in self.lines if wanted is None or wanted in line.references]
        return _json(Page(items=lines, next_cursor=self.next_cursor, has_more=self.next_cursor is not None))

    def _parked(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        events = self.parked if request.url.host == httpx.URL(TRIAGE).host else []
        return _json(Page(items=events, next_cursor=None, has_more=False))

    def _release(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        left = [event for event in self.parked if str(event.event_id) != ids["id"]]
        if len(left) == len(self.parked):
            raise NotFound
        self.parked = left
        return httpx.Response(204)

    def _case(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        return _json(self._get_case(ids))

    def _get_case(self, ids: dict[str, str]) -> CaseView:
        case = self.cases.get(UUID(ids["id"]))
        if case is None:
            raise NotFound
        return case

    def _grade(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        form = read(GradeForm, request.content).form
        return _json(
            GradeGiven(
                grade_id=an_id(410), case_id=UUID(ids["id"]), child_id=UUID(ids["child"]),
                agency_id=UUID(ids["agency"]), status=form.status, grade=form.grade, graded_at=NOW,
            )
        )  # fmt: skip

    def _requests(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        answered = request.url.params["answered"] == "true"
        items = [asked for asked in self.requests if (asked.answered_at is not None) == answered]
        return _json(Page(items=items, next_cursor=None, has_more=False))

    def _answer(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        read(InformationAnswerForm, request.content)
        if self.refusal_of_answers is not None:
            raise self.refusal_of_answers
        return _json(self.requests[0])

    def _decide(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._require_staff(request)
        form = read(DecisionForm, request.content).form
        case = self._get_case(ids)
        if request.headers["If-Match"] != f'"{case.version}"':
            raise Stale("The case has changed since you read it. Read it again, then decide.")
        child = next(child for child in case.children if str(child.child_id) == ids["child"])
        _require_reason(form, child.recommendation.level if child.recommendation else None)
        self.on_decided(form)
        version = (case.version or 0) + 1
        ids_made = {"decision_id": an_id(500), "case_id": case.case_id, "child_id": child.child_id}
        made = DecisionMade(**ids_made, version=version)
        return httpx.Response(201, content=made.model_dump_json())

    def _for_staff(self, answer: Answer) -> Answer:
        def _answer(request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
            self._require_staff(request)
            return answer(request, ids)

        return _answer

    def _require_staff(self, request: httpx.Request) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token in {"", "service"}:
            raise NotAuthenticated
        claims = jwt.decode(token, self.key, algorithms=["ES256"]).claims
        if UUID(claims["sid"]) not in self.signed_in:
            raise NotAuthenticated
        if self.refusal is not None:
            raise self.refusal


def _require_reason(form: DecisionForm, recommended: int | None) -> None:
    if recommended is not None and form.level != recommended and form.different_decision_reason is None:
        error = FieldError(
            "missing", "Required for a different decision.", pointer="#/different_decision_reason"
        )
        raise Invalid("This differs from what the policy recommends. Say why.", errors=(error,))


def _require_service(request: httpx.Request) -> None:
    if request.headers.get("Authorization") != "Bearer service":
        raise NotAuthenticated


def _asked(request: httpx.Request) -> Asked:
    form = request.headers.get("content-type") == "application/x-www-form-urlencoded"
    text = request.content.decode()
    return Asked(
        method=request.method,
        path=request.url.path,
        query=dict(request.url.params),
        headers=dict(request.headers),
        body=parse_qs(text) if form else json.loads(text) if text else None,
    )


def _json(answer: BaseModel) -> httpx.Response:
    return httpx.Response(200, content=answer.model_dump_json())
