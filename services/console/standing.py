"""How a child stands, from what the services said: what is urgent, what is missing, what is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.console import wording
from services.console.wording import Deadline
from shared.schemas.access import Agency
from shared.schemas.cases import CaseChildView, DecisionView, GradeView, InformationRequestView
from shared.schemas.ids import AgencyId
from shared.schemas.words import ChildState, Rag

Names = Mapping[AgencyId, Agency]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not known; `words` says what, `detail` since when or why it matters."""

    words: str
    detail: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """One child as the case page shows it.

    Attributes:
        rag: how fast; None when this reader may not see it.
        decision: the one that stands.
        unanswered: questions without an answer, each named.
        own: of those, the ones put to the reader's own agency.
        hidden: whether grades and all that rests on them are withheld until the reader's agency has graded.
    """

    child: CaseChildView
    name: str
    rag: Rag | None
    deadline: Deadline | None
    decision: DecisionView | None
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
    def highest(self) -> list[GradeView]:
        """The grades of 5 that stand: lowering one needs the view of the agency that gave it."""
        return [grade for grade in self.child.grades or () if grade.grade == 5 and not grade.superseded]


def agency_name(names: Names, agency_id: AgencyId) -> str:
    """Return an agency's name; access lists only those that are in the partnership now."""
    agency = names.get(agency_id)
    return agency.name if agency else "An agency whose name is not to hand"


def standing_decision(decisions: Sequence[DecisionView] | None) -> DecisionView | None:
    """Return the decision that no other has replaced."""
    replaced = {made.supersedes for made in decisions or ()}
    return next((made for made in reversed(decisions or ()) if made.decision_id not in replaced), None)


def stand(child: CaseChildView, names: Names, *, own_agency: AgencyId | None, now: datetime) -> Standing:
    """Return how a child stands for this reader at `now`."""
    unanswered = [request for request in child.requests if request.answered_at is None]
    decision = standing_decision(child.decisions)
    return Standing(
        child=child,
        name=wording.child_name(child),
        rag=_rag(child, decision),
        deadline=wording.deadline(child.decide_by, now) if child.decide_by else None,
        decision=decision,
        gaps=[*_silences(child, unanswered, names, now), *_unknowns(child)],
        unanswered=unanswered,
        answers=[request for request in child.requests if request.answered_at is not None],
        own=[request for request in unanswered if request.agency_id == own_agency],
        hidden=child.grades is None,
    )


def _rag(child: CaseChildView, decision: DecisionView | None) -> Rag | None:
    if decision is not None:
        return decision.rag
    return child.rag


def _silences(
    child: CaseChildView, unanswered: list[InformationRequestView], names: Names, now: datetime
) -> list[Gap]:
    gaps = [_silence(request, names, now) for request in unanswered]
    asked = {request.sector for request in child.requests}
    return gaps + [
        Gap(f"{wording.sectors_words([sector])} has not been asked", "Nothing is known from there.")
        for sector in child.waiting_for
        if sector not in asked
    ]


def _silence(request: InformationRequestView, names: Names, now: datetime) -> Gap:
    due = wording.deadline(request.due_at, now)
    sector = f" ({wording.SECTORS[request.sector].lower()})" if request.sector else ""
    return Gap(
        f"{agency_name(names, request.agency_id)}{sector} has not answered",
        f"Asked {wording.when(request.asked_at, now)}, answer due {due.by}: {due.left}.",
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
