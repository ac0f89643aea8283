"""The tables of decisions and of how deep the hub goes: what a person settles for a child."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case, CaseChild, Recommendation
from services.triage.models.schema import Table
from shared.schemas.ids import CaseId, ChildId, DecisionId, DepthChangeId, RecommendationId
from shared.schemas.words_deciding import DecisionStanding


class Decision(Table):
    """What a named person decided for a child.

    Rows are only ever added; of one that waits for a second look it is written once what came of it.
    """

    __tablename__ = "decision"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 4", name="level_one_to_four"),
        CheckConstraint(
            "standing IN ('decided', 'interim', 'pending', 'approved', 'refused', 'overtaken')",
            name="standing",
        ),
        CheckConstraint(
            "(standing IN ('approved', 'refused')) = (looked_at IS NOT NULL)", name="looked_at_by_somebody"
        ),
        CheckConstraint(
            "(looked_at IS NULL) = (looked_by IS NULL) AND (looked_at IS NULL) = (looked_by_id IS NULL)"
            " AND (looked_at IS NULL) = (look_reason IS NULL)",
            name="looked_with_reason",
        ),
        # Whoever decided is never the second person.
        CheckConstraint("looked_by_id <> decided_by_id", name="second_person"),
        Index("ix_decision_child", "child_id", "decided_at"),
        # Two decision-makers cannot both replace the same decision, nor both make the first.
        Index("uq_decision_supersedes", "supersedes", unique=True),
        # What waits, or was never in force, replaces nothing yet.
        Index(
            "uq_decision_first",
            "child_id",
            unique=True,
            postgresql_where=text("supersedes IS NULL AND standing IN ('decided', 'interim', 'approved')"),
        ),
        Index(
            "uq_decision_pending",
            "child_id",
            unique=True,
            postgresql_where=text("standing = 'pending'"),
        ),
        Index("ix_decision_waits", "case_id", postgresql_where=text("standing = 'pending'")),
        {"comment": "Decisions with their rationale, beside what was recommended. Retention: case."},
    )

    decision_id: Mapped[DecisionId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    recommendation_id: Mapped[RecommendationId] = mapped_column(ForeignKey(Recommendation.recommendation_id))
    level: Mapped[int]
    pathway: Mapped[str] = mapped_column(Text)
    rag: Mapped[str] = mapped_column(Text)
    rationale: Mapped[str] = mapped_column(Text)
    different_decision_reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(Text, comment="Name of the decision-maker.")
    decided_by_id: Mapped[str] = mapped_column(Text, comment="Staff id of the decision-maker.")
    decided_at: Mapped[datetime]
    supersedes: Mapped[DecisionId | None] = mapped_column(
        ForeignKey("decision.decision_id"), comment="The decision in force that it replaced."
    )
    standing: Mapped[str] = mapped_column(
        Text, server_default="decided", comment="How it came to stand, or that it never did."
    )
    second_look_because: Mapped[list[Any]] = mapped_column(
        server_default="[]", comment="Why a second person looks at it; empty: nobody has to."
    )
    look_by: Mapped[datetime | None] = mapped_column(
        comment="By when a second person looks at it; null: nobody has to, or not kept then."
    )
    looked_at: Mapped[datetime | None] = mapped_column(
        comment="When the second person looked; what they approved is in force from then."
    )
    looked_by: Mapped[str | None] = mapped_column(Text, comment="Name of the second person.")
    looked_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id of the second person.")
    look_reason: Mapped[str | None] = mapped_column(Text)
    first_recommendation_id: Mapped[RecommendationId | None] = mapped_column(
        ForeignKey(Recommendation.recommendation_id),
        comment="What was recommended before anybody was asked; null: not kept then.",
    )
    record: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True),
        comment="Risk analysis, child's voice, identity, status, who was asked, what the family was told.",
    )
    proceed_now_reason: Mapped[str | None] = mapped_column(
        Text, comment="Why it was handed over while the checks still ran; null: it was not."
    )
    unanswered: Mapped[list[Any] | None] = mapped_column(
        JSONB(none_as_null=True), comment="[{agency_id, sector}] that had not answered; null: not kept then."
    )
    core_answers: Mapped[int | None] = mapped_column(
        comment="How many core sectors had been heard; null: not kept then."
    )
    depth: Mapped[str | None] = mapped_column(Text, comment="How deep the hub had gone; null: not kept then.")

    @property
    def in_force_from(self) -> datetime | None:
        """From when it stood, whether it stands now or was replaced; None: it never did."""
        match DecisionStanding(self.standing):
            case DecisionStanding.APPROVED:
                return self.looked_at
            case DecisionStanding.DECIDED | DecisionStanding.INTERIM:
                return self.decided_at
            case _:
                return None


class DepthChange(Table):
    """One change of how deep the hub goes for a child. Rows are only ever added."""

    __tablename__ = "depth_change"
    __table_args__ = (
        CheckConstraint("depth IN ('full', 'light', 'straight')", name="depth"),
        CheckConstraint("depth = 'full' OR reason IS NOT NULL", name="less_with_reason"),
        Index("ix_depth_change_child", "child_id", "changed_at"),
        {"comment": "How deep the hub goes for a child: every change. Retention: case."},
    )

    change_id: Mapped[DepthChangeId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    depth: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    changed_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    changed_at: Mapped[datetime]
