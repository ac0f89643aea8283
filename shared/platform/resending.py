"""Copies of events that somebody is still owed: kept until confirmed, sent ever more seldom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    delete,
    func,
    literal,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.platform.database import schema_metadata
from shared.platform.inbox import inbox_table
from shared.platform.mailbox import Mailbox, mailbox_of
from shared.platform.outbox import outbox_table
from shared.platform.parking import consumer_table, failure_table, parked_table

#: Who the reconciler is to the row policies of the database.
RECONCILER = "reconciler"

#: What the reconciler's role must be granted SELECT on, column by column, in the schema of every service.
READS: Final = {
    "outbox": ("position", "event_id", "event_type", "payload", "created_at", "published_at"),
    "inbox": ("handler", "event_id"),
    "consumer": ("handler", "event_type", "since"),
    "failure": ("handler", "event_id", "tried_at"),
    "parked": ("handler", "event_id", "event_type", "payload", "released_at"),
}

_BATCH = 200
# Longer than the longest pause between two tries of a handler: it is being tried, no copy is needed.
_IN_HAND = timedelta(seconds=20)
_LONGEST_PAUSE = timedelta(seconds=60)

metadata = schema_metadata("reconciler")

resend = Table(
    "resend",
    metadata,
    Column("service", Text, primary_key=True, comment="Whose handler is owed the event."),
    Column("handler", Text, primary_key=True, comment="Which handler."),
    Column("event_id", Uuid, primary_key=True, comment="The event it is owed."),
    Column("event_type", Text, nullable=False, comment="Its subject on the bus."),
    Column("payload", LargeBinary, nullable=False, comment="The event as its publisher wrote it."),
    Column("attempt", Integer, nullable=False, comment="How often it was sent again."),
    Column("noticed_at", DateTime(timezone=True), nullable=False, comment="When it was found missing."),
    Column("due_at", DateTime(timezone=True), nullable=False, comment="When it is to be sent next."),
    Column("resent_at", DateTime(timezone=True), comment="When it was last sent again."),
    Index("ix_resend_due", "service", "handler", "due_at"),
    comment="Events a handler has not confirmed; a row goes when it does. Retention: events.",
)


@dataclass(frozen=True, slots=True)
class Copy:
    """An event to be sent once more."""

    event_id: UUID
    event_type: str
    payload: bytes
    attempt: int

    @property
    def msg_id(self) -> str:
        """An id that the bus has not seen: under the event's own it would be dropped as a repetition."""
        return f"{self.event_id}:{self.attempt}"


@cache
def mailbox_in(service: str) -> Mailbox:
    """Return the messaging tables of `service`, by their common shape."""
    shape = MetaData(schema=service)
    for table in (outbox_table, inbox_table, consumer_table, failure_table, parked_table):
        table(shape)
    return mailbox_of(shape)


async def list_waiting(tx: AsyncSession, services: Iterable[str]) -> set[tuple[str, str]]:
    """Return each service and handler for which anything stands in `resend`, or was released to go there."""
    waiting = [select(resend.c.service, resend.c.handler)]
    for service in services:
        parked = mailbox_in(service).parked.c
        waiting.append(select(literal(service), parked.handler).where(parked.released_at.is_not(None)))
    return {(service, handler) for service, handler in await tx.execute(union(*waiting))}


async def notice_released(tx: AsyncSession, service: str, handler: str) -> None:
    """Put what a person released from the parked events into `resend`."""
    parked = mailbox_in(service).parked.c
    inbox = mailbox_in(service).inbox.c
    handled = select(inbox.event_id).where(inbox.handler == handler, inbox.event_id == parked.event_id)
    await tx.execute(
        add_to_resend(
            service,
            handler,
            select(parked.event_id, parked.event_type, parked.payload).where(
                parked.handler == handler, parked.released_at.is_not(None), ~handled.exists()
            ),
        )
    )


async def forget_confirmed(tx: AsyncSession, service: str, handler: str) -> None:
    """Drop from `resend` what the handler has confirmed since."""
    await tx.execute(
        delete(resend).where(*_row_of(service, handler), is_confirmed(service, handler, resend.c.event_id))
    )


async def claim_due(
    tx: AsyncSession, service: str, handler: str, *, grace: timedelta, noticed_for: timedelta
) -> list[Copy]:
    """Return a batch of copies to be sent now, each already put off until its next attempt.

    Left out is what the handler tried a moment ago: it will try again, and a copy would be one more to try.

    Args:
        grace: the pause after the first attempt; it doubles with each.
        noticed_for: how long an event must have been missing.
    """
    failure = mailbox_in(service).failure.c
    in_hand = select(failure.event_id).where(
        failure.handler == handler,
        failure.event_id == resend.c.event_id,
        failure.tried_at > func.now() - _IN_HAND,
    )
    due = (
        select(resend.c.event_id)
        .where(
            *_row_of(service, handler),
            resend.c.due_at <= func.now(),
            resend.c.noticed_at <= func.now() - noticed_for,
            ~in_hand.exists(),
        )
        .order_by(resend.c.due_at)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    pause = func.least(grace * func.power(2, func.least(resend.c.attempt, 20)), _LONGEST_PAUSE)
    # Two statements: as a subquery of the update, PostgreSQL may run it, and its limit, once for each row.
    claimed = list(await tx.scalars(due))
    rows = await tx.execute(
        update(resend)
        .where(*_row_of(service, handler), resend.c.event_id.in_(claimed))
        .values(attempt=resend.c.attempt + 1, resent_at=func.now(), due_at=func.now() + pause)
        .returning(resend.c.event_id, resend.c.event_type, resend.c.payload, resend.c.attempt)
    )
    return [Copy(*row) for row in rows]


async def put_back(tx: AsyncSession, service: str, handler: str, event_ids: Iterable[UUID]) -> None:
    """Make copies that did not leave due at once."""
    await tx.execute(
        update(resend)
        .where(*_row_of(service, handler), resend.c.event_id.in_(list(event_ids)))
        .values(due_at=func.now())
    )


def add_to_resend(service: str, handler: str, missing: Select[Any]) -> Insert:
    """Return the statement that adds `missing` (event_id, event_type, payload), due at once."""
    rows = missing.add_columns(literal(service), literal(handler), literal(0), func.now(), func.now())
    names = ("event_id", "event_type", "payload", "service", "handler", "attempt", "noticed_at", "due_at")
    return insert(resend).from_select(names, rows).on_conflict_do_nothing()


def is_confirmed(service: str, handler: str, event_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Return the condition that the event had its effect, or waits for a person, at this handler."""
    inbox, parked = mailbox_in(service).inbox.c, mailbox_in(service).parked.c
    handled = select(inbox.event_id).where(inbox.handler == handler, inbox.event_id == event_id)
    waiting = select(parked.event_id).where(
        parked.handler == handler, parked.event_id == event_id, parked.released_at.is_(None)
    )
    return or_(handled.exists(), waiting.exists())


def _row_of(service: str, handler: str) -> tuple[ColumnElement[bool], ...]:
    return resend.c.service == service, resend.c.handler == handler
