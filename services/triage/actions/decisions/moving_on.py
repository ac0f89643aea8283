"""What follows a decision: its clocks begin, and whoever took the child on is recorded as having done so."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.clock.targeting import end_targets
from services.triage.actions.clock.timing import end, start
from services.triage.actions.showing.restricted import list_closed
from services.triage.errors.timers import ConferenceManagerNeeded, NotDoneYet, NothingWaits
from services.triage.evidence.onward import MEETS, TAKEN_OVER, WATCHED, change_by
from services.triage.models import MAILBOX, CaseChild, Decision, Onward, Timer
from services.triage.rules import Times
from services.triage.store import cases, onward, timers
from services.triage.store.cases import ChildPlace
from services.triage.store.discussions import WholeDiscussion
from services.triage.views.timers import due_view, onward_view
from shared.platform.auth import Caller
from shared.platform.outbox import publish
from shared.schemas.events import OnwardStepRecorded
from shared.schemas.ids import ChildId, OnwardId, new_id
from shared.schemas.onward import OnwardForm, OnwardRecorded, OnwardStep
from shared.schemas.timers import DueView, TargetPurpose, TimerEnd, TimerKind
from shared.schemas.words import Pathway, Rag, Role


async def follow_decision(
    tx: AsyncSession, child: CaseChild, decision: Decision, *, now: datetime, times: Times
) -> None:
    """Start and end what a decision that has just come into force starts and ends for a child.

    Source:
        docs/adr/0036-what-follows-a-decision.md
    """
    before = await cases.find_decision(tx, decision.supersedes) if decision.supersedes else None
    change = change_by(Pathway(decision.pathway), Pathway(before.pathway) if before else None)
    await end(tx, [child.child_id], change.ends, TimerEnd.SUPERSEDED, at=now)
    accept_by = rules.accept_by(now, Rag(decision.rag), times)
    if TimerKind.HANDOVER in change.starts:
        tx.add(_following(child, TimerKind.HANDOVER, accept_by, decision, now))
    for timer in await timers.list_open(tx, [child.child_id], [TimerKind.HANDOVER]):
        # A colour that turns more urgent before anybody has accepted counts; a calmer one never does.
        timer.due_at = min(timer.due_at, accept_by)
    if TimerKind.ASSESSMENT in change.starts:
        await _start_assessment(tx, child, decision, times)
    await tx.flush()


def _following(
    child: CaseChild, kind: TimerKind, due_at: datetime, decision: Decision, since: datetime
) -> Timer:
    return start(child, kind, due_at, decision_id=decision.decision_id, started_at=since)


async def _start_assessment(tx: AsyncSession, child: CaseChild, decision: Decision, times: Times) -> None:
    """Start the clock of an assessment at the point of referral, unless one runs or was done since."""
    if await timers.list_open(tx, [child.child_id], [TimerKind.ASSESSMENT]):
        return
    since = child.clock_from or (await cases.get_contact(tx, child.referral_id)).received_at
    done_at = await onward.find_last_done(tx, child.child_id, TimerKind.ASSESSMENT)
    if done_at is None or done_at < since:
        due_at = rules.assess_by(since, times)
        tx.add(_following(child, TimerKind.ASSESSMENT, due_at, decision, since))


async def start_conferences(
    tx: AsyncSession, whole: WholeDiscussion, children: Collection[CaseChild], times: Times
) -> None:
    """Start the clock of a conference for children of a discussion that began enquiries under section 47.

    Where one runs already, the discussion that began the enquiries first counts.
    """
    record = whole.record
    if record.held_at is None or record.section_47 is None or not record.section_47.answer:
        return
    everyone = {one.child_id: one for child in children for one in await cases.list_group(tx, child)}
    running = {timer.child_id for timer in await timers.list_open(tx, list(everyone), [TimerKind.CONFERENCE])}
    due_at = rules.confer_by(record.held_at, times)
    for child in everyone.values():
        if child.child_id not in running:
            timer = start(child, TimerKind.CONFERENCE, due_at, started_at=record.held_at)
            timer.discussion_id = whole.discussion.discussion_id
            tx.add(timer)


async def record_step(
    tx: AsyncSession, place: ChildPlace, form: OnwardForm, recorder: Caller, *, now: datetime
) -> OnwardRecorded:
    """Record what was done for a child after a decision, and end the clock that watched over it.

    Raises:
        ConferenceManagerNeeded: only a manager says that no conference is needed.
        NotFound: no such child in such a case.
        MovedMeanwhile: it was moved to another case while this waited.
        NothingWaits: no such clock runs for the child.
        NotDoneYet: it is said to have been done before it began, or to come.
    """
    if form.step is OnwardStep.CONFERENCE_NOT_NEEDED and Role.MANAGER not in recorder.roles:
        raise ConferenceManagerNeeded
    case, child = await cases.hold_child(tx, place)
    group = [one.child_id for one in await cases.list_group(tx, child)]
    kind, because = MEETS[form.step]
    done_at = form.done_at or now
    running = await timers.list_open(tx, group, [kind])
    _require_in_between(done_at, running, now)
    await end(tx, group, [kind], because, at=done_at)
    row = _row(child, form, recorder, done_at, now)
    tx.add(row)
    await _also(tx, child, group, form.step, done_at)
    case.version += 1
    await tx.flush()
    subjects = [row.onward_id, case.case_id, *group]
    await LEDGER.record(tx, recorder, "onward.recorded", at=now, subjects=subjects, facts={"step": row.step})
    event = OnwardStepRecorded(
        case_id=case.case_id,
        child_id=child.child_id,
        onward_id=row.onward_id,
        kind=form.step,
        version=case.version,
        occurred_at=now,
    )
    await publish(tx, MAILBOX.outbox, event)
    return OnwardRecorded(**dict(onward_view(row)), version=case.version)


def _require_in_between(done_at: datetime, running: Sequence[Timer], now: datetime) -> None:
    if not running:
        raise NothingWaits
    began = min(timer.started_at or timer.due_at for timer in running)
    if done_at > now:
        raise NotDoneYet("to_come")
    if done_at < began:
        raise NotDoneYet("before_it_began")


def _row(child: CaseChild, form: OnwardForm, recorder: Caller, done_at: datetime, now: datetime) -> Onward:
    return Onward(
        onward_id=OnwardId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        decision_id=child.decision_id,
        step=form.step,
        done_at=done_at,
        done_by=form.done_by,
        note=form.note,
        recorded_at=now,
        recorded_by=recorder.name,
        recorded_by_id=recorder.subject,
    )


async def _also(
    tx: AsyncSession, child: CaseChild, group: Sequence[ChildId], step: OnwardStep, done_at: datetime
) -> None:
    """End what ends with a step: a manager's target for it, and what another authority takes over."""
    if step is OnwardStep.ASSESSMENT_COMPLETED:
        await end_targets(tx, group, TargetPurpose.ASSESSMENT, now=done_at)
    if step is not OnwardStep.HANDOVER_ACCEPTED or child.decision_id is None:
        return
    decision = await cases.find_decision(tx, child.decision_id)
    if decision is not None and decision.pathway == Pathway.OTHER_AUTHORITY:
        await end(tx, group, TAKEN_OVER, TimerEnd.TAKEN_OVER, at=done_at)


async def list_due(
    tx: AsyncSession,
    reader: Caller,
    *,
    kind: TimerKind | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[DueView], bool]:
    """Return a page of what follows decisions or is to be reviewed and is not done, the soonest first."""
    kinds = WATCHED if kind is None else (kind,)
    closed = (await list_closed(tx, reader, now=now)).cases
    found = await onward.page_of_due(tx, kinds, after=after, limit=limit, without=closed)
    names = await timers.name_children(tx, {timer.child_id for timer in found[:limit]})
    shown = [due_view(timer, names) for timer in found[:limit]]
    subjects = [each for view in shown for each in (view.timer_id, view.case_id, view.child_id)]
    await LEDGER.record(tx, reader, "due.listed", at=now, subjects=list(dict.fromkeys(subjects)))
    return shown, len(found) > limit
