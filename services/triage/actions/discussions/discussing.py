"""Call a discussion, record it step by step, conclude it or call it off, and issue its minutes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.agencies.announcing import announce_invitations
from services.triage.actions.day.drafting import DraftPlace, forms_of_record, settle
from services.triage.actions.decisions.moving_on import start_conferences
from services.triage.actions.discussions.attending import (
    Sectors,
    agencies_of,
    attendees_of,
    left_out_of,
    receivers_of,
)
from services.triage.actions.discussions.discussion_refusals import (
    ChildNotInCase,
    DiscussionChanged,
    DiscussionOver,
    NotHeldYet,
    NothingToIssue,
    RecordIncomplete,
)
from services.triage.evidence.discussed import Agreed, missing_from
from services.triage.evidence.invited import told_of_calling_off, told_of_change
from services.triage.models import (
    Discussion,
    DiscussionChild,
    DiscussionIssue,
    DiscussionVersion,
)
from services.triage.store import cases, discussions, history
from services.triage.store.discussions import WholeDiscussion
from services.triage.views.discussions import discussion_view
from shared.clock import london_date
from shared.platform.auth import Caller
from shared.schemas.discussions import (
    CallingOffForm,
    ConclusionForm,
    DiscussionForm,
    DiscussionKind,
    DiscussionRecord,
    DiscussionView,
    IssueForm,
    RecordForm,
)
from shared.schemas.holding import DraftName
from shared.schemas.ids import (
    CaseId,
    DiscussionId,
    DiscussionIssueId,
    new_id,
)

#: What may still be added once a discussion is concluded: minutes are often written the day after.
_ADDED_LATER: Final = {"minutes", "interim_safety_plan", "joint_visit", "medical", "conference_on"}


@dataclass(frozen=True, slots=True)
class Step:
    """Who does what when to which version of a discussion, and what is configured.

    Attributes:
        version: of the discussion, as whoever does it read it.
    """

    by: Caller
    now: datetime
    version: int
    agreed: Agreed


async def call(
    tx: AsyncSession,
    case_id: CaseId,
    form: DiscussionForm,
    caller: Caller,
    sectors: Sectors,
    *,
    now: datetime,
) -> WholeDiscussion:
    """Call a discussion about children of a case.

    Raises:
        NotFound: there is no such case.
        ChildNotInCase, AgencyNotKnown: the form names one that is not there.
    """
    case = await cases.get_case_to_change(tx, case_id)
    here = {child.child_id for child in await cases.list_children(tx, case_id)}
    strangers = [place for place, child_id in enumerate(form.child_ids) if child_id not in here]
    if strangers:
        raise ChildNotInCase(f"#/child_ids/{place}" for place in strangers)
    attendees = attendees_of(form.invited, sectors, "invited", known=set())
    made = Discussion(
        discussion_id=DiscussionId(new_id()),
        case_id=case_id,
        kind=form.kind,
        version=1,
        called_because=form.called_because,
        called_at=now,
        called_by=caller.name,
        called_by_id=caller.subject,
        agency_ids=agencies_of(attendees),
        quorum_missing=[],
    )
    tx.add(made)
    await tx.flush()
    child_ids = list(dict.fromkeys(form.child_ids))
    tx.add_all(DiscussionChild(discussion_id=made.discussion_id, child_id=each) for each in child_ids)
    record = DiscussionRecord(planned_at=form.planned_at, attendees=attendees)
    tx.add(_version(made, record, ["attendees", "planned_at"], caller, number=1, now=now))
    case.version += 1
    await settle(tx, DraftPlace(DraftName.DISCUSSION, case_id), caller, now=now)
    await tx.flush()
    await announce_invitations(tx, made, told_of_change(None, record, now=now), now=now)
    subjects = [made.discussion_id, case_id, *child_ids]
    await LEDGER.record(tx, caller, "discussion.called", at=now, subjects=subjects, facts={"kind": form.kind})
    return await discussions.get_whole(tx, made.discussion_id)


async def record(
    tx: AsyncSession, discussion_id: DiscussionId, form: RecordForm, step: Step, sectors: Sectors
) -> WholeDiscussion:
    """Record parts of a discussion; each time a whole new version is kept, and the same again writes nothing.

    Raises:
        NotFound: there is no such discussion.
        DiscussionChanged: someone recorded something since it was read.
        DiscussionOver: it is called off, or concluded and this part of its record stands.
        AgencyNotKnown, NotOnTheList: the form names somebody who is not there.
        NotHeldYet: it is said to have been held at a time to come.
    """
    if form.held_at is not None and form.held_at > step.now:
        raise NotHeldYet
    held = await _hold(tx, discussion_id, step)
    parts = form.model_fields_set
    stands = parts - _ADDED_LATER if held.concluded_at is not None else set[str]()
    if held.called_off_at is not None or stands:
        raise DiscussionOver(sorted(stands))
    for name in forms_of_record(parts):
        await settle(tx, DraftPlace(name, discussion_id), step.by, now=step.now)
    whole = await discussions.get_whole(tx, discussion_id)
    before = whole.record
    said: dict[str, Any] = form.model_dump(include=set(parts) - {"attendees"})
    if "attendees" in parts:
        known = {each.attendee_id for each in before.attendees}
        said["attendees"] = attendees_of(form.attendees, sectors, "attendees", known=known)
    after = DiscussionRecord.model_validate(before.model_dump() | said)
    changed = [name for name in sorted(parts) if getattr(before, name) != getattr(after, name)]
    if not changed:
        return whole
    held.agency_ids = agencies_of(after.attendees)
    held.version += 1
    number = len(whole.versions) + 1
    tx.add(_version(held, after, changed, step.by, number=number, now=step.now))
    await tx.flush()
    await announce_invitations(tx, held, told_of_change(before, after, now=step.now), now=step.now)
    await _account(tx, held, "discussion.recorded", whole, step, {"parts": changed})
    return await discussions.get_whole(tx, discussion_id)


async def conclude(
    tx: AsyncSession, discussion_id: DiscussionId, form: ConclusionForm, step: Step
) -> WholeDiscussion:
    """Conclude a discussion: from now on it counts, with or without a quorum, and says which.

    Raises:
        NotFound: there is no such discussion.
        DiscussionChanged: someone recorded something since it was read.
        DiscussionOver: it is concluded or called off.
        RecordIncomplete: something that it has to settle is not recorded.
    """
    held = await _hold(tx, discussion_id, step)
    _require_open(held)
    whole = await discussions.get_whole(tx, discussion_id)
    record, kind = whole.record, DiscussionKind(held.kind)
    if left_out := left_out_of(kind, record):
        raise RecordIncomplete(left_out)
    missing = missing_from(kind, record, step.agreed.quorums)
    held.concluded_at, held.conclusion = step.now, form.conclusion
    held.concluded_by, held.concluded_by_id = step.by.name, step.by.subject
    held.quorum_met, held.quorum_missing = not missing, list(missing)
    held.version += 1
    await _move_cases(tx, whole)
    children = await discussions.list_children(tx, whole.child_ids)
    await start_conferences(tx, whole, children, step.agreed.times)
    begins = record.section_47.answer if record.section_47 else None
    facts = {"quorum_met": not missing, "section_47": begins}
    await _account(tx, held, "discussion.concluded", whole, step, facts)
    return whole


async def call_off(
    tx: AsyncSession, discussion_id: DiscussionId, form: CallingOffForm, step: Step
) -> WholeDiscussion:
    """Say that a discussion will not be held, and why. What it was called for is still owed.

    Raises:
        NotFound: there is no such discussion.
        DiscussionChanged: someone recorded something since it was read.
        DiscussionOver: it is concluded or called off.
    """
    held = await _hold(tx, discussion_id, step)
    _require_open(held)
    whole = await discussions.get_whole(tx, discussion_id)
    held.called_off_at, held.called_off_reason = step.now, form.reason
    held.called_off_by, held.called_off_by_id = step.by.name, step.by.subject
    held.version += 1
    await _move_cases(tx, whole)
    await announce_invitations(tx, held, told_of_calling_off(whole.record), now=step.now)
    await _account(tx, held, "discussion.called_off", whole, step, {})
    return whole


async def issue(
    tx: AsyncSession, discussion_id: DiscussionId, form: IssueForm, step: Step
) -> WholeDiscussion:
    """Note that the minutes were given to attendees: those named, or everyone who has not had them.

    Raises:
        NotFound: there is no such discussion.
        DiscussionChanged: someone recorded something since it was read.
        NothingToIssue: it is not concluded, or has no minutes.
        NotOnTheList: somebody named is not on its list.
    """
    held = await _hold(tx, discussion_id, step)
    whole = await discussions.get_whole(tx, discussion_id)
    if held.concluded_at is None or not (whole.record.minutes or "").strip():
        raise NothingToIssue
    number = whole.versions[-1].number
    for attendee_id in receivers_of(whole, form):
        tx.add(
            DiscussionIssue(
                issue_id=DiscussionIssueId(new_id()),
                discussion_id=discussion_id,
                attendee_id=attendee_id,
                record_number=number,
                issued_at=step.now,
                issued_by=step.by.name,
                issued_by_id=step.by.subject,
            )
        )
    held.version += 1
    await tx.flush()
    await _account(tx, held, "discussion.issued", whole, step, {"record_number": number})
    return await discussions.get_whole(tx, discussion_id)


async def show(tx: AsyncSession, whole: WholeDiscussion, agreed: Agreed, *, now: datetime) -> DiscussionView:
    """Return a discussion as those who decide see it."""
    children = await discussions.list_children(tx, whole.child_ids)
    known = {child.child_id: child for child in children}
    return discussion_view(whole, known, agreed, today=london_date(now))


async def _hold(tx: AsyncSession, discussion_id: DiscussionId, step: Step) -> Discussion:
    held = await discussions.get_to_change(tx, discussion_id)
    if held.version != step.version:
        raise DiscussionChanged
    return held


def _require_open(held: Discussion) -> None:
    if held.concluded_at is not None or held.called_off_at is not None:
        raise DiscussionOver


def _version(
    of: Discussion, record: DiscussionRecord, changed: list[str], by: Caller, *, number: int, now: datetime
) -> DiscussionVersion:
    return DiscussionVersion(
        discussion_id=of.discussion_id,
        number=number,
        document=record.model_dump(mode="json"),
        changed=changed,
        recorded_at=now,
        recorded_by=by.name,
        recorded_by_id=by.subject,
    )


async def _move_cases(tx: AsyncSession, whole: WholeDiscussion) -> None:
    """Tell whoever is deciding that there is something new: the cases of the children move on."""
    for case in (await history.hold_cases(tx, whole.child_ids)).values():
        case.version += 1
    await tx.flush()


async def _account(
    tx: AsyncSession, held: Discussion, action: str, whole: WholeDiscussion, step: Step, facts: dict[str, Any]
) -> None:
    subjects = [held.discussion_id, held.case_id, *whole.child_ids]
    facts = {"kind": held.kind} | facts
    await LEDGER.record(tx, step.by, action, at=step.now, subjects=subjects, facts=facts)
