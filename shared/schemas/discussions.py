"""Discussions about children between agencies: called, recorded step by step, concluded, issued to all."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.discussion_actions import DiscussionActionView
from shared.schemas.ids import AgencyId, AttendeeId, CaseId, ChildId, DiscussionId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Narrative, Rationale, ShortText, storable
from shared.schemas.times import Day, Instant
from shared.schemas.words import Sector

MOST_ATTENDEES = 40
_EXAMPLE = {"name": "Omar Khan", "agency_id": "0198f0a0-0000-7000-8000-000000000001"}
_Said = Annotated[str, StringConstraints(max_length=200, pattern=r"\S"), AfterValidator(storable)]


class DiscussionKind(StrEnum):
    """What a discussion is for."""

    #: Whether a child is suffering harm, and what is done today. A step, not another word for section 47.
    STRATEGY = "strategy"
    MULTI_AGENCY = "multi_agency"
    #: On the same day between police and the hub's manager, where an agency graded 5.
    THRESHOLD = "threshold"


class DiscussionState(StrEnum):
    """Where a discussion stands."""

    CALLED = "called"
    CONCLUDED = "concluded"
    #: It will not be held; why is kept.
    CALLED_OFF = "called_off"


class AttendeePart(StrEnum):
    """What somebody is in a discussion."""

    PROFESSIONAL = "professional"
    HUB_MANAGER = "hub_manager"
    FAMILY = "family"


class Attendance(StrEnum):
    """What came of an invitation."""

    INVITED = "invited"
    ATTENDED = "attended"
    #: Not there, and what the agency knows was there in writing.
    SENT_INFORMATION = "sent_information"
    ABSENT = "absent"


class InviteeForm(Form):
    """Somebody who is invited: of an agency of the hub, of another organisation, or of the family."""

    name: _Said = Field(examples=["Omar Khan"])
    role: ShortText | None = Field(None, examples=["Detective sergeant, child abuse investigation"])
    agency_id: AgencyId | None = Field(None, description="The agency of the hub that they come from.")
    organisation: _Said | None = Field(
        None,
        description="Where they come from, if not from an agency of the hub.",
        examples=["Dr Lee's practice"],
    )
    sector: Sector | None = Field(
        None,
        description="Of an organisation, so that it counts towards the quorum; of an agency it is known.",
    )
    part: AttendeePart = AttendeePart.PROFESSIONAL

    @model_validator(mode="after")
    def _comes_from_somewhere(self) -> Self:
        named = [one for one in (self.agency_id, self.organisation) if one is not None]
        if self.part is AttendeePart.FAMILY:
            if self.agency_id is not None:
                raise PydanticCustomError(
                    "family_of_no_agency", "Family comes for itself, not for an agency."
                )
        elif len(named) != 1:
            raise PydanticCustomError("one_origin", "Name the agency or the organisation, one of the two.")
        return self


class AttendeeForm(InviteeForm):
    """Somebody who was invited or came, and what came of it."""

    attendee_id: AttendeeId | None = Field(
        None, description="Of somebody already on the list; left out: new."
    )
    attendance: Attendance = Attendance.INVITED
    absent_reason: Rationale | None = Field(None, examples=["On leave; nobody could stand in."])

    @model_validator(mode="after")
    def _absence_has_a_reason(self) -> Self:
        if self.attendance is Attendance.ABSENT and self.absent_reason is None:
            raise PydanticCustomError("absent_reason_missing", "Say why they were not there.")
        return self


class DiscussionForm(Form):
    """Call a discussion about one or more children of a case."""

    kind: DiscussionKind
    child_ids: list[ChildId] = Field(min_length=1, max_length=MOST_ATTENDEES)
    called_because: Rationale = Field(examples=["Bruising on a baby who cannot move by herself."])
    planned_at: Instant | None = Field(None, description="Left out: as soon as all can be reached.")
    invited: list[InviteeForm] = Field([], max_length=MOST_ATTENDEES, examples=[[_EXAMPLE]])


class SettledForm(Form):
    """A question that a discussion has to settle: yes or no, and why."""

    answer: bool
    reason: Rationale | None = Field(None, examples=["Police and social worker visit together at 4pm."])


class GradingAgencyViewForm(Form):
    """What the agency that graded 5 says to a lower view, in its own words."""

    agency_id: AgencyId
    words: Rationale = Field(examples=["We agree: the injury is explained, the consultant has seen her."])


class RecordForm(Form):
    """A part of the record of a discussion. What is left out stays as it was; null empties it."""

    planned_at: Instant | None = None
    held_at: Instant | None = None
    attendees: list[AttendeeForm] = Field(
        [],
        max_length=MOST_ATTENDEES,
        description="The whole list: whoever is left out is no longer invited.",
        examples=[[_EXAMPLE | {"attendance": "attended"}]],
    )
    minutes: Narrative | None = Field(None, examples=["The consultant has seen her."])
    referrer: SettledForm | None = Field(
        None, description="Whether whoever referred the child was invited; if not, why not."
    )
    joint_visit: SettledForm | None = Field(
        None, description="Whether police and social care visit together, and why or why not."
    )
    medical: SettledForm | None = Field(None, description="Whether there is a medical; by whom, or why not.")
    interim_safety_plan: Narrative | None = Field(
        None, description="What keeps the child safe from now on.", examples=["Stays with grandmother."]
    )
    section_47: SettledForm | None = Field(
        None, description="Whether enquiries under section 47 begin, and why or why not."
    )
    conference_on: Day | None = Field(None, description="The day of the initial child protection conference.")
    grading_agency_views: list[GradingAgencyViewForm] = Field(
        [], max_length=MOST_ATTENDEES, description="What lowering a 5 needs on record."
    )

    @model_validator(mode="after")
    def _each_answer_has_its_reason(self) -> Self:
        settled = [self.joint_visit, self.medical, self.section_47]
        if any(one is not None and one.reason is None for one in settled):
            raise PydanticCustomError("reason_missing", "Say why, whether the answer is yes or no.")
        if self.referrer is not None and not self.referrer.answer and self.referrer.reason is None:
            raise PydanticCustomError("reason_missing", "Say why the referrer was not invited.")
        return self


class ConclusionForm(Form):
    """What a discussion came to."""

    conclusion: Rationale = Field(examples=["Section 47 enquiries begin today; joint visit at 4pm."])


class CallingOffForm(Form):
    """Why a discussion will not be held."""

    reason: Rationale = Field(examples=["Called twice by mistake; the other one is held."])


class IssueForm(Form):
    """To whom the minutes were given."""

    attendee_ids: list[AttendeeId] = Field(
        [], max_length=MOST_ATTENDEES, description="Left out or empty: everyone who has not had them yet."
    )


class Attendee(Answer):
    """Somebody who was invited or came."""

    attendee_id: AttendeeId
    name: str = Field(examples=["Omar Khan"])
    role: str | None = Field(None, examples=["Detective sergeant"])
    agency_id: AgencyId | None = None
    organisation: str | None = Field(None, examples=["Dr Lee's practice"])
    sector: Sector | None = Field(None, description="Null: nobody said, so it counts towards no quorum.")
    part: AttendeePart = AttendeePart.PROFESSIONAL
    attendance: Attendance = Attendance.INVITED
    absent_reason: str | None = Field(None, examples=["On leave; nobody could stand in."])


class Settled(Answer):
    """A question that was settled: yes or no, and why."""

    answer: bool
    reason: str | None = Field(None, examples=["At 4pm."])


class GradingAgencyView(Answer):
    """What the agency that graded 5 said to a lower view."""

    agency_id: AgencyId
    words: str = Field(examples=["We agree: the injury is explained."])


class DiscussionRecord(Answer):
    """The record of a discussion as far as it goes."""

    planned_at: datetime | None = None
    held_at: datetime | None = None
    attendees: list[Attendee] = []
    minutes: str | None = Field(None, examples=["The consultant has seen her."])
    referrer: Settled | None = None
    joint_visit: Settled | None = None
    medical: Settled | None = None
    interim_safety_plan: str | None = Field(None, examples=["Stays with grandmother."])
    section_47: Settled | None = None
    conference_on: date | None = None
    grading_agency_views: list[GradingAgencyView] = []


class RecordVersion(Answer):
    """Who wrote which part of a record, and when; each version can be read again."""

    number: int = Field(examples=[2])
    changed: list[str] = Field(description="The parts that were written.", examples=[["minutes"]])
    recorded_at: datetime
    recorded_by: str = Field(examples=["Dana Reid"])


class QuorumView(Answer):
    """Whether enough of those who must be there were."""

    met: bool
    missing: list[str] = Field(
        description="Sectors that were not there; `hub_manager`, or `second_agency`.", examples=[["health"]]
    )
    words: str = Field(examples=["Held without health: no quorum. Hold a later one with all of them."])


class IssueView(Answer):
    """Who was given the minutes, when and by whom."""

    attendee_id: AttendeeId
    issued_at: datetime
    issued_by: str = Field(examples=["Dana Reid"])
    record_number: int = Field(description="Which version of the record they were.", examples=[4])


class DiscussionView(Answer):
    """A discussion, for those who decide."""

    discussion_id: DiscussionId
    case_id: CaseId = Field(description="The case that it was called in.")
    child_ids: list[ChildId]
    kind: DiscussionKind
    state: DiscussionState
    version: int = Field(description="Moves with every step; the `ETag`.", examples=[3])
    called_because: str = Field(examples=["Bruising on a baby who cannot move by herself."])
    called_at: datetime
    called_by: str = Field(examples=["Dana Reid"])
    record: DiscussionRecord
    history: list[RecordVersion]
    quorum: QuorumView | None = Field(description="Null: nobody has recorded who was there.")
    conference_due_on: date | None = Field(
        description="Where section 47 enquiries begin: by when the conference is due, 15 working days on."
    )
    warnings: list[str] = Field(
        description="What a reader must know; none of it stops anybody.",
        examples=[["No day for the child protection conference is set: due by 14 December 2026."]],
    )
    conclusion: str | None = Field(examples=["Section 47 enquiries begin today."])
    concluded_at: datetime | None
    concluded_by: str | None = Field(examples=["Dana Reid"])
    called_off_at: datetime | None
    called_off_by: str | None = Field(examples=["Dana Reid"])
    called_off_reason: str | None = Field(examples=["Called twice by mistake."])
    actions: list[DiscussionActionView]
    issued: list[IssueView]
    issued_to_all: bool = Field(description="Whether everyone on the list was given the minutes.")
