"""What falls due as triage tells it, Red children to be seen, and what it was asked to keep about them."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import httpx
from pydantic import BaseModel

from shared.codes.late_reasons import LATE_REASONS
from shared.platform.json import read
from shared.problems import FieldError, Invalid, NotFound
from shared.schemas.alerts import AlertView
from shared.schemas.onward import OnwardForm, OnwardRecorded, OnwardView
from shared.schemas.shapes import Page
from shared.schemas.timers import (
    BreachReasonForm,
    BreachReasonView,
    BreachView,
    CaseTimers,
    DriftView,
    DueView,
    Screened,
    TargetForm,
    TargetPurpose,
    TargetReviewForm,
    TargetView,
    TimerKind,
    TimerView,
)
from shared.schemas.words import Sector
from shared.schemas.work_lists import WorkLists
from tests.console.scenes import CASE, MAISIE, NOW, REFERENCE, TO_TRUST, TRUST, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]

FOLLOWING = (TimerKind.SECOND_LOOK, TimerKind.HANDOVER, TimerKind.ASSESSMENT, TimerKind.CONFERENCE)
BREACH, EXPLAINED, TARGET, ALERT = an_id(870), an_id(871), an_id(872), an_id(873)
HERS: dict[str, Any] = {
    "case_id": CASE,
    "child_id": MAISIE,
    "given_name": "Maisie",
    "family_name": "Example",
    "date_of_birth": date(2019, 4, 2),
    "expected_date_of_birth": None,
    "reference": REFERENCE,
}


def a_timer(kind: TimerKind, **given: Any) -> TimerView:
    """Return something of Maisie's that falls due in three hours."""
    return TimerView(
        **{
            "timer_id": an_id(860 + list(TimerKind).index(kind)),
            "child_id": MAISIE,
            "kind": kind,
            "due_at": NOW + timedelta(hours=3),
            **dict.fromkeys(("met_at", "breached_at", "request_id", "agency_id", "sector")),
            **dict.fromkeys(("waiting_since", "target_id")),
        }
        | given
    )


def the_trust_is_waited_for() -> TimerView:
    """Return the clock that goes on while the trust does not answer."""
    asked = {"request_id": TO_TRUST, "agency_id": TRUST, "sector": Sector.HEALTH}
    since = {"waiting_since": NOW - timedelta(minutes=43)}
    return a_timer(TimerKind.AGENCY_RETURN, **asked, **since)


def a_breach(**given: Any) -> BreachView:
    """Return that Maisie was not decided in time, and nobody has said why; changed by what is given."""
    return BreachView(
        **{
            **HERS,
            "breach_id": BREACH,
            "timer_id": an_id(861),
            "kind": TimerKind.DECISION,
            "agency_id": None,
            "due_at": NOW - timedelta(minutes=20),
            "found_at": NOW - timedelta(minutes=20),
            "met_at": None,
            "reasons": [],
        }
        | given
    )


def an_explained_breach() -> BreachView:
    """Return that the trust answered late, and why."""
    why = BreachReasonView(reason="The nurse was at court.", given_by="Marge Hill", given_at=NOW)
    late = {"agency_id": TRUST, "met_at": NOW, "kind": TimerKind.AGENCY_RETURN, "late_by_seconds": 1200}
    return a_breach(breach_id=EXPLAINED, reasons=[why], **late)


def a_target(**given: Any) -> TargetView:
    """Return a manager's target that falls later than what holds for every child."""
    return TargetView(
        **{
            "target_id": TARGET,
            "case_id": CASE,
            "child_id": MAISIE,
            "purpose": TargetPurpose.DECISION,
            "target_on": date(2026, 12, 4),
            "due_at": NOW + timedelta(days=11),
            "configured_due_at": NOW + timedelta(hours=3),
            "earlier_due_at": NOW + timedelta(hours=3),
            "reason": "A baby is due in that week.",
            "set_by": "Marge Hill",
            "set_at": NOW - timedelta(hours=1),
            "review_by": NOW + timedelta(days=10),
            "reviews": [],
            "ended_at": None,
            "close_early": True,
        }
        | given
    )


def a_drift() -> DriftView:
    """Return that nothing has happened for Maisie since last week."""
    return DriftView(**HERS, drift_id=an_id(874), quiet_since=NOW - timedelta(days=5), found_at=NOW)


def an_alert(**given: Any) -> AlertView:
    """Return that Maisie is Red and nobody has said they have seen it."""
    return AlertView(
        **{
            **HERS,
            "alert_id": ALERT,
            "raised_at": NOW - timedelta(minutes=4),
            **dict.fromkeys(("escalated_at", "acknowledged_at", "acknowledged_by")),
            "pages": [],
        }
        | given
    )


class FakeTimers:
    """The clocks of every case; none, where nothing is put here."""

    def __init__(self) -> None:
        self.timers: list[TimerView] = []
        self.targets: list[TargetView] = []
        self.breaches: list[BreachView] = []
        self.drifting: list[DriftView] = []
        self.alerts: list[AlertView] = []
        self.onward: list[OnwardView] = []
        self.bad_day: str | None = None
        of_child = r"/v1/cases/(?P<id>[^/]+)/children/(?P<child>[^/]+)"
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/cases/(?P<id>[^/]+)/timers"), self._timers),
            ("POST", re.compile(r"/v1/cases/(?P<id>[^/]+)/screened"), self._screened),
            ("POST", re.compile(f"{of_child}/targets"), self._target),
            ("POST", re.compile(r"/v1/targets/(?P<id>[^/]+)/review"), self._review),
            ("GET", re.compile(r"/v1/due"), self._due),
            ("POST", re.compile(f"{of_child}/onward-steps"), self._step),
            ("GET", re.compile(r"/v1/breaches"), self._breaches),
            ("POST", re.compile(r"/v1/breaches/(?P<id>[^/]+)/reason"), self._reason),
            ("GET", re.compile(r"/v1/drifting"), self._drifting),
            ("GET", re.compile(r"/v1/work-lists"), self._work_lists),
            ("GET", re.compile(r"/v1/alerts"), self._alerts),
            ("POST", re.compile(r"/v1/alerts/(?P<id>[^/]+)/acknowledgement"), self._seen),
        ]

    def fill(self) -> None:
        """Put one of everything on Maisie's case."""
        self.timers = [a_timer(TimerKind.SCREENING), the_trust_is_waited_for()]
        self.timers += [a_timer(kind, started_at=NOW - timedelta(hours=1)) for kind in FOLLOWING]
        self.targets, self.drifting = [a_target()], [a_drift()]
        self.breaches, self.alerts = [a_breach(), an_explained_breach()], [an_alert()]

    def _timers(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        here = ids["id"] == str(CASE)
        return _json(
            CaseTimers(
                case_id=ids["id"],
                timers=self.timers if here else [],
                targets=self.targets if here else [],
                breaches=self.breaches if here else [],
                drifting=self.drifting if here else [],
                onward=self.onward if here else [],
            )
        )

    def _screened(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self.timers = [timer for timer in self.timers if timer.kind is not TimerKind.SCREENING]
        return _json(Screened(case_id=ids["id"], version=8, child_ids=[MAISIE]))

    def _due(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        wanted = request.url.params.get("kind")
        names = ("timer_id", "kind", "started_at", "due_at", "breached_at")
        running = [timer for timer in self.timers if timer.kind in FOLLOWING]
        shown = [timer for timer in running if wanted in (None, str(timer.kind))]
        return _page([DueView(**HERS, **{name: getattr(timer, name) for name in names}) for timer in shown])

    def _step(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(OnwardForm, request.content).form
        if form.done_at is not None and form.done_at > NOW:
            raise Invalid("No.", errors=(FieldError("to_come", "No.", pointer="#/done_at"),))
        made = OnwardRecorded(
            **form.model_dump() | {"done_at": form.done_at or NOW},
            onward_id=an_id(875),
            case_id=CASE,
            child_id=MAISIE,
            recorded_at=NOW,
            recorded_by="Priya Shah",
            version=8,
        )
        self.onward.append(OnwardView.model_validate(made.model_dump(exclude={"version"})))
        return httpx.Response(201, content=made.model_dump_json())

    def _target(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        read(TargetForm, request.content)
        if self.bad_day is not None:
            raise Invalid("No.", errors=(FieldError(self.bad_day, "No.", pointer="#/target_on"),))
        return httpx.Response(201, content=a_target().model_dump_json())

    def _review(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        read(TargetReviewForm, request.content)
        return _json(next(each for each in self.targets if str(each.target_id) == ids["id"]))

    def _work_lists(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        late = len([each for each in self.breaches if not each.reasons])
        return _json(WorkLists(mine=0, my_team=5, unallocated=2, to_decide=24, second_look=1, breached=late))

    def _breaches(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        reasoned = request.url.params["reasoned"] == "true"
        return _page([each for each in self.breaches if bool(each.reasons) == reasoned])

    def _reason(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        form = read(BreachReasonForm, request.content).form
        found = [each for each in self.breaches if str(each.breach_id) == ids["id"]]
        if not found:
            raise NotFound
        picked = {"code": form.code, "code_words": LATE_REASONS[form.code]} if form.code else {}
        said = BreachReasonView(**picked, reason=form.reason, given_by="Priya Shah", given_at=NOW)
        told = found[0].model_copy(update={"reasons": [*found[0].reasons, said]})
        self.breaches[self.breaches.index(found[0])] = told
        return httpx.Response(201, content=told.model_dump_json())

    def _drifting(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _page(self.drifting)

    def _alerts(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _page(self.alerts)

    def _seen(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        found = [each for each in self.alerts if str(each.alert_id) == ids["id"]]
        if not found:
            raise NotFound
        self.alerts.remove(found[0])
        return _json(found[0].model_copy(update={"acknowledged_at": NOW, "acknowledged_by": "Priya Shah"}))


def _page(items: list[Any]) -> httpx.Response:
    return _json(Page(items=items, next_cursor=None, has_more=False))


def _json(answer: BaseModel) -> httpx.Response:
    return httpx.Response(200, content=answer.model_dump_json())
