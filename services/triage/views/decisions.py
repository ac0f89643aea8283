"""Put decisions and who answers for a child into the shape a reader may see; pure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.triage.evidence.decided import status_of
from services.triage.models import CaseChild, Decision
from services.triage.policy.document import PolicyDocument
from services.triage.policy.scale import least_of
from services.triage.second_look import Course, misfit_of
from services.triage.store.cases import WholeCase
from services.triage.views.policy_words import PATHWAY_WORDS
from shared.schemas.cases import CaseView
from shared.schemas.decision_records import Consulted, FamilyTold, NotAnswered, RiskPartView
from shared.schemas.decisions import Accountable, DecisionView, DecisionWarning, Reopened, SecondLookView
from shared.schemas.policy import RecommendationView
from shared.schemas.words_deciding import Accountability, DecisionStanding, Misfit, SecondLook


def decision_views(whole: WholeCase, child: CaseChild) -> list[DecisionView]:
    """Return every decision about a child, oldest first, those that never were in force included."""
    return [_view(whole, child, made) for made in _of(whole, child)]


def second_look_of(whole: WholeCase, child: CaseChild) -> tuple[bool, datetime | None]:
    """Say whether a decision about a child waits for a second person, and by when one looks."""
    waiting = [made for made in _of(whole, child) if made.standing == DecisionStanding.PENDING]
    return bool(waiting), waiting[0].look_by if waiting else None


def with_accountable(view: CaseView, whole: WholeCase, duty_manager: str) -> CaseView:
    """Return a case with who answers for each child now, where the reader sees decisions."""
    rows = {child.child_id: child for child in whole.children}
    children = [
        child
        if child.decisions is None
        else child.model_copy(update={"accountable": _accountable(whole, rows[child.child_id], duty_manager)})
        for child in view.children
    ]
    return view.model_copy(update={"children": children})


def _accountable(whole: WholeCase, child: CaseChild, duty_manager: str) -> Accountable:
    in_force = next((made for made in _of(whole, child) if made.decision_id == child.decision_id), None)
    contact = next(one for one in whole.contacts if one.referral_id == child.referral_id)
    return accountable_for(in_force, duty_manager, since=contact.received_at)


def accountable_for(in_force: Decision | None, duty_manager: str, *, since: datetime) -> Accountable:
    """Return who answers for a child: who put in force what stands, and before that the manager on duty.

    Args:
        in_force: the decision that stands.
        since: when the hub took the child on.
    """
    if in_force is None:
        return Accountable(name=duty_manager, what=Accountability.DUTY_MANAGER, since=since)
    if in_force.looked_by is not None and in_force.looked_at is not None:
        return Accountable(name=in_force.looked_by, what=Accountability.APPROVER, since=in_force.looked_at)
    return Accountable(name=in_force.decided_by, what=Accountability.DECIDER, since=in_force.decided_at)


def reopened_view(child: CaseChild) -> Reopened | None:
    """Return what was heard after the decision and brought a child back."""
    return Reopened.model_validate(child.reopened_because) if child.reopened_because else None


def _of(whole: WholeCase, child: CaseChild) -> Sequence[Decision]:
    return [made for made in whole.decisions if made.child_id == child.child_id]


def _view(whole: WholeCase, child: CaseChild, made: Decision) -> DecisionView:
    record = made.record or {}
    return DecisionView(
        decision_id=made.decision_id,
        level=made.level,
        pathway=made.pathway,
        rag=made.rag,
        rationale=made.rationale,
        different_decision_reason=made.different_decision_reason,
        decided_by=made.decided_by,
        decided_at=made.decided_at,
        supersedes=made.supersedes,
        recommendation=_recommendation(whole, made.recommendation_id),
        recommendation_before=(
            _recommendation(whole, made.first_recommendation_id) if made.first_recommendation_id else None
        ),
        standing=DecisionStanding(made.standing),
        in_force=made.decision_id == child.decision_id,
        second_look_because=[SecondLook(reason) for reason in made.second_look_because],
        warnings=[DecisionWarning.model_validate(one) for one in record.get("warnings") or ()],
        look_by=made.look_by,
        second_look=_second_look(made),
        risk_analysis=[RiskPartView.model_validate(part) for part in record.get("risk_analysis") or ()],
        child_voice=record.get("child_voice"),
        identity=record.get("identity"),
        child_status=status_of(record),
        consulted=[Consulted.model_validate(one) for one in record.get("consulted") or ()],
        family_told=[FamilyTold.model_validate(one) for one in record.get("family_told") or ()],
        proceed_now_reason=made.proceed_now_reason,
        unanswered=(
            None if made.unanswered is None else [NotAnswered.model_validate(one) for one in made.unanswered]
        ),
        depth=made.depth,
    )


def warnings_of(
    decided: Course, recommended: RecommendationView, policy: PolicyDocument
) -> list[DecisionWarning]:
    """Return what a decider is told where level and pathway do not belong together by a policy."""
    misfit = misfit_of(decided, recommended, policy.steps)
    if misfit is None:
        return []
    pathway = PATHWAY_WORDS[decided.pathway].capitalize()
    if misfit is Misfit.PATHWAY_ABOVE_LEVEL:
        words = f"{pathway} belongs to a higher level than {decided.level}, by the policy in force."
    else:
        least = PATHWAY_WORDS[least_of(policy.steps, decided.level)]
        words = f"{pathway} is less than level {decided.level} calls for, by the policy in force: {least}."
    return [DecisionWarning(pointer="#/pathway", code=misfit, detail=words)]


def _second_look(made: Decision) -> SecondLookView | None:
    if made.looked_at is None or made.looked_by is None or made.look_reason is None:
        return None
    return SecondLookView(
        approved=made.standing == DecisionStanding.APPROVED,
        reason=made.look_reason,
        looked_by=made.looked_by,
        looked_at=made.looked_at,
    )


def _recommendation(whole: WholeCase, recommendation_id: UUID) -> RecommendationView:
    return RecommendationView.model_validate(whole.recommendations[recommendation_id].view)
