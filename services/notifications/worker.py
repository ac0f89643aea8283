"""The delivery worker: claims what is due, calls, records; bounded altogether and for each webhook."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Final

import structlog
from cryptography.fernet import InvalidToken
from prometheus_client import Counter as Count

from services.notifications.actions.deliveries import Bell, Claimed, claim_delivery, record_attempt
from services.notifications.rules import Answered, DeliveryState
from services.notifications.webhooks.sending import Sender
from services.notifications.webhooks.signing import Vault, sign
from shared.clock import utc_now
from shared.platform import log as logs
from shared.platform.database import Sessions, transaction
from shared.platform.patience import delays, rest
from shared.problems import Unavailable
from shared.schemas.ids import WebhookId

#: Who the worker is to the row policies of the database.
COURIER: Final = "courier"

# The bell covers what this process commits; the poll what another process did, and what falls due by time.
_POLL_SECONDS: Final = 1.0
# A lease outlasts the longest try by enough to record it, so that a slow record is not sent twice.
_TO_RECORD: Final = timedelta(seconds=30)
_DRAIN_SECONDS: Final = 8.0

_attempts = Count(
    "hub_delivery_attempts_total", "Tries to reach webhooks by what became of them.", ("result",)
)
_dice: Final = SystemRandom()

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Round:
    """How deliveries are made.

    Attributes:
        schedule: seconds before the first try and between one try and the next.
        deadline: the longest one try may take.
        at_once: tries under way at a time, and for one webhook.
        public_url: where partners fetch outcomes.
    """

    schedule: tuple[float, ...]
    deadline: timedelta
    at_once: int
    at_once_per_webhook: int
    public_url: str

    @property
    def lease(self) -> timedelta:
        """How long a delivery stays with whoever claimed it."""
        return self.deadline + _TO_RECORD


class Courier:
    """Delivers what is due, from one process; several may work on one database."""

    def __init__(
        self,
        sessions: Sessions,
        open_sender: Callable[[], Sender],
        vault: Vault,
        bell: Bell,
        plan: Round,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._sessions = sessions
        self._open_sender = open_sender
        self._vault = vault
        self._bell = bell
        self._plan = plan
        self._now = now
        self._under_way: Counter[WebhookId] = Counter()

    async def work(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`; what is under way then is given some seconds to end.

        What is cut off, or dies with this process, is sent again when its lease ends.
        """
        tasks: set[asyncio.Task[None]] = set()
        async with self._open_sender() as sender:
            try:
                await self._keep_claiming(sender, tasks, stop)
            finally:
                if tasks:
                    _, late = await asyncio.wait(tasks, timeout=_DRAIN_SECONDS)
                    for task in late:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_claiming(
        self, sender: Sender, tasks: set[asyncio.Task[None]], stop: asyncio.Event
    ) -> None:
        waits = delays()
        while not stop.is_set():
            # Cleared before looking: a commit while we look sets it again.
            self._bell.rung.clear()
            try:
                claimed = await self.claim() if len(tasks) < self._plan.at_once else None
            except Unavailable:
                await rest(next(waits), stop)
                continue
            waits = delays()
            if claimed is None:
                await rest(_POLL_SECONDS, self._bell.rung, stop)
                continue
            self._under_way[claimed.webhook_id] += 1
            task = asyncio.create_task(self._deliver(sender, claimed))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    async def claim(self) -> Claimed | None:
        """Take one delivery that is due, if any may be sent now; raises Unavailable."""
        busy = [
            webhook for webhook, count in self._under_way.items() if count >= self._plan.at_once_per_webhook
        ]
        async with transaction(self._sessions, COURIER) as tx:
            return await claim_delivery(
                tx,
                passing_over=busy,
                lease=self._plan.lease,
                public_url=self._plan.public_url,
                now=self._now(),
            )

    async def _deliver(self, sender: Sender, claimed: Claimed) -> None:
        began = time.monotonic()
        try:
            answered = await self.send(sender, claimed)
            give_up_at = began + self._plan.lease.total_seconds()
            await self._record(claimed, answered, give_up_at=give_up_at)
        except Exception as error:
            _report(claimed, error)
        finally:
            self._under_way[claimed.webhook_id] -= 1
            if not self._under_way[claimed.webhook_id]:
                del self._under_way[claimed.webhook_id]
            self._bell.rung.set()

    async def send(self, sender: Sender, claimed: Claimed) -> Answered:
        """Call the webhook, with no transaction open."""
        secret = self._vault.open(claimed.sealed_secret)
        headers = sign(secret, webhook_id=str(claimed.event_id), body=claimed.body, at=self._now())
        return await sender.post(claimed.url, claimed.body, headers)

    async def record(self, claimed: Claimed, answered: Answered) -> DeliveryState | None:
        """Record what became of a try, unless the lease has passed to another; raises Unavailable."""
        async with transaction(self._sessions, COURIER) as tx:
            return await record_attempt(
                tx,
                claimed,
                answered,
                schedule=self._plan.schedule,
                dice=_dice.random(),
                now=self._now(),
            )

    async def _record(self, claimed: Claimed, answered: Answered, *, give_up_at: float) -> None:
        """Record, again and again while the database is away, for as long as the lease lasts."""
        waits = delays(longest_seconds=5.0)
        while True:
            try:
                state = await self.record(claimed, answered)
                break
            except Unavailable:
                if time.monotonic() > give_up_at:
                    raise
                await asyncio.sleep(next(waits))
        _tell(claimed, answered, state)


def _report(claimed: Claimed, error: Exception) -> None:
    """Say that a try broke off; it is made again when its lease ends and uses up none of the tries."""
    structlog.get_logger().error(
        # A secret that no key opens is the deployment's fault, and the receiver's tries must survive it.
        "webhook_key_missing" if isinstance(error, InvalidToken) else "delivery_broke_off",
        delivery_id=str(claimed.delivery_id),
        webhook_id=str(claimed.webhook_id),
        error_type=type(error).__name__,
        place=logs.where(error),
    )


def _tell(claimed: Claimed, answered: Answered, state: DeliveryState | None) -> None:
    _attempts.labels(answered.error or "delivered").inc()
    told = {
        "delivery_id": str(claimed.delivery_id),
        "webhook_id": str(claimed.webhook_id),
        "event_id": str(claimed.event_id),
        "status": answered.status_code,
        "reason": answered.error,
    }
    if state is DeliveryState.FAILED:
        # On the agency's list of deliveries, to be resent; its feed has the outcome all along.
        log.error("delivery_failed", **told)
    elif answered.error is not None:
        log.warning("delivery_not_taken", **told)
