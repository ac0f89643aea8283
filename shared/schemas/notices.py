"""What the hub tells an agency about its referrals beside their outcomes."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.schemas.ids import CaseId, EventId
from shared.schemas.progress import FurtherInformation, Withdrawal
from shared.schemas.reminders import DiscussionNotice, ReminderNotice
from shared.schemas.shapes import Answer

NoticeType = Literal[
    "referral.further_information_requested",
    "referral.withdrawal_decided",
    "referral.corrected",
    "information_request.made",
    "information_request.reminder",
    "discussion.invited",
    "discussion.moved",
    "discussion.withdrawn",
]


class Notice(Answer):
    """News that is not an outcome: the hub asks, reminds, invites, or something was corrected."""

    event_id: EventId = Field(description="Also the `webhook-id`.")
    cursor: str = Field(examples=["WyJub3RpY2VzIiw3XQ"])
    type: NoticeType
    occurred_at: datetime
    reference: str = Field(
        description="Your own referral's, where you sent one; else that of the referral that was corrected,"
        " or named the child that you are asked about or talk of.",
        examples=["SH-7K3QX9MA-9"],
    )
    sender_reference: str | None = Field(
        description="Yours, if the referral is yours.", examples=["SYP-2026-114226"]
    )
    case_id: CaseId | None = Field(
        None,
        description="Where the hub asked you for information, with `referral.corrected` and the types of"
        " information requests: the case that your information requests name.",
    )
    message: str = Field(
        description="What it means and what to do now, in plain words that name nobody.",
        examples=["Your safeguarding representative asks for more about this referral."],
    )
    further_information: FurtherInformation | None = Field(
        None,
        description="With `referral.further_information_requested`: what is asked and by when, as it stood"
        " when you were told.",
    )
    withdrawal: Withdrawal | None = Field(
        None, description="With `referral.withdrawal_decided`: what the hub decided."
    )
    information_request: ReminderNotice | None = Field(
        None, description="With the types of information requests: which waits for your answer."
    )
    discussion: DiscussionNotice | None = Field(
        None, description="With the types of discussions: which, and when. Your invitations say about whom."
    )
