"""Is this the same child? Questions that the hub could not settle by itself, for a person to answer."""

from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from services.console.wording import who_is_who
from shared.problems import Conflict, Invalid, NotPermitted, Problem
from shared.schemas.ids import MatchId
from shared.schemas.people_index import LinkDecision, Match
from shared.schemas.words import MatchState

router = APIRouter(include_in_schema=False)

_FIELDS: Final = frozenset({"candidate", "verdict", "match_reason"})
_WHY: Final = "Say why; it is kept under your name"
_WHICH: Final = "Choose whom you speak of"
_ANSWER: Final = "Choose whether they are the same"
WORDS: Final = FormWords(
    places={"person_id": "candidate", "reason": "match_reason"},
    sentences={
        ("candidate", "missing"): _WHICH,
        ("candidate", "not_a_uuid"): _WHICH,
        ("verdict", "missing"): _ANSWER,
        ("verdict", "not_in_list"): _ANSWER,
        ("match_reason", "missing"): _WHY,
        ("match_reason", "blank"): _WHY,
        ("match_reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)


@router.get("/matches")
async def get_matches(
    person: SignedIn,
    request: Request,
    state: MatchState = MatchState.OPEN,
    cursor: str | None = None,
) -> Response:
    """List the questions, the one that has waited longest first."""
    if not person.sees_all:
        raise NotPermitted
    found = await person.people.list_matches(state, cursor)
    return show(
        request,
        "matches.html",
        person=person,
        names=await person.backend.agencies(),
        matches=found.items,
        state=state,
        next_cursor=found.next_cursor if found.has_more else None,
        later_page=cursor is not None,
    )


@router.get("/matches/{match_id}")
async def get_match(person: SignedIn, request: Request, match_id: UUID, done: str = "") -> Response:
    """Show one question: the record and each candidate side by side."""
    return await _page(request, person, match_id, NOTHING_TYPED, None, done=done)


@router.post("/matches/{match_id}")
async def post_match(form: OwnForm, person: SignedIn, request: Request, match_id: UUID) -> Response:
    """Record what someone makes of a candidate, then show what is left of the question."""
    if not person.settles:
        raise NotPermitted
    try:
        made = await person.people.decide_match(MatchId(match_id), decision_body(form))
    except (Invalid, Conflict) as problem:
        return await _page(request, person, match_id, form, problem)
    return RedirectResponse(f"/matches/{match_id}?done={made.decision.verdict}", 303)


def decision_body(typed: Typed) -> dict[str, Any]:
    """Return the answer as intake takes it; what was not chosen is left out, so that intake says so."""
    fields = {"candidate": "person_id", "verdict": "verdict", "match_reason": "reason"}
    return {fields[name]: value for name, value in typed.said(*fields).items()}


def told_of(history: list[LinkDecision], match: Match) -> list[tuple[LinkDecision, str]]:
    """Return the history with the name of whom each line was about, "" where that is nobody shown here."""
    names = {
        candidate.person_id: who_is_who.record_name(candidate.records[0])
        for candidate in match.candidates
        if candidate.records
    }
    return [(line, names.get(line.person_id, "") if line.person_id else "") for line in history]


async def _page(
    request: Request,
    person: Person,
    match_id: UUID,
    typed: Typed,
    problem: Problem | None,
    *,
    done: str = "",
) -> Response:
    if not person.sees_all:
        raise NotPermitted
    match = await person.people.get_match(MatchId(match_id))
    known = [candidate for candidate in match.candidates if candidate.records]
    return show(
        request,
        "match.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        match=match,
        candidates=known,
        unanswered=[candidate for candidate in known if candidate.verdict is None],
        is_open=match.state is MatchState.OPEN,
        may_answer=person.settles and (person.restricts or not match.restricted),
        history=told_of(match.history, match),
        typed=typed,
        done=done,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )
