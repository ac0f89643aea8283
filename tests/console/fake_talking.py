"""Discussions and oversight as triage tells of them, and what it was asked to change."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import NotFound, Problem, Stale
from shared.schemas.discussion_actions import (
    ActionMarkForm,
    ActionMarkView,
    DiscussionActionForm,
    DiscussionActionView,
)
from shared.schemas.discussions import (
    CallingOffForm,
    ConclusionForm,
    DiscussionForm,
    DiscussionView,
    IssueForm,
    RecordForm,
)
from shared.schemas.invitations import CaseDiscussions, Invitation, OwedView, Pack
from shared.schemas.oversight import OversightForm, OversightMeasure, OversightMonth, OversightView
from shared.schemas.shapes import Page
from tests.console.scenes import CASE, COUNCIL, MAISIE, NOW, POLICE, TRUST, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]

DISCUSSION, ACTION = an_id(700), an_id(710)
OFFICER, NURSE, MANAGER, DOCTOR = (an_id(number) for number in (720, 721, 722, 723))


def attendees() -> list[dict[str, Any]]:
    """Return an officer, a nurse, the hub's manager and a doctor from elsewhere, all invited."""
    return [
        {
            "attendee_id": OFFICER,
            "name": "Omar Hill",
            "role": "Sergeant",
            "agency_id": POLICE,
            "sector": "police",
        },
        {"attendee_id": NURSE, "name": "Nia Morgan", "agency_id": TRUST, "sector": "health"},
        {
            "attendee_id": MANAGER,
            "name": "Marge Hill",
            "agency_id": COUNCIL,
            "sector": "social_care",
            "part": "hub_manager",
        },
        {"attendee_id": DOCTOR, "name": "Dr Lee", "organisation": "Mill Lane practice", "sector": "health"},
    ]


def an_action(**given: Any) -> DiscussionActionView:
    """Return what the police are to do by yesterday; changed by what is given."""
    return DiscussionActionView(
        **{
            "action_id": ACTION,
            "discussion_id": DISCUSSION,
            "case_id": CASE,
            "children": ["Maisie Example"],
            "words": "Ring the school.",
            "owner": "Omar Hill",
            "agency_id": POLICE,
            "due_on": date(2026, 11, 20),
            "overdue": True,
            "done": False,
            "marks": [],
            "added_at": NOW - timedelta(days=4),
            "added_by": "Priya Shah",
        }
        | given
    )


def a_discussion(**given: Any) -> DiscussionView:
    """Return a strategy discussion about Maisie that is called; changed by what is given."""
    return DiscussionView(
        **{
            "discussion_id": DISCUSSION,
            "case_id": CASE,
            "child_ids": [MAISIE],
            "kind": "strategy",
            "state": "called",
            "version": 3,
            "called_because": "Bruising that nobody explains.",
            "called_at": NOW - timedelta(hours=2),
            "called_by": "Priya Shah",
            "record": {"planned_at": NOW + timedelta(hours=3), "attendees": attendees()},
            "history": [
                {
                    "number": 1,
                    "changed": ["attendees", "planned_at"],
                    "recorded_at": NOW - timedelta(hours=2),
                    "recorded_by": "Priya Shah",
                }
            ],
            "quorum": None,
            "conference_due_on": None,
            "warnings": [],
            "conclusion": None,
            "concluded_at": None,
            "concluded_by": None,
            "called_off_at": None,
            "called_off_by": None,
            "called_off_reason": None,
            "actions": [an_action()],
            "issued": [],
            "issued_to_all": False,
        }
        | given
    )


def a_concluded_discussion(**given: Any) -> DiscussionView:
    """Return it after it was held without health, with section 47 begun; changed by what is given."""
    came = [each | {"attendance": "attended"} for each in attendees()]
    came[1] |= {"attendance": "absent", "absent_reason": "On leave."}
    done = {
        "state": "concluded",
        "record": {
            "held_at": NOW - timedelta(hours=1),
            "attendees": came,
            "minutes": "The bruise is not explained.",
            "section_47": {"answer": True, "reason": "A likely inflicted injury."},
            "joint_visit": {"answer": False, "reason": "No officer before six."},
            "medical": {"answer": True, "reason": "At six."},
            "referrer": {"answer": True},
            "interim_safety_plan": "Stays with grandmother.",
            "conference_on": "2026-12-19",
        },
        "quorum": {"met": False, "missing": ["health"], "words": "Held without health: no quorum."},
        "conference_due_on": date(2026, 12, 14),
        "warnings": ["The child protection conference is later than it is due: 14 December 2026."],
        "conclusion": "Enquiries begin today.",
        "concluded_at": NOW - timedelta(minutes=30),
        "concluded_by": "Priya Shah",
        "issued": [
            {
                "attendee_id": OFFICER,
                "issued_at": NOW - timedelta(minutes=10),
                "issued_by": "Priya Shah",
                "record_number": 1,
            }
        ],
    }
    return a_discussion(**done | given)


def an_owed(**given: Any) -> OwedView:
    """Return that Maisie is owed a discussion today."""
    return OwedView(
        **{
            "child_id": MAISIE,
            "call": "same_day",
            "since": NOW - timedelta(minutes=40),
            "due_on": date(2026, 11, 23),
            "called": None,
            "words": "An agency graded 5: police and the hub's manager talk today.",
        }
        | given
    )


def an_entry(**given: Any) -> OversightView:
    """Return a manager's direction about Maisie."""
    return OversightView(
        **{
            "oversight_id": an_id(730),
            "case_id": CASE,
            "child_id": MAISIE,
            "kind": "direction",
            "words": "Do not close before she is seen.",
            "review_on": date(2026, 11, 30),
            "entered_at": NOW - timedelta(minutes=20),
            "entered_by": "Marge Hill",
        }
        | given
    )


def a_pack(**given: Any) -> Pack:
    """Return the nurse's pack before her agency has graded; changed by what is given."""
    child = {"child_id": MAISIE, "given_name": "Maisie", "family_name": "Example"}
    answer = {
        "request_id": an_id(740),
        "child_id": MAISIE,
        "agency_id": POLICE,
        "status": "information",
        "handling": "strategy_meeting",
        "answered_at": NOW - timedelta(hours=1),
        "text": "Four calls this year.",
    }
    return Pack(
        **{
            "discussion_id": DISCUSSION,
            "case_id": None,
            "kind": "strategy",
            "state": "called",
            "planned_at": NOW + timedelta(hours=3),
            "held_at": None,
            "attendee": attendees()[1],
            "children": [child | {"date_of_birth": date(2019, 4, 2), "expected_date_of_birth": None}],
            "called_because": None,
            "answers": [answer],
            "kept_back": 1,
            "minutes": None,
            "withheld": ["Why it was called is shown once the agency has graded."],
        }
        | given
    )


def an_invitation(**given: Any) -> Invitation:
    """Return the nurse's invitation; changed by what is given."""
    return Invitation(
        **{
            "discussion_id": DISCUSSION,
            "kind": "strategy",
            "state": "called",
            "called_at": NOW - timedelta(hours=2),
            "planned_at": NOW + timedelta(hours=3),
            "held_at": None,
            "children": a_pack().children,
            "invited": [attendees()[1]],
        }
        | given
    )


class FakeTalking:
    """What triage holds of discussions, and the refusal that the next step meets, if any."""

    def __init__(self) -> None:
        self.discussions: list[DiscussionView] = []
        self.owed: list[OwedView] = []
        self.entries: list[OversightView] = []
        self.actions: list[DiscussionActionView] = []
        self.invitations: list[Invitation] = []
        self.pack: Pack = a_pack()
        self.refusal: Problem | None = None
        one, case = r"/v1/discussions/(?P<id>[^/]+)", r"/v1/cases/(?P<case>[^/]+)"
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(f"{case}/discussions"), self._of_case),
            ("POST", re.compile(f"{case}/discussions"), self._call),
            ("GET", re.compile("/v1/discussions"), lambda _request, _ids: _page(self.invitations)),
            ("GET", re.compile(one), lambda _request, ids: _json(self._get(ids["id"]))),
            ("GET", re.compile(f"{one}/pack"), lambda _request, _ids: _json(self.pack)),
            ("POST", re.compile(f"{one}/record"), self._step(RecordForm)),
            ("POST", re.compile(f"{one}/conclusion"), self._step(ConclusionForm)),
            ("POST", re.compile(f"{one}/calling-off"), self._step(CallingOffForm)),
            ("POST", re.compile(f"{one}/issues"), self._step(IssueForm)),
            ("POST", re.compile(f"{one}/actions"), self._add_action),
            ("GET", re.compile("/v1/discussion-actions"), lambda _request, _ids: _page(self.actions)),
            ("POST", re.compile(r"/v1/discussion-actions/(?P<id>[^/]+)/marks"), self._mark),
            ("GET", re.compile(f"{case}/oversight"), lambda _request, _ids: _page(self.entries)),
            ("POST", re.compile(f"{case}/oversight"), self._oversee),
            ("GET", re.compile("/v1/measures/oversight"), self._measure),
        ]

    def _get(self, discussion_id: str) -> DiscussionView:
        found = [each for each in self.discussions if str(each.discussion_id) == discussion_id]
        if not found:
            raise NotFound
        return found[0]

    def _of_case(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        page = CaseDiscussions(items=self.discussions, next_cursor=None, has_more=False, owed=self.owed)
        return _json(page)

    def _call(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(DiscussionForm, request.content).form
        made = a_discussion(kind=form.kind, called_because=form.called_because)
        self.discussions.append(made)
        return _json(made, 201)

    def _step(self, form: type[BaseModel]) -> Answer:
        def _answer(request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
            held = self._get(ids["id"])
            if request.headers["If-Match"] != f'"{held.version}"':
                raise Stale("Someone has recorded something since you read this.")
            read(form, request.content)
            if self.refusal is not None:
                raise self.refusal
            return _json(held)

        return _answer

    def _add_action(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(DiscussionActionForm, request.content).form
        return _json(an_action(words=form.words, owner=form.owner), 201)

    def _mark(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(ActionMarkForm, request.content).form
        mark = ActionMarkView(done=form.done, note=form.note, marked_at=NOW, marked_by="Omar Hill")
        return _json(an_action(done=form.done, marks=[mark]))

    def _oversee(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(OversightForm, request.content).form
        made = an_entry(kind=form.kind, words=form.words, child_id=form.child_id, review_on=form.review_on)
        self.entries.append(made)
        return _json(made, 201)

    def _measure(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        month = OversightMonth(month="2026-11", decided=40, overseen=33, share=0.825)
        return _json(OversightMeasure(items=[month]))


def _page(items: list[Any]) -> httpx.Response:
    return _json(Page[Any](items=items, next_cursor=None, has_more=False))


def _json(answer: BaseModel, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=answer.model_dump_json())
