"""The tables through which one service publishes and hears events, taken together."""

from dataclasses import dataclass

from sqlalchemy import MetaData, Table


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What publishing, hearing, counting tries and parking need of a service's schema."""

    service: str
    outbox: Table
    inbox: Table
    consumer: Table
    failure: Table
    parked: Table


def mailbox_of(metadata: MetaData) -> Mailbox:
    """Return the messaging tables declared in `metadata`, whose schema is the service's name.

    Raises:
        KeyError: one of them is not declared there.
    """
    service = str(metadata.schema)
    names = ("outbox", "inbox", "consumer", "failure", "parked")
    return Mailbox(service, *(metadata.tables[f"{service}.{name}"] for name in names))
