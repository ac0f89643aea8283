"""The outbox: events are written in the transaction of their cause, and the relay carries them to the bus."""

import asyncio
from functools import cache
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    MetaData,
    Select,
    Table,
    Text,
    Update,
    Uuid,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy import event as hooks
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from shared.platform.database import Sessions, transaction
from shared.platform.patience import LONGEST_SECONDS, delay_after, rest
from shared.platform.telemetry import outbox_unpublished
from shared.platform.writing import NewRow, add_together
from shared.problems import Unavailable
from shared.schemas.events import Event

#: Who the relay is to the row policies of the database.
RELAY = "relay"

_BATCH = 100
# The wake-up covers what this process commits; the poll covers what another process did, or a lost wake-up.
_POLL_SECONDS = 0.2
# How long rows may stay locked while the bus hangs.
_PUBLISH_WITHIN_SECONDS = 3.0
_LONGEST_PAUSE_SECONDS = 5.0
_WAKE = "wake"
# One for each outbox of this process. Kept beside the tables, since what is in them is written to migrations.
_WAKES: WeakKeyDictionary[Table, asyncio.Event] = WeakKeyDictionary()

log = structlog.get_logger()


class Publisher(Protocol):
    """What the relay needs of the bus."""

    #: Set while trying to publish makes sense.
    connected: asyncio.Event

    async def publish(self, subject: str, payload: bytes, msg_id: str) -> bool:
        """Return once the bus has stored it; raise Unavailable when it has not said so in time."""


def outbox_table(metadata: MetaData) -> Table:
    """Return the outbox of the service whose schema `metadata` names."""
    table = Table(
        "outbox",
        metadata,
        Column(
            "position",
            BigInteger,
            Identity(always=True),
            primary_key=True,
            comment="Order of writing; transactions may commit in another order.",
        ),
        Column(
            "event_id",
            Uuid,
            nullable=False,
            unique=True,
            comment="The event's own id; also its id on the bus.",
        ),
        Column(
            "event_type", Text, nullable=False, comment="Name and version of the event; also its subject."
        ),
        Column(
            "payload", JSONB, nullable=False, comment="The event: ids, versions and codes, no personal data."
        ),
        Column(
            "created_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.now(),
            comment="When the transaction that published it began, by the database's clock.",
        ),
        Column(
            "published_at",
            DateTime(timezone=True),
            comment="When the bus confirmed it; null while it waits. The row stays.",
        ),
        comment="Events published, written with their cause and kept after sending. Retention: events.",
    )
    Index("ix_outbox_unpublished", table.c.position, postgresql_where=table.c.published_at.is_(None))
    return table


async def publish(tx: AsyncSession, outbox: Table, *events: Event) -> None:
    """Publish `events` if and when the caller's transaction commits.

    Raises:
        ValueError: an event's type names another service; nobody would look for it in this outbox.
    """
    if events:
        await add_together(tx, *(announcement(tx, outbox, event) for event in events))


def announcement(tx: AsyncSession, outbox: Table, event: Event) -> NewRow:
    """Return the row that publishes `event`, for those who write it together with others.

    Raises:
        ValueError: as `publish` does.
    """
    if event.type.partition(".")[0] != outbox.schema:
        raise ValueError("an event is published by the service that its type names")
    tx.sync_session.info.setdefault(_WAKE, set()).add(_wake_of(outbox))
    return NewRow(
        outbox,
        {"event_id": event.event_id, "event_type": event.type, "payload": event.model_dump(mode="json")},
    )


@hooks.listens_for(Session, "after_commit")
def _wake_the_relay(session: Session) -> None:
    # In this process, not by NOTIFY: that takes a lock over the whole database at every commit.
    for wake in session.info.pop(_WAKE, ()):
        wake.set()


async def relay(sessions: Sessions, outbox: Table, bus: Publisher, *, stop: asyncio.Event) -> None:
    """Carry what was published to the bus until `stop` is set, however often bus or database go away.

    Several relays may work on one outbox.
    """
    wake = _wake_of(outbox)
    state = _State(str(outbox.schema))
    while not stop.is_set():
        # Cleared before looking: a commit while we look sets it again.
        wake.clear()
        if not bus.connected.is_set():
            state.stopped("bus_away")
            await rest(LONGEST_SECONDS, bus.connected, stop)
        elif not await _try_once(sessions, outbox, bus, state):
            await rest(state.pause_seconds(), wake, stop)


async def _try_once(sessions: Sessions, outbox: Table, bus: Publisher, state: "_State") -> bool:
    """Carry one batch if bus and database let us; say whether to come back at once for more."""
    try:
        claimed, sent = await _carry(sessions, outbox, bus)
    except Unavailable:
        state.stopped("database_away")
        return False
    if sent < claimed:
        state.stopped("bus_away")
        outbox_unpublished.labels(state.service).set(claimed - sent)
        return False
    state.went_well()
    if claimed < _BATCH:
        outbox_unpublished.labels(state.service).set(0)
    return claimed == _BATCH


async def _carry(sessions: Sessions, outbox: Table, bus: Publisher) -> tuple[int, int]:
    """Claim, publish and mark one batch; return how many were claimed and how many the bus confirmed.

    The rows stay locked while the bus answers, for _PUBLISH_WITHIN_SECONDS at most, rather than being
    leased: a relay that dies frees them at once, where a lease would hold the events back until it ran out
    and cost a second write for each. A crash before the marks are committed publishes again under the same
    id.
    """
    async with transaction(sessions, RELAY) as tx:
        rows = (await tx.execute(_claiming(outbox))).all()
        answers = await asyncio.gather(
            *(_send(bus, subject, payload.encode(), str(event_id)) for _, event_id, subject, payload in rows)
        )
        sent = [row.position for row, confirmed in zip(rows, answers, strict=True) if confirmed]
        if sent:
            await tx.execute(_marking(outbox), {"sent": sent})
    return len(rows), len(sent)


# Made once for each outbox: the relay looks after every commit, and five times a second where there is none.
@cache
def _claiming(outbox: Table) -> Select[Any]:
    return (
        # As text: what PostgreSQL holds is sent, not a Python reading of it.
        select(outbox.c.position, outbox.c.event_id, outbox.c.event_type, outbox.c.payload.cast(Text))
        .where(outbox.c.published_at.is_(None))
        .order_by(outbox.c.position)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )


@cache
def _marking(outbox: Table) -> Update:
    sent = any_(bindparam("sent", type_=ARRAY(BigInteger)))
    return outbox.update().where(outbox.c.position == sent).values(published_at=func.clock_timestamp())


async def _send(bus: Publisher, subject: str, payload: bytes, msg_id: str) -> bool:
    try:
        async with asyncio.timeout(_PUBLISH_WITHIN_SECONDS):
            await bus.publish(subject, payload, msg_id)
    except (Unavailable, TimeoutError):
        return False
    return True


def _wake_of(outbox: Table) -> asyncio.Event:
    return _WAKES.setdefault(outbox, asyncio.Event())


class _State:
    """How long to wait between tries, and one line in the log when sending stops and when it goes on."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._failures = 0

    def stopped(self, reason: str) -> None:
        if self._failures == 0:
            log.warning("relay_waits", service=self.service, reason=reason)
        self._failures += 1

    def went_well(self) -> None:
        if self._failures:
            log.info("relay_goes_on", service=self.service, attempt=self._failures)
        self._failures = 0

    def pause_seconds(self) -> float:
        if self._failures == 0:
            return _POLL_SECONDS
        return delay_after(self._failures, longest_seconds=_LONGEST_PAUSE_SECONDS)
