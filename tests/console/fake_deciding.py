"""Triage's second look, frame and depth as the console meets them."""

import re
from collections.abc import Callable

import httpx

from shared.platform.json import read
from shared.schemas.decision_records import FramePart
from shared.schemas.decisions import ApprovalForm, DecisionLooked
from shared.schemas.depth import DepthChange, DepthForm, DepthView
from shared.schemas.shapes import Page
from shared.schemas.words_deciding import DecisionStanding, Depth
from tests.console.scenes import CASE, MAISIE, NOW, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]
CHILD = r"/v1/cases/(?P<id>[^/]+)/children/(?P<child>[^/]+)"
FRAME = [
    FramePart(key="worried_about", heading="What are we worried about?"),
    FramePart(key="working_well", heading="What is working well?"),
]


class FakeDeciding:
    """What triage says of its frame, of a second look and of how deep it goes."""

    def __init__(self) -> None:
        self.on_looked: Callable[[ApprovalForm], None] = lambda _form: None
        self.depth = Depth.FULL
        self.changes: list[DepthChange] = []
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/risk-frame"), self._frame),
            ("POST", re.compile(r"/v1/decisions/(?P<id>[^/]+)/approval"), self._look),
            ("GET", re.compile(CHILD + "/depth"), self._depth),
            ("PUT", re.compile(CHILD + "/depth"), self._set_depth),
        ]

    def _frame(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        page: Page[FramePart] = Page(items=FRAME, next_cursor=None, has_more=False)
        return httpx.Response(200, content=page.model_dump_json())

    def _look(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        form = read(ApprovalForm, request.content).form
        self.on_looked(form)
        looked = DecisionLooked(
            decision_id=ids["id"],
            case_id=CASE,
            child_id=MAISIE,
            version=8,
            standing=DecisionStanding.APPROVED if form.approved else DecisionStanding.REFUSED,
            in_force_decision_id=an_id(500),
        )
        return httpx.Response(200, content=looked.model_dump_json())

    def _depth(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        view = DepthView(case_id=CASE, child_id=MAISIE, depth=self.depth, version=7, history=self.changes)
        return httpx.Response(200, content=view.model_dump_json())

    def _set_depth(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        form = read(DepthForm, request.content).form
        self.depth = form.depth
        self.changes.append(
            DepthChange(depth=form.depth, reason=form.reason, changed_by="Priya Shah", changed_at=NOW)
        )
        return self._depth(request, ids)
