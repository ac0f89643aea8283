"""The second look: what was recommended, what was decided and why, and a manager's yes or no."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.changes import new_since, shown_marks
from services.console.forms import NO_ERRORS, FormErrors, FormWords, OwnForm, Typed
from services.console.pages.case import child_of
from services.console.pages.chronology import histories_of
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from shared.problems import Conflict, Invalid, NotPermitted, Problem, Stale

router = APIRouter(include_in_schema=False)

_PATH: Final = "/cases/{case_id}/children/{child_id}/second-look"
_WHY: Final = "Say why; it is kept under your name"
_NO_MORE: Final = "Nothing waits for a second look any more."
WORDS: Final = FormWords(
    places={"reason": "look_reason", "pathway": "approved"},
    sentences={
        ("approved", "missing"): "Choose whether the decision comes into force",
        ("approved", "possible_match_open"): (
            "It is open who this child is: no social care action cannot be approved until somebody has said"
        ),
        ("look_reason", "missing"): _WHY,
        ("look_reason", "blank"): _WHY,
    },
)


@router.get(_PATH)
async def get_second_look(
    person: SignedIn, request: Request, case_id: UUID, child_id: UUID, now: Now
) -> Response:
    """Show what waits for a second look; for a manager, with the form."""
    del now
    return await _page(request, person, (case_id, child_id), Typed({}), None)


@router.post(_PATH)
async def post_second_look(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID, now: Now
) -> Response:
    """Record the second look on the version of the case that the page was made with."""
    names = await person.backend.agencies()
    case, standing = await child_of(person, case_id, child_id, names, now)
    if standing.pending is None:
        raise Conflict(_NO_MORE)
    try:
        await person.backend.look_again(standing.pending.decision_id, _body(form), version=_version(form))
    except (Invalid, Conflict, Stale, NotPermitted) as problem:
        return await _page(request, person, (case_id, child_id), form, problem)
    done = "approved" if form["approved"] == "yes" else "not_approved"
    return RedirectResponse(f"/cases/{case.case_id}?child={child_id}&done={done}", 303)


def _body(typed: Typed) -> dict[str, Any]:
    answer = {"yes": True, "no": False}.get(typed["approved"])
    reason = {"reason": typed["look_reason"]} if typed["look_reason"].strip() else {}
    return reason | ({"approved": answer} if answer is not None else {})


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
    if standing.pending is None:
        if problem is not None:
            raise Conflict(_NO_MORE)
        return RedirectResponse(f"/cases/{case.case_id}", 303)
    fresh = problem is None or isinstance(problem, Stale)
    return show(
        request,
        "second_look.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        pending=standing.pending,
        histories=await histories_of(person, case.case_id, [standing.child.child_id]),
        names=names,
        typed=typed,
        errors=_errors(problem),
        news=new_since(typed["shown"], case, names) if isinstance(problem, Stale) else None,
        version=case.version if fresh else _version(typed),
        shown=shown_marks(case) if fresh else typed["shown"],
    )


def _errors(problem: Problem | None) -> FormErrors:
    if problem is None or isinstance(problem, Stale):
        return NO_ERRORS
    return WORDS.errors_of(problem, frozenset({"approved", "look_reason"}))
