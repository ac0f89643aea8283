"""The table of management oversight: entries that managers sign, never changed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case, CaseChild
from services.triage.models.schema import Table
from shared.schemas.ids import CaseId, ChildId, OversightId


class Oversight(Table):
    """What a manager directed, signed off or reviewed. Rows are only ever added."""

    __tablename__ = "oversight"
    __table_args__ = (
        CheckConstraint("kind IN ('direction', 'sign_off', 'review')", name="kind"),
        Index("ix_oversight_case", "case_id"),
        Index("ix_oversight_child", "child_id"),
        {"comment": "Entries of management oversight. Retention: case."},
    )

    oversight_id: Mapped[OversightId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(
        ForeignKey(Case.case_id), comment="Where it was written; one about a child goes where the child goes."
    )
    child_id: Mapped[ChildId | None] = mapped_column(
        ForeignKey(CaseChild.child_id), comment="Null: about the whole case."
    )
    kind: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    review_on: Mapped[date | None] = mapped_column(comment="When to look again; a day in London.")
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(Text, comment="Name of the manager.")
    entered_by_id: Mapped[str] = mapped_column(Text, comment="Staff id of the manager.")
