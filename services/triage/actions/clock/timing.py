"""Start what falls due for a child, meet it when somebody acts, and show it to those who decide."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.evidence.onward import once_for_each_child
from services.triage.models import CaseChild, Timer
from services.triage.rules import Times
from services.triage.store import alerts, cases, drift, onward, timers
from services.triage.store.cases import WholeCase
from services.triage.views.timers import breach_view, drift_view, onward_view, target_view, timer_view
from shared.platform.auth import Caller
from shared.schemas.ids import CaseId, ChildId, DecisionId, TargetId, TimerId, new_id
from shared.schemas.timers import (
    BreachView,
    CaseTimers,
    DriftView,
    Screened,
    TargetView,
    TimerEnd,
    TimerKind,
)


def start(
    child: CaseChild,
    kind: TimerKind,
    due_at: datetime,
    *,
    target_id: TargetId | None = None,
    decision_id: DecisionId | None = None,
    started_at: datetime | None = None,
) -> Timer:
    """Return a new timer that watches over something to be done for a child.

    Args:
        decision_id: the decision that it follows, or that waits.
        started_at: what it is counted from, of those kinds that say so.
    """
    return Timer(
        timer_id=TimerId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        kind=kind,
        request_id=None,
        target_id=target_id,
        decision_id=decision_id,
        discussion_id=None,
        oversight_id=None,
        started_at=started_at,
        due_at=due_at,
        met_at=None,
        breached_at=None,
    )


async def meet(tx: AsyncSession, child: CaseChild, kinds: Iterable[TimerKind], *, now: datetime) -> None:
    """Meet what a child has still to meet of these kinds; one that passed before stays a breach."""
    for timer in await timers.list_open(tx, [child.child_id], kinds):
        timer.met_at = now


async def end(
    tx: AsyncSession,
    child_ids: Collection[ChildId],
    kinds: Iterable[TimerKind],
    because: TimerEnd,
    *,
    at: datetime,
) -> Sequence[Timer]:
    """End what children have still to meet of these kinds, and say why; return what ended."""
    running = await timers.list_open(tx, child_ids, kinds)
    for timer in running:
        timer.met_at, timer.ended_because = at, because
    return running


async def attend(tx: AsyncSession, child: CaseChild, who: Caller, *, now: datetime) -> None:
    """Note that somebody who decides acts for a child of a held case: it is screened, a Red is in hand."""
    await meet(tx, child, [TimerKind.SCREENING], now=now)
    for alert in await alerts.list_waiting_for(tx, child.child_id):
        alert.acknowledged_at, alert.acknowledged_by = now, who.name
        alert.acknowledged_by_id = who.subject


async def screen_case(tx: AsyncSession, case_id: CaseId, screener: Caller, *, now: datetime) -> Screened:
    """Note that a person has looked at every contact of a case. Again, it changes nothing.

    Raises:
        NotFound: there is no such case.
    """
    case = await cases.get_case_to_change(tx, case_id)
    ids = [child.child_id for child in await cases.list_children(tx, case_id)]
    waiting = await timers.list_open(tx, ids, [TimerKind.SCREENING])
    for timer in waiting:
        timer.met_at = now
    if waiting:
        case.version += 1
    screened = [timer.child_id for timer in waiting]
    await LEDGER.record(tx, screener, "case.screened", at=now, subjects=[case_id, *screened])
    return Screened(case_id=case_id, version=case.version, child_ids=screened)


async def read_timers(
    tx: AsyncSession, case_id: CaseId, reader: Caller, *, now: datetime, times: Times
) -> CaseTimers:
    """Return all that falls due in a case, what passed unmet, and for whom nothing happens.

    Raises:
        NotFound: there is no such case.
    """
    whole = await cases.get_whole_case(tx, case_id)
    found = dict(await timers.list_timers_of(tx, case_id))
    is_one_with = {child.child_id: child.same_child_as or child.child_id for child in whole.children}
    children = [child.child_id for child in whole.children]
    await LEDGER.record(tx, reader, "timers.read", at=now, subjects=[case_id, *children])
    return CaseTimers(
        case_id=case_id,
        timers=[timer_view(one, found[one]) for one in once_for_each_child(found, is_one_with)],
        targets=await _targets(tx, whole, times),
        breaches=await _breaches(tx, case_id),
        drifting=await _drifting(tx, case_id),
        onward=[onward_view(row) for row in await onward.list_of_case(tx, case_id)],
    )


async def _targets(tx: AsyncSession, whole: WholeCase, times: Times) -> list[TargetView]:
    rows = await timers.list_targets_of(tx, whole.case.case_id)
    ids = [row.target_id for row in rows]
    watching = await timers.list_timers_of_target(tx, ids)
    reviews = await timers.list_reviews(tx, ids)
    children = {child.child_id: child for child in whole.children}
    received = {contact.referral_id: contact.received_at for contact in whole.contacts}
    return [
        target_view(
            row,
            [timer for timer in watching if timer.target_id == row.target_id],
            reviews.get(row.target_id, []),
            children[row.child_id],
            received[children[row.child_id].referral_id],
            times,
        )
        for row in rows
    ]


async def _breaches(tx: AsyncSession, case_id: CaseId) -> list[BreachView]:
    found = await timers.list_breaches_of(tx, case_id)
    reasons = await timers.list_reasons(tx, [one.breach.breach_id for one in found])
    names = await timers.name_children(tx, {one.breach.child_id for one in found})
    return [breach_view(one, reasons.get(one.breach.breach_id, []), names) for one in found]


async def _drifting(tx: AsyncSession, case_id: CaseId) -> list[DriftView]:
    found = await drift.list_drift_of(tx, case_id)
    names = await timers.name_children(tx, {one.child_id for one in found})
    return [drift_view(one, names) for one in found]
