"""What one attendee may read for a discussion, by the handling marks of those who know: pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.triage.models import CaseChild, InformationRequest
from services.triage.store.discussions import WholeDiscussion, record_of
from services.triage.views.discussions import state_of
from shared.schemas.discussions import Attendee, AttendeePart, DiscussionKind
from shared.schemas.ids import AgencyId
from shared.schemas.invitations import Invitation, InvitedChild, Pack, PackAnswer
from shared.schemas.words import AnswerStatus, Handling

_BLIND: Final = "Why it was called, and the minutes, are shown once the agency has graded the child."
_NOT_FOR_FAMILY: Final = "Why it was called is not shown to family: whoever leads the discussion says it."
_NOT_ISSUED: Final = "The minutes were not issued to this attendee."


@dataclass(frozen=True, slots=True)
class PackOf:
    """Whose pack it is.

    Attributes:
        is_blind: whether their agency has yet to grade one of the children.
        shows_case: whether the reader is one who may open the case.
    """

    attendee: Attendee
    is_blind: bool
    shows_case: bool


def travels_to(attendee: Attendee, kind: DiscussionKind, owner: AgencyId, handling: Handling | None) -> bool:
    """Say whether the words of an agency's answer may be read by an attendee.

    An agency reads its own words. What is marked for the hub goes to the hub's manager alone; what is marked
    for strategy meetings to professionals in a strategy discussion and in no other; no mark is the narrowest.
    """
    if attendee.agency_id is not None and owner == attendee.agency_id:
        return True
    if handling is Handling.FAMILY_MAY_SEE or attendee.part is AttendeePart.HUB_MANAGER:
        return True
    is_professional = attendee.part is AttendeePart.PROFESSIONAL
    return handling is Handling.STRATEGY_MEETING and kind is DiscussionKind.STRATEGY and is_professional


def pack_view(
    whole: WholeDiscussion,
    children: Sequence[CaseChild],
    answers: Sequence[InformationRequest],
    reader: PackOf,
) -> Pack:
    """Return the pack of an attendee: what travels to it, and in words what is kept back."""
    one, record, attendee = whole.discussion, whole.record, reader.attendee
    kind = DiscussionKind(one.kind)
    shown = [each for each in answers if travels_to(attendee, kind, each.agency_id, _mark(each))]
    kept_back = {each.agency_id for each in answers if each not in shown and each.answer}
    minutes = None if reader.is_blind else _minutes(whole, attendee)
    is_family = attendee.part is AttendeePart.FAMILY
    return Pack(
        discussion_id=one.discussion_id,
        case_id=one.case_id if reader.shows_case else None,
        kind=kind,
        state=state_of(whole),
        planned_at=record.planned_at,
        held_at=record.held_at,
        attendee=attendee,
        children=[invited_child(child) for child in children],
        called_because=None if reader.is_blind or is_family else one.called_because,
        answers=[_answer(each) for each in shown],
        kept_back=len(kept_back),
        minutes=minutes,
        withheld=_withheld(reader, has_minutes=minutes is not None),
    )


def _withheld(reader: PackOf, *, has_minutes: bool) -> list[str]:
    if reader.is_blind:
        return [_BLIND]
    family = [_NOT_FOR_FAMILY] if reader.attendee.part is AttendeePart.FAMILY else []
    return family if has_minutes else [*family, _NOT_ISSUED]


def _minutes(whole: WholeDiscussion, attendee: Attendee) -> str | None:
    """Return the minutes that were last given to somebody: later words on them were not."""
    numbers = [each.record_number for each in whole.issues if each.attendee_id == attendee.attendee_id]
    given = next((each for each in whole.versions if numbers and each.number == numbers[-1]), None)
    return record_of(given).minutes if given else None


def _mark(answer: InformationRequest) -> Handling | None:
    return Handling(answer.handling) if answer.handling else None


def _answer(answer: InformationRequest) -> PackAnswer:
    return PackAnswer(
        request_id=answer.request_id,
        child_id=answer.child_id,
        agency_id=answer.agency_id,
        status=AnswerStatus(str(answer.status)),
        handling=_mark(answer),
        answered_at=answer.answered_at,
        text=answer.answer,
    )


def invited_child(child: CaseChild) -> InvitedChild:
    """Return who a discussion is about, and nothing of where it lives."""
    return InvitedChild.model_validate(child, from_attributes=True)


def invitation_view(whole: WholeDiscussion, children: Sequence[CaseChild], agency_id: AgencyId) -> Invitation:
    """Return a discussion as an invited agency sees it: what it is, when, and whom of theirs it invites."""
    one, record = whole.discussion, whole.record
    return Invitation(
        discussion_id=one.discussion_id,
        kind=DiscussionKind(one.kind),
        state=state_of(whole),
        called_at=one.called_at,
        planned_at=record.planned_at,
        held_at=record.held_at,
        children=[invited_child(child) for child in children],
        invited=[each for each in record.attendees if each.agency_id == agency_id],
    )
