"""Events carried from whoever said them to whoever listens, in one process and without a bus.

Most tests never ask what partners were told, and each event costs notifications as much as a request: what it
listens to waits until a test looks. A service may hear late, as it may of a busy bus. What one file of tests
never looked at is nobody's when the next one looks: files that send thousands of drawn referrals leave more
behind than all others together ask for.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
from sqlalchemy import select

from services.notifications.models import MAILBOX as NOTIFICATIONS_MAILBOX
from shared.platform.database import Sessions, transaction
from shared.platform.delivery import deliver
from shared.platform.mailbox import Mailbox
from shared.platform.subscriptions import Subscriptions, Workplace
from shared.schemas.events import read_event
from shared.schemas.ids import new_id

Act = Callable[[], Awaitable[object]]

#: The file of tests that is running, and an id older than those of the events that it says.
_BEGAN = ["", ""]


def begin(file: str) -> None:
    """Note that a test of some file begins."""
    if file != _BEGAN[0]:
        _BEGAN[:] = file, str(new_id())


@dataclass
class Listener:
    """A service that hears events: its table of handlers and what they work with."""

    subscriptions: Subscriptions
    workplace: Workplace[Any]


class Carrier:
    """Reads the outboxes and knows how far it has come in each."""

    def __init__(self, mailboxes: Mapping[str, Mailbox], sessions: Mapping[str, Sessions]) -> None:
        self._mailboxes = mailboxes
        self._sessions = sessions
        self._carried: dict[str, int] = {}
        self._file, self._carried_before = "", dict[str, int]()
        self._waiting: list[tuple[str, Act]] = []
        self._one_at_a_time = asyncio.Lock()

    async def carry(self, listeners: Sequence[Listener]) -> None:
        """Deliver every event said since the last time, and those said by hearing them."""
        while await self._carry_once(listeners):
            pass

    def forget(self, service: str) -> None:
        """Have the newest events of a service delivered once more: 40, more than a test makes.

        None from before this file of tests: partners may never have been told of those.
        """
        self._carried[service] = max(self._carried_before.get(service, 0), self._carried.get(service, 0) - 40)

    async def tell_partners(self) -> None:
        """Have notifications hear what waits for it; what other files of tests left waiting is forgotten."""
        async with self._one_at_a_time:
            waiting, self._waiting = self._waiting, []
            for file, hear in waiting:
                if file == _file():
                    await hear()

    async def _carry_once(self, listeners: Sequence[Listener]) -> int:
        if self._file != _file():
            self._file, self._carried_before = _file(), dict(self._carried)
        carried = 0
        for name, mailbox in self._mailboxes.items():
            outbox = mailbox.outbox
            after = self._carried.get(name, 0)
            async with transaction(self._sessions[name], "test") as tx:
                rows = (
                    await tx.execute(
                        select(outbox.c.position, outbox.c.payload)
                        .where(outbox.c.position > after)
                        .order_by(outbox.c.position)
                    )
                ).all()
            for position, payload in rows:
                self._carried[name] = position
                if _BEGAN[-1] < payload["event_id"]:
                    await self._carry_one(payload, listeners)
                carried += 1
        return carried

    async def _carry_one(self, payload: dict[str, Any], listeners: Sequence[Listener]) -> None:
        event = read_event(httpx.Request("POST", "http://x", json=payload).content)
        for listener in listeners:
            for handler in listener.subscriptions.get(type(event), ()):
                hear = partial(deliver, event, handler, listener.workplace)
                if listener.workplace.mailbox is NOTIFICATIONS_MAILBOX:
                    self._waiting.append((_file(), hear))
                else:
                    await hear()


def _file() -> str:
    return os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
