"""What follows decisions: the list of what is still to be done, and the form for what was."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.case import child_of
from services.console.pages.due import time_of
from services.console.pages.showing import show
from services.console.pages.way_back import to_case
from services.console.session import Person, SignedIn
from services.console.wording.due import steps_for
from services.console.wording.talk import instant_of
from shared.problems import Conflict, Invalid, NotPermitted, Problem, Unavailable
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.timers import TimerKind

router = APIRouter(include_in_schema=False)

_STEP: Final = "/cases/{case_id}/children/{child_id}/onward"
_FIELDS: Final = frozenset({"step", "done_by", "done_day", "note"})
_WHO: Final = "Say who did it, by name and team"
_WHEN: Final = "Enter the day and the time, or leave both empty for now"
WORDS: Final = FormWords(
    places={"done_at": "done_day", "": "note"},
    sentences={
        ("step", "missing"): "Choose what was done",
        ("step", "not_in_list"): "Choose what was done",
        ("done_by", "missing"): _WHO,
        ("done_by", "blank"): _WHO,
        ("done_day", "not_an_instant"): _WHEN,
        ("done_day", "to_come"): "That is still to come: record it once it is done",
        ("done_day", "before_it_began"): "That is before it began: check the day and the time",
        ("note", "reason_missing"): "Say why no conference is needed",
    },
)


@router.get("/due")
async def get_due(
    person: SignedIn, request: Request, kind: TimerKind | None = None, cursor: str | None = None
) -> Response:
    """List what follows decisions and is not done, the soonest due first."""
    if not person.sees_all:
        raise NotPermitted
    page = await person.timers.list_due(kind=kind, cursor=cursor)
    return show(
        request,
        "due.html",
        person=person,
        lines=page.items,
        kind=kind,
        next_cursor=page.next_cursor if page.has_more else None,
        later_page=cursor is not None,
    )


@router.get(_STEP)
async def get_step_form(person: SignedIn, request: Request, case_id: UUID, child_id: UUID) -> Response:
    """Ask what whoever took a child on has done."""
    return await _page(request, person, (case_id, child_id), NOTHING_TYPED, None)


@router.post(_STEP)
async def post_step(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID
) -> Response:
    """Record it; the clock that watched over it ends."""
    if not person.settles:
        raise NotPermitted
    try:
        await person.timers.record_step(CaseId(case_id), ChildId(child_id), step_body(form))
    except (Invalid, Conflict) as problem:
        return await _page(request, person, (case_id, child_id), form, problem)
    return to_case(case_id, "onward", child_id)


def step_body(typed: Typed) -> dict[str, Any]:
    """Return what was typed as triage takes it: a day and a clock time in London become one instant."""
    body: dict[str, Any] = typed.said("step", "done_by", "note")
    day, clock = typed["done_day"].strip(), typed["done_clock"].strip()
    if not day and not clock:
        return body
    at = instant_of(day, clock)
    # What says no time goes as it was typed, and is refused with the rest that is wrong.
    return body | {"done_at": at.isoformat() if at else f"{day} {clock}"}


async def _page(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    if not person.settles:
        raise NotPermitted
    names = await person.backend.agencies()
    case, standing = await child_of(person, *ids, names, request.app.state.clock())
    times = await time_of(person, case, [standing])
    if times is None:
        raise Unavailable
    return show(
        request,
        "onward.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        time=times[0],
        steps=steps_for(times[0].following, is_manager=person.restricts),
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )
