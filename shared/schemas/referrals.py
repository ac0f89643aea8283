"""A referral as an agency sends it: very little is required, because a child outranks a tidy field."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.ids import AgencyId, ChildId, ReferralId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Code, Narrative, Rationale, ShortText
from shared.schemas.times import Day, Instant
from shared.schemas.words import (
    GradeStatus,
    LawfulBasis,
    NotSoughtReason,
    ReferralKind,
    RoleInConcern,
    Sex,
    Stage,
)

MAX_CHILDREN = 20
GRADE_FIELD = Field(
    ge=0, le=5, description="Level of concern, 0 (none) to 5 (immediate or actual significant harm)."
)


class GradeForm(Form):
    """An agency's level of concern for one child. Knowing nothing is not a 0."""

    status: GradeStatus = Field(
        description="`graded` with a grade; `nothing_known` or `unable` without one.", examples=["graded"]
    )
    grade: Annotated[int, GRADE_FIELD] | None = Field(None, examples=[3])
    rationale: Rationale | None = Field(
        None, description="Why this grade and not another.", examples=["Third call in six weeks."]
    )

    @model_validator(mode="after")
    def _grade_goes_with_graded(self) -> Self:
        if self.status is GradeStatus.GRADED and self.grade is None:
            raise PydanticCustomError("grade_missing", "A status of graded needs a grade from 0 to 5.")
        if self.status is not GradeStatus.GRADED and self.grade is not None:
            raise PydanticCustomError(
                "grade_not_allowed", "Only a status of graded takes a grade: nothing known is not a 0."
            )
        return self


class Referrer(Form):
    """Who is worried: a name or a role, so that the hub can ring back."""

    name: ShortText | None = Field(None, examples=["J Okafor"])
    role: ShortText | None = Field(None, examples=["Response officer"])
    telephone: Code | None = Field(None, description="A number the hub may ring.", examples=["0114 496 0000"])
    source_code: Code | None = Field(None, description="DfE contact source code, 1A to 10.", examples=["6"])

    @model_validator(mode="after")
    def _someone_to_ring(self) -> Self:
        if not (self.name or "").strip() and not (self.role or "").strip():
            raise PydanticCustomError("name_or_role_missing", "Give the referrer's name or role.")
        return self


class Address(Form):
    """Where someone lives or stays; every part may be left out."""

    lines: tuple[ShortText, ...] = Field((), max_length=5, examples=[["1 Test Row"]])
    town: ShortText | None = Field(None, examples=["Doncaster"])
    postcode: Code | None = Field(None, examples=["DN1 1AA"])
    uprn: Code | None = Field(
        None, description="Unique property reference number.", examples=["100050000001"]
    )


class School(Form):
    """The school, nursery or college a child attends."""

    name: ShortText | None = Field(None, examples=["Example Primary"])
    urn: Code | None = Field(None, description="Unique reference number of the school.", examples=["100001"])


class Voice(Form):
    """What the child said or showed, or why nobody knows."""

    seen: bool | None = Field(None, description="Whether anyone has seen the child about this.")
    seen_alone: bool | None = None
    views: Narrative | None = Field(
        None,
        description="The child's own words, or what was observed of a child too young to say.",
        examples=["Hid upstairs when the shouting began."],
    )
    not_obtained_reason: Narrative | None = Field(None, examples=["Asleep when officers attended."])


class ReferredChild(Form):
    """One child of the referral. Any field may be unknown: send what you have."""

    child_id: ChildId | None = Field(
        None, description="The hub's id for this child, when you send a later version."
    )
    sender_child_reference: Code | None = Field(
        None,
        description="Your own key for this child; concerns and relationships point at it.",
        examples=["c1"],
    )
    given_name: ShortText | None = Field(None, examples=["Maisie"])
    family_name: ShortText | None = Field(None, examples=["Example"])
    date_of_birth: Day | None = Field(None, examples=["2019-04-02"])
    expected_date_of_birth: Day | None = Field(None, description="For an unborn child.")
    sex: Sex | None = Field(None, examples=["F"])
    nhs_number: Code | None = Field(None, examples=["999 123 4560"])
    upn: Code | None = Field(None, description="Unique pupil number.", examples=["A000000000001"])
    ethnicity: Code | None = Field(None, description="DfE ethnicity code.", examples=["WBRI"])
    first_language: Code | None = Field(None, examples=["en"])
    disabilities: tuple[Code, ...] = Field((), max_length=20, examples=[["NONE"]])
    address: Address | None = None
    school: School | None = None
    whereabouts: Narrative | None = Field(
        None, description="Where the child is now and with whom.", examples=["At home with mother."]
    )
    voice: Voice | None = None
    grade: GradeForm | None = Field(None, description="Your own agency's level of concern for this child.")


class Relationship(Form):
    """How an adult is tied to one of the children."""

    child: Code = Field(description="The child's `sender_child_reference`.", examples=["c1"])
    relationship: ShortText = Field(examples=["father"])
    parental_responsibility: bool | None = None
    in_household: bool | None = None


class ReferredAdult(Form):
    """An adult in the child's life."""

    given_name: ShortText | None = Field(None, examples=["Dean"])
    family_name: ShortText | None = Field(None, examples=["Example"])
    date_of_birth: Day | None = None
    telephone: Code | None = Field(None, examples=["01632 960001"])
    address: Address | None = None
    role_in_concern: RoleInConcern = RoleInConcern.UNKNOWN
    safe_to_contact: bool | None = Field(None, description="Whether contact would put anyone at risk.")
    relationships: tuple[Relationship, ...] = Field((), max_length=MAX_CHILDREN)


class Concern(Form):
    """What happened or what is feared."""

    indicator: Code | None = Field(
        None,
        description="One of the hub's indicator codes. An unknown code is accepted and goes to a person.",
        examples=["domestic_abuse.child_present"],
    )
    children: tuple[Code, ...] = Field(
        (),
        max_length=MAX_CHILDREN,
        description="`sender_child_reference` of each child it is about; none = all.",
        examples=[["c1"]],
    )
    narrative: Rationale = Field(
        description="In your own words, what you saw, heard or were told.",
        examples=["Officers attended; child present throughout."],
    )
    occurred_at: Instant | None = Field(None, examples=["2026-11-20T22:40:00Z"])


class Consent(Form):
    """What was asked of the family and what they said. Not asked is not the same as refused."""

    sought: bool | None = None
    given: bool | None = None
    informed_of: tuple[ShortText, ...] = Field(
        (), max_length=20, description="What was explained.", examples=[["That the hub was told."]]
    )
    not_sought_reason: NotSoughtReason | None = None
    lawful_basis: LawfulBasis | None = None
    authorised_by: ShortText | None = Field(None, examples=["Sgt A Malik"])


class FamilyTold(Form):
    """What the family knows of this referral, or why telling them is unsafe."""

    told: bool | None = None
    reason_not: Narrative | None = Field(None, examples=["It would increase the risk."])


class ReferralIn(Form):
    """A worry about one or more children, as complete as you can make it now."""

    sender_reference: Code | None = Field(
        None,
        description="Your own reference: the hub's second guard against sending twice.",
        examples=["SYP-2026-114226"],
    )
    kind: ReferralKind = Field(examples=["referral"])
    immediate_danger: bool = Field(
        False, description="A child is in danger now. Ring 999 first; the hub never refuses these for detail."
    )
    referrer: Referrer | None = None
    children: tuple[ReferredChild, ...] = Field((), max_length=MAX_CHILDREN)
    adults: tuple[ReferredAdult, ...] = Field((), max_length=40)
    concerns: tuple[Concern, ...] = Field(max_length=50, min_length=1)
    consent: Consent | None = None
    family_told: FamilyTold | None = None
    actions_taken: Narrative | None = Field(None, examples=["The house was made safe for the night."])

    @model_validator(mode="after")
    def _enough_to_act_on(self) -> Self:
        if self.immediate_danger:
            return self
        if self.referrer is None:
            raise PydanticCustomError("referrer_missing", "Say who is worried: a name or a role.")
        if not self.children:
            raise PydanticCustomError("child_missing", "Name at least one child; its fields may be empty.")
        return self


class Finding(Answer):
    """Something odd or missing that did not stop the referral; please put it right when you can."""

    pointer: str = Field(examples=["#/children/0/nhs_number"])
    code: str = Field(examples=["check_digit"])
    detail: str = Field(examples=["Not a valid NHS number: kept, but not used to match."])


class AcceptedChild(Answer):
    """The hub's id for a child you sent."""

    child_id: ChildId
    sender_child_reference: str | None = Field(examples=["c1"])


class ReferralAccepted(Answer):
    """The hub has your referral, and owes you an answer by `respond_by`."""

    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    referral_id: ReferralId
    version: int = Field(examples=[1])
    received_at: datetime
    respond_by: datetime = Field(description="When you will have been answered at the latest.")
    children: list[AcceptedChild]
    findings: list[Finding] = Field(description="Odd or missing things; none of them held the referral back.")
    advice: str | None = Field(
        None,
        description="What to do now, when a child is in danger.",
        examples=["If the child is in danger now and nobody has rung 999: do it now."],
    )


class ReferralProgress(Answer):
    """Where a referral is."""

    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    referral_id: ReferralId
    sender_reference: str | None = Field(examples=["SYP-2026-114226"])
    version: int = Field(examples=[1])
    received_at: datetime
    respond_by: datetime
    stage: Stage
    held_by: str = Field(
        description="Who holds it now.", examples=["The hub: agencies asked, decision to come"]
    )
    children: list[AcceptedChild]


class ReferralDocument(Answer):
    """A referral as the hub's own services read it."""

    referral_id: ReferralId
    version: int
    reference: str
    agency_id: AgencyId
    received_at: datetime
    respond_by: datetime
    children: list[AcceptedChild] = Field(description="In the order of `document.children`.")
    document: ReferralIn
    findings: list[Finding]


class ReferralSender(Answer):
    """Who is to be answered about a referral, and the names they gave things. No word about the child."""

    referral_id: ReferralId
    reference: str
    sender_reference: str | None
    agency_id: AgencyId
    received_at: datetime
    children: list[AcceptedChild]
