"""Timescales that a manager sets for one child, on top of those configured: set, looked at again, ended."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.clock.timing import start
from services.triage.errors.timers import TargetEnded
from services.triage.models import CaseChild, ChildTarget, TargetReview
from services.triage.rules import Times
from services.triage.store import cases, timers
from services.triage.store.cases import ChildPlace
from services.triage.views.timers import target_view
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import ChildId, TargetId, TargetReviewId, new_id
from shared.schemas.timers import TargetForm, TargetPurpose, TargetReviewForm, TargetView, TimerEnd, TimerKind


async def set_target(
    tx: AsyncSession, place: ChildPlace, form: TargetForm, setter: Caller, *, now: datetime, times: Times
) -> TargetView:
    """Set a target for a child; it takes the place of the one for the same purpose. Nothing configured moves.

    A target that runs for long is looked at again on the way.

    Raises:
        NotFound: no such child in such a case.
        MovedMeanwhile: it was moved to another case while this waited.
        TargetNotWorkingDay, TargetNotToCome: no day for a target.
    """
    case, child = await cases.hold_child(tx, place)
    due_at = rules.target_due(form.target_on, set_at=now)
    group = [one.child_id for one in await cases.list_group(tx, child)]
    standing = await timers.list_standing_targets(tx, group, form.purpose)
    await _end(tx, standing, TimerEnd.SUPERSEDED, now=now)
    target = ChildTarget(
        target_id=TargetId(new_id()),
        case_id=case.case_id,
        child_id=child.child_id,
        purpose=form.purpose,
        target_on=form.target_on,
        reason=form.reason,
        set_at=now,
        set_by=setter.name,
        set_by_id=setter.subject,
        ended_at=None,
    )
    tx.add(target)
    await tx.flush()
    tx.add(start(child, TimerKind.TARGET, due_at, target_id=target.target_id))
    review_at = rules.review_by(now, due_at, times)
    if review_at is not None:
        tx.add(start(child, TimerKind.TARGET_REVIEW, review_at, target_id=target.target_id))
    case.version += 1
    await tx.flush()
    await _record(tx, setter, "target.set", target, now=now)
    return await _view(tx, target, child, times)


async def review_target(
    tx: AsyncSession, target_id: TargetId, form: TargetReviewForm, by: Caller, *, now: datetime, times: Times
) -> TargetView:
    """Keep what a manager found when looking at a target again; one that is reached ends.

    Raises:
        NotFound: there is no such target.
        TargetEnded: it was reached, or another took its place.
    """
    target = await timers.find_target(tx, target_id)
    if target is None:
        raise NotFound
    case, child = await cases.hold_child(tx, ChildPlace(target.case_id, target.child_id))
    await tx.refresh(target)
    if target.ended_at is not None:
        raise TargetEnded
    review = TargetReview(
        review_id=TargetReviewId(new_id()),
        target_id=target_id,
        words=form.words,
        reached=form.reached,
        reviewed_at=now,
        reviewed_by=by.name,
        reviewed_by_id=by.subject,
    )
    tx.add(review)
    for timer in await timers.list_timers_of_target(tx, [target_id]):
        if timer.kind == TimerKind.TARGET_REVIEW and timer.met_at is None:
            timer.met_at = now
    if form.reached:
        await _end(tx, [target], TimerEnd.DONE, now=now)
    case.version += 1
    await tx.flush()
    await _record(tx, by, "target.reviewed", target, now=now)
    return await _view(tx, target, child, times)


async def end_targets(
    tx: AsyncSession, child_ids: Collection[ChildId], purpose: TargetPurpose, *, now: datetime
) -> None:
    """End what was set for something that has now been done."""
    await _end(tx, await timers.list_standing_targets(tx, child_ids, purpose), TimerEnd.DONE, now=now)


async def _end(tx: AsyncSession, targets: Sequence[ChildTarget], because: TimerEnd, *, now: datetime) -> None:
    for target in targets:
        target.ended_at = now
    for timer in await timers.list_timers_of_target(tx, [target.target_id for target in targets]):
        if timer.met_at is not None:
            continue
        is_done = because is TimerEnd.DONE
        # What has been reached needs no look on the way any more.
        spared = is_done and timer.kind == TimerKind.TARGET_REVIEW
        timer.met_at, timer.ended_because = now, TimerEnd.NOT_NEEDED if spared else because


async def _record(tx: AsyncSession, who: Caller, action: str, target: ChildTarget, *, now: datetime) -> None:
    subjects = [target.target_id, target.case_id, target.child_id]
    await LEDGER.record(tx, who, action, at=now, subjects=subjects, facts={"purpose": target.purpose})


async def _view(tx: AsyncSession, target: ChildTarget, child: CaseChild, times: Times) -> TargetView:
    contact = await cases.get_contact(tx, child.referral_id)
    watching = await timers.list_timers_of_target(tx, [target.target_id])
    reviews = await timers.list_reviews(tx, [target.target_id])
    made = reviews.get(target.target_id, [])
    return target_view(target, watching, made, child, contact.received_at, times)
