"""The inbox: the one de-duplication that counts, written in the transaction of an event's effect."""

from datetime import datetime

from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid
from sqlalchemy.ext.asyncio import AsyncSession

from shared.platform.writing import NewRow, add_together
from shared.schemas.ids import EventId


def inbox_table(metadata: MetaData) -> Table:
    """Return the inbox of the service whose schema `metadata` names.

    A row must outlive the event in the outbox of its publisher: an event without one is sent again.
    """
    return Table(
        "inbox",
        metadata,
        Column("handler", Text, primary_key=True, comment="Which handler of this service it was."),
        Column("event_id", Uuid, primary_key=True, comment="The event that had its effect."),
        Column(
            "handled_at", DateTime(timezone=True), nullable=False, comment="When, by the service's clock."
        ),
        comment="Events that had their effect here, one row for each handler. Retention: events.",
    )


async def first_time(
    tx: AsyncSession, inbox: Table, handler_name: str, event_id: EventId, *, now: datetime
) -> bool:
    """Say whether this handler has not had this event before, and write down that it has now.

    Two who ask at once do not both hear yes: the second waits until the first commits or gives up.
    """
    row = NewRow(inbox, {"handler": handler_name, "event_id": event_id, "handled_at": now})
    return await add_together(tx, claims=[row]) is None
