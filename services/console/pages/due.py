"""What falls due: on the case, what was not done in time and why, and targets for one child."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.pages.way_back import to_case
from services.console.pages.work_list import waiting_of
from services.console.session import Person, SignedIn
from services.console.standing import Standing
from services.console.wording.due import following, unexplained
from shared.codes.late_reasons import LATE_REASONS
from shared.problems import Conflict, Invalid, NotFound, NotPermitted, Problem, Unavailable
from shared.schemas.cases import CaseView
from shared.schemas.ids import BreachId, CaseId, ChildId, TargetId
from shared.schemas.onward import OnwardView
from shared.schemas.timers import (
    BreachView,
    CaseTimers,
    DriftView,
    TargetView,
    TimerKind,
    TimerView,
)

router = APIRouter(include_in_schema=False)

_BREACH: Final = "/cases/{case_id}/breaches/{breach_id}"
_TARGET: Final = "/cases/{case_id}/children/{child_id}/target"
_REVIEW: Final = "/cases/{case_id}/targets/{target_id}"
_WHY: Final = "Say why; it is kept under your name"
_DAY: Final = "Enter a day to come, such as 4 12 2026"
REASON_WORDS: Final = FormWords(places={}, sentences={("reason", "missing"): _WHY, ("reason", "blank"): _WHY})
TARGET_WORDS: Final = FormWords(
    places={"target_on": "target_day"},
    sentences={
        ("target_day", "missing"): _DAY,
        ("target_day", "not_a_date"): _DAY,
        ("target_day", "not_to_come"): "That day has closed already: enter a day to come",
        ("target_day", "not_a_working_day"): "That is a weekend or a bank holiday: enter a working day",
        ("reason", "missing"): _WHY,
        ("reason", "blank"): _WHY,
    },
)
REVIEW_WORDS: Final = FormWords(
    places={},
    sentences={
        ("words", "missing"): "Say what you found; it is kept under your name",
        ("words", "blank"): "Say what you found; it is kept under your name",
    },
)


@dataclass(frozen=True, slots=True)
class ChildTime:
    """What falls due for one child of a case, under all its ids.

    Attributes:
        waiting: questions that run and do not stand under what is missing; the clock goes on beside them.
        following: what follows its decision and is not done.
        recorded: what was, the oldest first.
    """

    standing: Standing
    screening: TimerView | None
    waiting: Sequence[TimerView]
    targets: Sequence[TargetView]
    breaches: Sequence[BreachView]
    drifting: DriftView | None
    following: Sequence[TimerView] = ()
    recorded: Sequence[OnwardView] = ()

    @property
    def unexplained(self) -> Sequence[BreachView]:
        """What was not done in time and nobody has said why."""
        return unexplained(list(self.breaches))


async def time_of(person: Person, case: CaseView, children: Sequence[Standing]) -> Sequence[ChildTime] | None:
    """Return what falls due for each child; nothing to whoever may not know, None where nobody can say."""
    if not person.sees_all:
        return []
    try:
        found = await person.timers.get_of_case(case.case_id)
    except (NotFound, NotPermitted, Unavailable):
        return None
    return [_of_child(child, found) for child in children]


def _of_child(child: Standing, found: CaseTimers) -> ChildTime:
    ids = {row.child_id for row in child.rows}
    # Who has not answered, since when and by when, stands right above, under what is missing.
    said = {request.agency_id for request in child.unanswered}
    timers = [timer for timer in found.timers if timer.child_id in ids and timer.met_at is None]
    return ChildTime(
        standing=child,
        screening=next((timer for timer in timers if timer.kind is TimerKind.SCREENING), None),
        waiting=_soonest(
            timer
            for timer in timers
            if timer.kind is TimerKind.AGENCY_RETURN and timer.waiting_since and timer.agency_id not in said
        ),
        targets=[each for each in found.targets if each.child_id in ids and each.ended_at is None],
        breaches=[each for each in found.breaches if each.child_id in ids],
        drifting=next((each for each in found.drifting if each.child_id in ids), None),
        following=following(timers),
        recorded=[each for each in found.onward if each.child_id in ids],
    )


def _soonest(waiting: Iterable[TimerView]) -> list[TimerView]:
    """Return what each agency owes first, however many contacts it was asked about."""
    found: dict[object, TimerView] = {}
    for timer in sorted(waiting, key=lambda each: each.due_at):
        found.setdefault((timer.agency_id, timer.sector), timer)
    return list(found.values())


@router.post("/cases/{case_id}/screened")
async def post_screened(form: OwnForm, person: SignedIn, case_id: UUID) -> Response:
    """Say that every contact of a case has been looked at."""
    if not person.settles:
        raise NotPermitted
    await person.timers.say_screened(CaseId(case_id))
    return to_case(case_id, "screened", form["child"])


@router.get("/breached")
async def get_breached(
    person: SignedIn, request: Request, reasoned: bool = False, cursor: str | None = None
) -> Response:
    """List what was not done in time, and where nothing happens."""
    if not person.sees_all:
        raise NotPermitted
    page = await person.timers.list_breaches(reasoned=reasoned, cursor=cursor)
    return show(
        request,
        "breached.html",
        person=person,
        breaches=page.items,
        reasoned=reasoned,
        drifting=[] if reasoned or cursor else (await person.timers.list_drifting()).items,
        names=await person.backend.agencies(),
        waiting=await waiting_of(person),
        next_cursor=page.next_cursor if page.has_more else None,
        later_page=cursor is not None,
    )


@router.get(_BREACH)
async def get_breach(person: SignedIn, request: Request, case_id: UUID, breach_id: UUID) -> Response:
    """Show what was not done in time with the reasons given, and ask for one."""
    return await _breach_page(request, person, (case_id, breach_id), NOTHING_TYPED, None)


@router.post(_BREACH)
async def post_reason(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, breach_id: UUID
) -> Response:
    """Keep why something was not done in time."""
    if not person.settles:
        raise NotPermitted
    try:
        breach = await person.timers.give_reason(BreachId(breach_id), form.said("reason", "code"))
    except Invalid as problem:
        return await _breach_page(request, person, (case_id, breach_id), form, problem)
    return to_case(case_id, "explained", breach.child_id)


async def _breach_page(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    found = await _timers(person, ids[0])
    breach = next((each for each in found.breaches if each.breach_id == ids[1]), None)
    if breach is None:
        raise NotFound
    return show(
        request,
        "breach.html",
        person=person,
        status=problem.status if problem else 200,
        breach=breach,
        late_reasons=LATE_REASONS,
        names=await person.backend.agencies(),
        typed=typed,
        errors=REASON_WORDS.errors_of(problem, frozenset({"reason"})) if problem else NO_ERRORS,
    )


@router.get(_TARGET)
async def get_target_form(person: SignedIn, request: Request, case_id: UUID, child_id: UUID) -> Response:
    """Ask a manager for a timescale for one child."""
    return await _target_form(request, person, (case_id, child_id), NOTHING_TYPED, None)


@router.post(_TARGET)
async def post_target(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID
) -> Response:
    """Set a timescale for one child."""
    try:
        await person.timers.set_target(CaseId(case_id), ChildId(child_id), target_body(form))
    except Invalid as problem:
        return await _target_form(request, person, (case_id, child_id), form, problem)
    return to_case(case_id, "target", child_id)


def target_body(typed: Typed) -> dict[str, Any]:
    """Return what was typed as triage takes it: a day in three boxes becomes one date."""
    day, month, year = (typed[f"target_{part}"].strip() for part in ("day", "month", "year"))
    written = {"target_on": f"{year}-{month:0>2}-{day:0>2}"} if day and month and year else {}
    return typed.said("purpose", "reason") | written


async def _target_form(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    if not person.restricts:
        raise NotPermitted
    case = await person.backend.get_case(CaseId(ids[0]))
    child = next((each for each in case.children if each.child_id == ids[1]), None)
    if child is None:
        raise NotFound
    return show(
        request,
        "target.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        child=child,
        typed=typed,
        errors=TARGET_WORDS.errors_of(problem, frozenset({"target_day", "reason"})) if problem else NO_ERRORS,
    )


@router.get(_REVIEW)
async def get_review_form(person: SignedIn, request: Request, case_id: UUID, target_id: UUID) -> Response:
    """Show a target with every look at it, and ask a manager for another."""
    return await _review_form(request, person, (case_id, target_id), NOTHING_TYPED, None)


@router.post(_REVIEW)
async def post_review(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, target_id: UUID
) -> Response:
    """Keep what a manager found when looking at a target again."""
    body = {**form.said("words"), "reached": form["reached"] == "yes"}
    try:
        target = await person.timers.review_target(TargetId(target_id), body)
    except (Invalid, Conflict) as problem:
        return await _review_form(request, person, (case_id, target_id), form, problem)
    return to_case(case_id, "reviewed", target.child_id)


async def _review_form(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    if not person.restricts:
        raise NotPermitted
    found = await _timers(person, ids[0])
    target = next((each for each in found.targets if each.target_id == ids[1]), None)
    if target is None:
        raise NotFound
    return show(
        request,
        "target_review.html",
        person=person,
        status=problem.status if problem else 200,
        target=target,
        typed=typed,
        errors=REVIEW_WORDS.errors_of(problem, frozenset({"words"})) if problem else NO_ERRORS,
    )


async def _timers(person: Person, case_id: UUID) -> CaseTimers:
    if not person.sees_all:
        raise NotPermitted
    return await person.timers.get_of_case(CaseId(case_id))
