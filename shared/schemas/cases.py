"""A case as staff and asked agencies see it; what is hidden from a blind reader is absent, not empty."""

from datetime import date, datetime

from pydantic import Field

from shared.schemas.asking import ChildAsking, InformationRequestView, LawfulBasisView
from shared.schemas.case_details import (
    AdultView,
    ChildDetails,
    ConcernView,
    ConsentView,
    ContactDetails,
    FamilyToldView,
    TakenBack,
)
from shared.schemas.decisions import Accountable, DecisionView, Reopened
from shared.schemas.earlier import EarlierPlanSource
from shared.schemas.grades import GradeView
from shared.schemas.holding import HoldingLine
from shared.schemas.ids import AgencyId, CaseId, ChildId, ReferralId
from shared.schemas.joining import JoinView
from shared.schemas.policy import RecommendationView
from shared.schemas.shapes import Answer
from shared.schemas.words import ChildState, Rag, Sector
from shared.schemas.words_deciding import Depth


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
    regrade_invited: bool = Field(
        False, description="Others said something since your agency graded: a new grade is welcome."
    )
    asking: ChildAsking = Field(ChildAsking(), description="How far asking about this child has come.")
    rag: Rag | None = Field(
        description="The colour in force until a person decides: working it out anew never lowers it."
    )
    recommendation: RecommendationView | None
    decisions: list[DecisionView] | None
    decide_by: datetime | None
    changed_since_decision: bool = Field(
        False, description="More was heard after the decision: it stands, and a person looks again."
    )
    reopened: Reopened | None = Field(
        None,
        description="What was heard after the decision: it would have changed the recommendation, or says in"
        " words what only a person can weigh.",
    )
    accountable: Accountable | None = Field(None, description="Who answers for the child now.")
    depth: Depth | None = Field(None, description="How deep the hub goes for the child.")
    left_out_in: int | None = Field(
        None, description="The version that no longer names this child; it stays.", examples=[2]
    )
    earlier_plan_said_by: list[EarlierPlanSource] | None = Field(
        None,
        description="Who says that the child was on a plan, or in care, before: the policy counts it. Empty:"
        " nobody, which is never no. Null for a reader who decides nothing.",
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
    lawful_bases: list[LawfulBasisView] = Field(
        [], description="The grounds for asking that people recorded in the hub, newest first; for deciders."
    )
    incidents: list[IncidentView] = Field(
        [], description="Contacts that tell of one incident; the others stand for themselves."
    )
    joins: list[JoinView] = Field(
        [], description="Which contacts came from cases of their own, for deciders; newest first."
    )
    joined_into: CaseId | None = Field(
        None, description="Where the last of its contacts went, if none is left here."
    )
    restricted: bool = Field(
        False, description="For deciders: somebody in it is restricted, and only whom managers name reads it."
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
    silent_words: list[str] = Field(
        [],
        description="The same in words, a sentence for each source and since when.",
        examples=[["Health: GP, asked 23 November at 10:12, not answered."]],
    )
    waiting_words: list[str] = Field(
        [], description="The same in a word each: a source by its name.", examples=[["GP", "police"]]
    )
    decide_by: datetime | None
    changed_since_decision: bool = Field(
        False, description="More was heard after the decision: a person looks again."
    )
    reopened: Reopened | None = None
    waits_for_second_look: bool = Field(False, description="A decision about it waits for a second person.")
    second_look_by: datetime | None = Field(None, description="By when that person looks.")
    depth: Depth | None = None


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
    restricted: bool = Field(False, description="For deciders: somebody in it is restricted.")
    closed: bool = Field(
        False,
        description="It is restricted, and you are not named for it: only how much it presses is shown."
        " `references`, `agency_ids` and `children` are empty.",
    )
