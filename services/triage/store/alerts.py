"""Queries for alerts about Red children, and for the pages that go out about them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    Update,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.models import Alert, AlertPage, CaseChild, Contact
from shared.problems import NotFound
from shared.schemas.alerts import PageContact
from shared.schemas.ids import AlertId, ChildId


class DuePage(NamedTuple):
    """A page to be sent now; `reference` is of the contact that named the child."""

    alert_id: AlertId
    contact: PageContact
    tries: int
    reference: str


async def get_alert_to_change(tx: AsyncSession, alert_id: AlertId) -> Alert:
    """Return an alert, held until the transaction ends; raise NotFound if there is none."""
    found = await tx.get(Alert, alert_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def list_waiting_for(tx: AsyncSession, child_id: ChildId) -> Sequence[Alert]:
    """Return the alerts about a child that nobody has acknowledged, held until the transaction ends."""
    query = select(Alert).where(Alert.child_id == child_id, Alert.acknowledged_at.is_(None))
    return (await tx.scalars(query.order_by(Alert.alert_id).with_for_update())).all()


async def page_of_alerts(
    tx: AsyncSession, *, acknowledged: bool | None, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[Alert]:
    """Return one more than `limit` alerts, the oldest first."""
    query = select(Alert).order_by(Alert.raised_at, Alert.alert_id)
    if acknowledged is not None:
        waits = Alert.acknowledged_at.is_(None)
        query = query.where(~waits if acknowledged else waits)
    if after is not None:
        query = query.where(tuple_(Alert.raised_at, Alert.alert_id) > after)
    return (await tx.scalars(query.limit(limit + 1))).all()


async def list_pages(tx: AsyncSession, alert_ids: Collection[AlertId]) -> dict[AlertId, list[AlertPage]]:
    """Return the pages sent about alerts, by alert, the first contact's first."""
    query = select(AlertPage).where(AlertPage.alert_id.in_(alert_ids)).order_by(AlertPage.contact)
    sent: dict[AlertId, list[AlertPage]] = {}
    for page in await tx.scalars(query):
        sent.setdefault(page.alert_id, []).append(page)
    return sent


async def claim_to_escalate(tx: AsyncSession, *, raised_by: datetime, limit: int) -> Sequence[Alert]:
    """Return alerts raised at `raised_by` or before that nobody acknowledged or escalated; held."""
    query = (
        select(Alert)
        .where(Alert.acknowledged_at.is_(None), Alert.escalated_at.is_(None), Alert.raised_at <= raised_by)
        .order_by(Alert.raised_at, Alert.alert_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await tx.scalars(query)).all()


async def count_waiting(tx: AsyncSession) -> int:
    """Return how many alerts nobody has acknowledged."""
    query = select(func.count()).select_from(Alert).where(Alert.acknowledged_at.is_(None))
    return await tx.scalar(query) or 0


async def add_pages(tx: AsyncSession, contact: PageContact, *, now: datetime) -> None:
    """Make a page due to a contact about each alert that waits for it, once: the second in its turn."""
    waiting = select(Alert.alert_id, literal(contact.value), literal(0), literal(now)).where(
        Alert.acknowledged_at.is_(None)
    )
    if contact is PageContact.SECOND:
        waiting = waiting.where(Alert.escalated_at.is_not(None))
    columns = ["alert_id", "contact", "tries", "next_try_at"]
    await tx.execute(insert(AlertPage).from_select(columns, waiting).on_conflict_do_nothing())


async def claim_pages(
    tx: AsyncSession, *, now: datetime, again_at: datetime, limit: int
) -> Sequence[DuePage]:
    """Return pages to be sent now about alerts that nobody has acknowledged; theirs until `again_at`.

    One that was taken is sent again only where the alert was escalated since.
    """
    query = (
        select(AlertPage, Contact.reference)
        .join(Alert, Alert.alert_id == AlertPage.alert_id)
        .join(CaseChild, CaseChild.child_id == Alert.child_id)
        .join(Contact, Contact.referral_id == CaseChild.referral_id)
        .where(or_(AlertPage.taken_at.is_(None), Alert.escalated_at.is_not(None)))
        .where(AlertPage.next_try_at <= now, Alert.acknowledged_at.is_(None))
        .order_by(AlertPage.next_try_at, AlertPage.alert_id)
        .limit(limit)
        .with_for_update(of=AlertPage, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    due = []
    for page, reference in (await tx.execute(query)).all():
        page.tries, page.next_try_at = page.tries + 1, again_at
        due.append(DuePage(page.alert_id, PageContact(page.contact), page.tries, reference))
    return due


async def record_taken(tx: AsyncSession, due: DuePage, *, at: datetime, again_at: datetime) -> None:
    """Keep that a page was taken, the first time, and when it is sent again if nobody acknowledges."""
    first = func.coalesce(AlertPage.taken_at, at)
    await tx.execute(_page(due).values(taken_at=first, problem=None, next_try_at=again_at))


async def record_not_taken(tx: AsyncSession, due: DuePage, problem: str) -> None:
    """Keep what kept a try from being taken; it is made again soon."""
    await tx.execute(_page(due).values(problem=problem))


def _page(due: DuePage) -> Update:
    return update(AlertPage).where(AlertPage.alert_id == due.alert_id, AlertPage.contact == due.contact)
