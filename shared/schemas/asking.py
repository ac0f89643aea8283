"""What is put to agencies about the people of a case, and what they answer."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.earlier import EarlierStanding
from shared.schemas.ids import AgencyId, CaseId, ChildId, LawfulBasisId, ReferralId, RequestId
from shared.schemas.shapes import Answer, Form
from shared.schemas.sought import SoughtPerson
from shared.schemas.text import Narrative, Rationale
from shared.schemas.times import Instant
from shared.schemas.words import AnswerStatus, Handling, LawfulBasis, Sector
from shared.schemas.words_asking import Source

MOST_ADULTS = 50
Place = Annotated[int, Field(ge=0, lt=1000, description="Which of its adults, counted from 0.", examples=[0])]


class AdultAsked(Form):
    """An adult of a case, by the contact that names them."""

    referral_id: ReferralId
    place: Place
    version: int | None = Field(
        None,
        ge=1,
        description="The version of the contact that you read; a later one is a 409.",
        examples=[1],
    )


class Asking(Form):
    """Whom a question is about, why it is necessary, and on what ground it is asked."""

    adults: tuple[AdultAsked, ...] = Field(
        (), max_length=MOST_ADULTS, description="Adults that the question is about."
    )
    about_child: bool = Field(True, description="False: it is about the adults alone.")
    reason: Rationale = Field(
        description="Why this information is necessary.", examples=["The school sees her every day."]
    )
    due_at: Instant | None = Field(None, description="Left out: by RAG, from the hub's configuration.")
    lawful_basis: LawfulBasis | None = Field(
        None, description="The ground for this question; left out: what stands for the case."
    )
    lawful_basis_reason: Rationale | None = Field(
        None,
        description="Why that ground holds; goes with `lawful_basis`.",
        examples=["Nobody answers the door, and the baby is two weeks old."],
    )

    @model_validator(mode="after")
    def _is_about_somebody_on_some_ground(self) -> Self:
        if not self.about_child and not self.adults:
            raise PydanticCustomError("about_nobody", "A question is about the child, about adults, or both.")
        if (self.lawful_basis is None) is not (self.lawful_basis_reason is None):
            raise PydanticCustomError("basis_without_reason", "A lawful basis goes with its reason.")
        return self


class InformationRequestForm(Asking):
    """Ask an agency what it knows of a child, and of adults of the case."""

    child_id: ChildId
    agency_id: AgencyId
    sources: tuple[Source, ...] = Field(
        (), max_length=len(Source), description="Where health is to look; it counts as health's answer."
    )


class AgencyAsked(Form):
    """One of the agencies that a question goes to."""

    agency_id: AgencyId
    sources: tuple[Source, ...] = Field((), max_length=len(Source), description="Where health is to look.")


class InformationRequestsForm(Asking):
    """Ask several agencies about several people at once: one request for each agency and child."""

    child_ids: tuple[ChildId, ...] = Field(min_length=1, max_length=20)
    agencies: tuple[AgencyAsked, ...] = Field(min_length=1, max_length=20)


class AnswerAboutAdult(Form):
    """What an agency says of one adult, where that differs from the answer as a whole."""

    referral_id: ReferralId
    place: Place
    status: AnswerStatus
    handling: Handling = Handling.HUB_ONLY
    text: Narrative | None = Field(
        None,
        validate_default=True,
        description="Required with `information`.",
        examples=["Arrested in May; no charge."],
    )

    @field_validator("text")
    @classmethod
    def _information_says_something(cls, text: str | None, info: ValidationInfo) -> str | None:
        if text is None and info.data.get("status") is AnswerStatus.INFORMATION:
            raise PydanticCustomError("says_nothing", "Write what your agency knows of this adult.")
        return text


class InformationAnswerForm(Form):
    """What an asked agency knows."""

    status: AnswerStatus
    handling: Handling = Handling.HUB_ONLY
    sources_checked: tuple[Source, ...] | None = Field(
        None,
        max_length=len(Source),
        description="Where you looked. Left out: everywhere your agency is responsible for.",
        examples=[["gp", "midwifery"]],
    )
    adults: tuple[AnswerAboutAdult, ...] = Field(
        (), max_length=MOST_ADULTS, description="Adults of whom you say something of their own."
    )
    earlier: EarlierStanding | None = Field(
        None, description="Plans that have ended, and time in care: the threshold policy asks for them."
    )
    # Last, so that what else the answer says is known when this is looked at.
    text: Narrative | None = Field(
        None,
        validate_default=True,
        description="Required with `information` that stands neither in `earlier` nor with an adult. With"
        " `declined`: why; with `ring_me`: whom to ring.",
        examples=["Missed two appointments."],
    )

    @field_validator("text")
    @classmethod
    def _an_answer_says_something(cls, text: str | None, info: ValidationInfo) -> str | None:
        status, earlier = info.data.get("status"), info.data.get("earlier")
        said = any(value is not None for value in (earlier.model_dump() if earlier else {}).values())
        said = said or any(adult.text for adult in info.data.get("adults", ()))
        if text is None and status is AnswerStatus.INFORMATION and not said:
            raise PydanticCustomError(
                "says_nothing", "Write what your agency knows: the first answer stands."
            )
        return text


class AdultAskedView(Answer):
    """An adult a question is about, as named when it was asked, and what was said of them."""

    referral_id: ReferralId
    place: int = Field(examples=[0])
    version: int = Field(description="The version of the contact that named them so.", examples=[1])
    given_name: str | None = Field(examples=["Dean"])
    family_name: str | None = Field(examples=["Example"])
    role_in_concern: str = Field(examples=["alleged_perpetrator"])
    status: AnswerStatus | None = Field(None, description="Null: nothing apart from the whole answer.")
    text: str | None = Field(None, examples=["Arrested in May; no charge."])
    handling: Handling | None = None
    look_for: SoughtPerson | None = Field(
        None, description="As for the child; null too where the contact names this adult otherwise now."
    )


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
    about_child: bool = True
    adults: list[AdultAskedView] = []
    sources: list[Source] = Field([], description="Where this agency looks, of its sector's sources.")
    sources_checked: list[Source] | None = Field(
        None, description="Where the answer says it looked; null: it names none, so all of `sources`."
    )
    earlier: EarlierStanding | None = Field(
        None, description="What the answer says of plans and care before now; null: nothing."
    )
    asked_by: str | None = Field(None, description="Null: the hub, on opening.", examples=["Dana Reid"])
    lawful_basis: LawfulBasis | None = None
    lawful_basis_reason: str | None = Field(None, examples=["The family agreed."])
    lawful_basis_by: str | None = Field(None, description="Who laid it in the hub.", examples=["Dana Reid"])
    reminded_at: datetime | None = Field(None, description="When the agency was last reminded.")
    reminders: int = Field(0, examples=[1])
    look_for: SoughtPerson | None = Field(
        None,
        description="By what to find the child, as the contact stands now; for the agency asked, until it"
        " answers. Null where adults alone are asked about.",
    )


class InformationRequestsMade(Answer):
    """What was asked, one request for each agency and child."""

    items: list[InformationRequestView]
    version: int = Field(description="The version of the case that stands now.", examples=[8])


class LawfulBasisForm(Form):
    """On what ground agencies are asked about the people of a case, in a sentence."""

    basis: LawfulBasis = Field(examples=["public_task"])
    reason: Rationale = Field(
        description="Why it holds here.", examples=["Nobody answers the door, and the baby is two weeks old."]
    )


class LawfulBasisView(Answer):
    """A ground for asking, as a person recorded it."""

    basis: LawfulBasis
    reason: str = Field(examples=["Nobody answers the door, and the baby is two weeks old."])
    recorded_by: str = Field(examples=["Dana Reid"])
    recorded_at: datetime


class LawfulBasisRecorded(LawfulBasisView):
    """The ground stands; the questions that waited for it have gone out."""

    basis_id: LawfulBasisId
    case_id: CaseId
    version: int = Field(description="The version of the case that stands now.", examples=[8])
    asked: list[InformationRequestView] = Field(description="What waited for it and has gone out.")


class SourcesOpen(Answer):
    """What a sector has not looked in, of its several sources."""

    sector: Sector
    sources: list[Source] = Field(examples=[["gp"]])


class ChildAsking(Answer):
    """How far asking about a child has come."""

    silent_words: list[str] = Field(
        [],
        description="What core sectors have not said, in words: a sentence for each source and since when.",
        examples=[["Health: GP, asked 23 November at 10:12, not answered."]],
    )
    sources_open: list[SourcesOpen] = Field([], description="Of sectors that are several sources.")
    waits_for_basis: bool = Field(False, description="Nobody was asked yet: a lawful basis is wanted first.")
    regrade_because: list[str] = Field(
        [],
        description="Why a new grade is welcome, for your agency.",
        examples=[["Another agency's grade is 3 steps from yours."]],
    )
    refusals: int | None = Field(
        None,
        description="Contacts about the child for which the family refused consent; for deciders.",
        examples=[2],
    )
    section_17_review: bool = Field(
        False, description="The family refused more than once at level 2 or lower: review under section 17."
    )
