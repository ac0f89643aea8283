"""How a child stands, from what the services said: what is urgent, what is missing, what is decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from services.console import wording
from services.console.wording import Deadline
from services.console.wording.asking import reminded_words, sources_words
from shared.schemas.access import Agency
from shared.schemas.asking import ChildAsking, InformationRequestView
from shared.schemas.cases import CaseChildView
from shared.schemas.decisions import DecisionView
from shared.schemas.grades import GradeView
from shared.schemas.ids import AgencyId, ChildId
from shared.schemas.words import ChildState, Rag

Names = Mapping[AgencyId, Agency]
Said = TypeVar("Said")


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not known; `words` says what, `detail` since when or why it matters."""

    words: str
    detail: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """One child as the case page shows it, whatever number of contacts told of it.

    Attributes:
        child: what is known of it, from every contact that told of it.
        rows: the child as each contact told of it, the first heard of first.
        rag: how fast; None when this reader may not see it.
        decision: the one that stands.
        pending: one that waits for a second look.
        unanswered: questions without an answer, each named.
        own: of those, the ones put to the reader's own agency.
        hidden: whether grades and all that rests on them are withheld until the reader's agency has graded.
    """

    child: CaseChildView
    rows: Sequence[CaseChildView]
    name: str
    rag: Rag | None
    deadline: Deadline | None
    decision: DecisionView | None
    pending: DecisionView | None
    gaps: list[Gap]
    unanswered: list[InformationRequestView]
    answers: list[InformationRequestView]
    own: list[InformationRequestView]
    hidden: bool

    @property
    def decided(self) -> bool:
        """Whether a decision stands."""
        return self.child.state is ChildState.DECIDED

    @property
    def decisions(self) -> list[tuple[DecisionView, list[CaseChildView], bool]]:
        """Every decision once, newest first, with the rows it was made for and whether it was replaced."""
        found: dict[tuple[object, ...], tuple[DecisionView, list[CaseChildView], bool]] = {}
        for row in self.rows:
            stands = standing_decision(row.decisions)
            for made in row.decisions or ():
                key = (made.decided_at, made.decided_by, made.level, made.pathway, made.rag, made.rationale)
                first, rows, past = found.get(key, (made, [], True))
                is_past = stands is not None and made.decision_id != stands.decision_id
                found[key] = (first, [*rows, row], past and is_past)
        return sorted(found.values(), key=lambda each: each[0].decided_at, reverse=True)

    @property
    def other_names(self) -> list[str]:
        """What other contacts call it."""
        names = dict.fromkeys(wording.child_name(row) for row in self.rows)
        return [name for name in names if name != self.name]

    @property
    def to_grade(self) -> CaseChildView:
        """The row that the reader's agency grades next: the newest that it has not."""
        waiting = [row for row in self.rows if not row.own_grade_given]
        return (waiting or list(self.rows))[-1]

    @property
    def highest(self) -> list[GradeView]:
        """The grades of 5 that stand: lowering one needs the view of the agency that gave it."""
        return [grade for grade in self.child.grades or () if grade.grade == 5 and not grade.superseded]


def agency_name(names: Names, agency_id: AgencyId) -> str:
    """Return an agency's name; access lists only those that are in the partnership now."""
    agency = names.get(agency_id)
    return agency.name if agency else "An agency whose name is not to hand"


def standing_decision(decisions: Sequence[DecisionView] | None) -> DecisionView | None:
    """Return the decision that no other has replaced, of those that came into force."""
    if any(made.in_force is not None for made in decisions or ()):
        return next((made for made in decisions or () if made.in_force), None)
    replaced = {made.supersedes for made in decisions or ()}
    return next((made for made in reversed(decisions or ()) if made.decision_id not in replaced), None)


def stand(
    rows: Sequence[CaseChildView], names: Names, *, own_agency: AgencyId | None, now: datetime
) -> Standing:
    """Return how a child stands for this reader at `now`, from each contact that told of it."""
    child = as_one(rows)
    unanswered = [request for request in child.requests if request.answered_at is None]
    decision = standing_decision(rows[0].decisions)
    return Standing(
        child=child,
        rows=rows,
        name=wording.child_name(child),
        rag=_rag(child, decision),
        deadline=wording.deadline(child.decide_by, now) if child.decide_by else None,
        decision=decision,
        pending=next((made for made in rows[0].decisions or () if made.standing == "pending"), None),
        gaps=[*_silences(child, unanswered, names, now), *_unknowns(child)],
        unanswered=unanswered,
        answers=[request for request in child.requests if request.answered_at is not None],
        own=[request for request in unanswered if request.agency_id == own_agency],
        hidden=child.grades is None,
    )


def same_children(children: Sequence[CaseChildView]) -> list[list[CaseChildView]]:
    """Return a case's children with whatever else was told of each; the first heard of speaks for them."""
    found: dict[ChildId, list[CaseChildView]] = {}
    for child in sorted(children, key=lambda each: each.same_child_as is not None):
        found.setdefault(child.same_child_as or child.child_id, []).append(child)
    return list(found.values())


def as_one(rows: Sequence[CaseChildView]) -> CaseChildView:
    """Return a child as all contacts together tell of it: the most urgent and the soonest speak."""
    first = rows[0]
    if len(rows) == 1:
        return first
    waiting = [row for row in rows if row.state is not ChildState.DECIDED]
    speaks = max(waiting or rows, key=lambda row: _urgency(row.rag))
    due = [row.decide_by for row in waiting if row.decide_by]
    grades = sorted((grade for row in rows for grade in row.grades or ()), key=lambda grade: grade.graded_at)
    return first.model_copy(
        update={
            "state": waiting[0].state if waiting else ChildState.DECIDED,
            "whereabouts": _newest(row.whereabouts for row in rows),
            "seen": _newest(row.seen for row in rows),
            "views": _newest(row.views for row in rows),
            "requests": [request for row in rows for request in row.requests],
            "waiting_for": list(dict.fromkeys(sector for row in rows for sector in row.waiting_for)),
            "regrade_invited": any(row.regrade_invited for row in rows),
            "asking": _asking_as_one(rows),
            "grades": None if any(row.grades is None for row in rows) else grades,
            "own_grade_given": all(row.own_grade_given for row in rows),
            "rag": speaks.rag,
            "recommendation": speaks.recommendation,
            "decide_by": min(due, default=None),
            "changed_since_decision": any(row.changed_since_decision for row in rows),
            "reopened": next((row.reopened for row in rows if row.reopened), None),
        }
    )


def _asking_as_one(rows: Sequence[CaseChildView]) -> ChildAsking:
    refusals = [row.asking.refusals for row in rows if row.asking.refusals is not None]
    return ChildAsking(
        silent_words=list(dict.fromkeys(words for row in rows for words in row.asking.silent_words)),
        sources_open=list({each.sector: each for row in rows for each in row.asking.sources_open}.values()),
        waits_for_basis=any(row.asking.waits_for_basis for row in rows),
        regrade_because=list(dict.fromkeys(words for row in rows for words in row.asking.regrade_because)),
        refusals=max(refusals, default=None),
        section_17_review=any(row.asking.section_17_review for row in rows),
    )


def _newest(said: Iterable[Said | None]) -> Said | None:
    """Return what was said last; a later silence takes nothing back."""
    return next((each for each in reversed(list(said)) if each not in (None, "")), None)


def _urgency(rag: Rag | None) -> int:
    return -list(Rag).index(rag) if rag else -len(Rag)


def _rag(child: CaseChildView, decision: DecisionView | None) -> Rag | None:
    if decision is not None and child.state is ChildState.DECIDED:
        return decision.rag
    return child.rag


def _silences(
    child: CaseChildView, unanswered: list[InformationRequestView], names: Names, now: datetime
) -> list[Gap]:
    by_agency: dict[AgencyId, list[InformationRequestView]] = {}
    for request in unanswered:
        by_agency.setdefault(request.agency_id, []).append(request)
    gaps = [_silence(each, names, now) for each in by_agency.values()]
    asked = {request.sector for request in child.requests}
    gaps += [
        Gap(f"{wording.sectors_words([sector])} has not been asked", "Nothing is known from there.")
        for sector in child.waiting_for
        if sector not in asked
    ]
    return gaps + [
        Gap(
            f"{wording.sectors_words([one.sector])} has not looked in: {sources_words(one.sources)}",
            "One source is not all of them.",
        )
        for one in child.asking.sources_open
        if one.sector not in {request.sector for request in unanswered}
    ]


def _silence(requests: Sequence[InformationRequestView], names: Names, now: datetime) -> Gap:
    """Return what an agency has not answered, by its soonest due time, however often it was asked."""
    request = min(requests, key=lambda each: each.due_at)
    times = f"Asked {len(requests)} times, first" if len(requests) > 1 else "Asked"
    due = wording.deadline(request.due_at, now)
    sector = f" ({wording.SECTORS[request.sector].lower()})" if request.sector else ""
    since = wording.when(min(each.asked_at for each in requests), now)
    reminded = max(requests, key=lambda each: each.reminders)
    words = [f"{times} {since}, answer due {due.by}: {due.left}.", reminded_words(reminded)]
    return Gap(
        f"{agency_name(names, request.agency_id)}{sector} has not answered",
        " ".join(filter(None, words)) + ("." if words[1] else ""),
        due.overdue,
    )


def _unknowns(child: CaseChildView) -> list[Gap]:
    gaps = []
    if child.seen is None:
        gaps.append(Gap("Nobody has said whether the child has been seen", ""))
    elif not child.seen:
        gaps.append(Gap("The child has not been seen", ""))
    if not (child.views or "").strip():
        gaps.append(
            Gap("The child's own words or behaviour are not recorded", child.views_not_obtained_reason or "")
        )
    if not (child.whereabouts or "").strip():
        gaps.append(Gap("Where the child is now is not known", ""))
    return gaps
