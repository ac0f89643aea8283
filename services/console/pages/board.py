"""The board at close of day: who is not decided, what is unknown, who speaks for each; and the morning."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.exchange import SignedOut
from services.console.forms import NO_ERRORS, FormWords, OwnForm, Typed
from services.console.pages.case import child_of
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from services.console.wording import day
from shared.calendar import next_opening
from shared.clock import LONDON, london_date
from shared.problems import Conflict, Invalid, NotPermitted, Problem
from shared.schemas.board import BoardChild, Spoken
from shared.schemas.ids import CaseId, ChildId

router = APIRouter(include_in_schema=False)

_WAIT: Final = "/cases/{case_id}/children/{child_id}/wait"
_PATIENCE_SECONDS: Final = 1.5
_MOST_CONTACTS: Final = 200
_FIELDS: Final = frozenset({"spoken", "until_time", "why", "handed_to", "read_back_by", "read_back_time"})
_CHOOSE: Final = "Choose whether it is safe to wait, or who has the child"
_TIME: Final = "Enter a time on the 24-hour clock, such as 18:30"
WORDS: Final = FormWords(
    places={"safe_until": "until_time", "at": "read_back_time"},
    sentences={
        ("why", "missing"): "Say why it is safe to wait",
        ("why", "blank"): "Say why it is safe to wait",
        ("why", "too_long"): "Say why in 20,000 characters or fewer",
        ("until_time", "missing"): _TIME,
        ("until_time", "not_an_instant"): _TIME,
        ("until_time", "in_the_past"): "Enter a time that is still to come",
        ("until_time", "too_far_ahead"): "No further than the close of the next working day",
        ("handed_to", "missing"): "Enter who of the emergency duty team took the child over",
        ("handed_to", "blank"): "Enter who of the emergency duty team took the child over",
        ("read_back_by", "missing"): "Enter who read it back",
        ("read_back_by", "blank"): "Enter who read it back",
        ("read_back_time", "missing"): _TIME,
        ("read_back_time", "not_an_instant"): _TIME,
        ("read_back_time", "in_the_future"): "It cannot have been read back in the future",
        ("read_back_time", "too_long_ago"): "Read back before this working day: hand the child over again",
    },
)


@router.get("/board")
async def get_board(person: SignedIn, request: Request, now: Now, done: str = "") -> Response:
    """Show every child not yet decided on one page, those nobody has spoken for first."""
    _require_reader(person)
    board = await person.day.read_board()
    questions = await _questions(person, board.items)
    parts = [(spoken, [child for child in board.items if child.spoken is spoken]) for spoken in _ORDER]
    return show(
        request,
        "board.html",
        person=person,
        board=board,
        parts=[
            (spoken, len(children), siblings(children, questions or {}))
            for spoken, children in parts
            if children
        ],
        counts={spoken: len(children) for spoken, children in parts},
        late=sum(child.decide_by <= now for child in board.items),
        questions=questions or {},
        unread=questions is None,
        done=done == "said",
    )


def siblings(children: Sequence[BoardChild], questions: Mapping[str, int]) -> list[list[BoardChild]]:
    """Return children in their order, siblings of whom the same is unknown and nobody has spoken together.

    Each stays named, with a way of their own to be spoken for: only what is the same is said once.
    """

    def same(child: BoardChild) -> tuple[object, ...]:
        unknown = day.unknown_words(child, day.questions_about(child, questions))
        alone = child.child_id if child.wait else None
        return child.case_id, child.rag, child.decide_by, child.whereabouts, child.references, unknown, alone

    return [list(together) for _, together in groupby(children, same)]


_ORDER: Final = (Spoken.NOBODY, Spoken.HEARD_SINCE, Spoken.SPOKEN_FOR)


@router.get("/board/changes")
async def get_changes(person: SignedIn, request: Request) -> Response:
    """Show what is new about each child since the hub last closed."""
    _require_reader(person)
    names, found = await asyncio.gather(person.backend.agencies(), person.day.read_changes(None))
    return show(request, "morning.html", person=person, names=names, found=found)


@router.get(_WAIT)
async def get_wait_form(
    person: SignedIn, request: Request, case_id: UUID, child_id: UUID, now: Now
) -> Response:
    """Ask whether a child may wait, or who of the emergency duty team has it."""
    typed = Typed({"read_back_time": f"{now.astimezone(LONDON):%H:%M}"})
    return await _form(request, person, (case_id, child_id), typed, None)


@router.post(_WAIT)
async def post_wait(
    form: OwnForm, person: SignedIn, request: Request, case_id: UUID, child_id: UUID, now: Now
) -> Response:
    """Record what was said of a child."""
    _require_settler(person)
    try:
        await person.day.say_wait(CaseId(case_id), ChildId(child_id), wait_body(form, now))
    except (Invalid, Conflict) as problem:
        return await _form(request, person, (case_id, child_id), form, problem)
    return RedirectResponse("/board?done=said", 303)


def wait_body(typed: Typed, now: datetime) -> dict[str, Any]:
    """Return what was said as triage takes it; what was left out is left out, so that triage says so."""
    if typed["spoken"] == "duty":
        body: dict[str, Any] = typed.said("handed_to", "read_back_by", "why")
        if typed["read_back_time"].strip():
            body["at"] = _last_at(typed["read_back_time"], now)
        # Without a name it would be read as neither of the two.
        return {"handed_to": ""} | body
    body = typed.said("why")
    if typed["spoken"] == "opening":
        body["safe_until"] = next_opening(now).isoformat()
    elif typed["spoken"] == "other":
        body["safe_until"] = _instant(typed["until_day"], typed["until_time"])
    return body


def _instant(day_said: str, clock: str) -> str:
    """Return a London day and clock as an instant; what cannot be read goes as typed, and is refused."""
    try:
        at = datetime.combine(date.fromisoformat(day_said), _clock(clock), LONDON)
    except ValueError:
        return clock
    return at.isoformat()


def _last_at(clock: str, now: datetime) -> str:
    """Return when a clock in London last showed that: today, or yesterday where today is still to come."""
    try:
        at = datetime.combine(london_date(now), _clock(clock), LONDON)
    except ValueError:
        return clock
    return (at if at <= now else at - timedelta(days=1)).isoformat()


def _clock(typed: str) -> time:
    return datetime.strptime(typed.strip().replace(".", ":"), "%H:%M").time()  # noqa: DTZ007 - no date


async def _questions(person: Person, children: Sequence[BoardChild]) -> Mapping[str, int] | None:
    """Return how many questions who somebody is wait, by contact; None where that cannot be read."""
    references = list(dict.fromkeys(each for child in children for each in child.references))
    if not references:
        return {}
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await person.people.count_questions(references[:_MOST_CONTACTS])
    except SignedOut:
        raise
    except (Problem, TimeoutError):
        return None
    return {count.reference: count.open_count for count in found.items}


async def _form(
    request: Request, person: Person, ids: tuple[UUID, UUID], typed: Typed, problem: Problem | None
) -> Response:
    _require_settler(person)
    now = request.app.state.clock()
    case, standing = await child_of(person, *ids, await person.backend.agencies(), now)
    opens_at = next_opening(now)
    days = (london_date(opens_at) - london_date(now)).days
    return show(
        request,
        "wait.html",
        person=person,
        status=problem.status if problem else 200,
        case=case,
        standing=standing,
        opens_at=opens_at,
        days=[london_date(now) + timedelta(days=ahead) for ahead in range(days + 1)],
        typed=typed,
        errors=_words_for(typed).errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


def _words_for(typed: Typed) -> FormWords:
    """Return how the form speaks of what is wrong; where nothing was chosen, that is what is."""
    if typed["spoken"]:
        return WORDS
    chosen = {("spoken", "missing"): _CHOOSE}
    return FormWords(places={"safe_until": "spoken", "why": "spoken"}, sentences=chosen)


def _require_reader(person: Person) -> None:
    if not person.sees_all:
        raise NotPermitted


def _require_settler(person: Person) -> None:
    if not person.settles:
        raise NotPermitted
