"""The board of children not yet decided, who said that each may wait, and what changed overnight."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from shared.schemas.ids import AgencyId, CaseId, ChildId, WaitId
from shared.schemas.restricted import RestrictedWaiting
from shared.schemas.shapes import Answer, Form, Page
from shared.schemas.text import Rationale, SaidLine
from shared.schemas.times import Instant
from shared.schemas.words import ChildState, GradeStatus, Pathway, Rag, Sector


class WaitKind(StrEnum):
    """In which of two ways somebody spoke for a child at close of day."""

    SAFE_UNTIL = "safe_until"
    EMERGENCY_DUTY = "emergency_duty"


class Unknown(StrEnum):
    """What is not known of a child that may have to wait."""

    NOT_ANSWERED = "not_answered"
    HEALTH_MISSING = "health_missing"
    NOT_SEEN = "not_seen"
    SEEN_NOT_SAID = "seen_not_said"
    WHEREABOUTS = "whereabouts"
    WHO_IT_IS = "who_it_is"


class Spoken(StrEnum):
    """Whether somebody has spoken for a child until the hub opens next."""

    SPOKEN_FOR = "spoken_for"
    #: Somebody did, and the policy has looked at the child anew since: look again.
    HEARD_SINCE = "heard_since"
    NOBODY = "nobody"


class WaitForm(Form):
    """Say that a child may wait, or that the emergency duty team has it: one of the two, whole."""

    safe_until: Instant | None = Field(
        None,
        description="Until when it is safe to wait, at the latest the close of the next working day. It"
        " moves no due time: the child's clock never pauses.",
        examples=["2026-11-23T09:00:00Z"],
    )
    why: Rationale | None = Field(
        None, description="Required with `safe_until`.", examples=["With grandmother until Monday; seen."]
    )
    handed_to: SaidLine | None = Field(
        None, description="Who of the emergency duty team took the child over.", examples=["Jo Bright"]
    )
    read_back_by: SaidLine | None = Field(
        None, description="Who read it back, so that it is sure to have been heard.", examples=["Jo Bright"]
    )
    at: Instant | None = Field(None, description="When it was read back.", examples=["2026-11-20T17:05:00Z"])


class WaitView(Answer):
    """What a named person said of a child at close of day."""

    wait_id: WaitId
    child_id: ChildId
    kind: WaitKind
    safe_until: datetime | None
    why: str | None = Field(examples=["With grandmother until Monday; seen."])
    handed_to: str | None = Field(examples=["Jo Bright"])
    read_back_by: str | None = Field(examples=["Jo Bright"])
    read_back_at: datetime | None
    said_by: str = Field(examples=["Dana Reid"])
    said_at: datetime
    decide_by: datetime = Field(description="When the child falls due, whatever was said.")
    beyond_due: bool = Field(description="Whether the child falls due before that: it is late all the same.")


class BoardChild(Answer):
    """A child not yet decided, with what is unknown and who spoke for it."""

    case_id: CaseId
    child_id: ChildId
    child_ids: list[ChildId] = Field(description="Every id it stands under in the case, this one included.")
    references: list[str] = Field(examples=[["SH-7K3QX9MA-9"]])
    given_name: str | None = Field(examples=["Maisie"])
    family_name: str | None = Field(examples=["Example"])
    date_of_birth: date | None
    expected_date_of_birth: date | None
    rag: Rag
    level: int | None = Field(
        description="What the policy recommends; null: a person must say.", examples=[3]
    )
    received_at: datetime
    decide_by: datetime
    changed_since_decision: bool = Field(
        description="Decided before, and more was heard: a person looks again."
    )
    whereabouts: str | None = Field(examples=["At home with mother."])
    unknown: list[Unknown]
    waiting_for: list[Sector | None] = Field(description="Core sectors that have not answered.")
    silent_words: list[str] = Field(
        default_factory=list,
        description="The same in a sentence each, by source and since when.",
        examples=[["Health: mental health, asked 23 November at 10:12, not answered."]],
    )
    spoken: Spoken
    wait: WaitView | None = Field(description="The newest that was said; null: nothing ever was.")
    held_by: str | None = Field(
        None, description="The member of staff who holds the case.", examples=["Dana Reid"]
    )


class Board(Page[BoardChild]):
    """Every child not yet decided, the most urgent case first."""

    closed: list[RestrictedWaiting] = Field(
        [],
        description="Restricted cases that wait and that you are not named for; they count for `limit`.",
    )
    as_of: datetime
    opens_at: datetime = Field(description="When the hub opens next: until then each needs somebody's word.")


class ChangeKind(StrEnum):
    """What is new about a child."""

    CONTACT = "contact"
    CORRECTION = "correction"
    ANSWER = "answer"
    GRADE = "grade"
    RECOMMENDATION = "recommendation"
    DECISION = "decision"
    SAFE_TO_WAIT = "safe_to_wait"
    EMERGENCY_DUTY = "emergency_duty"
    #: The day has come on which a manager said that they would look again, and nobody has.
    REVIEW_DUE = "review_due"


class Change(Answer):
    """One thing that is new about a child; what does not belong to its kind is null."""

    kind: ChangeKind
    at: datetime
    agency_id: AgencyId | None = None
    by: str | None = Field(None, examples=["Dana Reid"])
    reference: str | None = Field(None, examples=["SH-7K3QX9MA-9"])
    version: int | None = Field(None, examples=[2])
    status: str | None = Field(None, description="Of an answer or a grade.", examples=[GradeStatus.GRADED])
    grade: int | None = Field(None, examples=[4])
    pathway: Pathway | None = None
    level: int | None = Field(None, examples=[3])
    rag: Rag | None = None
    level_before: int | None = Field(None, examples=[2])
    rag_before: Rag | None = None
    until: datetime | None = None


class ChildChanges(Answer):
    """What is new about one child, the oldest first."""

    case_id: CaseId
    child_id: ChildId
    given_name: str | None = Field(examples=["Maisie"])
    family_name: str | None = Field(examples=["Example"])
    date_of_birth: date | None
    expected_date_of_birth: date | None
    state: ChildState
    rag: Rag
    decide_by: datetime
    changes: list[Change]


class BoardChanges(Page[ChildChanges]):
    """What is new about every child since an instant."""

    since: datetime
    as_of: datetime
