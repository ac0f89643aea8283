"""Cases of several households that belong together: told by reference, related and undone with a reason."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from services.console.wording.incidents import RELATION_KINDS
from shared.problems import Conflict, FieldError, Invalid, NotFound, NotPermitted, Problem
from shared.schemas.ids import CaseId, RelationId
from shared.schemas.relating import RelationView

router = APIRouter(include_in_schema=False)

_PAGE: Final = "/cases/{case_id}/related"
_UNDO: Final = "/cases/{case_id}/related/{relation_id}/undo"
_WHY: Final = "Say why; it is kept under your name"
_CHOOSE: Final = "Choose how they belong together"
_LEFT_OUT: Final = "Fill this in"
_UNKNOWN: Final = "No case has a contact with this reference. Check it and enter it again"
_FIELDS: Final = frozenset({"related_reference", "related_kind", "related_reason"})
WORDS: Final = FormWords(
    places={"case_id": "related_reference", "kind": "related_kind", "reason": "related_reason"},
    sentences={
        ("related_reference", "missing"): "Enter the reference of a contact of the other case",
        ("related_reference", "not_found"): _UNKNOWN,
        ("related_reference", "same_case"): "This is a contact of the case itself",
        ("related_kind", "missing"): _CHOOSE,
        ("related_kind", "enum"): _CHOOSE,
        ("related_reason", "missing"): _WHY,
        ("related_reason", "blank"): _WHY,
        ("related_reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)
UNDO_WORDS: Final = FormWords(
    places={"reason": "undo_reason"},
    sentences={("undo_reason", "missing"): _WHY, ("undo_reason", "blank"): _WHY},
)
DONE: Final = {
    "related": "The cases are related. Nothing of either stands in the other.",
    "undone": "The relation is undone. It stays in the history of both cases.",
}


@router.get(_PAGE)
async def get_related(person: SignedIn, request: Request, case_id: UUID, done: str = "") -> Response:
    """Show the cases that belong with one, and the form to relate another."""
    return await _page(request, person, case_id, NOTHING_TYPED, None, done=DONE.get(done))


@router.post(_PAGE)
async def post_related(form: OwnForm, person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Relate the case of the contact that was named."""
    _require_settler(person)
    try:
        other = await _case_of(person, form)
        body = {"kind": form["related_kind"], "reason": form["related_reason"]}
        await person.related.relate(CaseId(case_id), {"case_id": str(other)} | body)
    except (Invalid, Conflict) as problem:
        return await _page(request, person, case_id, form, problem)
    return RedirectResponse(f"/cases/{case_id}/related?done=related", 303)


@router.get(_UNDO)
async def get_undo_form(person: SignedIn, request: Request, case_id: UUID, relation_id: UUID) -> Response:
    """Say what undoing a relation does, and ask why."""
    return await _undo_form(request, person, case_id, relation_id, NOTHING_TYPED, None)


@router.post(_UNDO)
async def post_undo(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, relation_id: UUID
) -> Response:
    """Undo a relation."""
    _require_settler(person)
    body = {"reason": form["undo_reason"]} if form["undo_reason"].strip() else {}
    try:
        await person.related.undo(RelationId(relation_id), body)
    except (Invalid, Conflict) as problem:
        return await _undo_form(request, person, case_id, relation_id, form, problem)
    return RedirectResponse(f"/cases/{case_id}/related?done=undone", 303)


async def _case_of(person: Person, typed: Typed) -> CaseId:
    """Return the case of the contact whose reference was typed, once all is filled in.

    Raises:
        Invalid: something is left out, or no case has such a contact.
    """
    left_out = [name for name in ("case_id", "kind", "reason") if not typed[WORDS.places[name]].strip()]
    if left_out:
        errors = tuple(FieldError("missing", _LEFT_OUT, pointer=f"#/{name}") for name in left_out)
        raise Invalid(_LEFT_OUT, errors=errors)
    found = (await person.backend.list_cases_of(typed["related_reference"].strip())).items
    if not found:
        raise Invalid(_UNKNOWN, errors=(FieldError("not_found", _UNKNOWN, pointer="#/case_id"),))
    return found[0].case_id


async def _page(
    request: Request,
    person: Person,
    case_id: UUID,
    typed: Typed,
    problem: Problem | None,
    *,
    done: str | None = None,
) -> Response:
    found = await _relations(person, case_id)
    case = await person.backend.get_case(CaseId(case_id))
    return show(
        request,
        "related.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=[each for each in found if each.undone_at is None],
        undone=[each for each in found if each.undone_at is not None],
        relation_kinds=[{"value": str(kind), "text": words} for kind, words in RELATION_KINDS.items()],
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
        done=done,
    )


async def _undo_form(
    request: Request, person: Person, case_id: UUID, relation_id: UUID, typed: Typed, problem: Problem | None
) -> Response:
    _require_settler(person)
    found = await _relations(person, case_id)
    relation = next((each for each in found if each.relation_id == relation_id), None)
    if relation is None:
        raise NotFound
    return show(
        request,
        "undo_relation.html",
        person=person,
        status=problem.status if problem else 200,
        case_id=case_id,
        relation=relation,
        typed=typed,
        errors=UNDO_WORDS.errors_of(problem, frozenset({"undo_reason"})) if problem else NO_ERRORS,
    )


async def _relations(person: Person, case_id: UUID) -> list[RelationView]:
    if not person.sees_all:
        raise NotPermitted
    return (await person.related.list_of(CaseId(case_id))).items


def _require_settler(person: Person) -> None:
    if not person.settles:
        raise NotPermitted
