"""The reconciler: a process that finds events somebody is still owed, and sends them again."""

import asyncio
from datetime import timedelta
from itertools import groupby

import structlog
from pydantic_settings import SettingsConfigDict

from shared.platform import log as logs
from shared.platform import owed, resending
from shared.platform.bus import SERVICES, Bus, durable_name
from shared.platform.database import Sessions, create_engine, create_sessions, transaction
from shared.platform.patience import delays, rest
from shared.platform.process import until_signalled
from shared.platform.resending import RECONCILER, Copy, metadata
from shared.platform.settings import DatabaseSettings
from shared.problems import Unavailable

__all__ = ["ReconcilerSettings", "main", "metadata", "reconcile"]

# Slices of one outbox in a row, before the others get their turn.
_SLICES = 20
_BATCHES = 20

log = structlog.get_logger()


class ReconcilerSettings(DatabaseSettings):
    """Where database and bus are, and how soon an event that nobody confirmed is sent again."""

    model_config = SettingsConfigDict(env_prefix="HUB_RECONCILER_", frozen=True, extra="ignore")

    nats_url: str
    pool_size: int = 2
    every: timedelta = timedelta(seconds=2)
    #: How long a handler has for an event before it is sent again.
    grace: timedelta = timedelta(seconds=10)
    #: The same while the handler has work waiting: most likely the event is among it.
    grace_in_backlog: timedelta = timedelta(minutes=2)


def main() -> None:
    """Run the reconciler as a process of its own, until SIGTERM or SIGINT."""
    settings = ReconcilerSettings()
    logs.configure(RECONCILER)

    async def work(stop: asyncio.Event) -> None:
        engine = create_engine(settings, application_name="hub-reconciler")
        try:
            async with Bus(settings.nats_url, name="hub-reconciler") as bus:
                await reconcile(create_sessions(engine), bus, settings, stop=stop)
        finally:
            await engine.dispose()

    asyncio.run(until_signalled({RECONCILER: work}))


async def reconcile(
    sessions: Sessions, bus: Bus, settings: ReconcilerSettings, *, stop: asyncio.Event
) -> None:
    """Look for what is owed and send it, round after round, however often bus or database go away.

    Several may run at once; each copy is sent by one of them.
    """
    waits = delays()
    failures = 0
    while not stop.is_set():
        try:
            await look_once(sessions, bus, settings)
        except Unavailable as error:
            if failures == 0:
                log.warning("reconciler_waits", reason=type(error).__name__)
            failures += 1
            await rest(next(waits), stop)
            continue
        if failures:
            log.info("reconciler_goes_on", attempt=failures)
            failures, waits = 0, delays()
        await rest(settings.every.total_seconds(), stop)


async def look_once(sessions: Sessions, bus: Bus, settings: ReconcilerSettings) -> None:
    """Go once through every handler of every service that can be read.

    Most rounds find nothing: whose outboxes say nothing new and who is owed nothing is left alone.

    Raises:
        Unavailable: database or bus is away; what was claimed for sending is due again.
    """
    async with transaction(sessions, RECONCILER) as tx:
        readable = await owed.find_readable(tx, SERVICES)
        consumers = [
            found for service in sorted(readable) for found in await owed.list_consumers(tx, service)
        ]
        behind = await owed.list_behind(tx, [each for each in consumers if each.publisher in readable])
    for consumer in behind:
        await _notice_missing(sessions, consumer, settings)
    async with transaction(sessions, RECONCILER) as tx:
        waiting = await resending.list_waiting(tx, readable)
    for owner, _ in groupby(consumers, key=lambda each: (each.service, each.handler)):
        if owner in waiting:
            await _send_due(sessions, bus, settings, *owner)


async def _notice_missing(sessions: Sessions, consumer: owed.Consumer, settings: ReconcilerSettings) -> None:
    after: int | None = None
    for _ in range(_SLICES):
        async with transaction(sessions, RECONCILER) as tx:
            after = await owed.notice(tx, consumer, after=after, grace=settings.grace)
        if after is None:
            return


async def _send_due(
    sessions: Sessions, bus: Bus, settings: ReconcilerSettings, service: str, handler: str
) -> None:
    """Send what is due to one handler, a batch at a time, as long as everything leaves."""
    backlog = await bus.backlog(durable_name(service, handler))
    noticed_for = settings.grace_in_backlog if backlog else timedelta()
    async with transaction(sessions, RECONCILER) as tx:
        await resending.notice_released(tx, service, handler)
        await resending.forget_confirmed(tx, service, handler)
    for _ in range(_BATCHES):
        # Claim, send, and put back what did not leave; no transaction is open while the bus answers.
        async with transaction(sessions, RECONCILER) as tx:
            copies = await resending.claim_due(
                tx, service, handler, grace=settings.grace, noticed_for=noticed_for
            )
        if not copies:
            return
        left = await asyncio.gather(*(_send(bus, copy) for copy in copies))
        log.warning("events_sent_again", service=service, handler=handler, count=sum(left))
        stayed = [copy.event_id for copy, has_left in zip(copies, left, strict=True) if not has_left]
        if stayed:
            async with transaction(sessions, RECONCILER) as tx:
                await resending.put_back(tx, service, handler, stayed)
            return


async def _send(bus: Bus, copy: Copy) -> bool:
    try:
        return await bus.publish(copy.event_type, copy.payload, copy.msg_id)
    except Unavailable:
        return False
