"""A service's part in the events: its tables, and the worker that sends what it said and hears the others."""

import asyncio
from typing import Any

from sqlalchemy import MetaData

from shared.platform.bus import Bus
from shared.platform.inbox import inbox_table
from shared.platform.listening import consume
from shared.platform.mailbox import Mailbox, mailbox_of
from shared.platform.outbox import outbox_table, relay
from shared.platform.parking import consumer_table, failure_table, parked_table
from shared.platform.process import Worker
from shared.platform.subscriptions import Subscriptions, Workplace


def declare_mailbox(metadata: MetaData) -> Mailbox:
    """Declare the messaging tables of the service whose schema `metadata` names, and return them."""
    for declare in (outbox_table, inbox_table, consumer_table, failure_table, parked_table):
        declare(metadata)
    return mailbox_of(metadata)


def events_worker(nats_url: str, subscriptions: Subscriptions, workplace: Workplace[Any]) -> Worker:
    """Return the worker that carries a service's events out and brings the others' in."""
    mailbox = workplace.mailbox

    async def work(stop: asyncio.Event) -> None:
        async with Bus(nats_url, name=f"hub-{mailbox.service}") as bus, asyncio.TaskGroup() as group:
            group.create_task(relay(workplace.sessions, mailbox.outbox, bus, stop=stop))
            group.create_task(consume(bus, subscriptions, workplace, stop=stop))

    return work
