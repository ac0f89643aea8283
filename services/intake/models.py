"""Intake's tables: a referral is one document as sent, with what is searched for beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from shared.platform import database
from shared.platform.messaging import declare_mailbox
from shared.schemas.ids import AgencyId, ChildId, ReferralId


class Table(database.Table):
    """A table of intake's schema."""

    __abstract__ = True
    metadata = database.schema_metadata("intake")


MAILBOX = declare_mailbox(Table.metadata)


class Referral(Table):
    """One version of a referral. Rows are only ever added."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("kind IN ('referral', 'enquiry')", name="kind"),
        Index("uq_referral_reference_version", "reference", "version", unique=True),
        Index("ix_referral_agency_received", "agency_id", "received_at", "referral_id"),
        {"comment": "Referrals as they were sent, one row a version, never edited. Retention: referral."},
    )

    referral_id: Mapped[ReferralId] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(Text, comment="SH-XXXXXXXX-C, random; what people say aloud.")
    agency_id: Mapped[AgencyId] = mapped_column(comment="The sender's agency, from its token.")
    client_id: Mapped[str] = mapped_column(Text, comment="The system that sent it.")
    sender_reference: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    immediate_danger: Mapped[bool]
    received_at: Mapped[datetime]
    respond_by: Mapped[datetime] = mapped_column(comment="Until when the sender is owed an answer.")
    children: Mapped[list[Any]] = mapped_column(
        comment="[{child_id, sender_child_reference}] in the order of the document."
    )
    document: Mapped[dict[str, Any]] = mapped_column(comment="Exactly what was sent.")
    findings: Mapped[list[Any]] = mapped_column(comment="What was odd or missing: pointer, code, detail.")


class IdempotencyKey(Table):
    """The answer a key was given, so that a retry gets the same one."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        {"comment": "Answers by key, kept 30 days or longer. Holds no word of a referral. Retention: key."},
    )

    agency_id: Mapped[AgencyId] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Text, comment="SHA-256 of the content, order of keys apart.")
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class SenderReference(Table):
    """The second guard against sending twice: an agency's own reference names one referral."""

    __tablename__ = "sender_reference"
    __table_args__ = ({"comment": "An agency's own references. Retention: referral."},)

    agency_id: Mapped[AgencyId] = mapped_column(primary_key=True)
    sender_reference: Mapped[str] = mapped_column(Text, primary_key=True)
    referral_id: Mapped[ReferralId]
    fingerprint: Mapped[str] = mapped_column(Text)


class ChildProgress(Table):
    """How far the hub is with a child of a referral, as the other services announced it."""

    __tablename__ = "child_progress"
    __table_args__ = (
        CheckConstraint("stage IN ('being_considered', 'decided')", name="stage"),
        {"comment": "Where each child of a referral stands. Retention: referral."},
    )

    referral_id: Mapped[ReferralId] = mapped_column(primary_key=True)
    child_id: Mapped[ChildId] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(Text)
    since_at: Mapped[datetime]
