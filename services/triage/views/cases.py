"""Put a case into the shape a reader may see; pure, nothing is asked of the database."""

from collections.abc import Collection, Sequence

from services.triage.evidence.facts import awaits_decision
from services.triage.evidence.regrading import regrade_because
from services.triage.evidence.silence import silent_words, unheard_shortly, waiting_for
from services.triage.models import CaseChild, Contact, Decision, InformationRequest
from services.triage.sight import Sight, View
from services.triage.store.cases import WholeCase
from services.triage.views.asking import child_asking, grade_views
from services.triage.views.decisions import (
    decision_views,
    reopened_view,
    second_look_of,
)
from services.triage.views.joins import join_view
from services.triage.views.referrals import adult_view, child_details, concern_view, contact_view
from services.triage.views.requests import People, request_view
from shared.schemas.asking import InformationRequestView
from shared.schemas.case_details import TakenBack
from shared.schemas.cases import CaseChildLine, CaseChildView, CaseLine, CaseView
from shared.schemas.ids import ChildId, ReferralId
from shared.schemas.joining import JoinView
from shared.schemas.policy import RecommendationView
from shared.schemas.words import ChildState, Pathway, Rag
from shared.schemas.words_deciding import Depth


def case_view(whole: WholeCase, sight: Sight) -> CaseView:
    """Return a case as `sight` shows it. Its version is withheld while any child of it is hidden in part."""
    shown = children_shown(whole, sight)
    contacts = contacts_shown(whole, shown, sight)
    named = {contact.referral_id for contact in contacts}
    children = [_child_view(whole, child, sight, named) for child in shown]
    sees_all = all(child.grades is not None for child in children) and len(children) == len(whole.children)
    return CaseView(
        case_id=whole.case.case_id,
        version=whole.case.version if sees_all else None,
        opened_at=whole.case.opened_at,
        contacts=[contact_view(contact, sight) for contact in contacts],
        children=children,
        adults=[
            adult_view(adult, contact, place, sight)
            for contact in contacts
            for place, adult in enumerate(contact.adults)
        ],
        joins=_joins(whole) if sight.view is View.ALL else [],
        joined_into=whole.joined_into,
    )


def _joins(whole: WholeCase) -> list[JoinView]:
    return [join_view(one) for one in whole.joins if one.join.case_id == whole.case.case_id]


def case_line(whole: WholeCase, sight: Sight) -> CaseLine:
    """Return a case as one line of the work list, as `sight` shows it."""
    sees_all = sight.view is View.ALL
    shown = children_shown(whole, sight)
    contacts = contacts_shown(whole, shown, sight)
    asked = [request for request in whole.requests if request.agency_id == sight.agency_id]
    own_due = min((request.due_at for request in asked if request.answered_at is None), default=None)
    return CaseLine(
        case_id=whole.case.case_id,
        references=[contact.reference for contact in contacts],
        agency_ids=[contact.agency_id for contact in contacts],
        received_at=min((one.received_at for one in contacts), default=whole.case.received_at),
        rag=_worst(whole) if sees_all else None,
        due_at=whole.case.decide_by if sees_all else own_due,
        children=[_child_line(whole, child, sight) for child in _speaking(shown, sight)],
    )


def _speaking(shown: Sequence[CaseChild], sight: Sight) -> list[CaseChild]:
    """Return for deciders one of those who are one child: the one that has to be decided first.

    Which of them that is tells its colour, so everyone else is shown all of them.
    """
    if sight.view is not View.ALL:
        return list(shown)
    groups: dict[ChildId, list[CaseChild]] = {}
    for child in shown:
        groups.setdefault(child.same_child_as or child.child_id, []).append(child)
    return [
        min(group, key=lambda child: (not awaits_decision(child), child.decide_by))
        for group in groups.values()
    ]


def children_shown(whole: WholeCase, sight: Sight) -> list[CaseChild]:
    """Return the children of a case that `sight` shows at all.

    Early help sees those who stand decided for it. An agency sees those of the referrals that it sent, or
    was asked about: a join shows it nothing of another.
    """
    if sight.view is View.ASKED:
        own = referrals_of(whole, sight)
        return [child for child in whole.children if child.referral_id in own]
    standing = {decision.decision_id: decision for decision in whole.decisions}
    return [
        child
        for child in whole.children
        if sight.sees_child(
            routed_to_early_help=_routed(standing.get(child.decision_id) if child.decision_id else None)
        )
    ]


def referrals_of(whole: WholeCase, sight: Sight) -> set[ReferralId]:
    """Return the referrals of a case in which the reader's agency has a part: it sent them or was asked."""
    asked = {request.child_id for request in whole.requests if request.agency_id == sight.agency_id}
    sent = {contact.referral_id for contact in whole.contacts if contact.agency_id == sight.agency_id}
    return sent | {child.referral_id for child in whole.children if child.child_id in asked}


def contacts_shown(whole: WholeCase, shown: Sequence[CaseChild], sight: Sight) -> list[Contact]:
    """Return the referrals that `sight` shows: all to deciders, to others those of the children shown."""
    theirs = {child.referral_id for child in shown}
    return [one for one in whole.contacts if sight.view is View.ALL or one.referral_id in theirs]


def sees_grades(whole: WholeCase, child: CaseChild, sight: Sight) -> bool:
    """Say whether grades of a child, and what follows from them, are shown.

    What is recommended for those who are one child is made from the grades of all. An agency is blind to it
    until it has graded the child under every referral in which it has a part.
    """
    first = child.same_child_as or child.child_id
    group = [one for one in children_shown(whole, sight) if (one.same_child_as or one.child_id) == first]
    graded = {grade.child_id for grade in whole.grades if grade.agency_id == sight.agency_id}
    own = bool(group) and all(one.child_id in graded for one in group)
    return sight.sees_grades(own_grade_given=own)


def _routed(decision: Decision | None) -> bool:
    return decision is not None and decision.pathway == Pathway.EARLY_HELP


def _worst(whole: WholeCase) -> Rag:
    waiting = [child for child in whole.children if awaits_decision(child)]
    order = list(Rag)
    return min((Rag(child.rag) for child in waiting or whole.children), key=order.index, default=Rag.GREEN)


def _child_line(whole: WholeCase, child: CaseChild, sight: Sight) -> CaseChildLine:
    graded = [grade for grade in whole.grades if grade.child_id == child.child_id]
    sees, sees_all = sees_grades(whole, child, sight), sight.view is View.ALL
    recommended = _recommendation(whole, child) if sees else None
    waits, look_by = second_look_of(whole, child)
    return CaseChildLine(
        child_id=child.child_id,
        given_name=child.given_name,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        state=ChildState(child.state),
        rag=Rag(child.rag) if sees else None,
        level=recommended.level if recommended else None,
        waiting_for=list(waiting_for(_asked(whole, child), graded, child.prepared)),
        silent_words=silent_words(_asked(whole, child), graded, child.prepared if sees_all else None),
        waiting_words=unheard_shortly(_asked(whole, child), graded, child.prepared),
        decide_by=child.decide_by if sees else None,
        changed_since_decision=sees and child.changed_at is not None,
        reopened=reopened_view(child) if sees else None,
        waits_for_second_look=sees and waits,
        second_look_by=look_by if sees else None,
        depth=Depth(child.depth) if sees else None,
    )


def _child_view(
    whole: WholeCase, child: CaseChild, sight: Sight, named_in: Collection[ReferralId]
) -> CaseChildView:
    graded = [grade for grade in whole.grades if grade.child_id == child.child_id]
    asked = _asked(whole, child)
    sees = sees_grades(whole, child, sight)
    own = [grade for grade in graded if grade.agency_id == sight.agency_id]
    invited = regrade_because(graded, sight.agency_id) if sees and sight.view is View.ASKED else []
    return CaseChildView(
        child_id=child.child_id,
        referral_id=child.referral_id,
        same_child_as=_same_child_as(whole, child, sight),
        state=ChildState(child.state),
        given_name=child.given_name,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        whereabouts=child.whereabouts,
        seen=child.seen,
        views=child.views,
        views_not_obtained_reason=child.views_not_obtained_reason,
        concerns=[concern_view(concern) for concern in child.concerns],
        requests=[_request_view(whole, request, sight, named_in) for request in asked],
        waiting_for=list(waiting_for(asked, graded, child.prepared)),
        grades=grade_views(graded, asked) if sees else None,
        own_grade_given=bool(own),
        regrade_invited=bool(invited),
        asking=child_asking(child, asked, graded, invited, sees_all=sight.view is View.ALL),
        rag=Rag(child.rag) if sees else None,
        recommendation=_recommendation(whole, child) if sees else None,
        decisions=decision_views(whole, child) if sees else None,
        decide_by=child.decide_by if sees else None,
        changed_since_decision=sees and child.changed_at is not None,
        reopened=reopened_view(child) if sees else None,
        depth=Depth(child.depth) if sees else None,
        left_out_in=child.left_out_in,
        taken_back=_taken_back(child, sight),
        details=child_details(child, sight),
    )


def _taken_back(child: CaseChild, sight: Sight) -> list[TakenBack]:
    entries = child.taken_back if sight.sees_whole_referral else []
    return [TakenBack.model_validate(entry) for entry in entries]


def _request_view(
    whole: WholeCase, request: InformationRequest, sight: Sight, named_in: Collection[ReferralId]
) -> InformationRequestView:
    """Return a question; of adults whom a contact of another agency's names, only who was asked knows."""
    owner = request.agency_id
    is_own = owner == sight.agency_id
    return request_view(
        request,
        reads=lambda handling: sight.reads_answer(owner, handling),
        named_in=None if is_own or sight.view is View.ALL else named_in,
        people=_people(whole) if is_own else None,
    )


def _people(whole: WholeCase) -> People:
    return People(
        {child.child_id: child for child in whole.children},
        {contact.referral_id: contact for contact in whole.contacts},
    )


def _same_child_as(whole: WholeCase, child: CaseChild, sight: Sight) -> ChildId | None:
    """Return which other child of the case it is, where the reader is shown that one."""
    shown = {one.child_id for one in children_shown(whole, sight)}
    return child.same_child_as if child.same_child_as in shown else None


def _asked(whole: WholeCase, child: CaseChild) -> list[InformationRequest]:
    return [request for request in whole.requests if request.child_id == child.child_id]


def _recommendation(whole: WholeCase, child: CaseChild) -> RecommendationView | None:
    found = whole.recommendations.get(child.recommendation_id) if child.recommendation_id else None
    return RecommendationView.model_validate(found.view) if found else None
