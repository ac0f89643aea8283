"""A child as its sender knows it: any field may be unknown, and none is guessed."""

from typing import Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.ids import ChildId
from shared.schemas.people import Address, OtherName
from shared.schemas.shapes import Form
from shared.schemas.text import Code, Narrative, Rationale, ShortText
from shared.schemas.times import Day, Instant
from shared.schemas.words import GradeStatus, Sex

Grade = Annotated[int, Field(ge=0, le=5)]
GRADE_WORDS = "Level of concern, 0 (none) to 5 (immediate or actual significant harm)."


class GradeForm(Form):
    """An agency's level of concern for one child. Knowing nothing is not a 0."""

    status: GradeStatus = Field(
        description="`graded` with a grade; `nothing_known` or `unable` without one.", examples=["graded"]
    )
    grade: Grade | None = Field(None, description=GRADE_WORDS, examples=[3])
    rationale: Rationale | None = Field(
        None,
        validate_default=True,
        description="Why this grade and not the one below or above it; required with a grade.",
        examples=["Third call in six weeks."],
    )

    @field_validator("rationale")
    @classmethod
    def _a_grade_says_why(cls, rationale: str | None, info: ValidationInfo) -> str | None:
        if rationale is None and info.data.get("status") is GradeStatus.GRADED:
            raise PydanticCustomError("missing", "A grade says why.")
        return rationale

    @model_validator(mode="after")
    def _grade_goes_with_graded(self) -> Self:
        if self.status is GradeStatus.GRADED and self.grade is None:
            raise PydanticCustomError("grade_missing", "A status of graded needs a grade from 0 to 5.")
        if self.status is not GradeStatus.GRADED and self.grade is not None:
            raise PydanticCustomError(
                "grade_not_allowed", "Only a status of graded takes a grade: nothing known is not a 0."
            )
        return self


class ReferredGrade(Form):
    """The sender's own level of concern: one half said is asked about, never a reason to refuse."""

    status: GradeStatus | None = Field(
        None,
        description="`graded` with a grade; `nothing_known` or `unable` without one.",
        examples=["graded"],
    )
    grade: Grade | None = Field(None, description=GRADE_WORDS, examples=[3])
    rationale: Narrative | None = Field(
        None,
        description="Why this grade and not the one below or above it.",
        examples=["Third call in six weeks."],
    )

    @model_validator(mode="after")
    def _nothing_known_is_not_a_grade(self) -> Self:
        if self.status not in {None, GradeStatus.GRADED} and self.grade is not None:
            raise PydanticCustomError(
                "grade_not_allowed", "Only a status of graded takes a grade: nothing known is not a 0."
            )
        return self


class School(Form):
    """The school, nursery or college a child attends."""

    name: ShortText | None = Field(None, description="As people call it.", examples=["Example Primary"])
    urn: Code | None = Field(
        None, description="Unique reference number of the school, 6 digits.", examples=["100001"]
    )
    year_group: Code | None = Field(None, description="Year or class.", examples=["Year 2"])


class GeneralPractice(Form):
    """The practice a child is registered with."""

    name: ShortText | None = Field(None, description="As people call it.", examples=["Test Street Surgery"])
    ods_code: Code | None = Field(
        None, description="The practice's organisation code in the health service.", examples=["A81001"]
    )


class AllocatedWorker(Form):
    """A social worker or lead practitioner who already has the child."""

    name: ShortText | None = Field(None, description="Who it is.", examples=["K Brandt"])
    team: ShortText | None = Field(None, description="Their team or service.", examples=["Assessment team 2"])
    telephone: Code | None = Field(
        None, description="A work number they can be reached on.", examples=["01632 960555"]
    )


class KnownStatus(Form):
    """What the sender knows of the child's standing with children's services. Unknown is not no."""

    looked_after: bool | None = Field(
        None, description="Whether a council looks after the child.", examples=[False]
    )
    plan: Code | None = Field(
        None,
        description="`none`, `early_help`, `child_in_need` or `child_protection`.",
        examples=["child_in_need"],
    )
    placing_authority: Code | None = Field(
        None,
        description="For a child placed here by another council: its three-digit number.",
        examples=["371"],
    )
    private_fostering: bool | None = Field(
        None,
        description="Whether the child lives for 28 days or more with someone who is not a close relative.",
        examples=[False],
    )
    allocated_worker: AllocatedWorker | None = Field(
        None,
        description="Who has the child now, if anyone: they are told at once.",
        examples=[{"name": "K Brandt", "team": "Assessment team 2", "telephone": "01632 960555"}],
    )


class Voice(Form):
    """What the child said or showed, or why nobody knows."""

    seen: bool | None = Field(
        None, description="Whether anyone has seen the child about this.", examples=[True]
    )
    seen_alone: bool | None = Field(
        None, description="Whether without a parent or carer in the room.", examples=[False]
    )
    seen_at: Instant | None = Field(
        None, description="When the child was last seen.", examples=["2026-11-20T22:45:00Z"]
    )
    views: Narrative | None = Field(
        None,
        description="The child's own words, or what was observed of a child too young to say.",
        examples=["Hid upstairs when the shouting began."],
    )
    not_obtained_reason: Narrative | None = Field(
        None, description="Why nothing is known of it.", examples=["Asleep when officers attended."]
    )


class ReferredChild(Form):
    """One child of the referral. Any field may be unknown: send what you have."""

    child_id: ChildId | None = Field(
        None,
        description="The hub's id for this child, when you send a later version.",
        examples=["0198f0a0-0000-7000-8000-00000000c001"],
    )
    sender_child_reference: Code | None = Field(
        None,
        description="Your own key for this child; concerns and relationships point at it.",
        examples=["c1"],
    )
    given_name: ShortText | None = Field(None, description="As the child uses it.", examples=["Maisie"])
    family_name: ShortText | None = Field(None, description="As the child uses it.", examples=["Example"])
    other_names: tuple[OtherName, ...] = Field(
        (),
        max_length=10,
        description="Every other name you hold for this child.",
        examples=[[{"family_name": "Sample", "kind": "former"}]],
    )
    date_of_birth: Day | None = Field(None, description="YYYY-MM-DD.", examples=["2019-04-02"])
    expected_date_of_birth: Day | None = Field(
        None, description="For an unborn child.", examples=["2027-02-14"]
    )
    age_as_said: ShortText | None = Field(
        None, description="Where nobody knows the date.", examples=["about six"]
    )
    sex: Sex | None = Field(
        None, description="F, M, U (unknown or unborn) or I (indeterminate).", examples=["F"]
    )
    nhs_number: Code | None = Field(
        None, description="10 digits; spaces do not matter.", examples=["999 123 4500"]
    )
    upn: Code | None = Field(
        None,
        description="Unique pupil number: a letter and 12 digits, or 11 digits and a letter.",
        examples=["P000000000001"],
    )
    ethnicity: Code | None = Field(
        None,
        description="DfE ethnicity code. REFU: asked and refused. NOBT: not asked yet.",
        examples=["WBRI"],
    )
    first_language: Code | None = Field(
        None, description="The language of the home, as a code (ISO 639) or a word.", examples=["en"]
    )
    interpreter_needed: bool | None = Field(
        None, description="Whether to speak with this child takes an interpreter.", examples=[False]
    )
    communication: ShortText | None = Field(
        None, description="How this child communicates, if not in speech.", examples=["Uses Makaton."]
    )
    religion: ShortText | None = Field(
        None, description="In the family's own word; leave out what was not asked.", examples=["none"]
    )
    disabilities: tuple[Code, ...] = Field(
        (),
        max_length=20,
        description="DfE disability codes; NONE, alone, when asked and there are none.",
        examples=[["NONE"]],
    )
    identity: Narrative | None = Field(
        None,
        description="What matters about who this child is: culture, faith, gender, family, in your words.",
        examples=["Speaks Polish with her grandmother, who brought her up."],
    )
    address: Address | None = Field(
        None,
        description="Where the child lives or stays.",
        examples=[{"lines": ["1 Test Row"], "town": "Doncaster", "postcode": "DN1 1AA"}],
    )
    school: School | None = Field(
        None, description="Where the child learns.", examples=[{"name": "Example Primary"}]
    )
    gp: GeneralPractice | None = Field(
        None,
        description="The practice the child is registered with.",
        examples=[{"name": "Test Street Surgery"}],
    )
    whereabouts: Narrative | None = Field(
        None, description="Where the child is now and with whom.", examples=["At home with mother."]
    )
    status: KnownStatus | None = Field(
        None,
        description="What you know of social care's part in this child's life.",
        examples=[{"looked_after": False}],
    )
    voice: Voice | None = Field(
        None,
        description="What the child said or showed, or why nobody knows.",
        examples=[{"seen": True, "views": "Hid upstairs."}],
    )
    grade: ReferredGrade | None = Field(
        None,
        description="Your own agency's level of concern for this child.",
        examples=[{"status": "graded", "grade": 3, "rationale": "Third call in six weeks."}],
    )
