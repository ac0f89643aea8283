"""Take children of one case for one child where people have confirmed it, and part those who are not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions.decisions.recommending import recommend_anew
from services.triage.actions.decisions.reopening import overtake_waiting, reopen
from services.triage.evidence.grouped import Before, Stand, groups_of, who_is_who
from services.triage.models import Case, CaseChild
from services.triage.rules import Times
from services.triage.store import cases, history
from shared.schemas.ids import ChildId, RecordId
from shared.schemas.words import ChildState, Rag


@dataclass(frozen=True, slots=True)
class Regrouping:
    """When groups are brought up to date, and by which times.

    Attributes:
        returning: children of a referral whose join is undone; they and those one with them stand as before.
    """

    now: datetime
    times: Times
    returning: frozenset[ChildId] = frozenset()


def note_confirmed(
    children: Collection[CaseChild], confirmed: Mapping[ChildId, RecordId], asked_at: datetime
) -> bool:
    """Keep with children of held cases whom people have confirmed them to be; say whether it was newer.

    Args:
        asked_at: when intake said so; a child that knows something newer keeps that.
    """
    is_newer = True
    for child in children:
        if child.child_id not in confirmed:
            continue
        if child.linked_at is not None and child.linked_at > asked_at:
            is_newer = False
            continue
        child.confirmed_as, child.linked_at = confirmed[child.child_id], asked_at
    return is_newer


async def regroup(tx: AsyncSession, held: Sequence[Case], doing: Regrouping) -> set[ChildId]:
    """Bring the children of held cases together, or part them, as people have confirmed.

    Whoever is taken for one child with others is weighed with all that is known of them, and looked at again
    if it was decided. Whoever is parted keeps the colour in force, unless a join is undone.

    Returns:
        Those who stand otherwise now, for whoever writes the audit row.

    Source:
        docs/adr/0022-many-referrals-one-case.md
    """
    children = await cases.list_children(tx, *(case.case_id for case in held))
    before = groups_of({one.child_id: one.same_child_as or one.child_id for one in children})
    ids = who_is_who([Stand(one.child_id, one.case_id, one.confirmed_as) for one in children])
    after = groups_of(ids)
    for child in children:
        first = ids[child.child_id]
        child.same_child_as = None if first == child.child_id else first
    await tx.flush()
    changed = {one.child_id for one in children if before[one.child_id] != after[one.child_id]}
    moved = [child for child in children if child.child_id in changed]
    await overtake_waiting(tx, moved, now=doing.now, times=doing.times)
    for child in children:
        together = after[child.child_id]
        if together - before[child.child_id]:
            await _bring_together(tx, child, together - {child.child_id}, doing)
        if _is_given_back(child, doing):
            changed.add(child.child_id)
            await _give_back(tx, child, together, doing)
        elif before[child.child_id] - together:
            await _part(tx, child, doing)
    await tx.flush()
    firsts = {ids[child_id] for child_id in changed}
    for child in children:
        if child.child_id in firsts:
            case = next(one for one in held if one.case_id == child.case_id)
            await recommend_anew(tx, case, child, now=doing.now, times=doing.times)
    return changed


def _standing(child: CaseChild) -> Before:
    return Before(
        rag=Rag(child.rag),
        decide_by=child.decide_by,
        clock_from=child.clock_from,
        changed_at=child.changed_at,
        decision_id=child.decision_id,
    )


def _kept(child: CaseChild) -> Before | None:
    return Before.model_validate(child.before_grouped) if child.before_grouped is not None else None


async def _bring_together(
    tx: AsyncSession, child: CaseChild, others: Collection[ChildId], doing: Regrouping
) -> None:
    was = _kept(child) or _standing(child)
    reopened = await reopen(tx, child, doing.now, doing.times)
    now = {"grouped_with": tuple(sorted({*was.grouped_with, *others}))}
    kept = was.model_copy(update=now | ({"reopened_at": doing.now} if reopened else {}))
    child.before_grouped = kept.model_dump(mode="json")


def _is_given_back(child: CaseChild, doing: Regrouping) -> bool:
    was = _kept(child)
    if was is None or not doing.returning:
        return False
    return child.child_id in doing.returning or not doing.returning.isdisjoint(was.grouped_with)


async def _part(tx: AsyncSession, child: CaseChild, doing: Regrouping) -> None:
    """Let a person look again at a child that was decided on what was known of another."""
    was = _kept(child)
    if was is not None and was.decision_id != child.decision_id:
        await reopen(tx, child, doing.now, doing.times)


async def _give_back(
    tx: AsyncSession, child: CaseChild, together: Collection[ChildId], doing: Regrouping
) -> None:
    """Let a child stand as it did before it was taken for another; what it brought since is weighed after."""
    was = _kept(child)
    if was is None:
        return
    await _part(tx, child, doing)
    if was.decision_id == child.decision_id:
        child.rag = was.rag
        if len(together) == 1:
            await _give_clock_back(tx, child, was, doing)
    child.before_grouped = None if len(together) == 1 else child.before_grouped


async def _give_clock_back(tx: AsyncSession, child: CaseChild, was: Before, doing: Regrouping) -> None:
    if was.reopened_at is not None and child.changed_at == was.reopened_at:
        corrected_at = await history.find_first_version_after(tx, child.referral_id, was.reopened_at)
        child.changed_at = child.clock_from = corrected_at
        if corrected_at is None:
            child.clock_from = was.clock_from
    if child.clock_from == was.clock_from:
        child.decide_by = was.decide_by
    timers = await cases.list_timers(tx, child.child_id, "decision")
    for timer in timers:
        timer.due_at = child.decide_by
        if child.state == ChildState.DECIDED and child.changed_at is None:
            timer.met_at = doing.now
