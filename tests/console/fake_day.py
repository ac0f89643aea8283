"""The hub's day at the far end of the console: the board, who holds a case, leases, drafts."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import FieldError, Invalid, NotFound
from shared.schemas.access import Colleague
from shared.schemas.board import Board, BoardChanges, BoardChild, Change, ChildChanges, WaitForm, WaitView
from shared.schemas.holding import (
    AllocationForm,
    AllocationView,
    DraftForm,
    DraftView,
    Holding,
    LeaseView,
    TeamName,
)
from shared.schemas.restricted import RestrictedWaiting
from shared.schemas.shapes import Page
from shared.schemas.words import Rag, Role, Sector
from tests.console.scenes import ALFIE, CASE, MAISIE, NOW, POLICE, REFERENCE, TRUST, UNBORN, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]

OPENS_AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
SAM, PRIYA_ID = an_id(950), an_id(900)
NORTH = TeamName(key="north", name="North team")


def a_wait(**given: Any) -> WaitView:
    """Return that somebody said Maisie may wait until the hub opens; changed by what is given."""
    return WaitView(
        **{
            "wait_id": an_id(960), "child_id": MAISIE, "kind": "safe_until", "safe_until": OPENS_AT,
            "why": "With grandmother until the morning; the officer has seen her.", "handed_to": None,
            "read_back_by": None, "read_back_at": None, "said_by": "Priya Shah",
            "said_at": NOW - timedelta(minutes=10), "decide_by": NOW + timedelta(hours=3), "beyond_due": True,
        }
        | given
    )  # fmt: skip


def a_board_child(**given: Any) -> BoardChild:
    """Return Maisie on the board, of whom nobody has said anything; changed by what is given."""
    child_id = given.get("child_id", MAISIE)
    return BoardChild(
        **{
            "case_id": CASE, "child_id": child_id, "child_ids": [child_id], "references": [REFERENCE],
            "given_name": "Maisie", "family_name": "Example", "date_of_birth": date(2019, 4, 2),
            "expected_date_of_birth": None, "rag": Rag.AMBER, "level": 3,
            "received_at": NOW - timedelta(minutes=44), "decide_by": NOW + timedelta(hours=3, minutes=10),
            "changed_since_decision": False, "whereabouts": "At home with mother.",
            "unknown": ["not_answered", "health_missing", "seen_not_said"], "waiting_for": [Sector.HEALTH],
            "silent_words": ["Health, not checked: mental health."],
            "spoken": "nobody", "wait": None, "held_by": None,
        }
        | given
    )  # fmt: skip


def a_full_board() -> list[BoardChild]:
    """Return a child in each of the three ways to stand on the board."""
    handed = a_wait(
        kind="emergency_duty", safe_until=None, handed_to="Jo Bright", read_back_by="Jo Bright",
        read_back_at=NOW - timedelta(minutes=12), why=None, beyond_due=False,
    )  # fmt: skip
    return [
        a_board_child(rag=Rag.RED, decide_by=NOW - timedelta(minutes=5), unknown=["not_seen", "who_it_is"]),
        a_board_child(child_id=ALFIE, given_name="Alfie", spoken="heard_since", wait=a_wait()),
        a_board_child(
            child_id=UNBORN, given_name=None, date_of_birth=None, expected_date_of_birth=date(2027, 1, 9),
            spoken="spoken_for", wait=handed, held_by="Priya Shah", unknown=[], waiting_for=[], level=None,
        ),
    ]  # fmt: skip


def some_changes() -> list[ChildChanges]:
    """Return a night in which something of every kind happened to one child, and a decision to another."""
    at = NOW - timedelta(hours=2)
    changes = [
        Change(kind="contact", at=at, agency_id=POLICE, reference=REFERENCE),
        Change(kind="correction", at=at, agency_id=POLICE, reference=REFERENCE, version=2),
        Change(kind="answer", at=at, agency_id=TRUST, status="nothing_known"),
        Change(kind="grade", at=at, agency_id=TRUST, by="Nia Morgan", status="graded", grade=4),
        Change(kind="recommendation", at=at, rag_before="amber", level_before=2, rag="red", level=4),
        Change(kind="safe_to_wait", at=at, by="Priya Shah", until=OPENS_AT),
        Change(kind="emergency_duty", at=at, by="Jo Bright"),
    ]
    decided = Change(kind="decision", at=at, by="Priya Shah", pathway="early_help", level=2, rag="green")
    whose: dict[str, Any] = {
        "case_id": CASE, "family_name": "Example", "date_of_birth": date(2019, 4, 2),
        "expected_date_of_birth": None, "decide_by": NOW + timedelta(hours=1),
    }  # fmt: skip
    return [
        ChildChanges(
            child_id=MAISIE, given_name="Maisie", state="gathering", rag="red", changes=changes, **whose
        ),
        ChildChanges(
            child_id=ALFIE, given_name="Alfie", state="decided", rag="green", changes=[decided], **whose
        ),
    ]


def an_allocation(**given: Any) -> AllocationView:
    """Return that Priya Shah holds the case, in the north team; changed by what is given."""
    return AllocationView(
        **{
            "allocation_id": an_id(970), "staff_id": PRIYA_ID, "staff_name": "Priya Shah", "team": NORTH,
            "reason": None, "made_at": NOW - timedelta(minutes=30), "made_by": "Marge Hill", "ended_at": None,
        }
        | given
    )  # fmt: skip


def a_lease(**given: Any) -> LeaseView:
    """Return that Sam Okoro has the case open; changed by what is given."""
    return LeaseView(
        **{
            "staff_id": SAM, "staff_name": "Sam Okoro", "opened_at": NOW - timedelta(minutes=43),
            "expires_at": NOW + timedelta(minutes=9),
        }
        | given
    )  # fmt: skip


class FakeDay:
    """The board and the holders of every case, and what was asked to change them."""

    def __init__(self) -> None:
        self.board: list[BoardChild] = [a_board_child()]
        self.closed: list[RestrictedWaiting] = []
        self.changes: list[ChildChanges] = []
        self.history: list[AllocationView] = []
        self.leases: list[LeaseView] = []
        self.drafts: dict[tuple[str, str], DraftView] = {}
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/board"), self._board),
            ("GET", re.compile(r"/v1/board/changes"), self._changes),
            ("POST", re.compile(r"/v1/cases/(?P<id>[^/]+)/children/(?P<child>[^/]+)/waits"), self._wait),
            ("GET", re.compile(r"/v1/cases/(?P<id>[^/]+)/holding"), self._holding),
            ("PUT", re.compile(r"/v1/cases/(?P<id>[^/]+)/allocation"), self._allocate),
            ("PUT", re.compile(r"/v1/cases/(?P<id>[^/]+)/lease"), self._holding),
            ("DELETE", re.compile(r"/v1/cases/(?P<id>[^/]+)/lease"), self._nothing),
            ("GET", re.compile(r"/v1/deciders"), self._deciders),
            ("GET", re.compile(r"/v1/drafts/(?P<form>[^/]+)/(?P<id>[^/]+)"), self._draft),
            ("PUT", re.compile(r"/v1/drafts/(?P<form>[^/]+)/(?P<id>[^/]+)"), self._keep),
            ("DELETE", re.compile(r"/v1/drafts/(?P<form>[^/]+)/(?P<id>[^/]+)"), self._forget),
        ]

    def _board(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        found = Board(items=self.board, next_cursor=None, has_more=False, as_of=NOW, opens_at=OPENS_AT)
        return _json(200, found.model_copy(update={"closed": self.closed}))

    def _changes(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        since = NOW - timedelta(days=2, hours=18)
        return _json(
            200,
            BoardChanges(items=self.changes, next_cursor=None, has_more=False, as_of=NOW, since=since),
        )

    def _wait(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(WaitForm, request.content).form
        if form.handed_to is None and (form.safe_until is None or form.why is None):
            missing = [name for name in ("safe_until", "why") if getattr(form, name) is None]
            errors = tuple(FieldError("missing", "Required here.", pointer=f"#/{name}") for name in missing)
            raise Invalid("Say one of the two, whole.", errors=errors)
        return _json(201, a_wait())

    def _holding(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        holder = next((each for each in self.history if each.ended_at is None), None)
        return _json(
            200,
            Holding(
                case_id=UUID(ids["id"]),
                holder=holder,
                history=self.history,
                leases=self.leases,
                teams=[NORTH],
            ),
        )

    def _allocate(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        form = read(AllocationForm, request.content).form
        self.history = [each.model_copy(update={"ended_at": NOW}) for each in self.history]
        if form.staff_id is not None:
            self.history.insert(0, an_allocation())
        return self._holding(request, ids)

    def _nothing(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return httpx.Response(204)

    def _deciders(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        staff = [
            Colleague(staff_id=PRIYA_ID, name="Priya Shah", roles=[Role.DECISION_MAKER]),
            Colleague(staff_id=SAM, name="Sam Okoro", roles=[Role.DECISION_MAKER]),
        ]
        return _json(200, Page(items=staff, next_cursor=None, has_more=False))

    def _draft(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        draft = self.drafts.get((ids["form"], ids["id"]))
        if draft is None:
            raise NotFound
        return _json(200, draft)

    def _keep(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        fields = read(DraftForm, request.content).form.fields
        draft = DraftView(
            form=ids["form"], subject_id=UUID(ids["id"]), fields=fields, saved_at=NOW,
            expires_at=NOW + timedelta(days=14),
        )  # fmt: skip
        self.drafts[ids["form"], ids["id"]] = draft
        return _json(200, draft)

    def _forget(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self.drafts.pop((ids["form"], ids["id"]), None)
        return httpx.Response(204)


def _json(status: int, answer: BaseModel) -> httpx.Response:
    return httpx.Response(status, content=answer.model_dump_json())
