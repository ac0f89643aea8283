"""The schema that all of triage's tables stand in, and its mailbox."""

from shared.platform import database
from shared.platform.messaging import declare_mailbox


class Table(database.Table):
    """A table of triage's schema."""

    __abstract__ = True
    metadata = database.schema_metadata("triage")


MAILBOX = declare_mailbox(Table.metadata)
