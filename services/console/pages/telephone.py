"""Contact by telephone in two minutes: the caller's own words first, everything else can follow."""

import re
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.pages.taking_up import MOST_CHILDREN, fields_of
from services.console.session import Person, SignedIn
from shared.codes.lists import REFERRAL_SOURCES
from shared.problems import Conflict, Invalid, NotFound, NotPermitted, Problem
from shared.schemas.ids import HeldCopyId, new_id
from shared.schemas.progress import ReferralProgress
from shared.schemas.reference import Reference, read_reference

router = APIRouter(include_in_schema=False)

_ROWS: Final = 6
_CHILD: Final = {"given": "given_name", "family": "family_name", "born": "date_of_birth"}
_TAKING_UP: Final = "To take it up as a contact by telephone."
_SAID: Final = "Write down what the caller said"
_LONG: Final = "Write 20,000 characters or fewer"
WORDS: Final = FormWords(
    places={
        "immediate_danger": "danger",
        "call_back/name": "caller_name",
        "call_back/role": "caller_role",
        "call_back/telephone": "caller_number",
        "call_back/is_safe": "safe_to_ring",
        "call_back/note": "call_note",
    }
    | {
        f"children/{row}/{field}": f"{name}_{row}"
        for row in range(MOST_CHILDREN)
        for name, field in (*_CHILD.items(), ("born", "age_as_said"))
    },
    sentences={
        ("words", "missing"): _SAID,
        ("words", "blank"): _SAID,
        ("words", "too_long"): _LONG,
        ("child_now_with", "too_long"): _LONG,
        (
            "caller_number",
            "too_long",
        ): "Write the number in 60 characters or fewer; the rest can go in the note",
        ("sender_reference", "duplicate_reference"): "This reference was used before, for other words",
    },
)
_FIELDS: Final = frozenset(
    {"words", "danger", "child_now_with", "caller_name", "caller_role", "caller_number", "safe_to_ring",
     "call_note", "address", "source_code", "agency_id", "sender_reference"}
    | {f"{name}_{row}" for name in _CHILD for row in range(MOST_CHILDREN)}
)  # fmt: skip


@router.get("/telephone")
async def get_telephone_form(person: SignedIn, request: Request) -> Response:
    """Show the form, ready to be typed into while the caller speaks."""
    return await _form(request, person, NOTHING_TYPED, None)


@router.post("/telephone")
async def post_telephone(form: OwnForm, person: SignedIn, request: Request) -> Response:
    """Write the contact down; sent twice with the same key it is still one contact."""
    _require_taker(person)
    typed = compact(form)
    try:
        taken = await person.intake.take_call(telephone_body(typed), key=_key(typed))
    except (Invalid, Conflict) as problem:
        return await _form(request, person, typed, problem)
    return RedirectResponse(f"/telephone/taken/{taken.reference}", 303)


@router.post("/telephone/taking-up/{held_copy_id}")
async def post_taking_up(_own: OwnForm, person: SignedIn, request: Request, held_copy_id: UUID) -> Response:
    """Show the form filled from a held copy, which is opened anew for it and stays out of addresses."""
    _require_taker(person)
    copy = await person.intake.open_held_copy(HeldCopyId(held_copy_id), _TAKING_UP)
    return await _form(request, person, Typed(fields_of(copy)), None)


@router.get("/telephone/taken/{heard}")
async def get_taken(person: SignedIn, request: Request, heard: str) -> Response:
    """Show the reference to read out, and what to tell the caller."""
    _require_taker(person)
    try:
        reference = read_reference(heard)
    except ValueError:
        raise NotFound from None
    progress = await _progress(person, reference)
    return show(request, "taken.html", person=person, reference=reference, contact=progress)


def telephone_body(typed: Typed) -> dict[str, Any]:
    """Return what was written down as intake takes it; nothing that was left empty is made up."""
    body: dict[str, Any] = typed.said(
        "words", "child_now_with", "address", "source_code", "agency_id", "sender_reference", "held_copy_id"
    )
    body["immediate_danger"] = typed["danger"] == "yes"
    if call_back := _call_back(typed):
        body["call_back"] = call_back
    if children := [_child(typed, row) for row in _rows(typed)]:
        body["children"] = children
    return body


def compact(typed: Typed) -> Typed:
    """Return the form with its children in the first rows, so that errors point at the row they mean."""
    filled = _rows(typed)
    fields = {name: value for name, value in typed.fields.items() if not _ROW.fullmatch(name)}
    for place, row in enumerate(filled):
        fields |= {f"{name}_{place}": typed[f"{name}_{row}"] for name in _CHILD}
    return Typed(fields)


_ROW: Final = re.compile(r"(given|family|born)_[0-9]+")


def birth(said: str) -> dict[str, str]:
    """Return a date of birth where one was said, else the age as it was said: nothing is guessed.

    A date is day, month and a year of four figures, or year-month-day.
    """
    words = said.strip()
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y"):
        day = _day(words, shape)
        if day is not None:
            return {"date_of_birth": day.isoformat()}
    return {"age_as_said": words} if words else {}


def _day(words: str, shape: str) -> date | None:
    try:
        # A calendar day has no zone; strptime alone reads these shapes.
        found = datetime.strptime(words, shape).date()  # noqa: DTZ007
    except ValueError:
        return None
    return found if found.year > 1900 else None


def _call_back(typed: Typed) -> dict[str, Any]:
    fields = {"caller_name": "name", "caller_role": "role", "caller_number": "telephone", "call_note": "note"}
    said: dict[str, Any] = {fields[name]: value for name, value in typed.said(*fields).items()}
    if typed["safe_to_ring"] in {"yes", "no"}:
        said["is_safe"] = typed["safe_to_ring"] == "yes"
    return said


def _rows(typed: Typed) -> list[int]:
    return [row for row in range(MOST_CHILDREN) if any(typed[f"{name}_{row}"].strip() for name in _CHILD)]


def _child(typed: Typed, row: int) -> dict[str, str]:
    names = {f"given_{row}": "given_name", f"family_{row}": "family_name"}
    return {names[name]: value for name, value in typed.said(*names).items()} | birth(typed[f"born_{row}"])


def _key(typed: Typed) -> str:
    try:
        return str(UUID(typed["key"]))
    except ValueError:
        return str(new_id())


async def _progress(person: Person, reference: Reference) -> ReferralProgress | None:
    """Return where the new contact is; None for someone who takes calls and reads no contacts."""
    try:
        return await person.intake.get_progress(reference) if person.sees_contacts else None
    except NotFound:
        return None


def _require_taker(person: Person) -> None:
    if not person.takes_calls:
        raise NotPermitted


async def _form(request: Request, person: Person, typed: Typed, problem: Problem | None) -> Response:
    _require_taker(person)
    rows = _rows(typed)
    return show(
        request,
        "telephone.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        sources=REFERRAL_SOURCES,
        typed=typed,
        # What was refused was not written down: sent again it is a request of its own.
        key=str(new_id()),
        rows=max(_ROWS, max(rows, default=0) + 1),
        more_children=any(row > 0 for row in rows),
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )
