"""What falls due for a child, what was not done in time, and where nothing happens: for those who decide."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from shared.schemas.ids import (
    AgencyId,
    BreachId,
    CaseId,
    ChildId,
    DriftId,
    RequestId,
    TargetId,
    TimerId,
)
from shared.schemas.onward import OnwardView
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.times import Day
from shared.schemas.words import Sector


class TimerKind(StrEnum):
    """What falls due."""

    #: A person has looked at the contact.
    SCREENING = "screening"
    #: Level of need and colour are decided.
    DECISION = "decision"
    AGENCY_RETURN = "agency_return"
    #: What a manager set for this child.
    TARGET = "target"
    #: A manager looks again at a target that runs for long.
    TARGET_REVIEW = "target_review"
    #: A second person has looked at a decision that waits.
    SECOND_LOOK = "second_look"
    #: Whoever a child was handed over to has accepted it.
    HANDOVER = "handover"
    #: The assessment under section 17 or 47 is complete.
    ASSESSMENT = "assessment"
    #: The initial child protection conference has met.
    CONFERENCE = "conference"
    #: A manager looks again, on the day that an entry of management oversight names.
    OVERSIGHT_REVIEW = "oversight_review"


class TimerEnd(StrEnum):
    """Why something is no longer to be done, of the kinds for which that can differ."""

    DONE = "done"
    #: A later decision took the place of the one that asked for it.
    SUPERSEDED = "superseded"
    #: A manager recorded why not, or what it was for is done.
    NOT_NEEDED = "not_needed"
    #: Another authority accepted the child, and does it.
    TAKEN_OVER = "taken_over"
    #: The hub's part in the child ended.
    CLOSED = "closed"


class TargetPurpose(StrEnum):
    """What a manager's target is for."""

    DECISION = "decision"
    ASSESSMENT = "assessment"


class LateReason(StrEnum):
    """Why something was not done in time, as managers count it. The words stand beside it, by edition."""

    AGENCY_LATE = "agency_late"
    FAMILY_NOT_REACHED = "family_not_reached"
    MORE_URGENT_CHILD = "more_urgent_child"
    TOO_FEW_STAFF = "too_few_staff"
    #: It was not allocated, or nobody saw that it was due.
    NOBODY_HAD_IT = "nobody_had_it"
    SOMETHING_NEW = "something_new"
    ASKED_TO_WAIT = "asked_to_wait"
    SYSTEM_FAILED = "system_failed"
    WRITTEN_DOWN_LATE = "written_down_late"
    OTHER = "other"


class BreachReasonForm(Form):
    """Why something was not done in time: what it was, from a short list, and how it was, in words."""

    code: LateReason | None = Field(
        None,
        description="The nearest of the list. Left out: counted as not sorted.",
        examples=["agency_late"],
    )
    reason: Rationale = Field(
        description="Kept under your name. The first stands; later ones are kept beside it.",
        examples=["The school was closed; its safeguarding lead answered next morning."],
    )


class TargetForm(Form):
    """A timescale for one child, on top of those that are configured."""

    target_on: Day = Field(
        description="A working day to come; due as it closes, London time.", examples=["2026-12-04"]
    )
    reason: Rationale = Field(examples=["A baby is due in that week."])
    purpose: TargetPurpose = TargetPurpose.DECISION


class TargetReviewForm(Form):
    """What a manager found when looking at a target again."""

    words: Rationale = Field(examples=["Both home visits are made; the report is being written."])
    reached: bool = Field(False, description="Whether what the target is for has been done.")


class ChildOfList(Answer):
    """Whom a line of a list is about."""

    case_id: CaseId
    child_id: ChildId
    given_name: str | None = Field(examples=["Maisie"])
    family_name: str | None = Field(examples=["Example"])
    date_of_birth: date | None
    expected_date_of_birth: date | None
    reference: str | None = Field(
        description="Of the contact that named the child; null only where the line is closed to you.",
        examples=["SH-7K3QX9MA-9"],
    )


class BreachReasonView(Answer):
    """A reason that somebody gave."""

    code: LateReason | None = Field(None, description="Null: in words alone, as earlier reasons are.")
    code_words: str | None = Field(
        None,
        description="What was picked, as it was called then.",
        examples=["An agency answered late, or has not answered"],
    )
    reason: str = Field(examples=["The school was closed; its safeguarding lead answered next morning."])
    given_by: str = Field(examples=["Dana Reid"])
    given_at: datetime


class BreachView(ChildOfList):
    """Something that was not done in time. It is raised once, and asks for a reason."""

    breach_id: BreachId
    timer_id: TimerId
    kind: TimerKind
    agency_id: AgencyId | None = Field(description="Who had not answered, where an agency had not.")
    due_at: datetime
    found_at: datetime
    met_at: datetime | None = Field(
        description="When it was done after all, or no longer to be done. A grade that came late answers what"
        " its agency was asked."
    )
    ended_because: TimerEnd | None = Field(
        None, description="Why it ended, where that can differ; null: it runs, or was met."
    )
    late_by_seconds: int | None = Field(
        None,
        description="How long after it was due it was done, nights and weekends included; 0: it had been done"
        " in time and was written down late; null: it has not been done, or is no longer to be.",
        examples=[7500],
    )
    reasons: list[BreachReasonView] = Field(description="The first that was given stands.")


class DriftView(ChildOfList):
    """A child that waits for a decision, and for whom nothing has happened."""

    drift_id: DriftId
    quiet_since: datetime = Field(description="When something happened last.")
    found_at: datetime


class TimerView(Answer):
    """Something that falls due for a child. It never pauses, whoever is waited for."""

    timer_id: TimerId
    child_id: ChildId
    kind: TimerKind
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    request_id: RequestId | None
    agency_id: AgencyId | None = Field(description="Who was asked, where an agency's answer falls due.")
    sector: Sector | None
    waiting_since: datetime | None = Field(description="When that agency was asked.")
    target_id: TargetId | None
    started_at: datetime | None = Field(
        None, description="When it began, of a second look, of what follows a decision and of a review."
    )
    ended_because: TimerEnd | None = Field(
        None, description="Why it ended, where that can differ; null: it runs, or was met."
    )


class DueView(ChildOfList):
    """Something that follows a decision, or a review, and is not done: it falls due, or is late already."""

    timer_id: TimerId
    kind: TimerKind
    started_at: datetime | None
    due_at: datetime
    breached_at: datetime | None = Field(description="When it was found to be late; null: it is not.")


class TargetReviewView(Answer):
    """A manager's look at a target."""

    words: str = Field(examples=["Both home visits are made; the report is being written."])
    reached: bool
    reviewed_by: str = Field(examples=["Marcus Bell"])
    reviewed_at: datetime


class TargetView(Answer):
    """A timescale that a manager set for a child. What is configured is never moved by it."""

    target_id: TargetId
    case_id: CaseId
    child_id: ChildId
    purpose: TargetPurpose
    target_on: date
    due_at: datetime
    configured_due_at: datetime = Field(description="What holds for every child.")
    earlier_due_at: datetime = Field(description="The earlier of both: what to go by.")
    reason: str = Field(examples=["A baby is due in that week."])
    set_by: str = Field(examples=["Marcus Bell"])
    set_at: datetime
    review_by: datetime | None = Field(description="When a manager looks again; null: it ends before that.")
    reviews: list[TargetReviewView]
    ended_at: datetime | None = Field(description="When it was reached or replaced; null: it stands.")
    close_early: bool = Field(
        description="Everyone asked has answered and the target is still to come: it could be done now."
    )


class CaseTimers(Answer):
    """All that falls due in a case."""

    case_id: CaseId
    timers: list[TimerView] = Field(description="The soonest due first, those that were met included.")
    targets: list[TargetView] = Field(description="The newest first.")
    breaches: list[BreachView] = Field(description="The oldest first.")
    drifting: list[DriftView]
    onward: list[OnwardView] = Field(
        [], description="What was recorded of what follows decisions, the oldest first."
    )


class Screened(Answer):
    """A person has looked at every contact of the case."""

    case_id: CaseId
    version: int = Field(examples=[3])
    child_ids: list[ChildId] = Field(description="For whom that was still to be said.")
