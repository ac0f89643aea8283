"""Put a case into the shape a reader may see; pure, nothing is asked of the database."""

from collections.abc import Sequence
from typing import Any

from services.triage.evidence import waiting_for
from services.triage.models import CaseChild, Contact, Decision, Grade, InformationRequest
from services.triage.sight import Sight, View
from services.triage.store.cases import WholeCase
from shared.codes import INDICATORS
from shared.schemas.cases import (
    AdultView,
    CaseChildLine,
    CaseChildView,
    CaseLine,
    CaseView,
    ConcernView,
    ContactView,
    DecisionView,
    GradeView,
    InformationRequestView,
)
from shared.schemas.policy import RecommendationView
from shared.schemas.words import AnswerStatus, ChildState, Handling, Pathway, Rag, Sector


def case_view(whole: WholeCase, sight: Sight) -> CaseView:
    """Return a case as `sight` shows it. Its version is withheld while any child of it is hidden in part."""
    children = [_child_view(whole, child, sight) for child in children_shown(whole, sight)]
    sees_all = all(child.grades is not None for child in children) and len(children) == len(whole.children)
    return CaseView(
        case_id=whole.case.case_id,
        version=whole.case.version if sees_all else None,
        opened_at=whole.case.opened_at,
        contacts=[_contact_view(contact) for contact in whole.contacts],
        children=children,
        adults=[_adult_view(adult) for contact in whole.contacts for adult in contact.adults],
    )


def case_line(whole: WholeCase, sight: Sight) -> CaseLine:
    """Return a case as one line of the work list, as `sight` shows it."""
    sees_all = sight.view is View.ALL
    asked = [request for request in whole.requests if request.agency_id == sight.agency_id]
    own_due = min((request.due_at for request in asked if request.answered_at is None), default=None)
    return CaseLine(
        case_id=whole.case.case_id,
        references=[contact.reference for contact in whole.contacts],
        agency_ids=[contact.agency_id for contact in whole.contacts],
        received_at=whole.case.received_at,
        rag=_worst(whole) if sees_all else None,
        due_at=whole.case.decide_by if sees_all else own_due,
        children=[_child_line(whole, child, sight) for child in children_shown(whole, sight)],
    )


def request_view(request: InformationRequest, *, with_words: bool = True) -> InformationRequestView:
    """Return a question and its answer; `with_words=False` leaves out what the answer says."""
    return InformationRequestView(
        request_id=request.request_id,
        case_id=request.case_id,
        child_id=request.child_id,
        agency_id=request.agency_id,
        sector=Sector(request.sector) if request.sector else None,
        reason=request.reason,
        asked_at=request.asked_at,
        due_at=request.due_at,
        answered_at=request.answered_at,
        status=AnswerStatus(request.status) if request.status else None,
        text=request.answer if with_words else None,
        handling=Handling(request.handling) if request.handling else None,
    )


def children_shown(whole: WholeCase, sight: Sight) -> list[CaseChild]:
    """Return the children of a case that `sight` shows at all, by the decision that stands for each."""
    standing = {decision.decision_id: decision for decision in whole.decisions}
    return [
        child
        for child in whole.children
        if sight.sees_child(
            routed_to_early_help=_routed(standing.get(child.decision_id) if child.decision_id else None)
        )
    ]


def _routed(decision: Decision | None) -> bool:
    return decision is not None and decision.pathway == Pathway.EARLY_HELP


def _worst(whole: WholeCase) -> Rag:
    waiting = [child for child in whole.children if child.state != ChildState.DECIDED]
    order = list(Rag)
    return min((Rag(child.rag) for child in waiting or whole.children), key=order.index, default=Rag.GREEN)


def _child_line(whole: WholeCase, child: CaseChild, sight: Sight) -> CaseChildLine:
    graded = [grade for grade in whole.grades if grade.child_id == child.child_id]
    sees = sight.sees_grades(own_grade_given=_graded_by(sight, graded))
    recommended = _recommendation(whole, child) if sees else None
    return CaseChildLine(
        child_id=child.child_id,
        given_name=child.given_name,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        state=ChildState(child.state),
        rag=Rag(child.rag) if sees else None,
        level=recommended.level if recommended else None,
        waiting_for=list(waiting_for(_asked(whole, child), graded)),
        decide_by=child.decide_by if sees else None,
    )


def _child_view(whole: WholeCase, child: CaseChild, sight: Sight) -> CaseChildView:
    graded = [grade for grade in whole.grades if grade.child_id == child.child_id]
    asked = _asked(whole, child)
    own_grade_given = _graded_by(sight, graded)
    sees = sight.sees_grades(own_grade_given=own_grade_given)
    own = [grade for grade in graded if grade.agency_id == sight.agency_id]
    return CaseChildView(
        child_id=child.child_id,
        state=ChildState(child.state),
        given_name=child.given_name,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        whereabouts=child.whereabouts,
        seen=child.seen,
        views=child.views,
        views_not_obtained_reason=child.views_not_obtained_reason,
        concerns=[_concern_view(concern) for concern in child.concerns],
        requests=[request_view(request, with_words=_words_shown(sight, request)) for request in asked],
        waiting_for=list(waiting_for(asked, graded)),
        grades=_grade_views(graded, asked) if sees else None,
        own_grade_given=bool(own),
        rag=Rag(child.rag) if sees else None,
        recommendation=_recommendation(whole, child) if sees else None,
        decisions=_decision_views(whole, child) if sees else None,
        decide_by=child.decide_by if sees else None,
    )


def _words_shown(sight: Sight, request: InformationRequest) -> bool:
    return sight.reads_answer(request.agency_id, Handling(request.handling) if request.handling else None)


def _graded_by(sight: Sight, graded: Sequence[Grade]) -> bool:
    return any(grade.agency_id == sight.agency_id for grade in graded)


def _asked(whole: WholeCase, child: CaseChild) -> list[InformationRequest]:
    return [request for request in whole.requests if request.child_id == child.child_id]


def _grade_views(graded: Sequence[Grade], asked: Sequence[InformationRequest]) -> list[GradeView]:
    sectors = {request.agency_id: Sector(request.sector) for request in asked if request.sector}
    newest = {grade.agency_id: grade.grade_id for grade in graded}
    return [
        GradeView(
            grade_id=grade.grade_id,
            agency_id=grade.agency_id,
            sector=sectors.get(grade.agency_id),
            status=grade.status,
            grade=grade.grade,
            rationale=grade.rationale,
            graded_by=grade.graded_by,
            graded_at=grade.graded_at,
            superseded=newest[grade.agency_id] != grade.grade_id,
        )
        for grade in graded
    ]


def _recommendation(whole: WholeCase, child: CaseChild) -> RecommendationView | None:
    found = whole.recommendations.get(child.recommendation_id) if child.recommendation_id else None
    return RecommendationView.model_validate(found.view) if found else None


def _decision_views(whole: WholeCase, child: CaseChild) -> list[DecisionView]:
    return [
        DecisionView(
            decision_id=made.decision_id,
            level=made.level,
            pathway=made.pathway,
            rag=made.rag,
            rationale=made.rationale,
            different_decision_reason=made.different_decision_reason,
            decided_by=made.decided_by,
            decided_at=made.decided_at,
            supersedes=made.supersedes,
            recommendation=RecommendationView.model_validate(
                whole.recommendations[made.recommendation_id].view
            ),
        )
        for made in whole.decisions
        if made.child_id == child.child_id
    ]


def _concern_view(concern: dict[str, str | None]) -> ConcernView:
    indicator = INDICATORS.get(concern["indicator"] or "")
    return ConcernView.model_validate({**concern, "indicator_words": indicator.words if indicator else None})


def _contact_view(contact: Contact) -> ContactView:
    return ContactView.model_validate(contact, from_attributes=True)


def _adult_view(adult: dict[str, Any]) -> AdultView:
    return AdultView.model_validate(
        {**adult, "relationships": [_tie_words(tie) for tie in adult["relationships"]]}
    )


def _tie_words(tie: dict[str, Any]) -> str:
    words = f"{tie['relationship']} of {tie['child']}"
    if tie.get("parental_responsibility"):
        words += ", has parental responsibility"
    return words + (", lives in the household" if tie.get("in_household") else "")
