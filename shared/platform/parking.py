"""Who listens since when, tries that count, and the list of events that a person has to look at."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    case,
    delete,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.platform.mailbox import Mailbox
from shared.platform.paging import read_cursor, write_cursor
from shared.schemas.ids import EventId
from shared.schemas.parked import ParkedEvent
from shared.schemas.shapes import Page

_LIST = "parked"


def consumer_table(metadata: MetaData) -> Table:
    """Return the table of who listens to what in the service whose schema `metadata` names."""
    return Table(
        "consumer",
        metadata,
        Column("handler", Text, primary_key=True, comment="Which handler of this service."),
        Column("event_type", Text, primary_key=True, comment="What it listens to."),
        Column(
            "since",
            DateTime(timezone=True),
            nullable=False,
            comment="It is owed every event written since; by the database's clock.",
        ),
        comment="Who is owed which events; the reconciler reads it. Retention: kept.",
    )


def failure_table(metadata: MetaData) -> Table:
    """Return the table of tries in the service whose schema `metadata` names."""
    return Table(
        "failure",
        metadata,
        Column("handler", Text, primary_key=True, comment="Which handler of this service."),
        Column("event_id", Uuid, primary_key=True, comment="The event that was not handled at once."),
        Column(
            "tries",
            Integer,
            nullable=False,
            comment="Tries that the event itself made fail, crashes included.",
        ),
        Column("tried_by", Uuid, comment="The process that tries it now; left behind by one that crashed."),
        Column("reason", Text, comment="Code or class of the last fault; never its words."),
        Column("tried_at", DateTime(timezone=True), nullable=False, comment="When it was last tried."),
        comment="Events that are being tried again. Retention: events.",
    )


def parked_table(metadata: MetaData) -> Table:
    """Return the list of parked events of the service whose schema `metadata` names."""
    table = Table(
        "parked",
        metadata,
        Column("handler", Text, primary_key=True, comment="Which handler of this service gave it up."),
        Column(
            "event_id",
            Uuid,
            primary_key=True,
            comment="The event; for one that cannot be read, made from what arrived.",
        ),
        Column("event_type", Text, nullable=False, comment="The subject it arrived on."),
        Column("payload", LargeBinary, nullable=False, comment="What arrived, byte for byte."),
        Column("reason", Text, nullable=False, comment="Code or class of the fault; never its words."),
        Column("tries", Integer, nullable=False, comment="How often it was tried."),
        Column("parked_at", DateTime(timezone=True), nullable=False, comment="When it was given up."),
        Column(
            "released_at",
            DateTime(timezone=True),
            comment="When a person had it sent again; null while it waits for one.",
        ),
        comment="Events given up, for a person to look at. Retention: events.",
    )
    Index("ix_parked_waiting", table.c.event_id, postgresql_where=table.c.released_at.is_(None))
    return table


async def register(
    tx: AsyncSession, mailbox: Mailbox, handler: str, event_type: str, *, from_the_start: bool
) -> datetime:
    """Write down that `handler` listens, if that is new, and return since when it is owed events."""
    consumer = mailbox.consumer
    since = func.to_timestamp(0) if from_the_start else func.now()
    await tx.execute(
        insert(consumer).values(handler=handler, event_type=event_type, since=since).on_conflict_do_nothing()
    )
    found = await tx.scalars(
        select(consumer.c.since).where(consumer.c.handler == handler, consumer.c.event_type == event_type)
    )
    at: datetime = found.one()
    return at


async def is_settled(tx: AsyncSession, mailbox: Mailbox, handler: str, event_id: UUID) -> bool:
    """Say whether this handler needs to do nothing more: the event had its effect, or waits for a person."""
    inbox, parked = mailbox.inbox, mailbox.parked
    handled = select(inbox.c.event_id).where(inbox.c.handler == handler, inbox.c.event_id == event_id)
    waiting = select(parked.c.event_id).where(
        parked.c.handler == handler, parked.c.event_id == event_id, parked.c.released_at.is_(None)
    )
    return bool(await tx.scalar(select(handled.exists() | waiting.exists())))


async def begin_try(
    tx: AsyncSession, mailbox: Mailbox, handler: str, event_id: UUID, *, process: UUID, now: datetime
) -> int:
    """Note that `process` tries the event again, and return how many tries it has used up.

    A try that another process began and never ended is counted: it took that process down, or went down
    with it.
    """
    failure = mailbox.failure
    abandoned = failure.c.tried_by != process
    tried = insert(failure).values(
        handler=handler, event_id=event_id, tries=0, tried_by=process, tried_at=now
    )
    tries = await tx.scalar(
        tried.on_conflict_do_update(
            index_elements=[failure.c.handler, failure.c.event_id],
            set_={
                "tries": failure.c.tries + case((abandoned, 1), else_=0),
                "reason": case((abandoned, "crashed"), else_=failure.c.reason),
                "tried_by": process,
                "tried_at": now,
            },
        ).returning(failure.c.tries)
    )
    return int(tries or 0)


async def end_without_try(tx: AsyncSession, mailbox: Mailbox, handler: str, event_id: UUID) -> None:
    """Note that the try ended in order but does not count: what the event needs is away."""
    await tx.execute(_failure_of(mailbox, handler, event_id).values(tried_by=None))


async def count_try(
    tx: AsyncSession, mailbox: Mailbox, handler: str, event_id: UUID, reason: str, *, now: datetime
) -> int:
    """Count a try that the event itself made fail, and return how many that makes."""
    failure = mailbox.failure
    tried = insert(failure).values(handler=handler, event_id=event_id, tries=1, reason=reason, tried_at=now)
    tries = await tx.scalar(
        tried.on_conflict_do_update(
            index_elements=[failure.c.handler, failure.c.event_id],
            set_={"tries": failure.c.tries + 1, "tried_by": None, "reason": reason, "tried_at": now},
        ).returning(failure.c.tries)
    )
    return int(tries or 0)


async def forget_tries(tx: AsyncSession, mailbox: Mailbox, handler: str, event_id: UUID) -> None:
    """Forget the tries of an event that had its effect, or is parked, or starts afresh."""
    failure = mailbox.failure
    await tx.execute(delete(failure).where(failure.c.handler == handler, failure.c.event_id == event_id))


async def park(tx: AsyncSession, mailbox: Mailbox, event: ParkedEvent, payload: bytes) -> None:
    """Put an event on the list that a person looks at; one that is there already stays as it is."""
    parked = mailbox.parked
    row = event.model_dump() | {"payload": payload, "released_at": None}
    statement = insert(parked).values(row)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[parked.c.handler, parked.c.event_id],
            set_={name: statement.excluded[name] for name in ("reason", "tries", "parked_at", "released_at")},
            where=parked.c.released_at.is_not(None),
        )
    )
    await forget_tries(tx, mailbox, event.handler, event.event_id)


async def list_parked(
    tx: AsyncSession, mailbox: Mailbox, *, cursor: str | None = None, limit: int = 100
) -> Page[ParkedEvent]:
    """Return the events that wait for a person, roughly oldest first.

    Raises:
        BadCursor: `cursor` was not given for this list.
    """
    parked = mailbox.parked
    list_name = f"{mailbox.service}.{_LIST}"
    query = (
        select(*(parked.c[name] for name in ParkedEvent.model_fields))
        .where(parked.c.released_at.is_(None))
        .order_by(parked.c.event_id, parked.c.handler)
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(tuple_(parked.c.event_id, parked.c.handler) > _place(list_name, cursor))
    rows = (await tx.execute(query)).mappings().all()
    items = [ParkedEvent.model_validate(dict(row)) for row in rows[:limit]]
    has_more = len(rows) > limit
    place = write_cursor(list_name, items[-1].event_id, items[-1].handler) if has_more else None
    return Page(items=items, next_cursor=place, has_more=has_more)


async def release(
    tx: AsyncSession, mailbox: Mailbox, handler: str, event_id: EventId, *, now: datetime
) -> bool:
    """Have a parked event sent again, with all its tries before it; False when it is not parked.

    The reconciler sends it, within its next rounds.
    """
    parked = mailbox.parked
    released = await tx.scalar(
        update(parked)
        .where(parked.c.handler == handler, parked.c.event_id == event_id, parked.c.released_at.is_(None))
        .values(released_at=now)
        .returning(parked.c.event_id)
    )
    await forget_tries(tx, mailbox, handler, event_id)
    return released is not None


def _place(list_name: str, cursor: str) -> tuple[UUID, str]:
    event_id, handler = read_cursor(list_name, cursor, places=(UUID, str))
    return event_id, handler


def _failure_of(mailbox: Mailbox, handler: str, event_id: UUID) -> Any:
    failure = mailbox.failure
    return update(failure).where(failure.c.handler == handler, failure.c.event_id == event_id)
