"""What somebody who is invited to a discussion sees of it, and which discussions a child is still owed."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from shared.schemas.discussions import Attendee, DiscussionKind, DiscussionState, DiscussionView
from shared.schemas.ids import AgencyId, CaseId, ChildId, DiscussionId, RequestId
from shared.schemas.shapes import Answer, Page
from shared.schemas.words import AnswerStatus, Handling


class Call(StrEnum):
    """Why a discussion is called for, the most pressing first."""

    #: An agency graded 5: police and the hub's manager talk on the same day.
    SAME_DAY = "same_day"
    #: A strategy discussion was held without all who must be there.
    HOLD_AGAIN = "hold_again"
    #: Agencies differ widely, or the policy wants somebody senior to look.
    RECORDED = "recorded"


class OwedView(Answer):
    """A discussion that a child is owed. It stops no decision that protects."""

    child_id: ChildId
    call: Call
    since: datetime | None = Field(description="Since when; null: it cannot be said.")
    due_on: date | None = Field(description="The day, in London, by the end of which it is due, if any.")
    called: DiscussionId | None = Field(description="The one that is called and not concluded, if any.")
    words: str = Field(examples=["An agency graded 5: police and the hub's manager talk today."])


class CaseDiscussions(Page[DiscussionView]):
    """The discussions about the children of a case, the oldest first, and those they are still owed."""

    owed: list[OwedView]


class InvitedChild(Answer):
    """A child that a discussion is about."""

    child_id: ChildId
    given_name: str | None = Field(examples=["Maisie"])
    family_name: str | None = Field(examples=["Example"])
    date_of_birth: date | None
    expected_date_of_birth: date | None


class Invitation(Answer):
    """A discussion that the reader's agency is invited to."""

    discussion_id: DiscussionId
    kind: DiscussionKind
    state: DiscussionState
    called_at: datetime
    planned_at: datetime | None
    held_at: datetime | None
    children: list[InvitedChild]
    invited: list[Attendee] = Field(description="Those of the reader's own agency.")


class PackAnswer(Answer):
    """What an agency knows of a child, as far as its handling mark lets it travel to this attendee."""

    request_id: RequestId
    child_id: ChildId
    agency_id: AgencyId
    status: AnswerStatus
    handling: Handling | None
    answered_at: datetime
    text: str | None = Field(examples=["Four calls this year."])


class Pack(Answer):
    """What one attendee may read for a discussion: no grade, no recommendation, no address."""

    discussion_id: DiscussionId
    case_id: CaseId | None = Field(description="Null for a reader from an agency.")
    kind: DiscussionKind
    state: DiscussionState
    planned_at: datetime | None
    held_at: datetime | None
    attendee: Attendee
    children: list[InvitedChild]
    called_because: str | None = Field(description="Null: see `withheld`.", examples=["A bruise."])
    answers: list[PackAnswer]
    kept_back: int = Field(
        description="How many agencies' answers are not for this attendee, by their owners' marks.",
        examples=[1],
    )
    minutes: str | None = Field(
        description="Those that were issued to this attendee. Null: see `withheld`.",
        examples=["The consultant has seen her."],
    )
    withheld: list[str] = Field(
        description="What is not shown, and why, in words.",
        examples=[["The minutes were not issued to this attendee."]],
    )
