"""The tables of the hub's day: who holds a case, who is at it, what is half written, who said it may wait."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case, CaseChild
from services.triage.models.schema import Table
from shared.schemas.ids import AllocationId, CaseId, ChildId, StaffId, WaitId


class Wait(Table):
    """What somebody said of a child at close of day. Rows are only ever added; the newest stands.

    It stands with the child and not with a case, so that it goes where the child goes.
    """

    __tablename__ = "wait"
    __table_args__ = (
        CheckConstraint("kind IN ('safe_until', 'emergency_duty')", name="kind"),
        CheckConstraint(
            "(kind = 'safe_until') = (safe_until IS NOT NULL)"
            " AND (kind = 'emergency_duty' OR why IS NOT NULL)",
            name="safe_with_a_reason",
        ),
        CheckConstraint(
            "(kind = 'emergency_duty') = (handed_to IS NOT NULL)"
            " AND (handed_to IS NULL) = (read_back_by IS NULL)"
            " AND (handed_to IS NULL) = (read_back_at IS NULL)",
            name="handed_over_with_read_back",
        ),
        Index("ix_wait_child", "child_id", "said_at"),
        {"comment": "Who said that a child may wait, until when, or who took it over. Retention: case."},
    )

    wait_id: Mapped[WaitId] = mapped_column(primary_key=True)
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    kind: Mapped[str] = mapped_column(Text)
    safe_until: Mapped[datetime | None] = mapped_column(comment="No due time of the child moves for it.")
    why: Mapped[str | None] = mapped_column(Text)
    handed_to: Mapped[str | None] = mapped_column(Text, comment="Who of the emergency duty team took it.")
    read_back_by: Mapped[str | None] = mapped_column(Text, comment="Who read it back, so that it was heard.")
    read_back_at: Mapped[datetime | None]
    decide_by: Mapped[datetime] = mapped_column(comment="When the child fell due as this was said.")
    said_at: Mapped[datetime]
    said_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    said_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")


class Allocation(Table):
    """Who holds a case. A later allocation ends the one that stood; nothing is overwritten."""

    __tablename__ = "allocation"
    __table_args__ = (
        CheckConstraint("(staff_id IS NULL) = (staff_name IS NULL)", name="somebody_with_a_name"),
        Index("uq_allocation_standing", "case_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_allocation_holder", "staff_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_allocation_case", "case_id", "made_at"),
        {"comment": "Every holder a case has had, the standing one without an end. Retention: case."},
    )

    allocation_id: Mapped[AllocationId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    staff_id: Mapped[StaffId | None] = mapped_column(comment="Null: nobody by name.")
    staff_name: Mapped[str | None] = mapped_column(Text)
    team: Mapped[str | None] = mapped_column(Text, comment="Key of a team of the configuration.")
    reason: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    made_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    ended_at: Mapped[datetime | None] = mapped_column(comment="When another took its place; null: it stands.")


class Lease(Table):
    """Somebody has a case open. It ends by time alone, and never holds anybody off."""

    __tablename__ = "lease"
    __table_args__ = ({"comment": "Who has a case open just now. Retention: transient."},)

    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id), primary_key=True)
    staff_id: Mapped[StaffId] = mapped_column(primary_key=True)
    staff_name: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(comment="Since when without a break.")
    expires_at: Mapped[datetime]


class Draft(Table):
    """A form that somebody has not sent yet; nobody else reads it."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint(
            "form IN ('decision', 'grade', 'answer', 'discussion', 'attendance', 'minutes')", name="form"
        ),
        Index("ix_draft_expires", "expires_at"),
        {"comment": "Forms half written, for their writer alone. Retention: transient."},
    )

    staff_id: Mapped[StaffId] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(Text, primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(
        primary_key=True, comment="The child, the request, the case or the discussion that it is about."
    )
    fields: Mapped[dict[str, Any]] = mapped_column(comment="What was typed, by the name of the field.")
    saved_at: Mapped[datetime]
    expires_at: Mapped[datetime]
