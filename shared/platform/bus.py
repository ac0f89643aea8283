"""The bus: one JetStream stream, its durables, and a connection that always comes back.

Nothing is kept here alone. Events wait in the outboxes of their services; what the stream loses, be it all
of it, relay and reconciler send again.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

import nats
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NoStreamResponseError, NotFoundError

from shared.platform.patience import delays, rest
from shared.problems import Unavailable

#: The services that publish and hear events; each has a schema of that name.
SERVICES: Final = ("access", "intake", "triage", "notifications")

#: The one stream. Subject = event type, whose first word is the service that says it.
HUB: Final = StreamConfig(
    name="HUB",
    subjects=[f"{service}.>" for service in SERVICES],
    storage=StorageType.FILE,
    # Every durable reads it at its own pace; it is a transport, so the oldest make room. The outboxes keep
    # everything, and the reconciler sends again what was dropped before it was handled.
    retention=RetentionPolicy.LIMITS,
    discard=DiscardPolicy.OLD,
    max_age=7 * 24 * 3600,
    max_bytes=256 * 1024 * 1024,
    # Long enough for a relay that publishes again after a lost answer. The inbox is what counts.
    duplicate_window=120,
)

#: A worker that dies gives its events back after this; one that works must ask for more time before.
ACK_WAIT_SECONDS = 10.0
# Bounds the retries in flight when something that every event needs is away.
_MAX_UNACKNOWLEDGED = 2000
_LONGEST_RECONNECT_SECONDS = 2.0
# The client may fail to say that it has closed.
_LOOK_SECONDS = 1.0
#: The header by which the bus drops repetitions.
MSG_ID = "Nats-Msg-Id"
#: What the client raises when the connection, the stream or the durable is gone.
LOST = (NatsError, OSError, TimeoutError, EOFError)

log = structlog.get_logger()


class BusAway(Unavailable):
    """The bus is not connected, or did not confirm in time."""


@dataclass(frozen=True, slots=True)
class Durable:
    """A reader that the bus remembers: what it listens to, and since when it is owed it."""

    name: str
    subjects: tuple[str, ...]
    since: datetime


def durable_name(service: str, handler: str) -> str:
    """Return the name of a handler's durable."""
    return f"{service}_{handler}"


class Bus:
    """A connection to the bus that comes back by itself, used as a context manager.

    Entering does not wait for the bus: a service starts, and takes referrals, while it is away.

    Args:
        url: one or more addresses, separated by commas; user and password in them, so it is never logged.
        name: who we are, for the operator of the bus.
    """

    def __init__(self, url: str, *, name: str) -> None:
        #: Set while there is a connection, as far as anyone can tell without asking.
        self.connected = asyncio.Event()
        self._servers = url.split(",")
        self._name = name
        self._client: Client | None = None
        self._keeper: asyncio.Task[None] | None = None
        # Beside the cancelling: the client can swallow a cancel that reaches it while it connects.
        self._closing = asyncio.Event()
        self._one_declares = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep_connected(), name="bus")
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._closing.set()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    async def ready(self, *, within_seconds: float = 1.0) -> bool:
        """Say whether the bus answers now."""
        try:
            await self._connected().flush(timeout=within_seconds)  # type: ignore[arg-type]  # takes parts of seconds
        except (Unavailable, *LOST):
            return False
        return True

    async def publish(
        self, subject: str, payload: bytes, msg_id: str, *, within_seconds: float = 2.0
    ) -> bool:
        """Store a message in the stream, making the stream first when it is gone.

        Returns:
            False when the bus had seen `msg_id` within the last two minutes and dropped this one.

        Raises:
            BusAway: the bus is not there, or did not confirm in time; it may have stored it all the same.
        """
        context = self._connected().jetstream(timeout=within_seconds)
        try:
            try:
                ack = await context.publish(subject, payload, headers={MSG_ID: msg_id})
            except NoStreamResponseError:
                await self._declare(context)
                ack = await context.publish(subject, payload, headers={MSG_ID: msg_id})
        except LOST as error:
            raise BusAway from error
        return not ack.duplicate

    async def read(self, durable: Durable) -> JetStreamContext.PullSubscription:
        """Return a subscription that pulls for `durable`, making stream and durable when they are gone.

        Raises:
            BusAway: the bus is not there.
        """
        context = self._connected().jetstream(timeout=2.0)
        try:
            await self._declare(context, durable)
            return await context.pull_subscribe_bind(durable.name, stream=HUB.name)
        except LOST as error:
            raise BusAway from error

    async def backlog(self, durable: str) -> int:
        """Return how many messages wait to be handed to a durable for the first time; 0 when it is gone.

        Raises:
            BusAway: the bus is not there.
        """
        context = self._connected().jetstream(timeout=2.0)
        try:
            return (await context.consumer_info(str(HUB.name), durable)).num_pending or 0
        except NotFoundError:
            return 0
        except LOST as error:
            raise BusAway from error

    def _connected(self) -> Client:
        if self._client is None or not self._client.is_connected:
            raise BusAway
        return self._client

    async def _declare(self, context: JetStreamContext, durable: Durable | None = None) -> None:
        async with self._one_declares:
            await _declare_stream(context)
            if durable is not None:
                await _declare_durable(context, durable)

    async def _keep_connected(self) -> None:
        """Connect, and again whenever the connection ends.

        The client's own reconnecting is left off: it ends for good at some refusals, and what it kept to
        send would come late.
        """
        waits = delays(longest_seconds=_LONGEST_RECONNECT_SECONDS)
        told = False
        while not self._closing.is_set():
            ended = asyncio.Event()
            try:
                self._client = await self._connect(ended)
            except LOST as error:
                if not told:
                    log.warning("bus_away", reason=type(error).__name__)
                told = True
                await rest(next(waits), self._closing)
                continue
            self.connected.set()
            log.info("bus_connected")
            waits, told = delays(longest_seconds=_LONGEST_RECONNECT_SECONDS), False
            while self._client.is_connected:
                await rest(_LOOK_SECONDS, ended)
            self.connected.clear()
            log.warning("bus_away", reason="connection_ended")
            told = True

    async def _connect(self, ended: asyncio.Event) -> Client:
        async def on_closed() -> None:
            ended.set()

        async def on_error(_error: Exception) -> None:
            # Told by _keep_connected, once.
            return

        async with asyncio.timeout(5.0):
            return await nats.connect(
                self._servers,
                name=self._name,
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=2,
                # A server that hangs is noticed within six seconds.
                ping_interval=2,
                max_outstanding_pings=2,
                closed_cb=on_closed,
                error_cb=on_error,
            )


async def _declare_stream(context: JetStreamContext) -> None:
    """Make the stream, or bring the one that is there in line with HUB.

    How many replicas it has is left to the operator of a cluster.
    """
    try:
        present = (await context.stream_info(str(HUB.name))).config
    except NotFoundError:
        await context.add_stream(HUB)
        return
    wanted = present.evolve(
        subjects=HUB.subjects,
        discard=HUB.discard,
        max_age=HUB.max_age,
        max_bytes=HUB.max_bytes,
        duplicate_window=HUB.duplicate_window,
    )
    if wanted != present:
        await context.update_stream(wanted)


async def _declare_durable(context: JetStreamContext, durable: Durable) -> None:
    """Make the durable, or bring the one that is there in line; where it began cannot change."""
    stream = str(HUB.name)
    bounds: dict[str, Any] = {
        "filter_subjects": list(durable.subjects),
        "ack_wait": ACK_WAIT_SECONDS,
        "max_deliver": -1,
        "max_ack_pending": _MAX_UNACKNOWLEDGED,
    }
    try:
        present = (await context.consumer_info(stream, durable.name)).config
    except NotFoundError:
        begin = ConsumerConfig(
            name=durable.name,
            durable_name=durable.name,
            ack_policy=AckPolicy.EXPLICIT,
            deliver_policy=DeliverPolicy.BY_START_TIME,
            opt_start_time=durable.since.astimezone(UTC),
        )
        await context.add_consumer(stream, begin.evolve(**bounds))
        return
    wanted = present.evolve(**bounds)
    if wanted != present:
        await context.add_consumer(stream, wanted)
