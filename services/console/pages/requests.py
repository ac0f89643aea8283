"""Information asked and answered: the list of an agency's questions, its answer, and a decider's question."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console import wording
from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.case import child_of
from services.console.pages.drafts import (
    find_draft,
    forget_draft,
    save_and_leave,
    wants_to_leave,
    with_draft,
)
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from shared.problems import Conflict, Invalid, NotFound, NotPermitted, Problem
from shared.schemas.cases import InformationRequestView
from shared.schemas.holding import DraftName
from shared.schemas.ids import CaseId, ChildId, RequestId

router = APIRouter(include_in_schema=False)

_MOST_NAMES: Final = 200
_ASK: Final = "/cases/{case_id}/children/{child_id}/ask"
_ANSWER: Final = "/cases/{case_id}/children/{child_id}/requests/{request_id}"
_ASK_FIELDS: Final = frozenset({"agency_id", "reason", "due"})
_ANSWER_FIELDS: Final = frozenset({"status", "text", "handling"})
#: How soon an answer may be asked for; without one, the hub's own times by colour count.
SOONER: Final = {"1": timedelta(hours=1), "4": timedelta(hours=4)}

ASK_WORDS: Final = FormWords(
    places={"due_at": "due"},
    sentences={
        ("agency_id", "missing"): "Choose the agency to ask",
        ("agency_id", "agency_not_known"): "The hub cannot ask this agency; choose another",
        ("reason", "missing"): "Say why this information is necessary",
        ("reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)
ANSWER_WORDS: Final = FormWords(
    places={},
    sentences={
        ("status", "missing"): "Choose what your agency can say",
        ("text", "missing"): "Write what your agency knows",
        ("text", "too_long"): "Write 20,000 characters or fewer",
        ("handling", "missing"): "Choose how far this may travel",
    },
)


@router.get("/requests")
async def get_requests(
    person: SignedIn, request: Request, answered: bool = False, cursor: str | None = None
) -> Response:
    """Show the representative of an agency what it was asked, the soonest due first."""
    page = await person.backend.list_requests(answered=answered, cursor=cursor)
    return show(
        request,
        "requests.html",
        person=person,
        asked=page.items,
        children=await _children_by_id(person) if page.items else {},
        answered=answered,
        next_cursor=page.next_cursor if page.has_more else None,
        later_page=cursor is not None,
    )


async def _children_by_id(person: Person) -> Mapping[ChildId, str]:
    """Return the names of the children on the person's own work list, so that a question names its child."""
    names: dict[ChildId, str] = {}
    for queue in ("to_decide", "decided"):
        page = await person.backend.list_cases(queue=queue, limit=_MOST_NAMES)
        names |= {child.child_id: wording.child_name(child) for line in page.items for child in line.children}
    return names


@router.get(_ASK)
async def get_ask_form(person: SignedIn, request: Request, case_id: UUID, child_id: UUID) -> Response:
    """Show a decision-maker the form to ask an agency what it knows of a child."""
    return await _ask_form(request, person, (case_id, child_id), NOTHING_TYPED, None)


@router.post(_ASK)
async def post_ask(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID, now: Now
) -> Response:
    """Ask the agency."""
    try:
        await person.backend.ask_agency(CaseId(case_id), ask_body(form, ChildId(child_id), now))
    except (Invalid, Conflict, NotPermitted) as problem:
        return await _ask_form(request, person, (case_id, child_id), form, problem)
    return RedirectResponse(f"/cases/{case_id}?done=asked#child-{child_id}", 303)


def ask_body(typed: Typed, child_id: ChildId, now: datetime) -> dict[str, Any]:
    """Return the question as triage takes it."""
    body = {"child_id": str(child_id), **typed.said("agency_id", "reason")}
    wait = SOONER.get(typed["due"])
    return body | ({"due_at": (now + wait).isoformat()} if wait else {})


async def _ask_form(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    if not person.decides:
        raise NotPermitted
    names = await person.backend.agencies()
    case, standing = await child_of(person, *ids, names, request.app.state.clock())
    return show(
        request,
        "ask.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        names=names,
        typed=typed,
        errors=ASK_WORDS.errors_of(problem, _ASK_FIELDS) if problem else NO_ERRORS,
    )


@router.get(_ANSWER)
async def get_answer_form(
    person: SignedIn, request: Request, case_id: UUID, child_id: UUID, request_id: UUID
) -> Response:
    """Show the representative of an agency the form to answer a question."""
    return await _answer_form(request, person, (case_id, child_id, request_id), NOTHING_TYPED, None)


@router.post(_ANSWER)
async def post_answer(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID, request_id: UUID
) -> Response:
    """Record the answer; the first one stands."""
    if wants_to_leave(form):
        return await save_and_leave(person, DraftName.ANSWER, request_id, form, case_id)
    try:
        await person.backend.answer_request(RequestId(request_id), form.said("status", "text", "handling"))
    except (Invalid, Conflict, NotPermitted) as problem:
        return await _answer_form(request, person, (case_id, child_id, request_id), form, problem)
    await forget_draft(person, DraftName.ANSWER, request_id)
    return RedirectResponse(f"/cases/{case_id}?done=answered#child-{child_id}", 303)


async def _answer_form(
    request: Request, person: Person, ids: tuple[UUID, UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    case_id, child_id, request_id = ids
    names = await person.backend.agencies()
    case, standing = await child_of(person, case_id, child_id, names, request.app.state.clock())
    asked = _asked(standing.child.requests, RequestId(request_id), person)
    draft = None if problem or asked.answered_at else await find_draft(person, DraftName.ANSWER, request_id)
    return show(
        request,
        "answer.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        asked=asked,
        typed=with_draft(typed, draft),
        draft=draft,
        errors=ANSWER_WORDS.errors_of(problem, _ANSWER_FIELDS) if problem else NO_ERRORS,
    )


def _asked(
    requests: list[InformationRequestView], request_id: RequestId, person: Person
) -> InformationRequestView:
    for asked in requests:
        if asked.request_id == request_id and asked.agency_id == person.represents:
            return asked
    raise NotFound
