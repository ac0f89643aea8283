"""Put discussions, their actions and what is owed into the shape that deciders read: pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from services.triage import rules
from services.triage.evidence.discussed import (
    HUB_MANAGER,
    SECOND_AGENCY,
    Agreed,
    Owed,
    Quorums,
    missing_from,
)
from services.triage.models import CaseChild
from services.triage.store.discussions import ActionTold, WholeDiscussion
from shared.calendar import is_working_day
from shared.clock import london_date
from shared.schemas.discussion_actions import ActionMarkView, DiscussionActionView
from shared.schemas.discussions import (
    Attendance,
    DiscussionKind,
    DiscussionState,
    DiscussionView,
    IssueView,
    QuorumView,
    RecordVersion,
)
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.invitations import Call, OwedView
from shared.schemas.words import Sector

_CALLS: Final = {
    Call.SAME_DAY: "An agency graded 5: police and the hub's manager talk today, and say why they decide as"
    " they do.",
    Call.HOLD_AGAIN: "The strategy discussion was held without all who must be there: hold a later one.",
    Call.RECORDED: "A concern is high, agencies see this child very differently, or the worry keeps coming"
    " back: talk about it and record what was said.",
}
_MISSING: Final = {
    Sector.SOCIAL_CARE: "social care",
    Sector.POLICE: "the police",
    Sector.HEALTH: "health",
    Sector.EDUCATION: "education",
    Sector.OTHER: "the other agencies",
    HUB_MANAGER: "the hub's manager",
    SECOND_AGENCY: "a second agency",
}

Children = Mapping[ChildId, CaseChild]


def state_of(whole: WholeDiscussion) -> DiscussionState:
    """Return where a discussion stands."""
    if whole.discussion.called_off_at is not None:
        return DiscussionState.CALLED_OFF
    return DiscussionState.CONCLUDED if whole.discussion.concluded_at else DiscussionState.CALLED


def discussion_view(
    whole: WholeDiscussion, children: Children, agreed: Agreed, *, today: date, number: int | None = None
) -> DiscussionView:
    """Return a discussion as those who decide see it.

    Args:
        children: those it is about, by id.
        number: the version of the record to show; None: the newest.
    """
    one, record = whole.discussion, whole.record_at(number)
    issued = [IssueView.model_validate(issue, from_attributes=True) for issue in whole.issues]
    given = {issue.attendee_id for issue in issued}
    begins = record.section_47 is not None and record.section_47.answer and record.held_at is not None
    due_on = london_date(rules.confer_by(record.held_at, agreed.times)) if begins and record.held_at else None
    quorum = _quorum(whole, agreed.quorums)
    return DiscussionView(
        discussion_id=one.discussion_id,
        case_id=one.case_id,
        child_ids=list(whole.child_ids),
        kind=DiscussionKind(one.kind),
        state=state_of(whole),
        version=one.version,
        called_because=one.called_because,
        called_at=one.called_at,
        called_by=one.called_by,
        record=record,
        history=[RecordVersion.model_validate(each, from_attributes=True) for each in whole.versions],
        quorum=quorum,
        conference_due_on=due_on,
        warnings=_warnings(record.conference_on, due_on),
        conclusion=one.conclusion,
        concluded_at=one.concluded_at,
        concluded_by=one.concluded_by,
        called_off_at=one.called_off_at,
        called_off_by=one.called_off_by,
        called_off_reason=one.called_off_reason,
        actions=[action_view(told, one.case_id, children.values(), today=today) for told in whole.actions],
        issued=issued,
        issued_to_all=bool(given) and all(each.attendee_id in given for each in record.attendees),
    )


def _quorum(whole: WholeDiscussion, quorums: Quorums) -> QuorumView | None:
    """Return whether all were there: as it was concluded, or as it is recorded so far."""
    one, record = whole.discussion, whole.record
    if one.concluded_at is not None:
        missing = [str(code) for code in one.quorum_missing]
    elif all(each.attendance is Attendance.INVITED for each in record.attendees):
        return None
    else:
        missing = list(missing_from(DiscussionKind(one.kind), record, quorums))
    return QuorumView(met=not missing, missing=missing, words=quorum_words(missing))


def quorum_words(missing: Sequence[str]) -> str:
    """Return in words whether all who must be there were."""
    if not missing:
        return "All who must be there were."
    # Who is named by sector is a second agency as well.
    named = [code for code in missing if code != SECOND_AGENCY] or list(missing)
    return (
        f"Held without {listed([_MISSING[code] for code in named])}: no quorum. Hold a later one with them."
    )


def listed(parts: Sequence[str]) -> str:
    """Return parts as a list in words: "a, b and c"."""
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def _warnings(planned_on: date | None, due_on: date | None) -> list[str]:
    warnings = []
    if due_on is not None and planned_on is None:
        warnings.append(f"No day for the child protection conference is set: due by {_day(due_on)}.")
    if due_on is not None and planned_on is not None and planned_on > due_on:
        warnings.append(
            f"The child protection conference is later than it is due: {_day(due_on)},"
            " 15 working days after this discussion."
        )
    if planned_on is not None and not is_working_day(planned_on):
        warnings.append("The day of the child protection conference is no working day.")
    return warnings


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def action_view(
    told: ActionTold, case_id: CaseId | None, children: Iterable[CaseChild], *, today: date
) -> DiscussionActionView:
    """Return an action with what was said of it; overdue: not done, and its day in London is over."""
    action = told.action
    return DiscussionActionView(
        action_id=action.action_id,
        discussion_id=action.discussion_id,
        case_id=case_id,
        children=[name_of(child) for child in children],
        words=action.words,
        owner=action.owner,
        agency_id=action.agency_id,
        due_on=action.due_on,
        overdue=not told.is_done and action.due_on < today,
        done=told.is_done,
        marks=[ActionMarkView.model_validate(mark, from_attributes=True) for mark in told.marks],
        added_at=action.added_at,
        added_by=action.added_by,
    )


def name_of(child: CaseChild) -> str:
    """Return what a child is called, as far as it is known."""
    return " ".join(filter(None, (child.given_name, child.family_name))) or "A child whose name is not known"


def owed_view(child_id: ChildId, owed: Owed) -> OwedView:
    """Return a discussion that a child is owed, in words."""
    return OwedView(
        child_id=child_id,
        call=owed.call,
        since=owed.since,
        due_on=owed.due_on,
        called=owed.called,
        words=_CALLS[owed.call],
    )
