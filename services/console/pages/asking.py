"""Asking on the pages: several agencies about several people at once, and on what ground."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console import wording
from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.case import child_of, stand_for
from services.console.pages.household import adults_of
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from services.console.standing import Names, Standing, agency_name, same_children
from services.console.wording.asking import BASES, sources_words
from shared.problems import Conflict, Invalid, NotPermitted, Problem
from shared.schemas.cases import CaseView
from shared.schemas.ids import CaseId
from shared.schemas.words import LawfulBasis, Sector
from shared.schemas.words_asking import SOURCES_OF

router = APIRouter(include_in_schema=False)

_ASK: Final = "/cases/{case_id}/children/{child_id}/ask"
_BASIS: Final = "/cases/{case_id}/lawful-basis"
_FIELDS: Final = frozenset({"people", "agencies", "sources", "reason", "due", "basis", "basis_reason"})
_BASIS_FIELDS: Final = frozenset({"basis", "basis_reason"})
#: How soon an answer may be asked for; without one, the hub's own times by colour count.
SOONER: Final = {"1": timedelta(hours=1), "4": timedelta(hours=4)}
_SAY_WHY: Final = "Say in a sentence why this ground holds"

WORDS: Final = FormWords(
    places={
        "due_at": "due",
        "adults": "people",
        "child_ids": "people",
        "about_nobody": "people",
        "lawful_basis": "basis",
        "lawful_basis_reason": "basis_reason",
        "basis_without_reason": "basis_reason",
    },
    sentences={
        ("people", "about_nobody"): "Choose whom to ask about",
        ("people", "adult_not_known"): "One of these people is not in the case any more; choose again",
        ("people", "contact_corrected"): "The sender has corrected the contact: check whom you ask about",
        ("agencies", "too_few"): "Choose at least one agency to ask",
        ("agencies", "agency_not_known"): "The hub cannot ask one of these agencies; choose another",
        ("reason", "missing"): "Say why this information is necessary",
        ("reason", "too_long"): "Say why in 20,000 characters or fewer",
        ("basis", "lawful_basis_required"): "Choose the ground on which you ask",
        ("basis_reason", "basis_without_reason"): _SAY_WHY,
        ("basis_reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)
BASIS_WORDS: Final = FormWords(
    places={"reason": "basis_reason"},
    sentences={
        ("basis", "missing"): "Choose the ground on which you ask",
        ("basis", "not_in_list"): "Choose the ground on which you ask",
        ("basis_reason", "missing"): _SAY_WHY,
        ("basis_reason", "blank"): _SAY_WHY,
        ("basis_reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody or something that can be ticked: the field's name, its words, and what is said below them."""

    name: str
    text: str
    hint: str


@router.get(_ASK)
async def get_ask_form(person: SignedIn, request: Request, case_id: UUID, child_id: UUID) -> Response:
    """Show a decision-maker the form to ask agencies what they know of the people of a case."""
    typed = Typed({f"child_{child_id}": "yes"})
    return await _ask_form(request, person, (case_id, child_id), typed, None)


@router.post(_ASK)
async def post_ask(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID, now: Now
) -> Response:
    """Ask the agencies."""
    try:
        names = await person.backend.agencies()
        await person.backend.ask_agencies(CaseId(case_id), ask_body(form, child_id, names, now))
    except (Invalid, Conflict, NotPermitted) as problem:
        return await _ask_form(request, person, (case_id, child_id), form, problem)
    return RedirectResponse(f"/cases/{case_id}?child={child_id}&done=asked#child-{child_id}", 303)


def ask_body(typed: Typed, child_id: UUID, names: Names, now: datetime) -> dict[str, Any]:
    """Return the question as triage takes it; about adults alone where no child is ticked."""
    children = [name.removeprefix("child_") for name in _ticked(typed, "child_")]
    adults = [_adult(name) for name in _ticked(typed, "adult_")]
    sources = [name.removeprefix("source_") for name in _ticked(typed, "source_")]
    agencies = [
        {"agency_id": str(agency.agency_id)}
        | ({"sources": sources} if sources and agency.sector is Sector.HEALTH else {})
        for agency in names.values()
        if typed[f"agency_{agency.agency_id}"]
    ]
    body = {
        "child_ids": children or [str(child_id)],
        "about_child": bool(children),
        "adults": adults,
        "agencies": agencies,
        **typed.said("reason"),
    }
    wait = SOONER.get(typed["due"])
    return body | _ground(typed) | ({"due_at": (now + wait).isoformat()} if wait else {})


def _ticked(typed: Typed, beginning: str) -> list[str]:
    return [name for name, value in typed.fields.items() if name.startswith(beginning) and value]


def _adult(name: str) -> dict[str, Any]:
    """Return the adult that a field's name stands for: `adult_`, the contact, its version and the place."""
    _, referral_id, version, place = (*name.split("_"), "", "", "")[:4]
    body: dict[str, Any] = {"referral_id": referral_id}
    numbers = {"version": version, "place": place}
    return body | {key: int(said[:6]) for key, said in numbers.items() if said.isascii() and said.isdecimal()}


def _ground(typed: Typed) -> dict[str, str]:
    if not typed["basis"] or typed["basis"] == "stands":
        return {}
    reason = {"lawful_basis_reason": typed["basis_reason"]} if typed["basis_reason"].strip() else {}
    return {"lawful_basis": typed["basis"], **reason}


async def _ask_form(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    if not person.decides:
        raise NotPermitted
    names, now = await person.backend.agencies(), request.app.state.clock()
    case, standing = await child_of(person, *ids, names, now)
    rows = [stand_for(person, rows, names, now) for rows in same_children(case.children)]
    return show(
        request,
        "ask.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        names=names,
        children=[Choice(f"child_{one.child.child_id}", one.name, "") for one in rows],
        adults=_adults(case, rows, names),
        sources=[
            Choice(f"source_{one}", _first_large(sources_words([one])), "")
            for one in SOURCES_OF[Sector.HEALTH]
        ],
        bases=BASES,
        ground_missing=standing.child.asking.waits_for_basis,
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


def _first_large(words: str) -> str:
    return words[:1].upper() + words[1:]


def _adults(case: CaseView, children: Sequence[Standing], names: Names) -> list[Choice]:
    """Return the adults of a case to choose from, each as the newest contact names them."""
    versions = {contact.referral_id: contact.version for contact in case.contacts}
    return [
        Choice(
            f"adult_{told.referral_id}_{versions.get(told.referral_id, 1)}_{told.place}",
            adult.name,
            _asked_words(adult.name, children, names),
        )
        for adult in adults_of(case)
        for told in [adult.told[-1]]
        if told.referral_id is not None and told.place is not None
    ]


def _asked_words(name: str, children: Sequence[Standing], names: Names) -> str:
    asked = dict.fromkeys(
        agency_name(names, request.agency_id)
        for child in children
        for request in child.child.requests
        if name.casefold() in {wording.name_of(adult).casefold() for adult in request.adults}
    )
    return f"Asked about already: {', '.join(asked)}." if asked else "Nobody has been asked about this adult."


@router.get(_BASIS)
async def get_basis_form(person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Show a decider the form to say on what ground agencies are asked."""
    return await _basis_form(request, person, case_id, NOTHING_TYPED, None)


@router.post(_BASIS)
async def post_basis(form: OwnForm, person: SignedIn, request: Request, case_id: UUID) -> Response:
    """Record the ground; what waited for it goes out."""
    try:
        await person.backend.record_basis(CaseId(case_id), basis_body(form))
    except (Invalid, Conflict, NotPermitted) as problem:
        return await _basis_form(request, person, case_id, form, problem)
    return RedirectResponse(f"/cases/{case_id}?done=grounded", 303)


def basis_body(typed: Typed) -> Mapping[str, str]:
    """Return the ground as triage takes it."""
    said = typed.said("basis", "basis_reason")
    return {{"basis_reason": "reason"}.get(name, name): value for name, value in said.items()}


async def _basis_form(
    request: Request, person: Person, case_id: UUID, typed: Typed, problem: Problem | None
) -> Response:
    if not person.settles:
        raise NotPermitted
    case = await person.backend.get_case(CaseId(case_id))
    return show(
        request,
        "lawful_basis.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        bases=BASES,
        suggested=LawfulBasis.PUBLIC_TASK,
        typed=typed,
        errors=BASIS_WORDS.errors_of(problem, _BASIS_FIELDS) if problem else NO_ERRORS,
    )
