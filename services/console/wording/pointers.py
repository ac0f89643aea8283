"""Places in a contact, in words: what a pointer such as "#/children/0/voice" means to a reader."""

from collections.abc import Iterable, Sequence
from typing import Final

from services.console.wording.people import child_name, name_of
from shared.schemas.progress import Finding
from shared.schemas.referrals import ReferralIn

_PLACES: Final = {
    "sender_reference": "the sender's own reference",
    "kind": "whether it asks to act or for advice",
    "immediate_danger": "immediate danger",
    "referrer": "who is worried",
    "children": "the children",
    "adults": "the adults",
    "professionals": "who else works with the family",
    "concerns": "what was said",
    "police": "police matters",
    "consent": "consent",
    "family_told": "what the family was told",
    "actions_taken": "what was done already",
    "voice": "what the child said or showed",
    "views": "the child's own words",
    "not_obtained_reason": "why the child's own words are not known",
    "seen_alone": "seen alone",
    "seen_at": "when last seen",
    "grade": "the agency's grade",
    "rationale": "why that grade",
    "whereabouts": "where the child is now",
    "status": "standing with children's services",
    "age_as_said": "age as said",
    "safe_to_ring": "whether it is safe to ring",
    "ringing_note": "how it is safe to ring",
    "given_name": "first name",
    "family_name": "family name",
    "date_of_birth": "date of birth",
    "expected_date_of_birth": "due date",
    "nhs_number": "NHS number",
    "upn": "unique pupil number",
    "gp": "GP practice",
    "identity": "who this child is",
    "narrative": "the words",
    "occurred_at": "when it happened",
    "since_on": "since when",
    "indicator": "the kind of concern",
    "safe_to_contact": "whether it is safe to make contact",
    "worker_safety": "safety of workers who visit",
    "role_in_concern": "part in the worry",
    "source_code": "the kind of source",
    "school_told": "whether the school was told",
    "not_sought_reason": "why nobody was asked",
    "sought": "whether anyone was asked",
    "told": "whether the family knows",
    "reason_not": "why the family was not told",
}
#: Where a contact's page has a part of its own; a finding about anything else stands at the top.
PARTS: Final = ("referrer", "children", "adults", "professionals", "concerns", "police", "consent",
                "family_told", "actions_taken")  # fmt: skip


def place_words(pointer: str | None, document: ReferralIn | None, *, with_whose: bool = True) -> str:
    """Return a place in words: "Maisie Example: what the child said or showed".

    Args:
        with_whose: False beside the part itself, where the name stands above already.
    """
    steps = _steps(pointer)
    if not steps:
        return "The contact as a whole"
    whose, rest = _whose(steps, document)
    words = [_PLACES.get(step, step.replace("_", " ")) for step in rest if not step.isdecimal()]
    if not whose or (words and not with_whose):
        return _capital(": ".join(words))
    return f"{whose}: {', '.join(words)}" if words else whose


def error_words(error: str) -> str:
    """Return what a sending system was told, "#/kind: This is required.", with the place in words."""
    pointer, _, detail = error.partition(": ")
    return f"{place_words(pointer, None)}: {detail}" if pointer.startswith("#") and detail else error


def under(findings: Iterable[Finding], *parts: str) -> list[Finding]:
    """Return the findings about these parts, such as "children/0", in their order."""
    wanted = [tuple(part.split("/")) for part in parts]
    return [
        finding
        for finding in findings
        if any(tuple(_steps(finding.pointer))[: len(part)] == part for part in wanted)
    ]


def at_large(findings: Sequence[Finding], document: ReferralIn) -> list[Finding]:
    """Return the findings that no part of the page shows: about the whole, or about what is not there."""
    shown = [part for part in PARTS if part not in ("children", "adults", "concerns")]
    for part, items in (
        ("children", document.children),
        ("adults", document.adults),
        ("concerns", document.concerns),
    ):
        shown += [f"{part}/{place}" for place in range(len(items))]
    placed = under(findings, *shown)
    return [finding for finding in findings if finding not in placed]


def _steps(pointer: str | None) -> list[str]:
    return [step for step in (pointer or "").removeprefix("#").split("/") if step]


def _whose(steps: list[str], document: ReferralIn | None) -> tuple[str, list[str]]:
    if len(steps) < 2 or not steps[1].isdecimal():
        return "", steps
    place = int(steps[1][:4])
    if steps[0] == "children":
        children = document.children if document else ()
        return child_name(children[place]) if place < len(children) else f"Child {place + 1}", steps[2:]
    if steps[0] == "adults":
        adults = document.adults if document else ()
        return name_of(adults[place]) if place < len(adults) else f"Adult {place + 1}", steps[2:]
    return _capital(_PLACES.get(steps[0], steps[0])), steps[2:]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
