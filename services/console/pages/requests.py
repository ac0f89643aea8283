"""What an agency was asked: the list of its questions, and the form to answer one."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console import wording
from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.case import child_of
from services.console.pages.drafts import (
    find_draft,
    save_and_leave,
    wants_to_leave,
    with_draft,
)
from services.console.pages.showing import show
from services.console.pages.way_back import address_of_case
from services.console.session import Person, SignedIn
from shared.problems import Conflict, FieldError, Invalid, NotFound, NotPermitted, Problem
from shared.schemas.asking import InformationRequestView
from shared.schemas.earlier import EarlierStanding
from shared.schemas.holding import DraftName
from shared.schemas.ids import ChildId, RequestId
from shared.schemas.words import AnswerStatus

router = APIRouter(include_in_schema=False)

_MOST_NAMES: Final = 200
_ANSWER: Final = "/cases/{case_id}/children/{child_id}/requests/{request_id}"
_ANSWER_FIELDS: Final = frozenset({"status", "text", "handling", "sources_checked"})

_EARLIER: Final = tuple(EarlierStanding.model_fields)
_YES_NO: Final = {"yes": True, "no": False}

_LOOKED: Final = frozenset(
    {AnswerStatus.INFORMATION, AnswerStatus.NOTHING_KNOWN, AnswerStatus.NOTHING_RELEVANT}
)

ANSWER_WORDS: Final = FormWords(
    places={},
    sentences={
        ("status", "missing"): "Choose what your agency can say",
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
        return await save_and_leave(
            person, DraftName.ANSWER, request_id, form, address_of_case(case_id, "draft", child_id)
        )
    try:
        _require_sources(form)
        await person.backend.answer_request(RequestId(request_id), answer_body(form))
    except (Invalid, Conflict, NotPermitted) as problem:
        return await _answer_form(request, person, (case_id, child_id, request_id), form, problem)
    return RedirectResponse(f"/cases/{case_id}?child={child_id}&done=answered#child-{child_id}", 303)


def _require_sources(typed: Typed) -> None:
    """Refuse an answer that says something was found or not, and looked nowhere: the first answer stands."""
    is_ticked = any(name.startswith("source_") for name in typed.fields)
    if typed["divided"] and not is_ticked and typed["status"] in _LOOKED:
        words = "Tick where you looked"
        raise Invalid(words, errors=(FieldError("missing", words, pointer="#/sources_checked"),))


def answer_body(typed: Typed) -> dict[str, Any]:
    """Return the answer as triage takes it: which sources were looked in, and what is said of adults apart.

    A page that asks for sources marks itself, so that none ticked is told from none asked for.
    """
    body: dict[str, Any] = typed.said("status", "text", "handling")
    if typed["divided"]:
        body["sources_checked"] = [
            name.removeprefix("source_") for name in typed.fields if name.startswith("source_")
        ]
    if earlier := {
        name: _YES_NO[typed[f"earlier_{name}"]] for name in _EARLIER if typed[f"earlier_{name}"] in _YES_NO
    }:
        body["earlier"] = earlier
    adults = [
        _about_adult(typed, name) for name in typed.fields if name.startswith("status_") and typed[name]
    ]
    return body | ({"adults": adults} if adults else {})


def _about_adult(typed: Typed, name: str) -> dict[str, Any]:
    """Return what is said of the adult that a field's name stands for: `status_`, the contact, the place."""
    key = name.removeprefix("status_")
    referral_id, _, place = key.partition("_")
    body: dict[str, Any] = {"referral_id": referral_id, "status": typed[name]}
    text, handling = typed[f"text_{key}"], typed[f"handling_{key}"]
    body |= {"place": int(place[:4])} if place.isascii() and place.isdecimal() else {}
    return body | ({"text": text} if text.strip() else {}) | ({"handling": handling} if handling else {})


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
