"""Who is on the list of a discussion, what it has to settle, and who is given its minutes."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from services.triage.actions.discussions.discussion_refusals import AgencyNotKnown, NotOnTheList
from services.triage.store.discussions import WholeDiscussion
from shared.schemas.discussions import (
    Attendance,
    Attendee,
    AttendeeForm,
    DiscussionKind,
    DiscussionRecord,
    InviteeForm,
    IssueForm,
)
from shared.schemas.ids import AgencyId, AttendeeId, new_id
from shared.schemas.words import Sector

#: What each agency of the hub counts for.
Sectors = Mapping[AgencyId, Sector]
_SETTLES: Final = ("referrer", "joint_visit", "medical", "interim_safety_plan", "section_47")


def left_out_of(kind: DiscussionKind, record: DiscussionRecord) -> list[str]:
    """Return what a discussion of this kind has to settle and has not."""
    there = any(each.attendance is Attendance.ATTENDED for each in record.attendees)
    left_out = [] if record.held_at else ["held_at"]
    left_out += [] if there else ["attendees"]
    if kind is DiscussionKind.STRATEGY:
        left_out += [name for name in _SETTLES if not getattr(record, name)]
    return left_out


def attendees_of(
    forms: Sequence[InviteeForm], sectors: Sectors, field: str, *, known: Collection[AttendeeId]
) -> list[Attendee]:
    """Return attendees with the sector that each counts for: an agency's own, or the one that was said.

    Raises:
        AgencyNotKnown: there is no such agency.
        NotOnTheList: an id is not of the list, or stands twice.
    """
    nobodys = [place for place, one in enumerate(forms) if one.agency_id and one.agency_id not in sectors]
    if nobodys:
        raise AgencyNotKnown(f"#/{field}/{place}/agency_id" for place in nobodys)
    ids = [one.attendee_id if isinstance(one, AttendeeForm) else None for one in forms]
    strangers = [
        place
        for place, each in enumerate(ids)
        if each is not None and (each not in known or each in ids[:place])
    ]
    if strangers:
        raise NotOnTheList(f"#/{field}/{place}/attendee_id" for place in strangers)
    return [
        Attendee.model_validate(
            one.model_dump()
            | {
                "attendee_id": given or AttendeeId(new_id()),
                "sector": sectors[one.agency_id] if one.agency_id else one.sector,
            }
        )
        for one, given in zip(forms, ids, strict=True)
    ]


def agencies_of(attendees: Sequence[Attendee]) -> list[AgencyId]:
    """Return the agencies that attendees come from, each once."""
    return sorted({each.agency_id for each in attendees if each.agency_id is not None})


def receivers_of(whole: WholeDiscussion, form: IssueForm) -> list[AttendeeId]:
    """Return who is given the minutes: those named, or everyone on the list who has not had them.

    Raises:
        NotOnTheList: somebody named is not on it.
    """
    listed = [each.attendee_id for each in whole.record.attendees]
    strangers = [place for place, each in enumerate(form.attendee_ids) if each not in listed]
    if strangers:
        raise NotOnTheList(f"#/attendee_ids/{place}" for place in strangers)
    had = {each.attendee_id for each in whole.issues}
    return list(dict.fromkeys(form.attendee_ids)) or [each for each in listed if each not in had]
