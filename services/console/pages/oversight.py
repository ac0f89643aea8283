"""Management oversight: a manager signs an entry about a case or one child of it."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.pages.way_back import address_of_case
from services.console.session import Person, SignedIn
from services.console.standing import same_children
from services.console.wording import child_name
from shared.problems import Conflict, Invalid, NotPermitted, Problem
from shared.schemas.ids import CaseId

router = APIRouter(include_in_schema=False)

_PAGE: Final = "/cases/{case_id}/oversight"
_FIELDS: Final = frozenset({"kind", "words", "child_id", "review_on"})
WORDS: Final = FormWords(
    places={},
    sentences={
        ("kind", "missing"): "Choose what kind of entry it is",
        ("words", "missing"): "Say it in your own words",
        ("words", "blank"): "Say it in your own words",
        ("words", "too_long"): "Write 20,000 characters or fewer",
        ("review_on", "not_a_date"): "Enter the day as year, month and day",
    },
)


@router.get(_PAGE)
async def get_oversight_form(person: SignedIn, request: Request, case_id: UUID, child: str = "") -> Response:
    """Show a manager the form to sign an entry."""
    return await _form(request, person, case_id, Typed({"child_id": child}) if child else NOTHING_TYPED, None)


@router.post(_PAGE)
async def post_oversight(form: OwnForm, person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Sign the entry."""
    body: dict[str, Any] = form.said("kind", "words", "child_id", "review_on")
    try:
        await person.talking.oversee(CaseId(case_id), body)
    except (Invalid, Conflict) as problem:
        return await _form(request, person, case_id, form, problem)
    return RedirectResponse(address_of_case(case_id, "overseen", form["child_id"]) + "#talk", 303)


async def _form(
    request: Request, person: Person, case_id: UUID, typed: Typed, problem: Problem | None
) -> Response:
    if not person.oversees:
        raise NotPermitted
    case = await person.backend.get_case(CaseId(case_id))
    children = [(rows[0].child_id, child_name(rows[0])) for rows in same_children(case.children)]
    return show(
        request,
        "oversight.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        children=children,
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )
