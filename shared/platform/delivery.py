"""What becomes of one event that arrived: its effect, another try later, or the list of parked events."""

import asyncio
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID, uuid5

import httpx
import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.clock import utc_now
from shared.platform import log as logs
from shared.platform import parking
from shared.platform.database import LOCK_NOT_AVAILABLE, is_away, sqlstate, transaction
from shared.platform.inbox import first_time
from shared.platform.subscriptions import Handler, Here, Workplace
from shared.platform.telemetry import events_handled, events_parked
from shared.problems import NotAuthenticated, Problem, TooMany, Unavailable
from shared.schemas.events import Event, read_event
from shared.schemas.ids import EventId
from shared.schemas.parked import ParkedEvent

#: Who a handler is to the row policies of the database.
WORKER = "worker"

_AWAY_STATUSES = frozenset({401, 408, 425, 429})
# A role, a right, a schema or a table that is missing: the deployment is half done, the event is well.
_DEPLOYMENT_STATES = ("28", "42501", "42P01", "3F000", LOCK_NOT_AVAILABLE)

_AWAY = (httpx.TransportError, Unavailable, TooMany, NotAuthenticated, TimeoutError, ConnectionError)
_UNREADABLE = UUID("0198c0de-0000-7000-8000-000000000000")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as the bus handed it over.

    Args:
        times: how often the bus has handed over this very message, this time included.
        resent: whether the reconciler sent it, so that it may have had its effect already.
    """

    subject: str
    payload: bytes
    times: int
    resent: bool


async def deliver(
    event: Event,
    handler: Handler[Here, Any, Any],
    workplace: Workplace[Here],
    *,
    was_here_before: bool = False,
) -> bool:
    """Run one handler of `event`: ask first, then make the effect in one transaction, once.

    Args:
        was_here_before: whether there may be tries to forget, now that it has its effect.

    Returns:
        False when the event had its effect before.
    """
    async with asyncio.timeout(workplace.pace.fetch_within_seconds):
        fetched = await handler.fetch(workplace.here, event)
    async with transaction(workplace.sessions, WORKER) as tx:
        is_new = await first_time(tx, workplace.mailbox.inbox, handler.name, event.event_id, now=utc_now())
        if is_new:
            await handler.apply(tx, event, fetched, workplace.here)
        if was_here_before:
            await parking.forget_tries(tx, workplace.mailbox, handler.name, event.event_id)
    return is_new


async def receive(
    arrival: Arrival, handler: Handler[Here, Any, Any], workplace: Workplace[Here]
) -> float | None:
    """Do what is due about an arrival, whatever is wrong with the event or away that it needs.

    Returns:
        The seconds after which the bus shall hand it over again, or None when nothing is left to do.
    """
    attempt = _Attempt(arrival, handler, workplace)
    try:
        return await attempt.make()
    except (Unavailable, DBAPIError) as error:
        # The database went before the outcome could be written down: no outcome, so no try.
        return attempt.put_off(error)


def is_someone_away(error: BaseException) -> bool:
    """Say whether `error` speaks of an owner, the database or the deployment rather than of the event.

    Such an error is no try. Away are connection errors, timeouts, 401, 408, 425, 429 and 5xx.
    """
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        return status >= 500 or status in _AWAY_STATUSES
    if isinstance(error, DBAPIError):
        return is_away(error) or sqlstate(error).startswith(_DEPLOYMENT_STATES)
    return isinstance(error, _AWAY)


@dataclass(frozen=True, slots=True)
class _Attempt(Generic[Here]):
    arrival: Arrival
    handler: Handler[Here, Any, Any]
    workplace: Workplace[Here]

    async def make(self) -> float | None:
        try:
            event = _read(self.arrival)
        except ValueError as error:
            reason = "unreadable" if isinstance(error, ValidationError) else str(error)
            async with transaction(self.workplace.sessions, WORKER) as tx:
                await self._park(tx, _id_of(self.arrival), reason, tries=1)
            return None
        if await self._nothing_left(event.event_id):
            return None
        try:
            is_new = await deliver(event, self.handler, self.workplace, was_here_before=self._was_here_before)
        except Exception as error:
            if is_someone_away(error):
                await self._end_without_try(event.event_id)
                return self.put_off(error)
            return await self._count(event, error)
        self._tell("handled" if is_new else "repeated")
        return None

    def put_off(self, error: Exception) -> float:
        """Return the seconds to wait for what is away."""
        self._tell("away")
        delay = self.workplace.pace.after_away(self.arrival.times)
        log.info(
            "event_waits",
            handler=self.handler.name,
            event_type=self.arrival.subject,
            attempt=self.arrival.times,
            reason=_reason(error),
            delay_seconds=round(delay, 1),
        )
        return delay

    @property
    def _was_here_before(self) -> bool:
        return self.arrival.times > 1 or self.arrival.resent

    async def _nothing_left(self, event_id: EventId) -> bool:
        """Before a repetition: see whether anything is left to do, and note a try that follows another."""
        if not self._was_here_before:
            return False
        mailbox, name = self.workplace.mailbox, self.handler.name
        async with transaction(self.workplace.sessions, WORKER) as tx:
            if await parking.is_settled(tx, mailbox, name, event_id):
                # A copy may have had the effect while this one was being tried.
                await parking.forget_tries(tx, mailbox, name, event_id)
                self._tell("repeated")
                return True
            if self.arrival.times == 1:
                return False
            tries = await parking.begin_try(
                tx, mailbox, name, event_id, process=self.workplace.process, now=utc_now()
            )
            if tries < self.workplace.pace.tries:
                return False
            await self._park(tx, event_id, "crashed", tries=tries)
        return True

    async def _end_without_try(self, event_id: EventId) -> None:
        if self.arrival.times > 1:
            async with transaction(self.workplace.sessions, WORKER) as tx:
                await parking.end_without_try(tx, self.workplace.mailbox, self.handler.name, event_id)

    async def _count(self, event: Event, error: Exception) -> float | None:
        """Count the try in a transaction of its own; park the event when it was the last."""
        reason, pace = _reason(error), self.workplace.pace
        async with transaction(self.workplace.sessions, WORKER) as tx:
            tries = await parking.count_try(
                tx, self.workplace.mailbox, self.handler.name, event.event_id, reason, now=utc_now()
            )
            if tries >= pace.tries:
                await self._park(tx, event.event_id, reason, tries=tries)
        self._tell("failed")
        delay = None if tries >= pace.tries else pace.after_try(tries)
        log.warning(
            "event_failed",
            handler=self.handler.name,
            event_id=str(event.event_id),
            event_type=event.type,
            attempt=tries,
            reason=reason,
            place=logs.where(error),
            delay_seconds=delay,
        )
        return delay

    async def _park(self, tx: AsyncSession, event_id: EventId, reason: str, *, tries: int) -> None:
        name, subject = self.handler.name, self.arrival.subject
        event = ParkedEvent(
            handler=name,
            event_id=event_id,
            event_type=subject,
            reason=reason,
            tries=tries,
            parked_at=utc_now(),
        )
        await parking.park(tx, self.workplace.mailbox, event, self.arrival.payload)
        self._tell("parked")
        events_parked.labels(name).inc()
        log.error(
            "event_parked",
            handler=name,
            event_id=str(event_id),
            event_type=subject,
            attempt=tries,
            reason=reason,
        )

    def _tell(self, result: str) -> None:
        events_handled.labels(self.handler.name, result).inc()


def _read(arrival: Arrival) -> Event:
    """Return the event that arrived.

    Raises:
        ValueError: it cannot be read, or it names another type than the subject it came on.
    """
    event = read_event(arrival.payload)
    if event.type != arrival.subject:
        raise ValueError("wrong_subject")
    return event


def _id_of(arrival: Arrival) -> EventId:
    """Return the id in a payload that cannot be read, or else one that the same payload always gets.

    With its own id the reconciler sees that it is parked, and stops sending it.
    """
    try:
        return EventId(UUID(json.loads(arrival.payload)["event_id"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        digest = hashlib.sha256(arrival.subject.encode() + b" " + arrival.payload).hexdigest()
        return EventId(uuid5(_UNREADABLE, digest))


def _reason(error: Exception) -> str:
    """Return a code for `error`; its words may quote a person's data."""
    if isinstance(error, Problem):
        return error.code
    if isinstance(error, httpx.HTTPStatusError):
        return f"http_{error.response.status_code}"
    return type(error).__name__
