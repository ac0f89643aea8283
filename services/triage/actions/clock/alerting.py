"""A Red child reaches a person: an alert is raised, acknowledged, or taken further when nobody does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.showing.restricted import list_closed
from services.triage.evidence.facts import awaits_decision
from services.triage.models import Alert
from services.triage.store import alerts, timers
from services.triage.store.household import Known
from services.triage.views.restricted import closed_alert
from services.triage.views.timers import alert_view
from shared.platform.audit import system
from shared.platform.auth import Caller
from shared.schemas.alerts import AlertView
from shared.schemas.ids import AlertId, new_id
from shared.schemas.words import Rag

_BATCH = 20
_EVER: Final = datetime.min.replace(tzinfo=UTC)


async def alert_if_red(tx: AsyncSession, group: Sequence[Known], *, now: datetime) -> None:
    """Raise an alert where a child of a held case is Red and waits for a decision: once for each clock.

    Args:
        group: the child under each of its ids in the case. One that is looked at again has a clock of its
            own, and is a Red anew.
    """
    children = [known.child for known in group]
    red = [child for child in children if child.rag == Rag.RED and awaits_decision(child)]
    if not red:
        return
    since = max((child.clock_from for child in red if child.changed_at and child.clock_from), default=_EVER)
    if any(known.alerted_at >= since for known in group if known.alerted_at):
        return
    child = red[0]
    alert = Alert(
        alert_id=AlertId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        raised_at=now,
        escalated_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        acknowledged_by_id=None,
    )
    tx.add(alert)
    for known in group:
        known.alerted_at = now
    await tx.flush()
    await LEDGER.record(tx, system("triage"), "alert.raised", at=now, subjects=_subjects(alert))


async def acknowledge(tx: AsyncSession, alert_id: AlertId, by: Caller, *, now: datetime) -> AlertView:
    """Note that somebody has seen a Red child; the first who did stands.

    Raises:
        NotFound: there is no such alert.
    """
    alert = await alerts.get_alert_to_change(tx, alert_id)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by = now, by.name
        alert.acknowledged_by_id = by.subject
    await LEDGER.record(tx, by, "alert.acknowledged", at=now, subjects=_subjects(alert))
    return (await _views(tx, [alert]))[0]


async def escalate(tx: AsyncSession, *, now: datetime, after: timedelta) -> Sequence[Alert]:
    """Take alerts further that nobody acknowledged in time, each once.

    Args:
        after: how long the first contact has.
    """
    late = await alerts.claim_to_escalate(tx, raised_by=now - after, limit=_BATCH)
    for alert in late:
        alert.escalated_at = now
        await LEDGER.record(tx, system("triage"), "alert.escalated", at=now, subjects=_subjects(alert))
    return late


async def list_alerts(
    tx: AsyncSession,
    reader: Caller,
    *,
    acknowledged: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[AlertView], bool]:
    """Return a page of alerts, the oldest first, and whether there are more."""
    found = await alerts.page_of_alerts(tx, acknowledged=acknowledged, after=after, limit=limit)
    shown = found[:limit]
    subjects = [each for alert in shown for each in _subjects(alert)]
    await LEDGER.record(tx, reader, "alerts.listed", at=now, subjects=subjects)
    closed = (await list_closed(tx, reader, now=now)).cases
    # Red reaches a person, whoever that is: somebody has to fetch a manager.
    views = [closed_alert(one) if one.case_id in closed else one for one in await _views(tx, shown)]
    return views, len(found) > limit


def _subjects(alert: Alert) -> list[UUID]:
    return [alert.alert_id, alert.case_id, alert.child_id]


async def _views(tx: AsyncSession, found: Sequence[Alert]) -> list[AlertView]:
    names = await timers.name_children(tx, {alert.child_id for alert in found})
    pages = await alerts.list_pages(tx, [alert.alert_id for alert in found])
    return [alert_view(alert, pages.get(alert.alert_id, []), names) for alert in found]
