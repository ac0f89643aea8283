"""What is kept beside a decision of what was known when it was made: pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from services.triage.errors.deciding import NotInTheFrame
from services.triage.evidence.discussed import Owed, is_same_day_owed
from services.triage.evidence.history import Decided
from services.triage.evidence.silence import WHEN_ASKED, waiting_for
from services.triage.models import CaseChild, Decision, Grade, InformationRequest
from services.triage.policy.facts import ChildFacts
from services.triage.second_look import Course, Known
from shared.schemas.decision_records import ChildStatus, DecisionRecord, FramePart, NotAnswered, RiskPartView
from shared.schemas.decisions import DecisionForm
from shared.schemas.ids import ChildId
from shared.schemas.words import Pathway, Rag

#: Plans of social care; help that a family takes up by itself is none of them.
_PLANS: Final = frozenset({"child_in_need", "child_protection"})
#: Kept in columns of their own.
_APART: Final = {"level", "pathway", "rag", "rationale", "different_decision_reason", "supersedes"} | {
    "proceed_now_reason"
}


def course_of(decided: Decision | DecisionForm) -> Course:
    """Return what was decided, apart from why and by whom."""
    return Course(decided.level, Pathway(decided.pathway), Rag(decided.rag))


def came_into_force(made: Iterable[Decision]) -> list[Decided]:
    """Return those of some decisions that came into force, each by when it did."""
    return [
        Decided(one.child_id, Pathway(one.pathway), one.in_force_from) for one in made if one.in_force_from
    ]


def record_of(form: DecisionForm, frame: Sequence[FramePart]) -> dict[str, Any]:
    """Return what a decision records, with the frame of its risk analysis as it is now.

    Raises:
        NotInTheFrame: a heading is not of the frame, or named twice.
    """
    record = form.model_dump(mode="json", exclude=_APART)
    record["risk_analysis"] = [part.model_dump(mode="json") for part in _in_frame(form, frame)]
    return record


def _in_frame(record: DecisionRecord, frame: Sequence[FramePart]) -> list[RiskPartView]:
    if not record.risk_analysis:
        return []
    keys = {part.key for part in frame}
    said: dict[str, str] = {}
    for place, part in enumerate(record.risk_analysis):
        if part.key not in keys or part.key in said:
            raise NotInTheFrame(place)
        said[part.key] = part.text
    return [RiskPartView(key=part.key, heading=part.heading, text=said.get(part.key)) for part in frame]


def known_of(
    group: Sequence[CaseChild],
    facts: ChildFacts,
    before: Iterable[Decision],
    form: DecisionForm,
    owed: Iterable[Owed],
) -> Known:
    """Return what is known of a child now, from all referrals about it and all decisions before.

    Args:
        group: all rows of the child.
        before: every decision about them, whether it was ever in force or not.
        owed: the discussions that are called for.
    """
    statuses = [form.child_status.model_dump() if form.child_status else None]
    statuses += [(made.record or {}).get("child_status") for made in before]
    statuses += [child.details.get("status") for child in group]
    return Known(
        facts=facts,
        contacts_12m=max(child.contacts_12m for child in group),
        seen=any(child.seen for child in group),
        had_plan=_is_known_of(facts) or any(_had_plan(status) for status in statuses if status),
        same_day_discussion_owed=is_same_day_owed(owed),
    )


def _is_known_of(facts: ChildFacts) -> bool:
    return facts.previous_plan is True or (facts.council is not None and facts.council.knows_child)


def _had_plan(status: Mapping[str, Any]) -> bool:
    return bool(status.get("looked_after") or status.get("previous_plan") or status.get("plan") in _PLANS)


def had_plan_before(made: Iterable[Decision], child_id: ChildId) -> bool:
    """Say whether decisions record that a child was on a plan, or in care, before its own contact.

    Args:
        made: of the child under all its ids. Of its own record only what was before counts: a plan that it
            is on now is none that ended.
    """
    for one in made:
        status = (one.record or {}).get("child_status") or {}
        if status.get("previous_plan") or (one.child_id != child_id and _had_plan(status)):
            return True
    return False


def not_answered(asked: Iterable[InformationRequest], graded: Iterable[Grade]) -> list[NotAnswered]:
    """Return who was asked about a child and has said nothing, each agency once for each sector."""
    spoke = {grade.agency_id for grade in graded if grade.given == WHEN_ASKED}
    silent = {
        (request.agency_id, request.sector): None
        for request in asked
        if request.answered_at is None and request.agency_id not in spoke
    }
    return [NotAnswered(agency_id=agency_id, sector=sector) for agency_id, sector in silent]


def count_core_answers(asked: Sequence[InformationRequest], graded: Sequence[Grade]) -> int:
    """Return how many core sectors were heard, whatever they said."""
    core = {request.sector for request in asked if request.sector}
    return len(core - {str(sector) for sector in waiting_for(asked, graded)})


def status_of(record: Mapping[str, Any]) -> ChildStatus | None:
    """Return a child's status as a decision recorded it."""
    status = record.get("child_status")
    return ChildStatus.model_validate(status) if status else None
