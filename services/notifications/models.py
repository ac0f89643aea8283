"""Notifications' tables: what each agency was told, and every try to tell it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shared.platform import database
from shared.platform.messaging import declare_mailbox
from shared.schemas.ids import (
    AgencyId,
    CaseId,
    ChildId,
    DecisionId,
    DeliveryId,
    EventId,
    ReferralId,
    WebhookId,
)


class Table(database.Table):
    """A table of notifications' schema."""

    __abstract__ = True
    metadata = database.schema_metadata("notifications")


MAILBOX = declare_mailbox(Table.metadata)


class Feed(Table):
    """An agency's counter: locked while a number is taken, so that numbers are committed in order."""

    __tablename__ = "feed"
    __table_args__ = (
        CheckConstraint("last_number >= 0", name="last_number_counts_up"),
        CheckConstraint("last_notice_number >= 0", name="last_notice_number_counts_up"),
        {"comment": "The last numbers given in each agency's feeds. Retention: kept."},
    )

    agency_id: Mapped[AgencyId] = mapped_column(primary_key=True)
    last_number: Mapped[int] = mapped_column(
        BigInteger, comment="Of outcomes. No number is left out or given twice."
    )
    last_notice_number: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="The same, of notices."
    )


class Outcome(Table):
    """What the sender of a referral is told of one decision for one child. Rows are only ever added."""

    __tablename__ = "outcome"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
        Index("uq_outcome_agency_number", "agency_id", "number", unique=True),
        Index("uq_outcome_decision", "referral_id", "child_id", "decision_id", unique=True),
        Index("ix_outcome_reference", "reference", "number"),
        Index("ix_outcome_sender_reference", "agency_id", "sender_reference", "number"),
        Index("ix_outcome_case", "case_id", "agency_id", "number"),
        {
            "comment": "Outcomes as they were told, limited to what their audience may see; what it may not"
            " see is not in the row. Retention: referral."
        },
    )

    event_id: Mapped[EventId] = mapped_column(primary_key=True, comment="Also the webhook-id.")
    agency_id: Mapped[AgencyId] = mapped_column(comment="Who is told: the agency that sent the referral.")
    number: Mapped[int] = mapped_column(BigInteger, comment="Place in the agency's feed.")
    referral_id: Mapped[ReferralId]
    case_id: Mapped[CaseId]
    child_id: Mapped[ChildId]
    decision_id: Mapped[DecisionId]
    audience: Mapped[str] = mapped_column(Text, comment="The agency's sector, which chose fields and words.")
    occurred_at: Mapped[datetime] = mapped_column(comment="When it was told.")
    reference: Mapped[str] = mapped_column(Text)
    sender_reference: Mapped[str | None] = mapped_column(Text)
    sender_child_reference: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(Text, comment="The pathway decided.")
    level: Mapped[int | None]
    decided_at: Mapped[datetime]
    team: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), comment="{name, telephone}")
    message: Mapped[str] = mapped_column(Text)
    threshold_feedback: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    supersedes: Mapped[EventId | None] = mapped_column(comment="The outcome this one replaces.")
    challenge_by: Mapped[datetime | None]


class Acknowledgement(Table):
    """An agency's word that it has recorded an outcome; the first one stands."""

    __tablename__ = "acknowledgement"
    __table_args__ = ({"comment": "Outcomes that agencies say they recorded. Retention: referral."},)

    event_id: Mapped[EventId] = mapped_column(ForeignKey(Outcome.event_id), primary_key=True)
    recorded_reference: Mapped[str] = mapped_column(Text, comment="The agency's own name for its record.")
    recorded_at: Mapped[datetime] = mapped_column(comment="As the agency says.")
    acknowledged_at: Mapped[datetime] = mapped_column(comment="When it said so.")
    client_id: Mapped[str] = mapped_column(Text, comment="Which of its systems said so.")


class Notice(Table):
    """What an agency is told of a referral beside its outcomes. Rows are only ever added."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number_from_one"),
        Index("uq_notice_agency_number", "agency_id", "number", unique=True),
        Index("uq_notice_announced_by", "announced_by", "agency_id", unique=True),
        {"comment": "Notices as they were given, with what their agency may see alone. Retention: referral."},
    )

    event_id: Mapped[EventId] = mapped_column(primary_key=True, comment="Also the webhook-id.")
    agency_id: Mapped[AgencyId] = mapped_column(comment="Who is told.")
    number: Mapped[int] = mapped_column(BigInteger, comment="Place in the agency's feed of notices.")
    announced_by: Mapped[EventId] = mapped_column(comment="The event it tells of.")
    referral_id: Mapped[ReferralId] = mapped_column(
        comment="The referral that has news; for a correction, not always one of the agency's own."
    )
    case_id: Mapped[CaseId | None] = mapped_column(comment="Only where the agency knows it: it was asked.")
    occasion: Mapped[str] = mapped_column(Text, comment="Why it was given, which chose type and words.")
    audience: Mapped[str] = mapped_column(Text, comment="The agency's sector, which chose the words.")
    occurred_at: Mapped[datetime] = mapped_column(comment="When it was told.")
    reference: Mapped[str] = mapped_column(Text)
    sender_reference: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    further_information: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="What is asked, as it stood then."
    )
    withdrawal: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="What was decided on the sender's wish."
    )
    information_request: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="Which question waits for the agency, and until when it did then."
    )
    discussion: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="Which discussion it is, of what kind, and when it was to be then."
    )


class Correction(Table):
    """A correction of a case, kept for those whose outcome is told after it. Rows are only ever added."""

    __tablename__ = "correction"
    __table_args__ = (
        Index("ix_correction_case", "case_id", "case_version"),
        {"comment": "Corrections of cases, by the version that each case then had. Retention: referral."},
    )

    announced_by: Mapped[EventId] = mapped_column(primary_key=True, comment="The event that told of it.")
    case_id: Mapped[CaseId]
    case_version: Mapped[int] = mapped_column(comment="A decision of an earlier version knew nothing of it.")
    referral_id: Mapped[ReferralId] = mapped_column(comment="The referral that was corrected.")
    agency_id: Mapped[AgencyId] = mapped_column(comment="Who corrected it, and so need not hear of it.")


class Webhook(Table):
    """An address that an agency wants to be called at."""

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_for_a_reason"),
        CheckConstraint("ended_because IN ('deleted', 'gone')", name="ended_because"),
        Index("ix_webhook_agency", "agency_id", "created_at", "webhook_id"),
        {"comment": "Addresses that agencies want to be called at. Retention: kept."},
    )

    webhook_id: Mapped[WebhookId] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId]
    url: Mapped[str] = mapped_column(Text)
    event_types: Mapped[list[Any]] = mapped_column(comment="What it is called about.")
    secret: Mapped[bytes] = mapped_column(LargeBinary, comment="Sealed; the key is not in this database.")
    created_by: Mapped[str] = mapped_column(Text, comment="The client system that asked for it.")
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(
        Text, comment="deleted by the agency, or gone: the receiver answered 410."
    )


class Delivery(Table):
    """An outcome or a notice on its way to one webhook."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("state IN ('due', 'delivered', 'failed')", name="state"),
        CheckConstraint("(state = 'due') = (next_attempt_at IS NOT NULL)", name="due_at_some_time"),
        CheckConstraint("(lease_token IS NULL) = (lease_until IS NULL)", name="lease_with_an_end"),
        Index("uq_delivery_webhook_event", "webhook_id", "event_id", unique=True),
        Index("ix_delivery_webhook_created", "webhook_id", "created_at", "delivery_id"),
        Index("ix_delivery_due", "next_attempt_at", postgresql_where="state = 'due'"),
        {"comment": "Outcomes and notices to be sent to webhooks, and how that stands. Retention: events."},
    )

    delivery_id: Mapped[DeliveryId] = mapped_column(primary_key=True)
    webhook_id: Mapped[WebhookId] = mapped_column(ForeignKey(Webhook.webhook_id))
    # No foreign key: what is sent stands in one of two tables, and was written there in the same transaction.
    event_id: Mapped[EventId] = mapped_column(comment="The outcome or notice.")
    event_type: Mapped[str] = mapped_column(
        Text, server_default="outcome.decided", comment="Which of them it is."
    )
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(comment="Tries since it was made or last resent.")
    next_attempt_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    lease_token: Mapped[UUID | None] = mapped_column(
        comment="Who is sending it now; whoever no longer holds this may not record what came of it."
    )
    lease_until: Mapped[datetime | None] = mapped_column(comment="When another may take it over.")


class Attempt(Table):
    """One try to deliver. Rows are only ever added."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("ix_attempt_delivery", "delivery_id", "attempted_at"),
        {"comment": "Tries to reach webhooks; nothing of what receivers said is kept. Retention: events."},
    )

    attempt_id: Mapped[UUID] = mapped_column(primary_key=True)
    delivery_id: Mapped[DeliveryId] = mapped_column(ForeignKey(Delivery.delivery_id))
    attempted_at: Mapped[datetime] = mapped_column(comment="When sending began.")
    status_code: Mapped[int | None] = mapped_column(comment="Null: no answer came.")
    error: Mapped[str | None] = mapped_column(Text, comment="A code; null when it was taken.")
