"""A person under every name, and whose each record is: confirmed, undone or linked, always with a reason."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from shared.problems import Conflict, FieldError, Invalid, NotFound, NotPermitted, Problem
from shared.schemas.ids import PersonId, RecordId
from shared.schemas.people_index import PersonDetail, PersonRecord
from shared.schemas.words import LinkState, SearchPurpose

router = APIRouter(include_in_schema=False)

_WHY: Final = "Say why; it is kept under your name"
_CHOOSE: Final = "Choose what you make of it"
_FIELDS: Final = frozenset({"link_answer", "link_reason", "link_reference", "link_record"})
WORDS: Final = FormWords(
    places={"reason": "link_reason", "record_id": "link_record", "reference": "link_reference"},
    sentences={
        ("link_reason", "missing"): _WHY,
        ("link_reason", "blank"): _WHY,
        ("link_reason", "too_long"): "Say why in 20,000 characters or fewer",
        ("link_record", "missing"): "Choose who is the same person",
        ("link_reference", "nothing_to_look_for"): "Enter the contact's reference",
    },
)
_RESTRICTION_FIELDS: Final = frozenset({"restriction_reason"})
RESTRICTION_WORDS: Final = FormWords(
    places={"reason": "restriction_reason"},
    sentences={
        ("restriction_reason", "missing"): _WHY,
        ("restriction_reason", "blank"): _WHY,
        ("restriction_reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)
DONE: Final = {
    "restricted": "Only managers read what is known of this person now.",
    "opened": "The restriction is lifted.",
    "confirmed": "The link is confirmed.",
    "unlinked": "The link is undone. Nothing is lost, and it can be linked again.",
    "linked": "The record is linked. It can be undone at any time.",
}


@router.get("/people/{person_id}")
async def get_person(person: SignedIn, request: Request, person_id: UUID, done: str = "") -> Response:
    """Show a person: every name, every record, and how each came to stand here."""
    return await _person_page(request, person, person_id, NOTHING_TYPED, None, done=done)


@router.post("/people/{person_id}/restriction")
async def post_restriction(form: OwnForm, person: SignedIn, request: Request, person_id: UUID) -> Response:
    """Have only managers read what is known of a person, or lift that."""
    if not person.restricts:
        raise NotPermitted
    restricted = form["restricted"] == "yes"
    body = {"restricted": restricted, "reason": form["restriction_reason"]}
    try:
        await person.people.restrict(PersonId(person_id), body)
    except (Invalid, Conflict) as problem:
        return await _person_page(request, person, person_id, form, problem)
    return RedirectResponse(f"/people/{person_id}?done={'restricted' if restricted else 'opened'}", 303)


async def _person_page(
    request: Request,
    person: Person,
    person_id: UUID,
    typed: Typed,
    problem: Problem | None,
    *,
    done: str = "",
) -> Response:
    known = await _known(person, person_id)
    return show(
        request,
        "person.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        known=known,
        may_settle=person.settles and (person.restricts or not known.restricted),
        places={record.record_id: f"Contact {record.reference}" for record in known.records},
        done=DONE.get(done),
        typed=typed,
        errors=RESTRICTION_WORDS.errors_of(problem, _RESTRICTION_FIELDS) if problem else NO_ERRORS,
    )


@router.get("/people/{person_id}/records/{record_id}")
async def get_record_form(person: SignedIn, request: Request, person_id: UUID, record_id: UUID) -> Response:
    """Show why a record stands with a person, and the form to confirm or undo it."""
    return await _record_form(request, person, person_id, record_id)


@router.post("/people/{person_id}/records/{record_id}")
async def post_record(
    form: OwnForm, person: SignedIn, request: Request, person_id: UUID, record_id: UUID
) -> Response:
    """Confirm a provisional link, or undo any."""
    _require_settler(person)
    try:
        done = await _settle(person, PersonId(person_id), RecordId(record_id), form)
    except (Invalid, Conflict) as problem:
        return await _record_form(request, person, person_id, record_id, form, problem)
    return RedirectResponse(f"/people/{person_id}?done={done}", 303)


async def _settle(person: Person, person_id: PersonId, record_id: RecordId, typed: Typed) -> str:
    """Confirm or undo a link as was chosen, and return which."""
    if typed["link_answer"] == "confirm":
        await person.people.link(person_id, {"record_id": str(record_id)} | _reason(typed))
        return "confirmed"
    if typed["link_answer"] == "unlink":
        await person.people.unlink(record_id, typed["link_reason"])
        return "unlinked"
    raise Invalid(_CHOOSE, errors=(FieldError("missing", _CHOOSE, pointer="#/link_answer"),))


@router.get("/people/{person_id}/link")
async def get_link_form(person: SignedIn, request: Request, person_id: UUID) -> Response:
    """Ask in which contact the other record stands, and why it is of this person."""
    return await _link_form(request, person, person_id, NOTHING_TYPED, None)


@router.post("/people/{person_id}/link/choosing")
async def post_choosing(form: OwnForm, person: SignedIn, request: Request, person_id: UUID) -> Response:
    """Show the people of a contact to choose from; looking there is recorded, with the reason."""
    return await _link_form(request, person, person_id, form, None, choosing=True)


@router.post("/people/{person_id}/link")
async def post_link(form: OwnForm, person: SignedIn, request: Request, person_id: UUID) -> Response:
    """Link the record that was chosen, with whatever is linked to it."""
    _require_settler(person)
    body = {"record_id": form["link_record"]} if form["link_record"] else {}
    try:
        await person.people.link(PersonId(person_id), body | _reason(form))
    except (Invalid, Conflict) as problem:
        return await _link_form(request, person, person_id, form, problem, choosing=True)
    return RedirectResponse(f"/people/{person_id}?done=linked", 303)


async def _link_form(
    request: Request,
    person: Person,
    person_id: UUID,
    typed: Typed,
    problem: Problem | None,
    *,
    choosing: bool = False,
) -> Response:
    _require_settler(person)
    known = await _known(person, person_id)
    offered: list[PersonRecord] | None = None
    if choosing:
        try:
            offered = await _records_of_contact(person, PersonId(person_id), typed)
        except Invalid as refused:
            problem = refused
    return show(
        request,
        "link.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        known=known,
        offered=offered,
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


async def _records_of_contact(person: Person, person_id: PersonId, typed: Typed) -> list[PersonRecord]:
    """Return those records of a contact that stand with somebody else."""
    body = {"reference": typed["link_reference"], "purpose": SearchPurpose.POSSIBLE_MATCH}
    found = await person.people.search(body | _reason(typed))
    return [record for one in found.items for record in one.records if record.person_id != person_id]


async def _record_form(
    request: Request,
    person: Person,
    person_id: UUID,
    record_id: UUID,
    typed: Typed = NOTHING_TYPED,
    problem: Problem | None = None,
) -> Response:
    _require_settler(person)
    known = await _known(person, person_id)
    record = next((record for record in known.records if record.record_id == record_id), None)
    if record is None:
        raise NotFound
    return show(
        request,
        "record.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        known=known,
        record=record,
        others=[other for other in known.records if other.record_id != record_id],
        provisional=record.link_state is LinkState.PROVISIONAL,
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


async def _known(person: Person, person_id: UUID) -> PersonDetail:
    if not person.sees_all:
        raise NotPermitted
    return await person.people.get_person(PersonId(person_id))


def _reason(typed: Typed) -> dict[str, str]:
    return {"reason": typed["link_reason"]} if typed["link_reason"].strip() else {}


def _require_settler(person: Person) -> None:
    if not person.settles:
        raise NotPermitted
