"""The tables of what agencies were asked, on what ground, what they answered, and how worried they are."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case, CaseChild, Contact
from services.triage.models.schema import Table
from shared.schemas.ids import AgencyId, CaseId, ChildId, GradeId, LawfulBasisId, ReferralId, RequestId


class InformationRequest(Table):
    """A question to one agency about one child, and its answer."""

    __tablename__ = "information_request"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (status IS NULL)", name="answered_with_status"),
        Index("ix_information_request_case", "case_id"),
        Index("ix_information_request_agency", "agency_id", "due_at", "request_id"),
        Index("ix_information_request_open", "due_at", postgresql_where=text("answered_at IS NULL")),
        {"comment": "Questions to agencies. No answer is not nothing known. Retention: case."},
    )

    request_id: Mapped[RequestId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    agency_id: Mapped[AgencyId]
    sector: Mapped[str | None] = mapped_column(Text, comment="The core sector it was asked for, if any.")
    reason: Mapped[str] = mapped_column(Text, comment="Why it is necessary.")
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    handling: Mapped[str | None] = mapped_column(Text, comment="How far its owner lets it travel.")
    corrected_at: Mapped[datetime | None] = mapped_column(
        comment="When the sender last corrected what was asked about."
    )
    corrected_version: Mapped[int | None] = mapped_column(comment="The version of the referral that did.")
    about_child: Mapped[bool] = mapped_column(
        server_default="true", comment="Whether it asks about the child too, and not only about adults."
    )
    adults: Mapped[list[Any]] = mapped_column(
        server_default="[]",
        comment="Adults it asks about, as named when asked, each with its own answer where one was given.",
    )
    sources: Mapped[list[Any]] = mapped_column(
        server_default="[]", comment="Which of its sector's sources the agency looks in; empty: not divided."
    )
    sources_checked: Mapped[list[Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="Which the answer says were looked in; null: it names none and stands for all of its own.",
    )
    earlier: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="What the answer says of plans and care before now: yes, no, or null for not known.",
    )
    asked_by: Mapped[str | None] = mapped_column(Text, comment="Who asked; null: the hub, on opening.")
    lawful_basis: Mapped[str | None] = mapped_column(
        Text, comment="On what ground it was asked; null: before this was kept."
    )
    lawful_basis_reason: Mapped[str | None] = mapped_column(Text)
    lawful_basis_by: Mapped[str | None] = mapped_column(
        Text, comment="Who laid that ground in the hub; null: its standing rule, or the sender."
    )
    reminded_at: Mapped[datetime | None] = mapped_column(comment="When the agency was last reminded.")
    reminders: Mapped[int] = mapped_column(server_default="0", comment="How often it was reminded.")


class Grade(Table):
    """What an agency said of its concern for a child. Rows are only ever added."""

    __tablename__ = "grade"
    __table_args__ = (
        CheckConstraint("(status = 'graded') = (grade IS NOT NULL)", name="grade_goes_with_graded"),
        CheckConstraint("grade BETWEEN 0 AND 5", name="zero_to_five"),
        Index("ix_grade_child", "child_id", "agency_id", "graded_at"),
        {"comment": "Every grade an agency gave, earlier ones included. Retention: case."},
    )

    grade_id: Mapped[GradeId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    agency_id: Mapped[AgencyId]
    given: Mapped[str] = mapped_column(Text, comment="with_referral, or when_asked.")
    status: Mapped[str] = mapped_column(Text)
    grade: Mapped[int | None]
    rationale: Mapped[str | None] = mapped_column(Text)
    graded_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff or of the system.")
    graded_at: Mapped[datetime]
    scale_version: Mapped[str] = mapped_column(
        Text, server_default="2026-1", comment="The edition of the words by which it was given."
    )


class RecordedBasis(Table):
    """The ground on which agencies are asked, as a person recorded it. Rows are only ever added."""

    __tablename__ = "lawful_basis"
    __table_args__ = (
        CheckConstraint(
            "basis IN ('consent', 'public_task', 'legal_obligation', 'vital_interests')", name="basis"
        ),
        Index("ix_lawful_basis_referral", "referral_id", "recorded_at"),
        {"comment": "Lawful bases that deciders recorded, for each contact of the case. Retention: case."},
    )

    basis_id: Mapped[LawfulBasisId] = mapped_column(primary_key=True)
    referral_id: Mapped[ReferralId] = mapped_column(
        ForeignKey(Contact.referral_id), comment="The contact it stands for; it goes where that goes."
    )
    basis: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, comment="Why that ground holds here, in a sentence.")
    recorded_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    recorded_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    recorded_at: Mapped[datetime]
