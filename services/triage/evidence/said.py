"""What one version of a referral says of a child, and what a later one takes back: pure, nothing erased."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from shared.schemas.children import ReferredChild, ReferredGrade
from shared.schemas.referrals import ConcernFields, ReferralDraft, ReferralIn
from shared.schemas.shapes import Form
from shared.schemas.words import GradeStatus

#: A version that was sent, or one that is still being written.
Whole = ReferralIn | ReferralDraft

#: What was said of a child, by the column of the case that keeps it.
Values = Mapping[str, Any]

#: Facts that rules read and earlier versions may have said otherwise.
IMMEDIATE_DANGER, DATE_OF_BIRTH, UNBORN = "immediate_danger", "date_of_birth", "unborn"

#: The same, of how the child stands with social care.
STANDING: Final = ("looked_after", "private_fostering", "plan")

_CONCERN_PARTS: Final = ("indicator", "narrative", "occurred_at", "since_on")
_NAMED_OTHERWISE: Final = ("given_name", "family_name", DATE_OF_BIRTH)
#: What stands in columns or tables of its own, or is only the sender's way of pointing.
_NOT_DETAILS: Final = {
    "child_id",
    "sender_child_reference",
    "given_name",
    "family_name",
    "date_of_birth",
    "expected_date_of_birth",
    "whereabouts",
    "voice",
    "grade",
}


def child_at(document: Whole, place: int) -> ReferredChild | None:
    """Return the child at a place of a version; None where it names none there."""
    return document.children[place] if place < len(document.children) else None


def is_left_out(document: Whole, place: int) -> bool:
    """Say whether a version names children and not this one. A version that names none means them all."""
    return bool(document.children) and place >= len(document.children)


def values_of(said: ReferredChild) -> dict[str, Any]:
    """Return what a case keeps of a child as one version describes it, all of it: what is not shown tells
    at least that the next version differs.
    """
    voice = said.voice
    details = said.model_dump(mode="json", exclude=_NOT_DETAILS)
    if voice is not None:
        details |= voice.model_dump(mode="json", include={"seen_alone", "seen_at"})
    return {
        "given_name": said.given_name,
        "family_name": said.family_name,
        "date_of_birth": said.date_of_birth,
        "expected_date_of_birth": said.expected_date_of_birth,
        "whereabouts": said.whereabouts,
        "seen": voice.seen if voice else None,
        "views": voice.views if voice else None,
        "views_not_obtained_reason": voice.not_obtained_reason if voice else None,
        "details": details,
    }


def as_sent(part: Form | None) -> dict[str, Any] | None:
    """Return a part of a referral as it is kept where no rule reads it."""
    return part.model_dump(mode="json") if part is not None else None


def grade_given(said: ReferredGrade | None) -> tuple[GradeStatus, int | None] | None:
    """Return the status and the grade a sender gave.

    A half-said grade is a finding that the sender hears of: it is neither a grade nor a 0.
    """
    if said is None or (said.status is None and said.grade is None):
        return None
    status = said.status or GradeStatus.GRADED
    return None if status is GradeStatus.GRADED and said.grade is None else (status, said.grade)


def concerns_about(document: Whole, child: ReferredChild | None) -> list[dict[str, Any]]:
    """Return the concerns of a version that are about a child; one still without any words is left out.

    A concern that names no child of the referral is about all of them: better read twice than not at all.
    """
    known = {one.sender_child_reference for one in document.children} - {None}
    return [
        concern.model_dump(mode="json", include=set(_CONCERN_PARTS))
        for concern in document.concerns
        if _is_about(concern, child, known) and (concern.indicator or concern.narrative)
    ]


def _is_about(concern: ConcernFields, child: ReferredChild | None, known: set[str | None]) -> bool:
    named = known.intersection(concern.children)
    return not named or (child is not None and child.sender_child_reference in named)


def first_concerns(said: Sequence[Values], version: int) -> list[dict[str, Any]]:
    """Return concerns as a case keeps them when it first hears of them."""
    return [{**concern, "version": version, "taken_back_in": None} for concern in said]


def bring_concerns_up(kept: Sequence[Values], said: Sequence[Values], version: int) -> list[dict[str, Any]]:
    """Return all concerns ever said: those the newest version says, then those that were taken back.

    Each keeps the version that brought it. What was taken back is marked so, and counts all the same until
    a person decides.
    """
    before = {_content(concern): concern for concern in kept}
    standing = [
        {
            **concern,
            "version": before.get(_content(concern), {}).get("version", version),
            "taken_back_in": None,
        }
        for concern in said
    ]
    now = {_content(concern) for concern in said}
    gone = [
        {**concern, "taken_back_in": concern.get("taken_back_in") or version}
        for concern in kept
        if _content(concern) not in now
    ]
    return standing + gone


def _content(concern: Values) -> tuple[Any, ...]:
    return tuple(concern.get(part) for part in _CONCERN_PARTS)


def take_back(
    kept: Sequence[Values], before: Values, after: Values, *, versions: tuple[int, int], born_since: date
) -> list[dict[str, Any]]:
    """Return what earlier versions said of a child otherwise than the newest one does.

    Args:
        kept: what stands there already.
        before: the child as the version before said it, with `immediate_danger`.
        after: the same as the newest version says it.
        versions: the version before, and the newest.
        born_since: the London date of the first version: a child it said to be unborn may have been born
            from then on, and that takes nothing back.
    """
    now = _facts(after)
    was_born = after["date_of_birth"] is not None and after["date_of_birth"] >= born_since
    settled = {UNBORN} if was_born else set()
    said, taken_back_in = versions
    marked = [
        {"fact": fact, "said": words, "version": said, "taken_back_in": taken_back_in}
        for fact, words in _facts(before).items()
        if now.get(fact) != words and fact not in settled
    ]
    again = {*now.items(), *((entry["fact"], entry["said"]) for entry in marked)}
    earlier = [
        dict(entry)
        for entry in kept
        if (entry["fact"], entry["said"]) not in again and entry["fact"] not in settled
    ]
    return earlier + marked


def _facts(values: Values) -> dict[str, str]:
    facts = {name: str(values[name]) for name in _NAMED_OTHERWISE if values[name] is not None}
    if values["date_of_birth"] is None and values["expected_date_of_birth"] is not None:
        facts[UNBORN] = "true"
    if values["immediate_danger"]:
        facts[IMMEDIATE_DANGER] = "true"
    return facts | {
        name: _as_text(said) for name, said in _standing(values).items() if said and said != "none"
    }


def _standing(values: Values) -> dict[str, Any]:
    """Return what was said of the child's standing that may raise what is recommended."""
    status = (values.get("details") or {}).get("status") or {}
    return {name: status.get(name) for name in STANDING}


def _as_text(said: Any) -> str:
    return "true" if said is True else str(said)
