"""The rows of one referral as ORM classes: the tables of intake and audit, in a schema nobody listens to."""

from sqlalchemy.orm import DeclarativeBase

from services.intake import models
from shared.platform import audit

SCHEMA = "bench"


class Base(DeclarativeBase):
    """The tables of intake and audit once more, in a schema that nobody listens to."""


class IdempotencyKey(Base):
    """The answer a key was given."""

    __table__ = models.IdempotencyKey.metadata.tables["intake.idempotency_key"].to_metadata(
        Base.metadata, schema=SCHEMA
    )


class SenderReference(Base):
    """An agency's own reference."""

    __table__ = models.SenderReference.metadata.tables["intake.sender_reference"].to_metadata(
        Base.metadata, schema=SCHEMA
    )


class Referral(Base):
    """One version of a referral."""

    __table__ = models.Referral.metadata.tables["intake.referral"].to_metadata(Base.metadata, schema=SCHEMA)


class OutboxRow(Base):
    """An event to be sent."""

    __table__ = models.MAILBOX.outbox.to_metadata(Base.metadata, schema=SCHEMA)


class AuditEntry(Base):
    """Who did what."""

    __table__ = audit.entry.to_metadata(Base.metadata, schema=SCHEMA)
