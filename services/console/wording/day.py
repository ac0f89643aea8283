"""The words of the board and of the morning: what is unknown, who spoke for a child, what is new."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from services.console.wording.codes import ANSWERS, PATHWAYS, RAGS, grade_words, sectors_words
from services.console.wording.times import when
from shared.schemas.board import BoardChild, Change, ChangeKind, Spoken, Unknown, WaitKind, WaitView
from shared.schemas.words import AnswerStatus, GradeStatus, Rag

SPOKEN: Final = {
    Spoken.NOBODY: "Nobody has spoken for them",
    Spoken.HEARD_SINCE: "Spoken for, and more was heard since: look again",
    Spoken.SPOKEN_FOR: "Spoken for",
}
_UNKNOWN: Final = {
    Unknown.HEALTH_MISSING: "Health is missing",
    Unknown.NOT_SEEN: "Not seen",
    Unknown.SEEN_NOT_SAID: "Nobody has said whether the child has been seen",
    Unknown.WHEREABOUTS: "Where the child is now is not known",
    Unknown.WHO_IT_IS: "Who the child is: a name or a date of birth is missing",
}


def unknown_words(child: BoardChild, questions: int = 0) -> list[str]:
    """Return what is not known of a child, each in words.

    Args:
        questions: how many wait for an answer whether its people are known already.
    """
    silent = bool(child.silent_words or child.waiting_for)
    # Health is missing when it is silent; who is silent is said with where they have not looked.
    unknown = [what for what in child.unknown if not (silent and what is Unknown.HEALTH_MISSING)]
    said = [_UNKNOWN[what] for what in unknown if what in _UNKNOWN]
    if child.silent_words:
        said[:0] = silent_together(child.silent_words)
    elif child.waiting_for:
        said.insert(0, f"Not answered: {sectors_words(child.waiting_for)}")
    if questions:
        said.append(f"Who the child is: {questions} question{'' if questions == 1 else 's'} open")
    return said


def silent_together(words: Iterable[str]) -> list[str]:
    """Return who is silent a line each, those of whom the same is said in one line."""
    said: dict[str, list[str]] = {}
    for each in words:
        who, _, what = each.partition(": asked ")
        said.setdefault(what, []).append(who)
    together = (f"{_in_one_line(who)}: asked {what}" for what, who in said.items() if what)
    return [*together, *said.get("", [])]


def _in_one_line(who: list[str]) -> str:
    """Return who is silent one after the other; an article is great at the beginning alone."""
    return ", ".join([who[0], *(each.replace("The ", "the ", 1) for each in who[1:])])


def wait_words(wait: WaitView, now: datetime) -> str:
    """Return who said what of a child at close of day."""
    by = f"{wait.said_by}, {when(wait.said_at, now)}"
    if wait.kind is WaitKind.SAFE_UNTIL and wait.safe_until is not None:
        return f"Safe to wait until {when(wait.safe_until, now)}, says {by}."
    at = f" at {when(wait.read_back_at, now)}" if wait.read_back_at else ""
    read_back = f"read back by {wait.read_back_by}{at}"
    return f"Handed to {wait.handed_to}, emergency duty team, {read_back}. Recorded by {by}."


def change_words(change: Change, agency: str, now: datetime) -> str:
    """Return one thing that is new about a child, in a sentence; `agency` is the name of whose it is."""
    if change.agency_id is not None:
        return _heard_words(change, agency)
    match change.kind:
        case ChangeKind.DECISION:
            pathway = PATHWAYS[change.pathway] if change.pathway else "no pathway"
            return f"{change.by} decided: {_level(change.rag, change.level)}, {pathway}."
        case ChangeKind.SAFE_TO_WAIT:
            until = when(change.until, now) if change.until else "a time not given"
            return f"{change.by} said: safe to wait until {until}."
        case ChangeKind.REVIEW_DUE:
            until = when(change.until, now) if change.until else "today"
            return f"A manager looks again by {until}: {change.by} set the day, and nobody has yet."
        case ChangeKind.EMERGENCY_DUTY:
            return f"Handed to {change.by}, emergency duty team."
        case _:
            before, after = _level(change.rag_before, change.level_before), _level(change.rag, change.level)
            return f"The policy recommends {after}; before, {before}."


def _heard_words(change: Change, agency: str) -> str:
    match change.kind:
        case ChangeKind.CORRECTION:
            return f"{agency} corrected contact {change.reference}: version {change.version}."
        case ChangeKind.ANSWER:
            return f"{agency} answered: {ANSWERS[AnswerStatus(change.status or '')]}."
        case ChangeKind.GRADE:
            return f"{agency} graded: {grade_words(GradeStatus(change.status or ''), change.grade)}."
        case _:
            return f"New contact from {agency}: {change.reference}."


def _level(rag: Rag | None, level: int | None) -> str:
    return f"{RAGS[rag] if rag else 'no colour'}, {f'level {level}' if level else 'no level'}"


def questions_about(child: BoardChild, questions: Mapping[str, int]) -> int:
    """Return how many questions who somebody is wait about any contact that told of a child."""
    return sum(questions.get(reference, 0) for reference in child.references)
