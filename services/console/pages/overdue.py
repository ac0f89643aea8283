"""Unborn children whose due date has passed with no birth linked, and the form for what was found out."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from services.console.wording import who_is_who
from shared.problems import Conflict, Invalid, NotPermitted, Problem
from shared.schemas.ids import PersonId
from shared.schemas.words import BirthFound

router = APIRouter(include_in_schema=False)

_DATE: Final = ("due_day", "due_month", "due_year")
_FIELDS: Final = frozenset({"birth_found", "birth_reason", "due_day"})
_WHY: Final = "Say how you know; it is kept under your name"
_WHEN: Final = "Enter the day, month and year on which the child is due"
WORDS: Final = FormWords(
    places={
        "what": "birth_found",
        "reason": "birth_reason",
        "new_due_on": "due_day",
        "": "due_day",
        "new_due_on_missing": "due_day",
    },
    sentences={
        ("birth_found", "missing"): "Choose what you found out",
        ("birth_found", "not_in_list"): "Choose what you found out",
        ("birth_reason", "missing"): _WHY,
        ("birth_reason", "blank"): _WHY,
        ("birth_reason", "too_long"): "Say how you know in 20,000 characters or fewer",
        ("due_day", "new_due_on_missing"): _WHEN,
        ("due_day", "not_a_date"): _WHEN,
    },
)


@router.get("/people/overdue")
async def get_overdue(
    person: SignedIn, request: Request, cursor: str | None = None, done: str = ""
) -> Response:
    """List the unborn children past their due date, the oldest due first."""
    if not person.sees_all:
        raise NotPermitted
    found = await person.people.list_overdue_births(cursor)
    return show(
        request,
        "overdue.html",
        person=person,
        names=await person.backend.agencies(),
        births=found.items,
        next_cursor=found.next_cursor if found.has_more else None,
        later_page=cursor is not None,
        done=done == "noted",
    )


@router.get("/people/{person_id}/birth-note")
async def get_birth_note(person: SignedIn, request: Request, person_id: UUID) -> Response:
    """Ask what was found out about a child who was expected."""
    return await _form(request, person, person_id, NOTHING_TYPED, None)


@router.post("/people/{person_id}/birth-note")
async def post_birth_note(form: OwnForm, person: SignedIn, request: Request, person_id: UUID) -> Response:
    """Record what was found out; what was noted before stays."""
    _require_settler(person)
    try:
        await person.people.note_birth(PersonId(person_id), note_body(form))
    except (Invalid, Conflict) as problem:
        return await _form(request, person, person_id, form, problem)
    return RedirectResponse("/people/overdue?done=noted", 303)


def note_body(typed: Typed) -> dict[str, Any]:
    """Return a note as intake takes it; what was not said is left out, so that intake says so."""
    fields = {"birth_found": "what", "birth_reason": "reason"}
    body: dict[str, Any] = {fields[name]: value for name, value in typed.said(*fields).items()}
    if typed["birth_found"] == BirthFound.WRONG_DATE and typed.said(*_DATE):
        day, month, year = (typed[name].strip() for name in _DATE)
        body["new_due_on"] = _written(year, month, day)
    return body


def _written(year: str, month: str, day: str) -> str:
    """Return a date as it is sent; one that no calendar has goes as it was typed, and is refused."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return f"{year}-{month}-{day}"


async def _form(
    request: Request, person: Person, person_id: UUID, typed: Typed, problem: Problem | None
) -> Response:
    _require_settler(person)
    known = await person.people.get_person(PersonId(person_id))
    return show(
        request,
        "birth_note.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        known=known,
        who=who_is_who.told_name(known.records[0].told),
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


def _require_settler(person: Person) -> None:
    if not person.settles:
        raise NotPermitted
