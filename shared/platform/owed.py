"""Which events somebody is still owed: found by comparing the outboxes with what each handler confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Table,
    Text,
    and_,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from shared.platform.resending import READS, add_to_resend, is_confirmed, mailbox_in, metadata

# How far it looks in one transaction.
_SLICE = 5000
# A transaction may commit events below positions that are there already. Nothing of the hub runs for half
# as long as this, so positions older than it are all there or never will be.
_SETTLED = timedelta(seconds=60)

watermark = Table(
    "watermark",
    metadata,
    Column("service", Text, primary_key=True, comment="Whose handler it is."),
    Column("handler", Text, primary_key=True, comment="Which handler."),
    Column("event_type", Text, primary_key=True, comment="What it listens to."),
    Column(
        "position",
        BigInteger,
        nullable=False,
        comment="Up to here in the publisher's outbox all is confirmed, or in resend.",
    ),
    comment="How far the outboxes have been looked through for each handler. Retention: kept.",
)


@dataclass(frozen=True, slots=True)
class Consumer:
    """A handler of a service, one event type it listens to, and since when it is owed it."""

    service: str
    handler: str
    event_type: str
    since: datetime

    @property
    def publisher(self) -> str:
        """The service whose outbox holds the events: the first word of their type."""
        return self.event_type.partition(".")[0]


async def find_readable(tx: AsyncSession, services: Iterable[str]) -> frozenset[str]:
    """Return which of `services` exist with all their messaging tables and may be read by this role."""
    found = await tx.execute(_READABLE, {"services": list(services), "tables": list(READS)})
    return frozenset(service for service, count in found if count == len(READS))


_READABLE = text("""
    SELECT n.nspname, count(*)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY(:services) AND c.relname = ANY(:tables)
      AND has_schema_privilege(n.oid, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT')
    GROUP BY n.nspname
""")


async def list_consumers(tx: AsyncSession, service: str) -> list[Consumer]:
    """Return who listens to what in `service`."""
    consumer = mailbox_in(service).consumer.c
    rows = await tx.execute(
        select(consumer.handler, consumer.event_type, consumer.since).order_by(consumer.handler)
    )
    return [Consumer(service, *row) for row in rows]


async def list_behind(tx: AsyncSession, consumers: Sequence[Consumer]) -> list[Consumer]:
    """Return those of some handlers in whose publisher's outbox anything stands above their watermark."""
    marks = watermark.c
    rows = await tx.execute(select(marks.service, marks.handler, marks.event_type, marks.position))
    seen = {(service, handler, event_type): position for service, handler, event_type, position in rows}
    last = {
        publisher: await tx.scalar(select(func.max(mailbox_in(publisher).outbox.c.position))) or 0
        for publisher in {consumer.publisher for consumer in consumers}
    }
    return [
        consumer
        for consumer in consumers
        if last[consumer.publisher] > seen.get((consumer.service, consumer.handler, consumer.event_type), 0)
    ]


async def notice(tx: AsyncSession, consumer: Consumer, *, after: int | None, grace: timedelta) -> int | None:
    """Look through a slice of the publisher's outbox for events that `consumer` has not confirmed.

    What is missing longer than `grace` after it was published goes into `resend`, and the watermark moves
    up: an event that stays unconfirmed never makes the next look longer.

    Args:
        after: the position the slice begins after; None for the watermark.
        grace: how long a handler has for an event.

    Returns:
        The position to go on after, or None when the slice was the last.
    """
    outbox = mailbox_in(consumer.publisher).outbox.c
    position = await _position(tx, consumer)
    begin = position if after is None else after
    window = select(outbox.position).where(outbox.position > begin).order_by(outbox.position).limit(_SLICE)
    slice_ = window.subquery()
    end, size = (
        await tx.execute(select(func.max(slice_.c.position), func.count()).select_from(slice_))
    ).one()
    if end is None:
        return None
    in_slice = and_(outbox.position > begin, outbox.position <= end)
    mine = outbox.event_type == consumer.event_type
    late = outbox.published_at < func.now() - grace
    waits = or_(
        outbox.created_at >= func.now() - _SETTLED, and_(mine, or_(outbox.published_at.is_(None), ~late))
    )
    first_waiting = select(func.min(outbox.position)).where(in_slice, waits).scalar_subquery()
    seen = await tx.scalar(
        select(func.max(outbox.position)).where(
            in_slice, outbox.position < func.coalesce(first_waiting, end + 1)
        )
    )
    # After looking how far to move up, never before: what is published meanwhile is then looked at as well.
    missing = select(
        outbox.event_id, outbox.event_type, func.convert_to(outbox.payload.cast(Text), "UTF8")
    ).where(
        in_slice,
        mine,
        late,
        outbox.created_at >= consumer.since,
        ~is_confirmed(consumer.service, consumer.handler, outbox.event_id),
    )
    await tx.execute(add_to_resend(consumer.service, consumer.handler, missing))
    # Never past something that a slice before this one still waits for.
    if seen is not None and begin == position:
        await _move_up(tx, consumer, seen)
    return int(end) if size == _SLICE else None


async def _position(tx: AsyncSession, consumer: Consumer) -> int:
    found = await tx.scalar(
        select(watermark.c.position).where(
            watermark.c.service == consumer.service,
            watermark.c.handler == consumer.handler,
            watermark.c.event_type == consumer.event_type,
        )
    )
    return int(found or 0)


async def _move_up(tx: AsyncSession, consumer: Consumer, position: int) -> None:
    moved = insert(watermark).values(
        service=consumer.service,
        handler=consumer.handler,
        event_type=consumer.event_type,
        position=position,
    )
    await tx.execute(
        moved.on_conflict_do_update(
            index_elements=list(watermark.primary_key),
            set_={"position": func.greatest(watermark.c.position, moved.excluded.position)},
        )
    )
