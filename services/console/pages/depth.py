"""How deep the hub goes for a child: what it is, who changed it and why, and changing it."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.forms import NO_ERRORS, FormErrors, FormWords, OwnForm, Typed
from services.console.pages.case import child_of
from services.console.pages.showing import show
from services.console.pages.way_back import to_case
from services.console.session import Person, SignedIn
from shared.problems import FieldError, Invalid, NotPermitted, Problem, Stale
from shared.schemas.ids import CaseId, ChildId

router = APIRouter(include_in_schema=False)

_PATH: Final = "/cases/{case_id}/children/{child_id}/depth"
_WHY: Final = "Say why the hub does not go all the way; it is kept under your name"
WORDS: Final = FormWords(
    places={"reason": "depth_reason"},
    sentences={
        ("depth", "missing"): "Choose how deep the hub goes",
        ("depth", "manager_needed"): "Only a manager sends a child straight to its worker: ask yours",
        ("depth_reason", "missing"): _WHY,
        ("depth_reason", "blank"): _WHY,
    },
)


@router.get(_PATH)
async def get_depth(person: SignedIn, request: Request, case_id: UUID, child_id: UUID) -> Response:
    """Show how deep the hub goes for a child, with every change."""
    return await _page(request, person, (case_id, child_id), Typed({}), None)


@router.post(_PATH)
async def post_depth(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID
) -> Response:
    """Set it, on the version of the case that the page was made with."""
    body = form.said("depth") | ({"reason": form["depth_reason"]} if form["depth_reason"].strip() else {})
    try:
        await person.backend.set_depth(CaseId(case_id), ChildId(child_id), body, version=_version(form))
    except NotPermitted:
        only = FieldError("manager_needed", "A manager sets this.", pointer="#/depth")
        problem = Invalid("A manager sets this.", errors=(only,))
        return await _page(request, person, (case_id, child_id), form, problem)
    except (Invalid, Stale) as problem:
        return await _page(request, person, (case_id, child_id), form, problem)
    return to_case(case_id, "depth", child_id)


def _version(typed: Typed) -> str:
    version = typed["version"]
    return version if version.isascii() and version.isdecimal() and len(version) < 10 else "0"


async def _page(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    if not person.sees_all:
        raise NotPermitted
    names = await person.backend.agencies()
    case, standing = await child_of(person, *ids, names, request.app.state.clock())
    return show(
        request,
        "depth.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        depth=await person.backend.get_depth(CaseId(ids[0]), ChildId(ids[1])),
        names=names,
        typed=typed,
        stale=isinstance(problem, Stale),
        errors=_errors(problem),
        version=case.version if problem is None or isinstance(problem, Stale) else _version(typed),
    )


def _errors(problem: Problem | None) -> FormErrors:
    if problem is None or isinstance(problem, Stale):
        return NO_ERRORS
    return WORDS.errors_of(problem, frozenset({"depth", "depth_reason"}))
