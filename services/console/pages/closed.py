"""Restricted cases: what whoever is not named sees in their place, whom a manager names, and emergencies."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.exchange import Restricted, SignedOut
from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormErrors, FormWords, OwnForm, Typed
from services.console.pages.opened import forget_opened, note_opened
from services.console.pages.showing import show
from services.console.pages.way_back import to_case
from services.console.session import Now, Person, SignedIn
from shared.problems import Conflict, Invalid, NotPermitted, Problem
from shared.schemas.ids import AccessId, CaseId
from shared.schemas.restricted import AccessKind

router = APIRouter(include_in_schema=False)

_CLOSED: Final = "/cases/{case_id}/closed"
_ACCESSES: Final = "/cases/{case_id}/accesses"
_PATIENCE_SECONDS: Final = 1.5
_FIELDS: Final = frozenset({"emergency_reason", "staff_id", "naming_reason", "words"})
_WHY: Final = "Say why it cannot wait for a manager, in at least 20 characters"
_NAME: Final = "Choose a name from the list"
OPENING: Final = FormWords(
    places={"reason": "emergency_reason"},
    sentences={("emergency_reason", code): _WHY for code in ("missing", "too_short", "blank")},
)
NAMING: Final = FormWords(
    places={"reason": "naming_reason"},
    sentences={
        ("staff_id", "missing"): _NAME,
        ("staff_id", "not_an_id"): _NAME,
        ("staff_id", "reads_no_cases"): _NAME,
        ("naming_reason", "missing"): "Say why it is this person",
        ("naming_reason", "blank"): "Say why it is this person",
    },
)
LOOKING: Final = FormWords(
    places={},
    sentences={("words", code): "Say what you found" for code in ("missing", "blank")},
)


@dataclass(frozen=True, slots=True)
class _Refused:
    """What was wrong with a look, and at which opening it was."""

    typed: Typed
    problem: Problem
    about: UUID


async def count_emergencies(person: Person) -> int | None:
    """Return how many openings wait for a manager's look; None where that cannot be read just now."""
    if not person.restricts:
        return 0
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return len((await person.closed.list_emergencies(looked_at=False)).items)
    except SignedOut:
        raise
    except (Problem, TimeoutError):
        return None


@router.get("/restricted")
async def get_restricted(person: SignedIn, request: Request) -> Response:
    """Say that a contact is restricted, to whoever is not named for its case."""
    return _closed_page(request, person, None, NOTHING_TYPED, NO_ERRORS, status=403)


@router.get(_CLOSED)
async def get_closed(person: SignedIn, request: Request, now: Now, case_id: UUID) -> Response:
    """Say that a case is restricted, with the form to open it where that cannot wait."""
    try:
        await person.backend.get_case(CaseId(case_id))
    except Restricted:
        pass
    else:
        return RedirectResponse(f"/cases/{case_id}", 303)
    page = _closed_page(request, person, case_id, NOTHING_TYPED, NO_ERRORS, status=403)
    forget_opened(request, page, person, case_id, now)
    return page


@router.post(_CLOSED)
async def post_emergency(
    form: OwnForm, person: SignedIn, request: Request, now: Now, case_id: UUID
) -> Response:
    """Open a restricted case for an hour, and go to it."""
    try:
        access = await person.closed.open_in_emergency(CaseId(case_id), form["emergency_reason"])
    except Invalid as problem:
        errors = OPENING.errors_of(problem, _FIELDS)
        return _closed_page(request, person, case_id, form, errors, status=problem.status)
    except Conflict:
        # Somebody has let them in meanwhile.
        return RedirectResponse(f"/cases/{case_id}", 303)
    there = to_case(case_id, "opened")
    note_opened(request, there, person, access, now)
    return there


def _closed_page(
    request: Request, person: Person, case_id: UUID | None, typed: Typed, errors: FormErrors, *, status: int
) -> Response:
    return show(
        request,
        "closed_case.html",
        person=person,
        status=status,
        case_id=case_id,
        typed=typed,
        errors=errors,
    )


@router.get(_ACCESSES)
async def get_accesses(person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Show to whom a restricted case is open, with the form to name somebody."""
    return await _accesses_page(request, person, case_id, NOTHING_TYPED, None)


@router.post(_ACCESSES)
async def post_access(form: OwnForm, person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Name somebody for the case."""
    body = {"staff_id": form["staff_id"], "reason": form["naming_reason"]}
    try:
        await person.closed.name(CaseId(case_id), body)
    except (Invalid, Conflict) as problem:
        return await _accesses_page(request, person, case_id, form, problem)
    return RedirectResponse(f"/cases/{case_id}/accesses", 303)


@router.post(_ACCESSES + "/{access_id}/end")
async def post_access_end(
    _form: OwnForm, person: SignedIn, request: Request, case_id: UUID, access_id: UUID
) -> Response:
    """Close the case again to somebody; where that was done before, it is shown."""
    try:
        await person.closed.take_back(AccessId(access_id))
    except Conflict as problem:
        return await _accesses_page(request, person, case_id, NOTHING_TYPED, problem)
    return RedirectResponse(f"/cases/{case_id}/accesses", 303)


async def _accesses_page(
    request: Request, person: Person, case_id: UUID, typed: Typed, problem: Problem | None
) -> Response:
    if not person.restricts:
        raise NotPermitted
    found, deciders = await asyncio.gather(
        person.closed.list_accesses(CaseId(case_id)), person.day.list_deciders(readers=True)
    )
    return show(
        request,
        "accesses.html",
        person=person,
        status=problem.status if problem else 200,
        case_id=case_id,
        found=found,
        named=AccessKind.NAMED,
        deciders=deciders,
        typed=typed,
        errors=NAMING.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


@router.get("/emergency-accesses")
async def get_emergencies(
    person: SignedIn, request: Request, looked_at: bool = False, cursor: str | None = None
) -> Response:
    """Show who opened a restricted case in an emergency, and why."""
    return await _emergencies(request, person, None, looked_at=looked_at, cursor=cursor)


@router.post("/emergency-accesses/{access_id}")
async def post_look(form: OwnForm, person: SignedIn, request: Request, access_id: UUID) -> Response:
    """Say what one found when looking at an opening."""
    try:
        await person.closed.look_at(AccessId(access_id), form["words"])
    except (Invalid, Conflict) as problem:
        return await _emergencies(request, person, _Refused(form, problem, access_id))
    return RedirectResponse("/emergency-accesses", 303)


async def _emergencies(
    request: Request,
    person: Person,
    refused: _Refused | None,
    *,
    looked_at: bool = False,
    cursor: str | None = None,
) -> Response:
    if not person.restricts:
        raise NotPermitted
    page = await person.closed.list_emergencies(looked_at=looked_at, cursor=cursor)
    return show(
        request,
        "emergency_accesses.html",
        person=person,
        status=refused.problem.status if refused else 200,
        openings=page.items,
        next_cursor=page.next_cursor if page.has_more else None,
        looked_at=looked_at,
        about=refused.about if refused else None,
        typed=refused.typed if refused else NOTHING_TYPED,
        errors=LOOKING.errors_of(refused.problem, _FIELDS) if refused else NO_ERRORS,
    )
