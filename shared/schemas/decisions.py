"""Decisions: what is sent, what is shown, and the second look at those that protect less."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from shared.schemas.decision_records import (
    ChildStatus,
    Consulted,
    DecisionRecord,
    FamilyTold,
    NotAnswered,
    RiskPartView,
)
from shared.schemas.ids import AgencyId, CaseId, ChildId, DecisionId
from shared.schemas.policy import RecommendationView
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.words import Pathway, Rag, Sector
from shared.schemas.words_deciding import (
    Accountability,
    DecisionStanding,
    Depth,
    Misfit,
    SecondLook,
    WhatCame,
)


class DecisionForm(DecisionRecord):
    """What a decision-maker decides for one child, and why."""

    level: Annotated[int, Field(ge=1, le=4, description="Level of need.", examples=[3])]
    pathway: Pathway = Field(examples=["child_in_need"])
    rag: Rag = Field(examples=["amber"])
    rationale: Rationale = Field(
        description="In your own words, why.", examples=["Repeated incidents; mother wants support."]
    )
    different_decision_reason: Rationale | None = Field(
        None,
        description="Required when you decide otherwise than the policy recommends.",
        examples=["The family asked for help themselves."],
    )
    supersedes: DecisionId | None = Field(
        None,
        description="The decision this one replaces; required for a child already decided. One that waits for"
        " a second look is not in force and is not named.",
    )


class SecondLookView(Answer):
    """What the second person made of a decision."""

    approved: bool
    reason: str = Field(examples=["Seen by the health visitor today; the plan holds."])
    looked_by: str = Field(examples=["Priya Nair"])
    looked_at: datetime


class DecisionWarning(Answer):
    """Something about a decision that its decider may not have meant. It is recorded all the same."""

    pointer: str = Field(description="Where in what was sent.", examples=["#/pathway"])
    code: Misfit = Field(description="Stable: program against this.")
    detail: str = Field(
        description="For a person.",
        examples=["Strategy discussion belongs to a higher level than 1, by the policy in force."],
    )


class DecisionView(Answer):
    """What a named person decided, beside what the policy recommended."""

    decision_id: DecisionId
    level: int = Field(examples=[3])
    pathway: Pathway
    rag: Rag
    rationale: str = Field(examples=["Repeated incidents; mother wants support."])
    different_decision_reason: str | None = Field(examples=["The family asked for help themselves."])
    decided_by: str = Field(examples=["Dana Reid"])
    decided_at: datetime
    supersedes: DecisionId | None
    recommendation: RecommendationView
    recommendation_before: RecommendationView | None = Field(
        None, description="What the policy recommended before anybody was asked, on the referral alone."
    )
    standing: DecisionStanding = DecisionStanding.DECIDED
    in_force: bool | None = Field(
        None, description="Whether it is the one that stands for the child. Null: said by an older hub."
    )
    second_look_because: list[SecondLook] = Field([], description="Why a second person looks at it, if so.")
    warnings: list[DecisionWarning] = Field(
        [], description="What its decider was told when it was made; by the policy in force then."
    )
    look_by: datetime | None = Field(
        None, description="By when a second person looks at it; null: nobody has to."
    )
    second_look: SecondLookView | None = None
    risk_analysis: list[RiskPartView] = Field([], description="In the frame as it was then.")
    child_voice: str | None = Field(None, examples=["I want to stay here."])
    identity: str | None = Field(None, examples=["Speaks Polish with her grandmother."])
    child_status: ChildStatus | None = None
    consulted: list[Consulted] = []
    family_told: list[FamilyTold] = []
    proceed_now_reason: str | None = Field(None, examples=["She cannot go home tonight."])
    unanswered: list[NotAnswered] | None = Field(
        None, description="Who had not answered; worked out by the hub. Null: not recorded then."
    )
    depth: Depth | None = Field(None, description="How deep the hub had gone. Null: not recorded then.")


class DecisionMade(Answer):
    """The decision is recorded, and whoever must be answered from what is in force will be."""

    decision_id: DecisionId
    case_id: CaseId
    child_id: ChildId
    version: int = Field(examples=[8])
    standing: DecisionStanding = Field(
        DecisionStanding.DECIDED, description="`pending`: it waits for a second look and is not in force."
    )
    second_look_because: list[SecondLook] = []
    warnings: list[DecisionWarning] = Field(
        [],
        description="Level and pathway do not belong together by the scale of the policy in force. Nothing is"
        " refused for that: check that you meant both.",
    )
    in_force_decision_id: DecisionId | None = Field(
        None, description="The decision that stands for the child now; null: it is not decided."
    )


class ApprovalForm(Form):
    """What a second person makes of a decision, and why."""

    approved: bool
    reason: Rationale = Field(examples=["Seen by the health visitor today; the plan holds."])


class DecisionLooked(Answer):
    """The second look is recorded."""

    decision_id: DecisionId
    case_id: CaseId
    child_id: ChildId
    version: int = Field(examples=[9])
    standing: DecisionStanding
    in_force_decision_id: DecisionId | None


class Accountable(Answer):
    """Who answers for a child now."""

    name: str = Field(examples=["Dana Reid"])
    what: Accountability
    since: datetime


class Reopened(Answer):
    """What was heard after the decision and brought the child back."""

    what: WhatCame
    sector: Sector | None = None
    agency_id: AgencyId | None = None
    at: datetime


class DecisionOutcome(Answer):
    """What notifications may read of a decision: what was decided, never why or by whom."""

    decision_id: DecisionId
    case_id: CaseId
    child_id: ChildId
    pathway: Pathway
    level: int
    decided_at: datetime
    supersedes: DecisionId | None
    threshold_feedback: list[str] = Field(
        description="The rules that spoke, in plain words for the referrer."
    )
