"""Find what was not done in time, each once, and keep the reasons that people give."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.showing.restricted import list_closed
from services.triage.models import MAILBOX, Breach, BreachReason, Case
from services.triage.store import timers
from services.triage.store.timers import FoundBreach
from services.triage.views.timers import breach_view
from shared.codes.late_reasons import LATE_REASONS_VERSION
from shared.platform.audit import system
from shared.platform.auth import Caller
from shared.platform.outbox import publish
from shared.schemas.events import TimerBreached
from shared.schemas.ids import BreachId, BreachReasonId, new_id
from shared.schemas.timers import BreachReasonForm, BreachView, TimerKind

#: Few enough that the cases of a batch are held for a moment only.
BATCH = 20


async def find_breaches(tx: AsyncSession, *, now: datetime, limit: int = BATCH) -> Sequence[Breach]:
    """Raise a breach for each timer that passed unmet, once, and announce it.

    Whatever the clock did meanwhile, what is due is asked of the rows alone: a scheduler that was down
    catches up, and one whose clock goes back raises nothing again. Two at once never take the same timer.

    Source:
        docs/adr/0032-what-falls-due.md
    """
    found = []
    due = await timers.claim_due(tx, now=now, limit=limit)
    graded = await timers.list_graded_instead(tx, [timer.timer_id for timer, _ in due])
    for timer, case in due:
        # A grade is an answer, though its agency never opened the question.
        if (graded_at := graded.get(timer.timer_id)) is not None and graded_at <= timer.due_at:
            timer.met_at = graded_at
            continue
        timer.breached_at = now
        breach = Breach(
            breach_id=BreachId(new_id()),
            timer_id=timer.timer_id,
            case_id=timer.case_id,
            child_id=timer.child_id,
            kind=timer.kind,
            due_at=timer.due_at,
            found_at=now,
        )
        tx.add(breach)
        case.version += 1
        await _announce(tx, case, breach)
        found.append(breach)
    return found


async def _announce(tx: AsyncSession, case: Case, breach: Breach) -> None:
    subjects = [breach.case_id, breach.child_id, breach.timer_id, breach.breach_id]
    facts = {"kind": breach.kind}
    who, at = system("triage"), breach.found_at
    await LEDGER.record(tx, who, "timer.breached", at=at, subjects=subjects, facts=facts)
    event = TimerBreached(
        case_id=breach.case_id,
        child_id=breach.child_id,
        timer_id=breach.timer_id,
        breach_id=breach.breach_id,
        kind=TimerKind(breach.kind),
        version=case.version,
        occurred_at=at,
    )
    await publish(tx, MAILBOX.outbox, event)


async def give_reason(
    tx: AsyncSession, breach_id: BreachId, form: BreachReasonForm, giver: Caller, *, now: datetime
) -> BreachView:
    """Keep why something was not done in time, beside what was said before.

    The version of the case stays: no child is known better for it, and whoever is deciding goes on.

    Raises:
        NotFound: there is no such breach.
    """
    found = await timers.get_breach(tx, breach_id)
    tx.add(
        BreachReason(
            reason_id=BreachReasonId(new_id()),
            breach_id=breach_id,
            code=form.code,
            words_version=LATE_REASONS_VERSION if form.code else None,
            reason=form.reason,
            given_by=giver.name,
            given_by_id=giver.subject,
            given_at=now,
        )
    )
    await tx.flush()
    breach = found.breach
    subjects = [breach_id, breach.case_id, breach.child_id]
    facts = {"code": form.code}
    await LEDGER.record(tx, giver, "breach.reason_given", at=now, subjects=subjects, facts=facts)
    return (await _views(tx, [found]))[0]


async def list_breaches(
    tx: AsyncSession,
    reader: Caller,
    *,
    reasoned: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[BreachView], bool]:
    """Return a page of what was not done in time, the oldest first, and whether there is more."""
    closed = (await list_closed(tx, reader, now=now)).cases
    found = await timers.page_of_breaches(tx, reasoned=reasoned, after=after, limit=limit, without=closed)
    shown = await _views(tx, found[:limit])
    subjects = [each for view in shown for each in (view.breach_id, view.case_id, view.child_id)]
    await LEDGER.record(tx, reader, "breaches.listed", at=now, subjects=subjects)
    return shown, len(found) > limit


async def _views(tx: AsyncSession, found: Sequence[FoundBreach]) -> list[BreachView]:
    reasons = await timers.list_reasons(tx, [one.breach.breach_id for one in found])
    names = await timers.name_children(tx, {one.breach.child_id for one in found})
    return [breach_view(one, reasons.get(one.breach.breach_id, []), names) for one in found]
