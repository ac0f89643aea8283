"""A discussion: called from a case, shown with what is settled and what is not, concluded, issued."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormErrors, OwnForm, Typed
from services.console.pages.drafts import (
    find_draft,
    save_and_leave,
    wants_to_leave,
    with_draft,
)
from services.console.pages.showing import show
from services.console.pages.talk_forms import (
    MOST_ROWS,
    WORDS,
    compact,
    instant_body,
    people_body,
    row_fields,
    rows_shown,
    wants_room,
)
from services.console.pages.way_back import address_of_case
from services.console.session import Person, SignedIn
from services.console.standing import same_children
from services.console.wording import child_name
from shared.problems import Conflict, Invalid, NotPermitted, Problem, Stale
from shared.schemas.cases import CaseView
from shared.schemas.discussions import DiscussionKind, DiscussionView
from shared.schemas.holding import DraftName
from shared.schemas.ids import CaseId, ChildId, DiscussionId
from shared.schemas.words import Sector

router = APIRouter(include_in_schema=False)

_CALL: Final = "/cases/{case_id}/discussions/new"
_ONE: Final = "/discussions/{discussion_id}"
_ROWS_TO_CALL: Final = 6
_CALL_FIELDS: Final = frozenset({"kind", "children", "called_because", "planned_day"}) | row_fields(MOST_ROWS)
_STEP_FIELDS: Final = frozenset({"conclusion", "off_reason", "words", "owner", "due_on"})
#: Whom a form starts with: those who make a quorum.
_ASKED_FIRST: Final = (Sector.SOCIAL_CARE, Sector.POLICE, Sector.HEALTH)
_OF_A_THRESHOLD: Final = (Sector.POLICE, Sector.SOCIAL_CARE)
DONE: Final = {
    "called": "The discussion is called. Tell those who are invited: the hub does not ring them for you.",
    "recorded": "Recorded. What was recorded before is kept, too.",
    "draft": "Your draft is kept. Nobody else reads it, and nothing of it is recorded yet.",
    "concluded": "Concluded. It counts from now on; issue the minutes to everyone on the list.",
    "issued": "It is kept who was given the minutes, and when.",
    "called_off": "Called off. What it was called for is still called for.",
    "added": "The action is added. It stands on the list of actions until it is done.",
}


@router.get(_CALL)
async def get_call_form(
    person: SignedIn, request: Request, case_id: UUID, child: str = "", kind: str = ""
) -> Response:
    """Show the form to call a discussion, filled in as far as the call for one says."""
    names = await person.backend.agencies()
    by_sector = {agency.sector: str(agency.agency_id) for agency in reversed(list(names.values()))}
    is_threshold = kind == DiscussionKind.THRESHOLD
    first = _OF_A_THRESHOLD if is_threshold else _ASKED_FIRST
    fields = {f"from_{row}": by_sector.get(sector, "") for row, sector in enumerate(first)}
    fields |= {"manager_1": "yes"} if is_threshold else {}
    fields |= {"kind": kind} | ({f"child-{child}": "yes"} if child else {})
    return await _call_form(request, person, case_id, Typed(fields), None)


@router.post(_CALL)
async def post_call(form: OwnForm, person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Call the discussion."""
    if wants_to_leave(form):
        back = address_of_case(case_id, "draft", next(iter(_children_chosen(form)), ""))
        return await save_and_leave(person, DraftName.DISCUSSION, case_id, form, back)
    if wants_room(form):
        return await _call_form(request, person, case_id, form, None)
    typed = compact(form)
    try:
        made = await person.talking.call(CaseId(case_id), call_body(typed))
    except (Invalid, Conflict) as problem:
        return await _call_form(request, person, case_id, typed, problem)
    return RedirectResponse(f"/discussions/{made.discussion_id}?done=called", 303)


def call_body(typed: Typed) -> dict[str, Any]:
    """Return the call as triage takes it.

    Raises:
        Invalid: a person or a time in it is not complete.
    """
    body: dict[str, Any] = typed.said("kind", "called_because")
    body |= {"child_ids": _children_chosen(typed), "invited": people_body(typed, with_attendance=False)}
    return body | instant_body(typed, "planned")


def _children_chosen(typed: Typed) -> list[str]:
    return [name.removeprefix("child-") for name in typed.fields if name.startswith("child-")]


async def _call_form(
    request: Request, person: Person, case_id: UUID, typed: Typed, problem: Problem | None
) -> Response:
    _require_leader(person)
    case, names = await person.backend.get_case(CaseId(case_id)), await person.backend.agencies()
    is_new = problem is None and not wants_room(typed)
    draft = await find_draft(person, DraftName.DISCUSSION, case_id) if is_new else None
    # Whom a form starts with gives way to what its writer had typed.
    typed = with_draft(Typed({}), draft) if draft else typed
    children = [(rows[0].child_id, child_name(rows[0])) for rows in same_children(case.children)]
    return show(
        request,
        "discussion_call.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        children=children,
        names=names,
        rows=rows_shown(typed, _ROWS_TO_CALL),
        most=MOST_ROWS,
        typed=typed,
        draft=draft,
        errors=WORDS.errors_of(problem, _CALL_FIELDS) if problem else NO_ERRORS,
    )


@router.get(_ONE)
async def get_discussion(
    person: SignedIn,
    request: Request,
    discussion_id: UUID,
    done: str = "",
    record_number: int | None = None,
) -> Response:
    """Show a discussion: what is settled, what is not, who does what, who has the minutes."""
    if not person.sees_all:
        raise NotPermitted
    held = await person.talking.get(DiscussionId(discussion_id), record_number)
    return await discussion_page(request, person, held, done=DONE.get(done), earlier=record_number)


@router.post(f"{_ONE}/conclusion")
async def post_conclusion(form: OwnForm, person: SignedIn, request: Request, discussion_id: UUID) -> Response:
    """Conclude it."""
    return await _step(
        request, person, discussion_id, form, ("conclusion", form.said("conclusion"), "concluded")
    )


@router.post(f"{_ONE}/calling-off")
async def post_calling_off(
    form: OwnForm, person: SignedIn, request: Request, discussion_id: UUID
) -> Response:
    """Say that it will not be held."""
    reason = {"reason": form["off_reason"]} if form["off_reason"].strip() else {}
    return await _step(request, person, discussion_id, form, ("calling-off", reason, "called_off"))


@router.post(f"{_ONE}/issues")
async def post_issue(form: OwnForm, person: SignedIn, request: Request, discussion_id: UUID) -> Response:
    """Note that everyone who has not had them was given the minutes."""
    return await _step(request, person, discussion_id, form, ("issues", {}, "issued"))


@router.post(f"{_ONE}/actions")
async def post_action(form: OwnForm, person: SignedIn, request: Request, discussion_id: UUID) -> Response:
    """Add an action."""
    body = form.said("words", "owner", "agency_id", "due_on")
    try:
        await person.talking.add_action(DiscussionId(discussion_id), body)
    except (Invalid, Conflict) as problem:
        return await _refused(request, person, discussion_id, form, problem)
    return RedirectResponse(f"/discussions/{discussion_id}?done=added#actions", 303)


async def _step(
    request: Request, person: Person, discussion_id: UUID, form: Typed, step: tuple[str, dict[str, Any], str]
) -> Response:
    what, body, done = step
    try:
        await person.talking.take(DiscussionId(discussion_id), what, body, form["version"])
    except (Invalid, Conflict, Stale) as problem:
        return await _refused(request, person, discussion_id, form, problem)
    return RedirectResponse(f"/discussions/{discussion_id}?done={done}", 303)


async def _refused(
    request: Request, person: Person, discussion_id: UUID, typed: Typed, problem: Problem
) -> Response:
    _require_leader(person)
    held = await person.talking.get(DiscussionId(discussion_id))
    errors = WORDS.errors_of(problem, _STEP_FIELDS)
    return await discussion_page(request, person, held, typed=typed, errors=errors, status=problem.status)


async def discussion_page(
    request: Request,
    person: Person,
    held: DiscussionView,
    *,
    typed: Typed = NOTHING_TYPED,
    errors: FormErrors = NO_ERRORS,
    status: int = 200,
    **shown: Any,
) -> Response:
    """Return the page of a discussion."""
    case = await person.backend.get_case(held.case_id)
    return show(
        request,
        "discussion.html",
        person=person,
        status=status,
        held=held,
        children=names_in(case, held),
        names=await person.backend.agencies(),
        own_agency=str(person.caller.agency_id or ""),
        talk_case=case.joined_into or case.case_id,
        typed=typed,
        errors=errors,
        **{"done": None, "earlier": None} | shown,
    )


def names_in(case: CaseView, held: DiscussionView) -> list[str]:
    """Return the names of the children that a discussion is about, as far as its case still names them."""
    known: dict[ChildId, str] = {child.child_id: child_name(child) for child in case.children}
    return [known.get(child_id, "a child of another case now") for child_id in held.child_ids]


def _require_leader(person: Person) -> None:
    if not person.settles:
        raise NotPermitted
