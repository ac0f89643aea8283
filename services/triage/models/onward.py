"""The table of what follows a decision: what whoever a child was handed over to has done."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case, CaseChild
from services.triage.models.decisions import Decision
from services.triage.models.schema import Table
from shared.schemas.ids import CaseId, ChildId, DecisionId, OnwardId


class Onward(Table):
    """Something that was done for a child after a decision. Rows are only ever added."""

    __tablename__ = "onward"
    __table_args__ = (
        CheckConstraint(
            "step IN ('handover_accepted', 'assessment_completed', 'conference_held',"
            " 'conference_not_needed')",
            name="step",
        ),
        CheckConstraint("step <> 'conference_not_needed' OR note IS NOT NULL", name="not_needed_with_reason"),
        Index("ix_onward_case", "case_id"),
        Index("ix_onward_child", "child_id"),
        {"comment": "Hand-overs accepted, assessments completed, conferences held. Retention: case."},
    )

    onward_id: Mapped[OnwardId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    decision_id: Mapped[DecisionId | None] = mapped_column(
        ForeignKey(Decision.decision_id), comment="The decision that stood; null: none did."
    )
    step: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime]
    done_by: Mapped[str] = mapped_column(Text, comment="Who did it, by name and team, as it was told.")
    note: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    recorded_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
