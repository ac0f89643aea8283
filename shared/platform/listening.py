"""The pull loop: a few hands for each handler, which take what the bus has and say what became of it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Any

from nats.aio.msg import Msg
from nats.js import JetStreamContext

from shared.platform import parking
from shared.platform.bus import ACK_WAIT_SECONDS, LOST, MSG_ID, Bus, Durable, durable_name
from shared.platform.database import transaction
from shared.platform.delivery import WORKER, Arrival, receive
from shared.platform.patience import delays, rest
from shared.platform.subscriptions import Handler, Subscriptions, Workplace
from shared.problems import Unavailable
from shared.schemas.events import type_name

_DRAIN_SECONDS = 10.0
_LONGEST_WAIT_SECONDS = 2.0


async def consume(
    bus: Bus, subscriptions: Subscriptions, workplace: Workplace[Any], *, stop: asyncio.Event
) -> None:
    """Hear every event that `subscriptions` names until `stop` is set, then finish what is under way.

    Raises:
        ValueError: two handlers share a name.
    """
    listeners = _listeners(bus, subscriptions, workplace)
    hands = [_Hand(listener) for listener in listeners for _ in range(workplace.pace.at_once)]
    ending = asyncio.Event()
    tasks = {asyncio.create_task(hand.work(ending)): hand for hand in hands}
    stopped = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait({stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        ending.set()
        stopped.cancel()
        for task, hand in tasks.items():
            if not hand.is_busy:
                task.cancel()
        if tasks:
            await _end(tasks)


async def _end(tasks: Iterable[asyncio.Task[None]]) -> None:
    _, late = await asyncio.wait(tasks, timeout=_DRAIN_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Listener:
    """One handler, everything it listens to, and the durable that the bus keeps for it."""

    def __init__(self, bus: Bus, handler: Handler[Any, Any, Any], workplace: Workplace[Any]) -> None:
        self.handler = handler
        self.workplace = workplace
        self.subjects: list[str] = []
        self._bus = bus
        self._durable: Durable | None = None
        self._one_registers = asyncio.Lock()

    async def read(self) -> JetStreamContext.PullSubscription:
        """Return a subscription for one hand; raises Unavailable when database or bus is away."""
        async with self._one_registers:
            if self._durable is None:
                self._durable = await self._register()
        return await self._bus.read(self._durable)

    async def _register(self) -> Durable:
        mailbox, handler = self.workplace.mailbox, self.handler
        async with transaction(self.workplace.sessions, WORKER) as tx:
            since = [
                await parking.register(
                    tx, mailbox, handler.name, subject, from_the_start=handler.from_the_start
                )
                for subject in self.subjects
            ]
        return Durable(durable_name(mailbox.service, handler.name), tuple(self.subjects), min(since))


def _listeners(bus: Bus, subscriptions: Subscriptions, workplace: Workplace[Any]) -> list[_Listener]:
    found: dict[str, _Listener] = {}
    for event_type, handlers in subscriptions.items():
        for handler in handlers:
            listener = found.setdefault(handler.name, _Listener(bus, handler, workplace))
            if listener.handler != handler:
                raise ValueError(f"two handlers are called {handler.name}")
            listener.subjects.append(type_name(event_type))
    return list(found.values())


class _Hand:
    """One of the few that work for a listener side by side, each with one event at a time.

    Each pulls a single message: asked for several, the client waits until all are there or time is up.
    """

    def __init__(self, listener: _Listener) -> None:
        self._listener = listener
        self.is_busy = False

    async def work(self, ending: asyncio.Event) -> None:
        """Handle one event after the other until `ending`, whatever goes away meanwhile."""
        waits = delays(longest_seconds=_LONGEST_WAIT_SECONDS)
        while not ending.is_set():
            try:
                source = await self._listener.read()
                waits = delays(longest_seconds=_LONGEST_WAIT_SECONDS)
                await self._pull(source, ending)
            except (Unavailable, *LOST):
                await rest(next(waits), ending)

    async def _pull(self, source: JetStreamContext.PullSubscription, ending: asyncio.Event) -> None:
        """Pull and handle until `ending`; raises when the durable or the connection is gone."""
        idle_seconds = self._listener.workplace.pace.idle_seconds
        try:
            while not ending.is_set():
                try:
                    (message,) = await source.fetch(1, timeout=idle_seconds)
                except TimeoutError:
                    # Nothing to do, or the durable is going: then the next request says so.
                    continue
                self.is_busy = True
                try:
                    await self._take(message)
                finally:
                    self.is_busy = False
        finally:
            with contextlib.suppress(*LOST):
                await source.unsubscribe()

    async def _take(self, message: Msg) -> None:
        headers = message.headers or {}
        arrival = Arrival(
            subject=message.subject,
            payload=message.data,
            times=message.metadata.num_delivered,
            # Only the reconciler adds the attempt to the id.
            resent=":" in headers.get(MSG_ID, ""),
        )
        async with _still_at_it(message):
            again_after = await receive(arrival, self._listener.handler, self._listener.workplace)
        # When this is lost, the bus hands the event over again, and the inbox knows it.
        with contextlib.suppress(*LOST):
            if again_after is None:
                await message.ack()
            else:
                await message.nak(delay=again_after)


@contextlib.asynccontextmanager
async def _still_at_it(message: Msg) -> AsyncIterator[None]:
    """Ask the bus for more time as long as the block runs."""

    async def ask() -> None:
        while True:
            await asyncio.sleep(ACK_WAIT_SECONDS / 3)
            with contextlib.suppress(*LOST):
                await message.in_progress()

    asking = asyncio.create_task(ask())
    try:
        yield
    finally:
        asking.cancel()
