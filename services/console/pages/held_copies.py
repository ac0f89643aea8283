"""Contacts that were refused at the door: a worry in the wrong shape is still one, for a person."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from shared.problems import Conflict, Invalid, NotFound, NotPermitted, Problem
from shared.schemas.held_copies import HeldCopy, OpenedCopy
from shared.schemas.ids import HeldCopyId
from shared.schemas.words import HeldCopyState

router = APIRouter(include_in_schema=False)

_MOST_PAGES: Final = 20
_OPEN: Final = frozenset({HeldCopyState.WAITING, HeldCopyState.OPENED})
#: The parts of the list: what waits for someone, then what became of the rest.
TABS: Final = {"waiting": "To deal with", "taken_up": "Taken up", "set_aside": "Set aside"}
_STATES: Final[dict[str, HeldCopyState | None]] = {
    "waiting": None,
    "taken_up": HeldCopyState.TAKEN_UP,
    "set_aside": HeldCopyState.SET_ASIDE,
}
DONE: Final = {
    "set_aside": "It is set aside, with your reason.",
    "taken_up": "It is settled: it lives on as the contact you named.",
}
_FIELDS: Final = frozenset({"opening_reason", "settlement", "settlement_reason", "settled_as"})
_WHY: Final = "Say why; it is recorded under your name"
OPENING_WORDS: Final = FormWords(
    places={"reason": "opening_reason"},
    sentences={
        ("opening_reason", "missing"): "Say why you read it; it is recorded under your name",
        ("opening_reason", "blank"): "Say why you read it; it is recorded under your name",
    },
)
SETTLEMENT_WORDS: Final = FormWords(
    places={"reason": "settlement_reason", "state": "settlement", "reference": "settled_as"},
    sentences={
        ("settlement", "missing"): "Choose what becomes of it",
        ("settlement", "not_in_list"): "Choose what becomes of it",
        ("settlement_reason", "missing"): _WHY,
        ("settlement_reason", "blank"): _WHY,
        ("settled_as", "missing"): "Enter the reference of the contact it came as",
    },
)


@router.get("/held-copies")
async def get_held_copies(
    person: SignedIn, request: Request, part: str = "waiting", cursor: str | None = None, done: str = ""
) -> Response:
    """List what was refused, in the order it is dealt with: danger first, then the longest waiting."""
    if not person.sees_all:
        raise NotPermitted
    chosen = part if part in TABS else "waiting"
    found = await person.intake.list_held_copies(_STATES[chosen], cursor)
    return show(
        request,
        "held_copies.html",
        person=person,
        copies=found.items,
        names=await person.backend.agencies(),
        tabs=TABS,
        part=chosen,
        next_cursor=found.next_cursor if found.has_more else None,
        later_page=cursor is not None,
        done=DONE.get(done),
    )


@router.get("/held-copies/{held_copy_id}")
async def get_held_copy(person: SignedIn, request: Request, held_copy_id: UUID) -> Response:
    """Show what is known of a held copy without reading it, and the form to open it."""
    return await _page(request, person, await _find(person, held_copy_id))


@router.post("/held-copies/{held_copy_id}/opening")
async def post_opening(form: OwnForm, person: SignedIn, request: Request, held_copy_id: UUID) -> Response:
    """Read a held copy, for a reason that is recorded. It is shown, never kept in an address."""
    _require_settler(person)
    try:
        copy = await person.intake.open_held_copy(HeldCopyId(held_copy_id), form["opening_reason"])
    except (Invalid, Conflict) as problem:
        return await _page(
            request, person, await _find(person, held_copy_id), form, problem, words=OPENING_WORDS
        )
    return await _page(request, person, copy)


@router.post("/held-copies/{held_copy_id}/settlement")
async def post_settlement(form: OwnForm, person: SignedIn, request: Request, held_copy_id: UUID) -> Response:
    """Record what became of a held copy that needs no new contact."""
    _require_settler(person)
    try:
        await person.intake.settle_held_copy(HeldCopyId(held_copy_id), settlement_body(form))
    except (Invalid, Conflict) as problem:
        return await _page(
            request, person, await _find(person, held_copy_id), form, problem, words=SETTLEMENT_WORDS
        )
    return RedirectResponse(f"/held-copies?done={form['settlement']}", 303)


def settlement_body(typed: Typed) -> dict[str, Any]:
    """Return the settlement as intake takes it; what was not chosen is left out, so that intake says so."""
    fields = {"settlement": "state", "settlement_reason": "reason"}
    if typed["settlement"] == HeldCopyState.TAKEN_UP:
        fields["settled_as"] = "reference"
    return {fields[name]: value for name, value in typed.said(*fields).items()}


async def _page(
    request: Request,
    person: Person,
    copy: HeldCopy,
    typed: Typed = NOTHING_TYPED,
    problem: Problem | None = None,
    *,
    words: FormWords = OPENING_WORDS,
) -> Response:
    return show(
        request,
        "held_copy.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        copy=copy,
        opened=copy if isinstance(copy, OpenedCopy) else None,
        open=copy.state in _OPEN,
        settling=words is SETTLEMENT_WORDS,
        typed=typed,
        errors=words.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


async def _find(person: Person, held_copy_id: UUID) -> HeldCopy:
    """Return a held copy from the lists: intake gives a single one only when it is opened.

    Raises:
        NotFound: none of the lists has it.
    """
    if not person.sees_all:
        raise NotPermitted
    for state in _STATES.values():
        copy = await _find_in(person, state, held_copy_id)
        if copy is not None:
            return copy
    raise NotFound


async def _find_in(person: Person, state: HeldCopyState | None, held_copy_id: UUID) -> HeldCopy | None:
    cursor = None
    for _ in range(_MOST_PAGES):
        page = await person.intake.list_held_copies(state, cursor)
        for copy in page.items:
            if copy.held_copy_id == held_copy_id:
                return copy
        if not page.has_more:
            return None
        cursor = page.next_cursor
    return None


def _require_settler(person: Person) -> None:
    if not person.settles:
        raise NotPermitted
