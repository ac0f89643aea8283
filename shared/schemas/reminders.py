"""What agencies are told of questions that wait for them and of discussions: never about whom."""

from datetime import datetime

from pydantic import Field

from shared.schemas.discussions import DiscussionKind, DiscussionState
from shared.schemas.ids import AgencyId, CaseId, DiscussionId, ReferralId, RequestId
from shared.schemas.shapes import Answer


class QuestionWaiting(Answer):
    """A question that an agency was asked, for the service that tells and reminds it."""

    request_id: RequestId
    case_id: CaseId
    #: The referral that named the child.
    referral_id: ReferralId
    agency_id: AgencyId
    due_at: datetime
    answered: bool


class DiscussionAnnounced(Answer):
    """A discussion as it stands, for the service that tells those who are invited."""

    discussion_id: DiscussionId
    kind: DiscussionKind
    state: DiscussionState
    planned_at: datetime | None
    #: The referral that named the first of its children.
    referral_id: ReferralId


class ReminderNotice(Answer):
    """A question that your agency is asked, or was and has not answered."""

    request_id: RequestId = Field(description="As your information requests name it.")
    due_at: datetime = Field(description="When your answer is due, or was.")


class DiscussionNotice(Answer):
    """A discussion that your agency is invited to, or was."""

    discussion_id: DiscussionId
    kind: DiscussionKind
    planned_at: datetime | None = Field(description="As it stood when you were told; null: no time is set.")
