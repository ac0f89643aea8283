"""Discussions and management oversight as the sector says them."""

from datetime import date, datetime
from typing import Final

from shared.clock import LONDON
from shared.schemas.discussions import Attendance, AttendeePart, DiscussionKind, DiscussionState
from shared.schemas.invitations import Call
from shared.schemas.oversight import OversightKind
from shared.schemas.words import Sector

KINDS: Final = {
    DiscussionKind.STRATEGY: "Strategy discussion",
    DiscussionKind.MULTI_AGENCY: "Multi-agency discussion",
    DiscussionKind.THRESHOLD: "Threshold discussion",
}
KIND_HINTS: Final = {
    DiscussionKind.STRATEGY: "Is the child suffering harm, and what is done? Social care, police and health.",
    DiscussionKind.MULTI_AGENCY: "Agencies put together what each knows.",
    DiscussionKind.THRESHOLD: "On the same day after a 5: the police and the hub's manager.",
}
STATES: Final = {
    DiscussionState.CALLED: "Called",
    DiscussionState.CONCLUDED: "Concluded",
    DiscussionState.CALLED_OFF: "Called off",
}
ATTENDANCES: Final = {
    Attendance.INVITED: "Invited",
    Attendance.ATTENDED: "Was there",
    Attendance.SENT_INFORMATION: "Sent information",
    Attendance.ABSENT: "Was not there",
}
PARTS: Final = {AttendeePart.HUB_MANAGER: "the hub's manager", AttendeePart.FAMILY: "family"}
CALLS: Final = {
    Call.SAME_DAY: "A discussion is called for today",
    Call.HOLD_AGAIN: "A strategy discussion is called for again",
    Call.RECORDED: "A discussion is called for",
}
#: Which kind of discussion answers a call.
FITTING: Final = {
    Call.SAME_DAY: DiscussionKind.THRESHOLD,
    Call.HOLD_AGAIN: DiscussionKind.STRATEGY,
    Call.RECORDED: DiscussionKind.MULTI_AGENCY,
}
OVERSIGHT: Final = {
    OversightKind.DIRECTION: "Direction",
    OversightKind.SIGN_OFF: "Sign-off",
    OversightKind.REVIEW: "Review",
}
RECORD_PARTS: Final = {
    "planned_at": "when it is planned",
    "held_at": "when it was held",
    "attendees": "who is on the list",
    "minutes": "the minutes",
    "referrer": "whether the referrer was invited",
    "joint_visit": "the joint visit",
    "medical": "the medical",
    "interim_safety_plan": "the interim safety plan",
    "section_47": "section 47",
    "conference_on": "the day of the conference",
    "grading_agency_views": "the grading agency's view",
}
ELSEWHERE: Final = {
    Sector.HEALTH: "Other: health",
    Sector.POLICE: "Other: police",
    Sector.SOCIAL_CARE: "Other: social care",
    Sector.EDUCATION: "Other: education",
    Sector.OTHER: "Other organisation",
}


def day_field(at: datetime | None) -> str:
    """Return the day of an instant in London as a browser's date field takes it; "" for none."""
    return at.astimezone(LONDON).date().isoformat() if at else ""


def clock_field(at: datetime | None) -> str:
    """Return the clock time of an instant in London as a browser's time field takes it; "" for none."""
    return f"{at.astimezone(LONDON):%H:%M}" if at else ""


def instant_of(day: str, clock: str) -> datetime | None:
    """Return the instant that a day and a clock time in London say; None where they say none."""
    try:
        return datetime.fromisoformat(f"{date.fromisoformat(day.strip())}T{clock.strip()}").replace(
            tzinfo=LONDON
        )
    except ValueError:
        return None
