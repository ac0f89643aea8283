"""Intake's schema, and the tables by which it hears and is heard."""

from shared.platform import database
from shared.platform.messaging import declare_mailbox


class Table(database.Table):
    """A table of intake's schema."""

    __abstract__ = True
    metadata = database.schema_metadata("intake")


MAILBOX = declare_mailbox(Table.metadata)
