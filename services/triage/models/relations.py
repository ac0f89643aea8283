"""The table of related cases: which belong side by side, and whether that was undone."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case
from services.triage.models.schema import Table
from shared.schemas.ids import CaseId, RelationId


class CaseRelation(Table):
    """Two cases that a person put side by side. Nothing of either stands in the other; it may be undone."""

    __tablename__ = "case_relation"
    __table_args__ = (
        CheckConstraint("kind IN ('peer_group', 'institution', 'same_incident', 'other')", name="kind"),
        # Each pair in one order, so that the same two are never related twice in the same way.
        CheckConstraint("one_case_id < other_case_id", name="two_cases_in_order"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL) AND (undone_at IS NULL) = (undone_by_id IS NULL)"
            " AND (undone_at IS NULL) = (undone_reason IS NULL)",
            name="undone_by_somebody",
        ),
        Index(
            "uq_case_relation_standing",
            "one_case_id",
            "other_case_id",
            "kind",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_case_relation_other", "other_case_id"),
        {"comment": "Cases of several households that belong together, undone ones too. Retention: case."},
    )

    relation_id: Mapped[RelationId] = mapped_column(primary_key=True)
    one_case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id), comment="The lower id of the two.")
    other_case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    made_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(Text, comment="Name of the member of staff.")
    undone_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    undone_reason: Mapped[str | None] = mapped_column(Text)
