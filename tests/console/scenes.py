"""Invented children, cases and people: what the services would say of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.schemas.access import Agency, StaffMember
from shared.schemas.asking import InformationRequestView
from shared.schemas.case_details import AdultView, ConcernView
from shared.schemas.cases import CaseChildView, CaseView, ContactView
from shared.schemas.decisions import DecisionView
from shared.schemas.grades import GradeView
from shared.schemas.policy import FiredRule, RecommendationView
from shared.schemas.words import GradeStatus, Handling, Pathway, Rag, Role, Sector

#: 10:55am on Monday 23 November 2026, in London and in UTC.
NOW = datetime(2026, 11, 23, 10, 55, tzinfo=UTC)

REFERENCE = "SH-7K3QX9MA-9"


def an_id(number: int) -> Any:
    """Return the id that stands for `number` in every scene."""
    return UUID(int=(0x0198_0000_0000_7000_8000_0000_0000_0000) + number)


POLICE, TRUST, SCHOOL, COUNCIL = an_id(1), an_id(2), an_id(3), an_id(4)
AGENCIES = [
    Agency(agency_id=POLICE, name="Northshire Police", sector=Sector.POLICE),
    Agency(agency_id=TRUST, name="Northshire Children's Health Trust", sector=Sector.HEALTH),
    Agency(agency_id=SCHOOL, name="Little Wick Primary School", sector=Sector.EDUCATION),
    Agency(agency_id=COUNCIL, name="Northshire Council", sector=Sector.SOCIAL_CARE),
]

CASE, OTHER_CASE = an_id(100), an_id(101)
MAISIE, ALFIE, UNBORN = an_id(200), an_id(201), an_id(202)
TO_TRUST, TO_SCHOOL, TO_POLICE = an_id(300), an_id(301), an_id(302)

PRIYA = StaffMember(
    staff_id=an_id(900),
    username="priya.shah",
    name="Priya Shah",
    roles=[Role.DECISION_MAKER],
    agency_id=COUNCIL,
    agency_name="Northshire Council",
)
NIA = StaffMember(
    staff_id=an_id(901),
    username="nia.morgan",
    name="Nia Morgan",
    roles=[Role.AGENCY_REPRESENTATIVE],
    agency_id=TRUST,
    agency_name="Northshire Children's Health Trust",
)

MARGE = PRIYA.model_copy(
    update={"username": "marge.hill", "name": "Marge Hill", "roles": [Role.MANAGER], "staff_id": an_id(902)}
)
OMAR = StaffMember(
    staff_id=an_id(903),
    username="omar.hill",
    name="Omar Hill",
    roles=[Role.AGENCY_REPRESENTATIVE],
    agency_id=POLICE,
    agency_name="Northshire Police",
)


def a_recommendation(**given: Any) -> RecommendationView:
    """Return what the policy says: level 3, child in need, amber, provisional; changed by what is given."""
    return RecommendationView(
        **{
            "policy_version": "hub-2026-1",
            "level": 3,
            "pathway": Pathway.CHILD_IN_NEED,
            "rag": Rag.AMBER,
            "fired": [
                FiredRule(
                    rule_id="domestic-abuse-child-present",
                    words="A child was there when an adult was abused at home.",
                    source="Hub default policy 2026, section 3; catalogue TI078",
                    level=3,
                )
            ],
            "missing": ["Health: asked, not answered."],
            "provisional": True,
            "needs_person": False,
        }
        | given
    )


def a_grade(**given: Any) -> GradeView:
    """Return a grade of 3 by the police; changed by what is given."""
    return GradeView(
        **{
            "grade_id": an_id(400),
            "agency_id": POLICE,
            "sector": Sector.POLICE,
            "status": GradeStatus.GRADED,
            "grade": 3,
            "rationale": "Third call in six weeks; child present each time.",
            "graded_by": "PC J Okafor",
            "graded_at": NOW - timedelta(minutes=40),
            "superseded": False,
        }
        | given
    )


def a_request(**given: Any) -> InformationRequestView:
    """Return a question to the health trust about Maisie, not answered yet; changed by what is given."""
    return InformationRequestView(
        **{
            "request_id": TO_TRUST,
            "case_id": CASE,
            "child_id": MAISIE,
            "agency_id": TRUST,
            "sector": Sector.HEALTH,
            "reason": "Is the family known to health visiting or the emergency department?",
            "asked_at": NOW - timedelta(minutes=43),
            "due_at": NOW + timedelta(hours=1),
            "answered_at": None,
            "status": None,
            "text": None,
            "handling": None,
        }
        | given
    )


def an_answer(**given: Any) -> InformationRequestView:
    """Return the school's answered question about Maisie; changed by what is given."""
    return a_request(
        **{
            "request_id": TO_SCHOOL,
            "agency_id": SCHOOL,
            "sector": Sector.EDUCATION,
            "answered_at": NOW - timedelta(minutes=5),
            "status": "information",
            "text": "Late on eleven mornings this term. Says little about home.",
            "handling": Handling.HUB_ONLY,
        }
        | given
    )


def a_decision(**given: Any) -> DecisionView:
    """Return Priya Shah's decision; changed by what is given."""
    return DecisionView(
        **{
            "decision_id": an_id(500),
            "level": 3,
            "pathway": Pathway.CHILD_IN_NEED,
            "rag": Rag.AMBER,
            "rationale": "Violence three times in six weeks, nobody else to turn to.",
            "different_decision_reason": None,
            "decided_by": "Priya Shah",
            "decided_at": NOW,
            "supersedes": None,
            "recommendation": a_recommendation(),
        }
        | given
    )


def a_child(**given: Any) -> CaseChildView:
    """Return Maisie, seven, graded by the police, health still silent; changed by what is given."""
    return CaseChildView(
        **{
            "child_id": MAISIE,
            "referral_id": an_id(600),
            "state": "gathering",
            "given_name": "Maisie",
            "family_name": "Example",
            "date_of_birth": date(2019, 4, 2),
            "expected_date_of_birth": None,
            "whereabouts": "At home with mother.",
            "seen": True,
            "views": "Hid upstairs when the shouting began.",
            "views_not_obtained_reason": None,
            "concerns": [
                ConcernView(
                    indicator="domestic_abuse.child_present",
                    indicator_words="A child was there when an adult was abused at home",
                    narrative="Officers attended at 22:40.\nMother had a cut lip; Maisie on the stairs.",
                    occurred_at=NOW - timedelta(hours=12),
                )
            ],
            "requests": [a_request(), an_answer()],
            "waiting_for": [Sector.HEALTH],
            "grades": [a_grade()],
            "own_grade_given": False,
            "rag": Rag.AMBER,
            "recommendation": a_recommendation(),
            "decisions": [],
            "decide_by": NOW + timedelta(hours=3, minutes=10),
        }
        | given
    )


def a_blind_child(**given: Any) -> CaseChildView:
    """Return Maisie as an agency sees her before it has graded: what would colour its view is absent."""
    hidden = {"grades": None, "rag": None, "recommendation": None, "decisions": None, "decide_by": None}
    return a_child(**hidden | given)


def an_unborn_sibling(**given: Any) -> CaseChildView:
    """Return a sibling not yet born, of whom nothing else is known; changed by what is given."""
    return a_child(
        **{
            "child_id": UNBORN,
            "given_name": None,
            "family_name": "Example",
            "date_of_birth": None,
            "expected_date_of_birth": date(2026, 11, 1),
            "whereabouts": None,
            "seen": None,
            "views": None,
            "requests": [],
            "waiting_for": [Sector.HEALTH],
            "grades": [a_grade(grade_id=an_id(402), grade=5, rationale=None)],
            "rag": Rag.RED,
            "recommendation": a_recommendation(
                level=None, pathway=None, rag=Rag.RED, needs_person=True, discussion="same_day"
            ),
            "decide_by": NOW - timedelta(minutes=20),
        }
        | given
    )


def a_contact(**given: Any) -> ContactView:
    """Return the police's contact; changed by what is given."""
    return ContactView(
        **{
            "referral_id": an_id(600),
            "reference": REFERENCE,
            "agency_id": POLICE,
            "referrer": "PC J Okafor, response officer",
            "received_at": NOW - timedelta(minutes=45),
            "respond_by": NOW + timedelta(hours=23),
            "immediate_danger": False,
            "consent": {"sought": False, "not_sought_reason": "risk_of_harm", "lawful_basis": "public_task"},
            "family_told": {"told": False, "reason_not": "It would increase the risk."},
            "actions_taken": None,
        }
        | given
    )


def an_adult(**given: Any) -> AdultView:
    """Return Dean, alleged perpetrator, not safe to contact; changed by what is given."""
    return AdultView(
        **{
            "given_name": "Dean",
            "family_name": "Example",
            "role_in_concern": "alleged_perpetrator",
            "safe_to_contact": False,
            "relationships": ["father of Maisie, lives in the household"],
        }
        | given
    )


def a_case(**given: Any) -> CaseView:
    """Return the case of Maisie alone, version 7; changed by what is given."""
    return CaseView(
        **{
            "case_id": CASE,
            "version": 7,
            "opened_at": NOW - timedelta(minutes=44),
            "contacts": [a_contact()],
            "children": [a_child()],
            "adults": [an_adult()],
        }
        | given
    )
