"""One contact: what was said in full, what is odd in it, what was asked for, and every version of it."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console import wording
from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.prompts import prompts_of
from services.console.pages.showing import show
from services.console.session import Now, Person, SignedIn
from services.console.wording import facts
from services.console.wording.pointers import at_large, under
from shared.codes.indicators import INDICATORS
from shared.problems import Conflict, Invalid, NotFound, NotPermitted, Problem, Unavailable
from shared.schemas.children import ReferredChild
from shared.schemas.families import RecordStanding
from shared.schemas.people import ReferredAdult
from shared.schemas.progress import Finding, ReferralProgress, ReferralVersion, Withdrawal
from shared.schemas.reference import Reference, read_reference
from shared.schemas.referrals import Concern, ReferralIn
from shared.schemas.words import WithdrawalState

router = APIRouter(include_in_schema=False)

_WITHDRAWAL: Final = "/contacts/{heard}/withdrawal"
_FIELDS: Final = frozenset({"agreed", "decision_reason"})
WORDS: Final = FormWords(
    places={"reason": "decision_reason"},
    sentences={
        ("agreed", "missing"): "Choose whether the contact may be taken back",
        ("decision_reason", "missing"): "Say why; the sender reads it",
        ("decision_reason", "blank"): "Say why; the sender reads it",
        ("decision_reason", "too_long"): "Say why in 20,000 characters or fewer",
    },
)


@dataclass(frozen=True, slots=True)
class Part:
    """A child, an adult or a concern with what is odd about it."""

    name: str
    said: ReferredChild | ReferredAdult | Concern
    findings: list[Finding]
    about: str = ""


@router.get("/contacts/{heard}")
async def get_contact(
    person: SignedIn, request: Request, heard: str, now: Now, version: int = 0, done: str = ""
) -> Response:
    """Show a contact in its newest version, or in the one that was asked for."""
    progress = await _progress(person, heard)
    shown = await person.intake.get_version(progress.reference, version or progress.version)
    versions = await person.intake.list_versions(progress.reference)
    document = shown.document
    return show(
        request,
        "contact.html",
        person=person,
        names=await person.backend.agencies(),
        contact=progress,
        shown=shown,
        document=document,
        versions=sorted(versions.items, key=lambda each: -each.version),
        answer=wording.deadline(progress.respond_by, now),
        concerns=_concerns(shown),
        children=_children(shown),
        adults=_adults(shown),
        children_by_reference=_short_names(document),
        at_large=at_large(shown.findings, document),
        contact_facts=facts,
        under=under,
        standings=await _standings(person, progress.reference),
        prompts=await prompts_of(person, [progress.reference]),
        done=done == "withdrawal",
    )


@router.get(_WITHDRAWAL)
async def get_withdrawal_form(person: SignedIn, request: Request, heard: str) -> Response:
    """Show the form that answers a sender who wishes to take its contact back."""
    return await _withdrawal_form(request, person, heard, NOTHING_TYPED, None)


@router.post(_WITHDRAWAL)
async def post_withdrawal(form: OwnForm, person: SignedIn, request: Request, heard: str) -> Response:
    """Record the hub's answer; the contact itself is kept whatever it is."""
    progress, wish = await _wish(person, heard)
    try:
        await person.intake.decide_withdrawal(wish.withdrawal_id, withdrawal_body(form))
    except (Invalid, Conflict, NotPermitted) as problem:
        return await _withdrawal_form(request, person, heard, form, problem)
    return RedirectResponse(f"/contacts/{progress.reference}?done=withdrawal", 303)


def withdrawal_body(typed: Typed) -> dict[str, bool | str]:
    """Return the answer as intake takes it; a choice not made is left out, so that intake says so."""
    choice: dict[str, bool | str] = {}
    if typed["agreed"] in {"yes", "no"}:
        choice["agreed"] = typed["agreed"] == "yes"
    return choice | ({"reason": typed["decision_reason"]} if typed["decision_reason"].strip() else {})


async def _withdrawal_form(
    request: Request, person: Person, heard: str, typed: Typed, problem: Problem | None
) -> Response:
    progress, wish = await _wish(person, heard)
    return show(
        request,
        "withdrawal.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        contact=progress,
        wish=wish,
        open=wish.state is WithdrawalState.REQUESTED,
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


async def _wish(person: Person, heard: str) -> tuple[ReferralProgress, Withdrawal]:
    if not person.settles:
        raise NotPermitted
    progress = await _progress(person, heard)
    if progress.withdrawal is None:
        raise NotFound
    return progress, progress.withdrawal


async def _progress(person: Person, heard: str) -> ReferralProgress:
    if not person.sees_contacts:
        raise NotPermitted
    return await person.intake.get_progress(_reference(heard))


async def _standings(person: Person, reference: str) -> list[RecordStanding] | None:
    """Return whom the people of a contact are taken for; None when that cannot be looked up just now."""
    if not person.sees_all:
        return []
    try:
        return (await person.people.list_of_contact(reference)).items
    except (NotFound, Unavailable):
        # What was sent is never held back because nobody can say who is who.
        return None


def _reference(heard: str) -> Reference:
    try:
        return read_reference(heard)
    except ValueError:
        raise NotFound from None


def _concerns(shown: ReferralVersion) -> list[Part]:
    names = _short_names(shown.document)
    return [
        Part(
            name=_indicator(concern),
            said=concern,
            findings=under(shown.findings, f"concerns/{place}"),
            about=wording.and_words([names.get(child, f"child {child}") for child in concern.children])
            if concern.children
            else "Every child",
        )
        for place, concern in enumerate(shown.document.concerns)
    ]


def _indicator(concern: Concern) -> str:
    if concern.indicator is None:
        return "No indicator was named"
    known = INDICATORS.get(concern.indicator)
    return known.words if known else "A concern that is not on the hub's list: read it"


def _children(shown: ReferralVersion) -> list[Part]:
    return [
        Part(wording.child_name(child), child, under(shown.findings, f"children/{place}"))
        for place, child in enumerate(shown.document.children)
    ]


def _adults(shown: ReferralVersion) -> list[Part]:
    return [
        Part(wording.name_of(adult), adult, under(shown.findings, f"adults/{place}"))
        for place, adult in enumerate(shown.document.adults)
    ]


def _short_names(document: ReferralIn) -> dict[str, str]:
    """Return children by the sender's references; of more than two, by first names where these differ."""
    first = {each.sender_child_reference: (each.given_name or "").strip() for each in document.children}
    told = [name for name in first.values() if name]
    return {
        reference: first[reference] if len(first) > 2 and told.count(first[reference]) == 1 else name
        for reference, name in _by_reference(document).items()
    }


def _by_reference(document: ReferralIn) -> dict[str, str]:
    """Return the children's names by the sender's own references, which concerns and adults point at."""
    return {
        child.sender_child_reference: wording.child_name(child)
        for child in document.children
        if child.sender_child_reference
    }
