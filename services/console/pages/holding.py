"""Who holds a case: taken, given, given back, with everybody who held it before."""

import asyncio
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.exchange import SignedOut
from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.pages.way_back import to_case
from services.console.session import Person, SignedIn
from shared.problems import Conflict, FieldError, Invalid, NotPermitted, Problem
from shared.schemas.holding import Holding
from shared.schemas.ids import CaseId

router = APIRouter(include_in_schema=False)

_PAGE: Final = "/cases/{case_id}/allocation"
_PATIENCE_SECONDS: Final = 1.5
_FIELDS: Final = frozenset({"holder", "staff_id", "team", "allocation_reason"})
_NAME: Final = "Choose the name of somebody who decides"
WORDS: Final = FormWords(
    places={"reason": "allocation_reason"},
    sentences={
        ("holder", "missing"): "Choose who holds the case",
        ("staff_id", "missing"): _NAME,
        ("staff_id", "not_a_decider"): _NAME,
        ("team", "not_a_team"): "Choose a team of the hub",
        ("allocation_reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)


async def holding_of(person: Person, case_id: CaseId) -> Holding | None:
    """Return who holds a case, for whoever may know; None also where that cannot be read in time."""
    if not person.sees_all:
        return None
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await person.day.get_holding(case_id)
    except SignedOut:
        raise
    except (Problem, TimeoutError):
        return None


async def open_case(person: Person, case_id: CaseId) -> Holding | None:
    """Say that somebody has a case open, and return who else has. No form fails for it."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await person.day.take_lease(case_id)
    except SignedOut:
        raise
    except (Problem, TimeoutError):
        return None


async def close_case(person: Person, case_id: CaseId) -> None:
    """Say that somebody is done with a case; where that fails, time ends it."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await person.day.end_lease(case_id)
    except (Problem, TimeoutError):
        return


@router.get(_PAGE)
async def get_allocation(person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Show who holds a case and held it, with the form to change that."""
    return await _page(request, person, case_id, NOTHING_TYPED, None)


@router.post(_PAGE)
async def post_allocation(form: OwnForm, person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Give the case to whoever was chosen."""
    if not person.settles:
        raise NotPermitted
    try:
        await person.day.allocate(CaseId(case_id), allocation_body(form))
    except (Invalid, Conflict) as problem:
        return await _page(request, person, case_id, form, problem)
    return to_case(case_id, "allocated", form["child"])


def allocation_body(typed: Typed) -> dict[str, Any]:
    """Return who is to hold the case, as triage takes it.

    Raises:
        Invalid: nobody was chosen.
    """
    chosen = {"me": "me", "nobody": None, "other": typed["staff_id"]}
    if typed["holder"] not in chosen:
        raise _missing("holder")
    if typed["holder"] == "other" and not typed["staff_id"]:
        raise _missing("staff_id")
    fields = {"team": "team", "allocation_reason": "reason"}
    body: dict[str, Any] = {fields[name]: value for name, value in typed.said(*fields).items()}
    return {"staff_id": chosen[typed["holder"]]} | body


def _missing(field: str) -> Invalid:
    error = FieldError("missing", "Required here.", pointer=f"#/{field}")
    return Invalid("Say who holds the case.", errors=(error,))


async def _page(
    request: Request, person: Person, case_id: UUID, typed: Typed, problem: Problem | None
) -> Response:
    if not person.sees_all:
        raise NotPermitted
    return show(
        request,
        "allocation.html",
        person=person,
        status=problem.status if problem else 200,
        case_id=case_id,
        holding=await person.day.get_holding(CaseId(case_id)),
        deciders=await person.day.list_deciders() if person.restricts else [],
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )
