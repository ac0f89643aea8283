"""The grade form: how worried an agency is about one child, before it sees what the others think."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormErrors, FormWords, OwnForm, Typed
from services.console.pages.case import child_of
from services.console.pages.drafts import (
    find_draft,
    save_and_leave,
    wants_to_leave,
    with_draft,
)
from services.console.pages.showing import show
from services.console.pages.way_back import address_of_case
from services.console.session import Now, Person, SignedIn
from shared.problems import Conflict, Invalid, NotPermitted, Problem
from shared.schemas.holding import DraftName
from shared.schemas.ids import AgencyId, CaseId, ChildId
from shared.schemas.words import GradeStatus

router = APIRouter(include_in_schema=False)

_PATH: Final = "/cases/{case_id}/children/{child_id}/grade"
_FIELDS: Final = frozenset({"answer", "rationale"})
_CHOOSE: Final = "Choose a grade, or say that nothing is known or that you cannot grade"
WORDS: Final = FormWords(
    places={"status": "answer", "grade": "answer", "grade_missing": "answer", "grade_not_allowed": "answer"},
    sentences={
        ("answer", "missing"): _CHOOSE,
        ("answer", "not_in_list"): _CHOOSE,
        ("answer", "grade_missing"): _CHOOSE,
        ("answer", "grade_not_allowed"): _CHOOSE,
        ("rationale", "missing"): "Say why this grade and not another",
        ("rationale", "too_long"): "Say why in 20,000 characters or fewer",
    },
)


@router.get(_PATH)
async def get_grade_form(
    person: SignedIn, request: Request, case_id: UUID, child_id: UUID, now: Now
) -> Response:
    """Show the form to the representative of an agency."""
    return await _form(request, person, (case_id, child_id), NOTHING_TYPED, None)


@router.post(_PATH)
async def post_grade(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID
) -> Response:
    """Record the grade; what the others said is shown from then on."""
    agency_id = _own_agency(person)
    if wants_to_leave(form):
        return await save_and_leave(
            person, DraftName.GRADE, child_id, form, address_of_case(case_id, "draft", child_id)
        )
    try:
        await person.backend.give_grade(CaseId(case_id), ChildId(child_id), agency_id, grade_body(form))
    except (Invalid, Conflict, NotPermitted) as problem:
        return await _form(request, person, (case_id, child_id), form, problem)
    return RedirectResponse(f"/cases/{case_id}?child={child_id}&done=graded#child-{child_id}", 303)


def grade_body(typed: Typed) -> dict[str, Any]:
    """Return what was chosen as triage takes it: a figure is a grade, the other answers have none."""
    answer = typed["answer"]
    body: dict[str, Any] = typed.said("rationale")
    if answer.isascii() and answer.isdecimal():
        return body | {"status": GradeStatus.GRADED, "grade": int(answer[:3])}
    return body | ({"status": answer} if answer else {})


def _own_agency(person: Person) -> AgencyId:
    if person.represents is None:
        raise NotPermitted
    return person.represents


async def _form(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    agency_id = _own_agency(person)
    names = await person.backend.agencies()
    case, standing = await child_of(person, *ids, names, request.app.state.clock())
    draft = None if problem else await find_draft(person, DraftName.GRADE, ids[1])
    errors: FormErrors = WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS
    return show(
        request,
        "grade.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        names=names,
        agency_id=agency_id,
        typed=with_draft(typed, draft),
        draft=draft,
        child_id=ids[1],
        errors=errors,
    )
