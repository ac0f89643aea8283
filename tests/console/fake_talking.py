"""Discussions and oversight that triage holds, and what it was asked to change."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import FieldError, Invalid, NotFound, Problem, Stale
from shared.schemas.depth import Coverage, CoverageLine
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
from shared.schemas.ids import AgencyId
from shared.schemas.invitations import CaseDiscussions, Invitation, OwedView, Pack
from shared.schemas.measures import AgencyMeasure, AgencyPeriod, BreachCount
from shared.schemas.oversight import OversightForm, OversightMeasure, OversightPeriod, OversightView
from shared.schemas.shapes import Page
from shared.schemas.timers import TimerKind
from shared.schemas.words_deciding import Depth
from tests.console.scenes import NOW
from tests.console.talking import a_discussion, a_pack, an_action, an_entry

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]


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
            ("GET", re.compile("/v1/measures/coverage"), self._coverage),
            ("GET", re.compile("/v1/measures/agencies"), self._by_agency),
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
        month = OversightPeriod(month="2026-11", decided=40, overseen=33, share=0.825)
        return _json(OversightMeasure(items=[month]))

    def _by_agency(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        by, span = request.url.params["by"], {"from_on": date(2025, 11, 23), "to_on": date(2026, 11, 22)}
        period = "2026-W47" if by == "week" else "2026-11"
        line = AgencyPeriod(
            period=period, agency_id=AgencyId(uuid4()), decided=12, decided_in_time=11, health_missing=3,
            by_depth={"full": 12}, questions=30, returned_in_time=24, returned_late=4, not_returned=2,
        )  # fmt: skip
        late = BreachCount(period=period, kind=TimerKind.HANDOVER, agency_id=None, found=5, with_reason=4)
        return _json(AgencyMeasure(by=by, items=[line], breaches=[late], **span))

    def _coverage(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        if request.url.params.get("from", "") > request.url.params.get("to", "9"):
            raise Invalid("No.", errors=(FieldError("after_the_last", "No.", parameter="from"),))
        full = CoverageLine(
            month="2026-11", depth=Depth.FULL, children=38, core_answers={"3": 36, "1": 2}, proceeded_now=2
        )
        light = full.model_copy(update={"depth": Depth.LIGHT, "children": 2, "core_answers": {"unknown": 2}})
        before = full.model_copy(update={"month": "2026-10", "children": 1, "core_answers": {"0": 1}})
        return _json(
            Coverage(from_on=date(2025, 11, 23), to_on=date(2026, 11, 22), items=[before, full, light])
        )


def _page(items: list[Any]) -> httpx.Response:
    return _json(Page[Any](items=items, next_cursor=None, has_more=False))


def _json(answer: BaseModel, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=answer.model_dump_json())
