"""Findings about the child's own voice, and about how worried the sender's agency is."""

from collections.abc import Iterator
from datetime import date

from services.intake.findings.dates import years_between
from services.intake.findings.saying import Moment, Said, say
from shared.schemas.children import ReferredChild, ReferredGrade, Voice
from shared.schemas.progress import Finding
from shared.schemas.words import GradeStatus

#: Until about this age a child tells by how it looks and behaves.
_SPEAKS_FROM_YEARS = 2


def voice(form: Said, moment: Moment) -> Iterator[Finding]:
    """Yield what is not known of each child's own view, and of the sender's grade."""
    for place, child in enumerate(form.children):
        at = f"children/{place}"
        if not _is_unborn(child, moment.today):
            yield from _heard(at, child, moment.today)
        if child.grade is None:
            yield say(f"{at}/grade", "no_grade", "How worried is your agency, 0 to 5?")
        else:
            yield from _grade(f"{at}/grade", child.grade)


def _is_unborn(child: ReferredChild, today: date) -> bool:
    if child.date_of_birth is not None:
        return child.date_of_birth > today
    return child.expected_date_of_birth is not None


def _heard(at: str, child: ReferredChild, today: date) -> Iterator[Finding]:
    said, born = child.voice, child.date_of_birth
    if said is None or not (said.views or said.not_obtained_reason):
        yield _not_heard(
            at, said, too_young=born is not None and years_between(born, today) < _SPEAKS_FROM_YEARS
        )
    if said is None:
        return
    if said.seen is None:
        yield say(f"{at}/voice/seen", "seen_unclear", "Has anyone seen the child about this?")
    elif said.seen:
        if said.seen_at is None:
            yield say(f"{at}/voice/seen_at", "seen_when", "When was the child last seen?")
        if said.seen_alone is None:
            yield say(f"{at}/voice/seen_alone", "seen_alone_unclear", "Was a parent or carer in the room?")


def _not_heard(at: str, said: Voice | None, *, too_young: bool) -> Finding:
    if too_young:
        return say(
            f"{at}/voice/views",
            "observation_asked",
            "Too young to say: what did you see of how the baby looks, moves and turns to its carers?",
        )
    if said is not None and said.seen is False:
        return say(f"{at}/voice/not_obtained_reason", "not_seen_no_reason", "Why was the child not seen?")
    return say(f"{at}/voice", "no_voice_of_child", "What did the child say or show, or why is it not known?")


def _grade(at: str, grade: ReferredGrade) -> Iterator[Finding]:
    if grade.status is None:
        yield say(
            f"{at}/status",
            "status_missing",
            "Say `graded`, `nothing_known` or `unable`: none of them is a 0.",
        )
    if grade.status is GradeStatus.GRADED and grade.grade is None:
        yield say(f"{at}/grade", "grade_missing", "How worried is your agency, 0 to 5?")
    if not (grade.rationale or "").strip():
        yield say(f"{at}/rationale", "no_rationale", "Why this grade and not another?")
