"""What arrives: a referral is one document as sent, with what is searched for beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.models.schema import Table
from shared.schemas.ids import (
    AgencyId,
    CheckReceiptId,
    ChildId,
    FurtherInformationId,
    HeldCopyId,
    ReferralId,
    WithdrawalId,
)


class Referral(Table):
    """One version of a referral. Rows are only ever added."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_from_one"),
        CheckConstraint("kind IN ('referral', 'enquiry')", name="kind"),
        CheckConstraint("channel IN ('api', 'telephone')", name="channel"),
        Index("uq_referral_reference_version", "reference", "version", unique=True),
        Index("ix_referral_agency_received", "agency_id", "received_at", "referral_id"),
        # What staff see of all agencies: a referral keeps the place of its first version.
        Index("ix_referral_received", "received_at", "referral_id", postgresql_where="version = 1"),
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
    channel: Mapped[str] = mapped_column(Text, comment="api, or telephone: written down by staff.")
    recorded_by: Mapped[str | None] = mapped_column(Text, comment="Who wrote down a contact by telephone.")
    reason: Mapped[str | None] = mapped_column(Text, comment="Why a later version was sent.")
    changed: Mapped[list[Any]] = mapped_column(comment="Pointers to what differs from the version before.")
    children: Mapped[list[Any]] = mapped_column(
        comment="[{child_id, sender_child_reference}] in the order of the document; after them any child"
        " that a later version left out."
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


class QualityCheck(Table):
    """What an agency's own representative made of one version of its referral."""

    __tablename__ = "quality_check"
    __table_args__ = (
        CheckConstraint("verdict IN ('content', 'further_information')", name="verdict"),
        Index("ix_quality_check_agency_made", "agency_id", "made_at", "referral_id", "version"),
        Index("ix_quality_check_made", "made_at", "referral_id", "version"),
        {
            "comment": "Looks at the quality of what was sent; none yet = the version waits for one."
            " Retention: referral."
        },
    )

    referral_id: Mapped[ReferralId] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId]
    verdict: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Text, comment="Staff id.")
    made_by_name: Mapped[str] = mapped_column(Text)


class FurtherInformation(Table):
    """A request to a sender for more: asked, then answered by a later version or lapsed."""

    __tablename__ = "further_information"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'answered', 'not_answered')", name="state"),
        CheckConstraint("(state = 'asked') = (closed_at IS NULL)", name="open_or_closed"),
        CheckConstraint(
            "(state = 'answered') = (answered_version IS NOT NULL)", name="answered_by_a_version"
        ),
        Index("ix_further_information_referral", "referral_id", "requested_at"),
        Index("ix_further_information_agency", "agency_id", "requested_at", "request_id"),
        Index("ix_further_information_requested", "requested_at", "request_id"),
        Index("ix_further_information_due", "due_at", postgresql_where="state = 'asked'"),
        {"comment": "Requests to senders for more. Retention: referral."},
    )

    request_id: Mapped[FurtherInformationId] = mapped_column(primary_key=True)
    referral_id: Mapped[ReferralId]
    version: Mapped[int] = mapped_column(comment="The version it was asked about.")
    agency_id: Mapped[AgencyId] = mapped_column(comment="Who is asked: the sender's agency.")
    gaps: Mapped[list[Any]] = mapped_column(comment="[{pointer, question}]")
    text: Mapped[str | None] = mapped_column(Text)
    requested_at: Mapped[datetime]
    requested_by: Mapped[str] = mapped_column(Text, comment="Staff id, or the service.")
    requested_by_name: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text)
    answered_version: Mapped[int | None]
    closed_at: Mapped[datetime | None]


class Withdrawal(Table):
    """A sender's wish to take a referral back, and what the hub decided."""

    __tablename__ = "withdrawal"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'agreed', 'declined')", name="state"),
        CheckConstraint("(state = 'requested') = (decided_at IS NULL)", name="decided_or_not"),
        Index("uq_withdrawal_open", "referral_id", unique=True, postgresql_where="state = 'requested'"),
        Index("ix_withdrawal_referral", "referral_id", "requested_at"),
        Index("ix_withdrawal_requested", "requested_at", "withdrawal_id"),
        {"comment": "Wishes to take a referral back; the referral itself stays. Retention: referral."},
    )

    withdrawal_id: Mapped[WithdrawalId] = mapped_column(primary_key=True)
    referral_id: Mapped[ReferralId]
    agency_id: Mapped[AgencyId]
    client_id: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    decided_by_name: Mapped[str | None] = mapped_column(Text)
    decision_reason: Mapped[str | None] = mapped_column(Text)


class HeldCopy(Table):
    """A referral that was refused, sealed: a worry in the wrong shape is still a worry."""

    __tablename__ = "held_copy"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'opened', 'taken_up', 'set_aside')", name="state"),
        CheckConstraint("times_sent >= 1", name="sent_at_least_once"),
        Index(
            "uq_held_copy_same",
            "client_id",
            "request",
            "code",
            "content_mark",
            unique=True,
            postgresql_where="state IN ('waiting', 'opened')",
        ),
        Index("ix_held_copy_list", "state", "immediate_danger", "first_sent_at", "held_copy_id"),
        {
            "comment": "Copies of refused referrals, each until staff have dealt with it."
            " Sealed; the key is not in this database. Retention: referral."
        },
    )

    held_copy_id: Mapped[HeldCopyId] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId | None]
    client_id: Mapped[str] = mapped_column(Text, comment="The caller that sent it.")
    client_name: Mapped[str] = mapped_column(Text)
    request: Mapped[str] = mapped_column(Text, comment="Method and route.")
    status: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    told: Mapped[bytes] = mapped_column(
        LargeBinary, comment="Sealed: the address it was sent to, and what its sender was told."
    )
    content: Mapped[bytes] = mapped_column(LargeBinary, comment="Sealed: the body as it came.")
    content_mark: Mapped[str] = mapped_column(
        Text, comment="Keyed digest of address and body: tells the same from another, and nothing else."
    )
    size_bytes: Mapped[int]
    immediate_danger: Mapped[bool] = mapped_column(comment="As far as it can be read.")
    first_sent_at: Mapped[datetime]
    last_sent_at: Mapped[datetime]
    times_sent: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[str | None] = mapped_column(Text, comment="Staff id of the last to read it.")
    opened_by_name: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    settled_by_name: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[datetime | None]
    settled_reason: Mapped[str | None] = mapped_column(Text)
    referral_id: Mapped[ReferralId | None] = mapped_column(comment="The referral it lives on as.")


class HeldCopyOpening(Table):
    """That a member of staff read a held copy, and why: the audit takes no words."""

    __tablename__ = "held_copy_opening"
    __table_args__ = ({"comment": "Who read which held copy, and why. Retention: referral."},)

    held_copy_id: Mapped[HeldCopyId] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(primary_key=True)
    opened_by: Mapped[str] = mapped_column(Text, primary_key=True, comment="Staff id.")
    opened_by_name: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)


class CheckReceipt(Table):
    """That somebody checked a draft before sending: codes and a time, no word about anyone."""

    __tablename__ = "check_receipt"
    __table_args__ = (
        CheckConstraint("likely_level BETWEEN 1 AND 4", name="likely_level"),
        Index("ix_check_receipt_checked", "checked_at", "receipt_id"),
        {"comment": "Receipts of checks before sending; they name nobody. Retention: measures."},
    )

    receipt_id: Mapped[CheckReceiptId] = mapped_column(primary_key=True)
    agency_id: Mapped[AgencyId]
    client_id: Mapped[str] = mapped_column(Text)
    checked_at: Mapped[datetime]
    indicators: Mapped[list[Any]] = mapped_column(comment="Codes of the hub's list.")
    gaps: Mapped[list[Any]] = mapped_column(comment="Pointers.")
    children_count: Mapped[int]
    likely_level: Mapped[int | None]
    likely_pathway: Mapped[str | None] = mapped_column(Text)
    sampled: Mapped[bool] = mapped_column(comment="Looked at by staff if it is never sent.")
    referral_id: Mapped[ReferralId | None] = mapped_column(comment="The referral that came of it.")
