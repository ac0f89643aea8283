"""What is announced to agencies that the hub waits for or talks with: asked, reminded, invited."""

from collections.abc import Mapping
from typing import Any, Final

from services.notifications.actions.giving_notice import Announcement
from services.notifications.rules import Occasion, Recipient
from shared.schemas.discussions import DiscussionState
from shared.schemas.events import InvitationsChanged
from shared.schemas.ids import AgencyId, EventId
from shared.schemas.progress import ReferralSender
from shared.schemas.reminders import (
    DiscussionAnnounced,
    DiscussionNotice,
    QuestionWaiting,
    ReminderNotice,
)
from shared.schemas.words import Sector

_STILL_INVITED: Final = (Occasion.INVITED, Occasion.INVITED_TO_ANOTHER_TIME)


def announce_question(
    event_id: EventId, question: QuestionWaiting, about: ReferralSender, audience: Sector
) -> Announcement:
    """Return what an agency is told when it is asked; also where somebody there has answered meanwhile.

    Its own system would else meet a question that it never heard of.

    Args:
        about: the referral that named the child; its own sender finds its own reference.
    """
    recipient = _recipient(question.agency_id, audience, Occasion.ASKED, about, question)
    return Announcement(event_id, about.referral_id, [recipient], _which(question))


def announce_reminder(
    event_id: EventId, question: QuestionWaiting, about: ReferralSender, audience: Sector
) -> Announcement:
    """Return the reminder to an agency; to nobody, where it has answered meanwhile. `about` as above."""
    recipient = _recipient(question.agency_id, audience, Occasion.REMINDED, about, question)
    recipients = [] if question.answered else [recipient]
    return Announcement(event_id, about.referral_id, recipients, _which(question))


def _which(question: QuestionWaiting) -> dict[str, Any]:
    shown = ReminderNotice(request_id=question.request_id, due_at=question.due_at)
    return {"information_request": shown.model_dump(mode="json")}


def announce_discussion(
    event: InvitationsChanged,
    discussion: DiscussionAnnounced,
    about: ReferralSender,
    audiences: Mapping[AgencyId, Sector],
) -> Announcement:
    """Return what agencies are told of a discussion, each what the event says of it.

    Nobody is invited any more to what is concluded or called off by now: its own event says so.
    """
    occasions = {
        **dict.fromkeys(event.invited_agency_ids, Occasion.INVITED),
        **dict.fromkeys(event.moved_agency_ids, Occasion.INVITED_TO_ANOTHER_TIME),
        **dict.fromkeys(event.withdrawn_agency_ids, Occasion.NO_LONGER_INVITED),
    }
    is_over = discussion.state is not DiscussionState.CALLED
    recipients = [
        _recipient(agency_id, audiences[agency_id], occasion, about)
        for agency_id, occasion in occasions.items()
        if not (is_over and occasion in _STILL_INVITED)
    ]
    shown = DiscussionNotice.model_validate(discussion.model_dump(exclude={"state", "referral_id"}))
    return Announcement(
        event.event_id, about.referral_id, recipients, {"discussion": shown.model_dump(mode="json")}
    )


def _recipient(
    agency_id: AgencyId,
    audience: Sector,
    occasion: Occasion,
    about: ReferralSender,
    question: QuestionWaiting | None = None,
) -> Recipient:
    own = agency_id == about.agency_id
    return Recipient(
        agency_id=agency_id,
        audience=audience,
        occasion=occasion,
        reference=about.reference,
        sender_reference=about.sender_reference if own else None,
        case_id=question.case_id if question else None,
    )
