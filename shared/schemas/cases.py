"""A case as staff and asked agencies see it; what is hidden from a blind reader is absent, not empty."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from shared.schemas.case_details import (
    AdultView,
    ChildDetails,
    ConcernView,
    ConsentView,
    ContactDetails,
    FamilyToldView,
    TakenBack,
)
from shared.schemas.holding import HoldingLine
from shared.schemas.ids import AgencyId, CaseId, ChildId, DecisionId, GradeId, ReferralId, RequestId
from shared.schemas.joining import JoinView
from shared.schemas.policy import RecommendationView
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Narrative, Rationale
from shared.schemas.times import Instant
from shared.schemas.words import (
    AnswerStatus,
    ChildState,
    GradeStatus,
    Handling,
    Pathway,
    Rag,
    Sector,
)


class DecisionForm(Form):
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
        None, description="The decision this one replaces; required for a child already decided."
    )


class InformationRequestForm(Form):
    """Ask an agency what it knows of a child."""

    child_id: ChildId
    agency_id: AgencyId
    reason: Rationale = Field(
        description="Why this information is necessary.", examples=["The school sees her every day."]
    )
    due_at: Instant | None = Field(None, description="Left out: by RAG, from the hub's configuration.")


class InformationAnswerForm(Form):
    """What an asked agency knows."""

    status: AnswerStatus
    text: Narrative | None = Field(None, examples=["Missed two appointments."])
    handling: Handling = Handling.HUB_ONLY


class GradeView(Answer):
    """One grade; earlier ones of the same agency stay in the history."""

    grade_id: GradeId
    agency_id: AgencyId
    sector: Sector | None
    status: GradeStatus
    grade: int | None = Field(examples=[3])
    rationale: str | None = Field(examples=["Third call in six weeks."])
    graded_by: str = Field(
        description="The member of staff, or the agency's system.", examples=["Ines Moreau"]
    )
    graded_at: datetime
    superseded: bool


class InformationRequestView(Answer):
    """A question put to an agency about a child, and its answer once there is one."""

    request_id: RequestId
    case_id: CaseId
    child_id: ChildId
    agency_id: AgencyId
    sector: Sector | None
    reason: str = Field(examples=["The school sees her every day."])
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None
    status: AnswerStatus | None = Field(
        description="Null: not answered. That is not the same as nothing known."
    )
    text: str | None = Field(examples=["Missed two appointments."])
    handling: Handling | None
    corrected_at: datetime | None = Field(
        None, description="When the sender last corrected what was asked about, if it did since."
    )
    corrected_version: int | None = Field(None, description="The version that did.", examples=[2])


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


class DecisionMade(Answer):
    """The decision is recorded and everyone who referred the child will be answered."""

    decision_id: DecisionId
    case_id: CaseId
    child_id: ChildId
    version: int = Field(examples=[8])


class GradeGiven(Answer):
    """The grade stands in the record."""

    grade_id: GradeId
    case_id: CaseId
    child_id: ChildId
    agency_id: AgencyId
    status: GradeStatus
    grade: int | None = Field(examples=[3])
    graded_at: datetime


class ContactView(Answer):
    """A referral that joined the case: on screen, a contact."""

    referral_id: ReferralId
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    agency_id: AgencyId
    referrer: str | None = Field(examples=["J Okafor, Response officer"])
    received_at: datetime
    respond_by: datetime
    immediate_danger: bool
    consent: ConsentView | None = Field(description="Null: the sender said nothing of it.")
    family_told: FamilyToldView | None = Field(description="Null: the sender said nothing of it.")
    actions_taken: str | None = Field(
        description="What the sender has done already.", examples=["The house was made safe for the night."]
    )
    version: int = Field(1, description="The newest version that the case goes by.", examples=[1])
    corrected_at: datetime | None = Field(None, description="When that arrived, if not the first.")
    details: ContactDetails | None = Field(None, description="Null for a reader who is shown less.")


class CaseChildView(Answer):
    """One child of a case, apart from its siblings: own grades, own recommendation, own decision."""

    child_id: ChildId
    referral_id: ReferralId = Field(description="The referral that named this child.")
    same_child_as: ChildId | None = Field(
        None,
        description="The child of this case that it is, as a person confirmed: what is known of both counts"
        " for each, and one decision answers both senders. Null: it is the first heard of, or stands alone.",
    )
    state: ChildState
    given_name: str | None = Field(examples=["Maisie"])
    family_name: str | None = Field(examples=["Example"])
    date_of_birth: date | None
    expected_date_of_birth: date | None
    whereabouts: str | None = Field(examples=["At home with mother."])
    seen: bool | None
    views: str | None = Field(
        description="The child's own words, or what was observed.",
        examples=["Hid upstairs when the shouting began."],
    )
    views_not_obtained_reason: str | None = Field(
        description="Why the child's views are not known.", examples=["Asleep when officers attended."]
    )
    concerns: list[ConcernView]
    requests: list[InformationRequestView]
    waiting_for: list[Sector | None] = Field(description="Core sectors that have not answered.")
    grades: list[GradeView] | None = Field(
        description="Null while your own agency has not graded this child."
    )
    own_grade_given: bool = Field(description="Whether the reader's agency has graded this child.")
    rag: Rag | None = Field(
        description="The colour in force until a person decides: working it out anew never lowers it."
    )
    recommendation: RecommendationView | None
    decisions: list[DecisionView] | None
    decide_by: datetime | None
    changed_since_decision: bool = Field(
        False, description="The sender sent more after the decision: it stands, and a person looks again."
    )
    left_out_in: int | None = Field(
        None, description="The version that no longer names this child; it stays.", examples=[2]
    )
    taken_back: list[TakenBack] = []
    details: ChildDetails | None = Field(None, description="Null for a reader who is shown less.")


class IncidentView(Answer):
    """Several contacts of a case that tell of one incident."""

    referral_ids: list[ReferralId] = Field(description="The first to arrive first.")
    words: str = Field(
        description="Why they are taken for one.", examples=["They give the same occurrence number."]
    )


class CaseView(Answer):
    """A case, as this reader may see it."""

    case_id: CaseId
    version: int | None = Field(
        description="Null for a reader who is still blind: it would leak others' grades.", examples=[7]
    )
    opened_at: datetime
    contacts: list[ContactView]
    children: list[CaseChildView]
    adults: list[AdultView]
    incidents: list[IncidentView] = Field(
        [], description="Contacts that tell of one incident; the others stand for themselves."
    )
    joins: list[JoinView] = Field(
        [], description="Which contacts came from cases of their own, for deciders; newest first."
    )
    joined_into: CaseId | None = Field(
        None, description="Where the last of its contacts went, if none is left here."
    )


class CaseChildLine(Answer):
    """One child on the work list."""

    child_id: ChildId
    given_name: str | None = Field(examples=["Maisie"])
    family_name: str | None = Field(examples=["Example"])
    date_of_birth: date | None
    expected_date_of_birth: date | None
    state: ChildState
    rag: Rag | None
    level: int | None = Field(examples=[3])
    waiting_for: list[Sector | None]
    decide_by: datetime | None
    changed_since_decision: bool = Field(
        False, description="The sender sent more after the decision: a person looks again."
    )


class CaseLine(Answer):
    """One case on the work list, the most urgent child speaking for it."""

    case_id: CaseId
    references: list[str] = Field(examples=[["SH-7K3QX9MA-9"]])
    agency_ids: list[AgencyId] = Field(description="Who sent each of the references, in their order.")
    received_at: datetime
    rag: Rag | None = Field(description="Null for a reader who is still blind.")
    due_at: datetime | None = Field(
        description="When it must be decided; for an asked agency, its own due time."
    )
    children: list[CaseChildLine]
    holding: HoldingLine | None = Field(None, description="For deciders: who holds it and has it open.")


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
