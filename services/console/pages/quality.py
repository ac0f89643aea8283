"""The look at quality: an agency's own contacts, beside the child's way through the hub and never in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from services.console.wording.pointers import place_words
from shared.problems import Conflict, Invalid, NotFound, NotPermitted, Problem
from shared.schemas.progress import Finding, FurtherInformation, ReferralVersion
from shared.schemas.quality import QualityCount
from shared.schemas.reference import Reference, read_reference
from shared.schemas.shapes import Page
from shared.schemas.words import FurtherInformationState, QualityState, QualityVerdict

router = APIRouter(include_in_schema=False)

#: How soon the sender should answer; without one, the hub's own time counts.
SOONER: Final = {"4": timedelta(hours=4), "24": timedelta(hours=24)}
OWN_QUESTIONS: Final = 3
#: As many as a form may carry; intake takes 20 at a time and says so.
_MOST_TICKS: Final = 80
_FIELDS: Final = frozenset({"gaps", "to_sender", "due"})
_ASK: Final = "Tick what is missing, or write a question of your own"
WORDS: Final = FormWords(
    places={"text": "to_sender", "due_at": "due", "gap_missing": "gaps", "version": "looked_at"},
    sentences={
        ("gaps", "gap_missing"): _ASK,
        ("gaps", "missing"): _ASK,
        ("gaps", "too_long"): "Ask for 20 things or fewer",
        ("to_sender", "too_long"): "Write 20,000 characters or fewer",
    },
)

State = FurtherInformationState


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that a box on the form asks for: a finding, as the question that it is to its sender."""

    name: str
    value: str
    place: str
    question: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How one agency fares: each figure with its share of the contacts, in whole hundredths."""

    count: QualityCount
    share_asked: int
    share_unanswered: int


@router.get("/quality")
async def get_quality(
    person: SignedIn, request: Request, cursor: str | None = None, done: str = ""
) -> Response:
    """Show what waits for a look: an agency's own contacts to its representative, all of them to the hub."""
    if not person.sees_contacts:
        raise NotPermitted
    waiting = await person.intake.list_quality_checks(QualityState.WAITING, cursor)
    return show(
        request,
        "quality.html",
        person=person,
        waiting=waiting.items,
        next_cursor=waiting.next_cursor if waiting.has_more else None,
        later_page=cursor is not None,
        names=await person.backend.agencies(),
        done=done,
    )


@router.get("/quality/counts")
async def get_counts(person: SignedIn, request: Request) -> Response:
    """Show how each agency fares; a representative sees its own."""
    if not person.sees_contacts:
        raise NotPermitted
    counts = await person.intake.list_quality_counts()
    return show(
        request, "counts.html", person=person, bars=bars(counts.items), names=await person.backend.agencies()
    )


@router.get("/quality/asked")
async def get_asked(
    person: SignedIn, request: Request, state: State = State.ASKED, cursor: str | None = None
) -> Response:
    """Show what senders were asked, and what came of it."""
    if not person.sees_contacts:
        raise NotPermitted
    found: Page[FurtherInformation] = await person.intake.list_further_information(state, cursor)
    return show(
        request,
        "asked.html",
        person=person,
        asked=found.items,
        state=state,
        next_cursor=found.next_cursor if found.has_more else None,
        later_page=cursor is not None,
    )


@router.post("/quality/{heard}/content")
async def post_content(form: OwnForm, person: SignedIn, heard: str) -> Response:
    """Record with one press that a representative is content with a version."""
    body = {"verdict": QualityVerdict.CONTENT, "version": _number(form["looked_at"])}
    try:
        await person.intake.check_quality(_reference(heard), body)
    except Conflict:
        return RedirectResponse("/quality?done=overtaken", 303)
    return RedirectResponse("/quality?done=content", 303)


@router.get("/quality/{heard}")
async def get_asking_form(person: SignedIn, request: Request, heard: str) -> Response:
    """Show the form that asks the sender for more, its boxes filled from the findings."""
    return await _form(request, person, heard, NOTHING_TYPED, None)


@router.post("/quality/{heard}")
async def post_asking(form: OwnForm, person: SignedIn, request: Request, heard: str, now: Now) -> Response:
    """Ask the sender for more; the child's own clock runs on."""
    try:
        await person.intake.check_quality(_reference(heard), asking_body(form, now))
    except (Invalid, Conflict, NotPermitted) as problem:
        return await _form(request, person, heard, form, problem)
    return RedirectResponse("/quality?done=asked", 303)


def asking_body(typed: Typed, now: datetime) -> dict[str, Any]:
    """Return what is asked for as intake takes it: ticks with their place, own questions without."""
    gaps: list[dict[str, str]] = []
    for number in range(_MOST_TICKS):
        pointer, _, question = typed[f"gap_{number}"].partition(" ")
        if question.strip():
            gaps.append({"pointer": pointer, "question": question})
    own = (typed[f"question_{number}"] for number in range(OWN_QUESTIONS))
    gaps += [{"question": question} for question in own if question.strip()]
    body: dict[str, Any] = {
        "verdict": QualityVerdict.FURTHER_INFORMATION,
        "version": _number(typed["looked_at"]),
        "gaps": gaps,
    }
    wait = SOONER.get(typed["due"])
    text = {"text": typed["to_sender"]} if typed["to_sender"].strip() else {}
    return body | text | ({"due_at": (now + wait).isoformat()} if wait else {})


def bars(counts: Sequence[QualityCount]) -> list[Bar]:
    """Return the agencies' figures with the length of their bars, the most requests first."""
    return [
        Bar(count, _share(count.requests, count.referrals), _share(count.not_answered, count.referrals))
        for count in sorted(counts, key=lambda each: -each.requests)
    ]


def _share(part: int, whole: int) -> int:
    return min(100 * part // whole, 100) if whole else 0


async def _form(
    request: Request, person: Person, heard: str, typed: Typed, problem: Problem | None
) -> Response:
    if not person.looks_at_quality:
        raise NotPermitted
    progress = await person.intake.get_progress(_reference(heard))
    # After a refusal the form keeps speaking of the version that its person read.
    version = _number(typed["looked_at"]) or progress.version
    shown = await person.intake.get_version(progress.reference, version)
    return show(
        request,
        "asking.html",
        person=person,
        status=problem.status if problem else 200,
        contact=progress,
        shown=shown,
        ticks=ticks(shown),
        typed=typed,
        own_questions=OWN_QUESTIONS,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


def ticks(shown: ReferralVersion) -> list[Tick]:
    """Return the findings of a version as boxes to tick."""
    return [_tick(number, finding, shown) for number, finding in enumerate(shown.findings[:_MOST_TICKS])]


def _tick(number: int, finding: Finding, shown: ReferralVersion) -> Tick:
    return Tick(
        name=f"gap_{number}",
        value=f"{finding.pointer} {finding.detail}",
        place=place_words(finding.pointer, shown.document),
        question=finding.detail,
    )


def _reference(heard: str) -> Reference:
    try:
        return read_reference(heard)
    except ValueError:
        raise NotFound from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
