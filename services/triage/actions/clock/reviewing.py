"""The days on which managers said they would look again: clocks that start, are met, and end with a case."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions.clock.timing import start
from services.triage.evidence.grouped import part_over
from services.triage.evidence.overseen import LOOKS, ended_with, looked_at, stands_for_case
from services.triage.models import Case, CaseChild, Oversight, Timer
from services.triage.store import cases, oversight
from shared.schemas.ids import ChildId
from shared.schemas.timers import TimerEnd, TimerKind


async def watch_over(
    tx: AsyncSession, entry: Oversight, children: Sequence[CaseChild], *, now: datetime
) -> None:
    """Meet the reviews that a stored entry makes, and start the clock of the one that it promises.

    Args:
        children: of its case, which is held.

    Source:
        docs/adr/0047-a-review-day-is-watched.md
    """
    is_one_with = _together(children)
    if entry.kind in LOOKS:
        running = await oversight.list_running_reviews(tx, entry.case_id, but=entry.oversight_id)
        _end(looked_at(running, entry.child_id, is_one_with), TimerEnd.DONE, now)
    if entry.review_on is None or not children:
        return
    about = entry.child_id or stands_for_case([child.child_id for child in children], is_one_with)
    child = next(child for child in children if child.child_id == about)
    due_at = rules.look_again_by(entry.review_on, now)
    clock = start(child, TimerKind.OVERSIGHT_REVIEW, due_at, started_at=now)
    clock.oversight_id = entry.oversight_id
    tx.add(clock)
    await tx.flush()


async def end_with_hub_part(
    tx: AsyncSession, case: Case, decided: Collection[ChildId], *, now: datetime
) -> None:
    """End the reviews of children of a held case that were decided, where the hub has no further part."""
    running = await oversight.list_running_reviews(tx, case.case_id)
    if not running:
        return
    children = await cases.list_children(tx, case.case_id)
    over = part_over(children, await oversight.list_standing(tx, case.case_id))
    _end(ended_with(running, decided, over, _together(children)), TimerEnd.CLOSED, now)


def _end(clocks: Collection[Timer], because: TimerEnd, at: datetime) -> None:
    for clock in clocks:
        clock.met_at, clock.ended_because = at, because


def _together(children: Sequence[CaseChild]) -> dict[ChildId, ChildId]:
    return {child.child_id: child.same_child_as or child.child_id for child in children}
