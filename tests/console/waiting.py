"""A child about whom a decision waits for a second look, for the console's tests."""

from datetime import timedelta

from shared.schemas.cases import CaseView
from shared.schemas.decision_records import ChildStatus, Consulted, FamilyTold, NotAnswered, RiskPartView
from shared.schemas.decisions import Accountable, DecisionView, Reopened, SecondLookView
from shared.schemas.words import ChildState, Pathway, Rag, Sector
from shared.schemas.words_deciding import Accountability, DecisionStanding, Depth, SecondLook, WhatCame
from tests.console.scenes import NOW, TRUST, a_case, a_child, a_decision, a_recommendation, an_id

INTERIM, PENDING = an_id(510), an_id(511)


def what_waits(**given: object) -> DecisionView:
    """Return Priya Shah's decision for early help, with all that it records; changed by what is given."""
    recorded: dict[str, object] = {
        "decision_id": PENDING,
        "level": 2,
        "pathway": Pathway.EARLY_HELP,
        "rag": Rag.GREEN,
        "rationale": "Nan has moved in and takes her to school.",
        "different_decision_reason": "The policy cannot know that Nan has moved in.",
        "standing": DecisionStanding.PENDING,
        "in_force": False,
        "second_look_because": [SecondLook.LOWER_LEVEL, SecondLook.LESS_PROTECTIVE],
        "recommendation_before": a_recommendation(level=2, pathway=Pathway.EARLY_HELP),
        "risk_analysis": [
            RiskPartView(key="worried_about", heading="What are we worried about?", text="He may come back."),
            RiskPartView(key="working_well", heading="What is working well?", text=None),
        ],
        "child_voice": "I like it when Nan is here.",
        "identity": "Speaks Polish with Nan.",
        "child_status": ChildStatus(looked_after=False, plan="none", looked_up_in="The council's system"),
        "consulted": [Consulted(who="Ms Lowe, head teacher", said="She is in every day now.")],
        "family_told": [
            FamilyTold(who="Mother", told=True, what="That a worker rings today.", by="Priya Shah"),
            FamilyTold(who="Father", told=False, why_not="He would know who rang."),
        ],
        "unanswered": [NotAnswered(agency_id=TRUST, sector=Sector.HEALTH)],
        "proceed_now_reason": "The school can begin today.",
        "depth": Depth.LIGHT,
    }
    return a_decision(**recorded | given)


def a_waiting_case() -> CaseView:
    """Return Maisie's case: child in need is in force until somebody has looked."""
    interim = a_decision(
        decision_id=INTERIM,
        rationale="Put in force by the hub.",
        standing=DecisionStanding.INTERIM,
        in_force=True,
    )
    return a_case(
        children=[
            a_child(
                state=ChildState.DECIDED,
                decisions=[interim, what_waits()],
                depth=Depth.LIGHT,
                accountable=Accountable(name="Priya Shah", what=Accountability.DECIDER, since=NOW),
            )
        ]
    )


def a_looked_at_case(*, approved: bool) -> CaseView:
    """Return the same after Marge Hill has looked, and a grade came that would have changed it."""
    look = SecondLookView(
        approved=approved, reason="I rang Nan.", looked_by="Marge Hill", looked_at=NOW + timedelta(minutes=5)
    )
    standing = DecisionStanding.APPROVED if approved else DecisionStanding.REFUSED
    case = a_waiting_case()
    interim = case.children[0].decisions or []
    seen = what_waits(standing=standing, in_force=approved, second_look=look)
    rows = [interim[0].model_copy(update={"in_force": not approved}), seen]
    came = Reopened(what=WhatCame.GRADE, sector=Sector.HEALTH, agency_id=TRUST, at=NOW)
    news = {"decisions": rows, "reopened": came, "changed_since_decision": True}
    return case.model_copy(update={"children": [case.children[0].model_copy(update=news)]})
