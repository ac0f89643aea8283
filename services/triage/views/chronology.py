"""Put what happened to a child into lines that a reader may see: pure, one kind of line after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from services.triage.models import (
    CaseChild,
    Contact,
    ContactVersion,
    Decision,
    Grade,
    InformationRequest,
    Recommendation,
)
from services.triage.sight import Sight, View
from services.triage.store.cases import Joined, WholeCase
from services.triage.views.requests import answer_words
from shared.codes import INDICATORS
from shared.schemas.chronology import ChronologyLine, LineKind, LineLink, Significance
from shared.schemas.words import AnswerStatus, GradeStatus

#: The code of what the hub itself holds.
HUB: Final = "hub"
_ORDER: Final = {kind: place for place, kind in enumerate(LineKind)}
_HIGH_GRADE, _HIGH_LEVEL = 4, 3
#: What is said after a decision of how it stood.
_AFTER: Final = {
    "decided": "",
    "interim": " In force until somebody has looked at a lower decision.",
} | dict.fromkeys(("pending", "approved", "refused", "overtaken"), " It waited for a second look.")
_ANSWERS: Final = {
    AnswerStatus.INFORMATION: "Answered with what it knows.",
    AnswerStatus.NOTHING_KNOWN: "Answered: nothing known.",
    AnswerStatus.NOTHING_RELEVANT: "Answered: the child is known, nothing relevant.",
    AnswerStatus.UNABLE: "Answered: could not check.",
    AnswerStatus.DECLINED: "Answered: declined to say.",
    AnswerStatus.RING_ME: "Answered: asks to be rung.",
}


@dataclass(frozen=True, slots=True)
class ChildHistory:
    """One child of one case with all that the hub has of it, and how it belongs to the child looked at."""

    child: CaseChild
    whole: WholeCase
    versions: Sequence[ContactVersion]
    recommendations: Sequence[Recommendation]
    link: LineLink
    #: Whether the reader may see grades and what follows from them.
    sees_grades: bool

    @property
    def contact(self) -> Contact | None:
        """The referral that named the child: of a case that others have joined, its own alone."""
        own = (one for one in self.whole.contacts if one.referral_id == self.child.referral_id)
        return next(own, None)


def order_of(line: ChronologyLine) -> tuple[Any, ...]:
    """Return the place of a line: by time, then by kind, then by its id."""
    return line.at, _ORDER[line.kind], line.line_id


def lines_of(history: ChildHistory, sight: Sight) -> list[ChronologyLine]:
    """Return all lines of one child of one case that `sight` shows, in no order."""
    lines = [*_contacts(history), *_corrections(history), *_questions(history), *_answers(history, sight)]
    if history.sees_grades:
        lines += [*_grades(history), *_recommendations(history)]
    if history.sees_grades or sight.view is View.ROUTED:
        lines += _decisions(history)
    return lines


def _line(history: ChildHistory, kind: LineKind, key: UUID | str, **said: Any) -> ChronologyLine:
    child, contact = history.child, history.contact
    is_high = said.pop("is_high", False)
    parts = {"agency_id": None, "reference": contact.reference if contact else None} | said
    return ChronologyLine(
        line_id=f"{kind}:{key}",
        kind=kind,
        source=HUB,
        significance=Significance.HIGH if is_high else Significance.NORMAL,
        case_id=child.case_id,
        child_id=child.child_id,
        given_name=child.given_name,
        family_name=child.family_name,
        link=history.link,
        **parts,
    )


def _contacts(history: ChildHistory) -> Iterator[ChronologyLine]:
    contact = history.contact
    if contact is not None:
        first = [concern for concern in history.child.concerns if concern.get("version", 1) == 1]
        danger = ["In danger now, says the sender."] if contact.immediate_danger else []
        yield _line(
            history,
            LineKind.CONTACT,
            contact.referral_id,
            at=contact.received_at,
            agency_id=contact.agency_id,
            reference=contact.reference,
            words=" ".join([_kind_of(contact), *danger, *_signs(first)]),
            said=_narratives(first),
            is_high=contact.immediate_danger or _is_grave(first),
        )


def _kind_of(contact: Contact) -> str:
    return "Enquiry." if contact.kind == "enquiry" else "Referral."


def _signs(concerns: Sequence[dict[str, Any]]) -> list[str]:
    named = (INDICATORS.get(concern["indicator"] or "") for concern in concerns)
    return list(dict.fromkeys(f"{sign.words.rstrip('.')}." for sign in named if sign))


def _is_grave(concerns: Sequence[dict[str, Any]]) -> bool:
    named = (INDICATORS.get(concern["indicator"] or "") for concern in concerns)
    return any(sign.level > _HIGH_LEVEL for sign in named if sign)


def _narratives(concerns: Sequence[dict[str, Any]]) -> str | None:
    return "\n\n".join(concern["narrative"] for concern in concerns if concern["narrative"]) or None


def _corrections(history: ChildHistory) -> Iterator[ChronologyLine]:
    contact = history.contact
    for sent in history.versions:
        if contact is None or sent.referral_id != contact.referral_id:
            continue
        concerns = history.child.concerns
        brought = [one for one in concerns if one.get("version") == sent.version]
        gone = [one for one in concerns if one.get("taken_back_in") == sent.version]
        taken_back = [f"No longer says: {words}" for words in _signs(gone)]
        yield _line(
            history,
            LineKind.CORRECTION,
            f"{sent.referral_id}:{sent.version}",
            at=sent.received_at,
            agency_id=contact.agency_id,
            reference=contact.reference,
            words=" ".join([f"The sender sent version {sent.version}.", *_signs(brought), *taken_back]),
            said=_narratives(brought),
            is_high=_is_grave(brought),
        )


def _questions(history: ChildHistory) -> Iterator[ChronologyLine]:
    for asked in _asked(history):
        yield _line(
            history,
            LineKind.QUESTION,
            asked.request_id,
            at=asked.asked_at,
            agency_id=asked.agency_id,
            words="Asked what it knows." if asked.answered_at else "Asked what it knows; not answered.",
            said=asked.reason,
        )


def _answers(history: ChildHistory, sight: Sight) -> Iterator[ChronologyLine]:
    for asked in _asked(history):
        if asked.answered_at is None or asked.status is None:
            continue
        own = sight.view is View.ALL or sight.agency_id == asked.agency_id
        reads = partial(sight.reads_answer, asked.agency_id)
        yield _line(
            history,
            LineKind.ANSWER,
            asked.request_id,
            at=asked.answered_at,
            agency_id=asked.agency_id,
            words=_ANSWERS[AnswerStatus(asked.status)],
            said=answer_words(asked, reads, with_adults=own),
        )


def _asked(history: ChildHistory) -> list[InformationRequest]:
    return [one for one in history.whole.requests if one.child_id == history.child.child_id]


def _grades(history: ChildHistory) -> Iterator[ChronologyLine]:
    for grade in history.whole.grades:
        if grade.child_id == history.child.child_id:
            yield _line(
                history,
                LineKind.GRADE,
                grade.grade_id,
                at=grade.graded_at,
                agency_id=grade.agency_id,
                words=_grade_words(grade),
                said=grade.rationale,
                is_high=grade.grade is not None and grade.grade >= _HIGH_GRADE,
            )


def _grade_words(grade: Grade) -> str:
    match GradeStatus(grade.status):
        case GradeStatus.GRADED:
            return f"Level of concern: {grade.grade} of 5."
        case GradeStatus.NOTHING_KNOWN:
            return "Level of concern: nothing known."
        case GradeStatus.UNABLE:
            return "Level of concern: unable to say."


def _recommendations(history: ChildHistory) -> Iterator[ChronologyLine]:
    """Yield what the policy recommended whenever it was not what it had recommended before."""
    before: tuple[Any, ...] | None = None
    for made in history.recommendations:
        now = (made.view["level"], made.view["pathway"], made.view["rag"])
        if made.child_id != history.child.child_id or now == before:
            continue
        before = now
        words = _course(*now) if now[0] else f"no level: a person must set it; {now[2]}"
        yield _line(
            history,
            LineKind.RECOMMENDATION,
            made.recommendation_id,
            at=made.made_at,
            words=f"The policy recommends {words}.",
            is_high=(now[0] or 0) > _HIGH_LEVEL,
        )


def _decisions(history: ChildHistory) -> Iterator[ChronologyLine]:
    for made in history.whole.decisions:
        # What never was in force is for those alone who see what agencies thought.
        if made.child_id == history.child.child_id and (made.in_force_from or history.sees_grades):
            words, said = f"Decided: {_course(made.level, made.pathway, made.rag)}.", made.rationale
            yield _decision(history, made, LineKind.DECISION, words + _AFTER[made.standing], said)
            if made.looked_at is not None and history.sees_grades:
                words = f"Second look at a decision: {made.standing.replace('refused', 'not approved')}."
                yield _decision(history, made, LineKind.SECOND_LOOK, words, made.look_reason)


def _decision(
    history: ChildHistory, made: Decision, kind: LineKind, words: str, said: str | None
) -> ChronologyLine:
    looked = kind is LineKind.SECOND_LOOK and made.looked_at
    again = " It replaces an earlier decision." if made.supersedes and not made.looked_at else ""
    return _line(
        history,
        kind,
        made.decision_id,
        at=looked or made.decided_at,
        words=words + again,
        said=said if history.sees_grades else None,
        is_high=made.level >= _HIGH_LEVEL,
    )


def joins_of(histories: Sequence[ChildHistory]) -> list[ChronologyLine]:
    """Return when referrals came to the cases of a child, or left them, each once; for deciders alone."""
    lines: dict[str, ChronologyLine] = {}
    for history in histories:
        for joined in history.whole.joins:
            for line in _join(history, joined):
                lines.setdefault(line.line_id, line)
    return list(lines.values())


def _join(history: ChildHistory, joined: Joined) -> Iterator[ChronologyLine]:
    join, reference = joined
    here = join.case_id == history.whole.case.case_id
    came, went = (
        ("this case", "it was a mistake, and it went back") if here else ("another case", "it came back")
    )
    said = {"reference": reference}
    yield _line(
        history,
        LineKind.JOIN,
        join.join_id,
        at=join.joined_at,
        words=f"Contact {reference} joined {came}.",
        said=join.reason,
        **said,
    )
    if join.undone_at is not None:
        yield _line(
            history,
            LineKind.JOIN_UNDONE,
            join.join_id,
            at=join.undone_at,
            words=f"Contact {reference} had joined {came}: {went}.",
            said=join.undone_reason,
            **said,
        )


def _course(level: int, pathway: str, rag: str) -> str:
    return f"level {level}, {pathway.replace('_', ' ')}, {rag}"
