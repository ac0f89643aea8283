"""The tables of time: what falls due, what was not met and why, targets, and where nothing happens."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.asking import InformationRequest
from services.triage.models.cases import Case, CaseChild
from services.triage.models.decisions import Decision
from services.triage.models.discussions import Discussion
from services.triage.models.schema import Table
from shared.schemas.ids import (
    BreachId,
    BreachReasonId,
    CaseId,
    ChildId,
    DecisionId,
    DiscussionId,
    DriftId,
    OversightId,
    RequestId,
    TargetId,
    TargetReviewId,
    TimerId,
)


class Timer(Table):
    """Something that falls due. It never pauses."""

    __tablename__ = "timer"
    __table_args__ = (
        Index(
            "ix_timer_due",
            "due_at",
            "timer_id",
            postgresql_where=text("met_at IS NULL AND breached_at IS NULL"),
        ),
        # What follows decisions, and the days of managers' reviews: what is not done yet, late or not.
        Index(
            "ix_timer_onward",
            "due_at",
            "timer_id",
            postgresql_where=text(
                "met_at IS NULL AND kind IN"
                " ('second_look', 'handover', 'assessment', 'conference', 'oversight_review')"
            ),
        ),
        Index("ix_timer_child", "child_id"),
        Index("ix_timer_case", "case_id"),
        CheckConstraint("ended_because IS NULL OR met_at IS NOT NULL", name="ended_at_some_time"),
        {"comment": "What falls due for a child and when, UTC. Retention: case."},
    )

    timer_id: Mapped[TimerId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    kind: Mapped[str] = mapped_column(
        Text,
        comment="decision, agency_return, screening, target, target_review, second_look, handover,"
        " assessment, conference or oversight_review.",
    )
    request_id: Mapped[RequestId | None] = mapped_column(ForeignKey(InformationRequest.request_id))
    target_id: Mapped[TargetId | None] = mapped_column(ForeignKey("child_target.target_id"))
    decision_id: Mapped[DecisionId | None] = mapped_column(
        ForeignKey(Decision.decision_id), comment="The decision that it follows, or that waits."
    )
    discussion_id: Mapped[DiscussionId | None] = mapped_column(
        ForeignKey(Discussion.discussion_id), comment="The strategy discussion that it follows."
    )
    oversight_id: Mapped[OversightId | None] = mapped_column(
        ForeignKey("oversight.oversight_id"), comment="The entry that names the day of a review."
    )
    started_at: Mapped[datetime | None] = mapped_column(
        comment="What it is counted from; kept of a second look and of what follows a decision."
    )
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(
        Text, comment="done, superseded, not_needed, taken_over or closed; null: it runs, or was met."
    )
    breached_at: Mapped[datetime | None] = mapped_column(
        comment="When it was found to have passed unmet; its breach is raised once, in that transaction."
    )


class Breach(Table):
    """A timer that passed unmet. Rows are only ever added."""

    __tablename__ = "breach"
    __table_args__ = (
        Index("uq_breach_timer", "timer_id", unique=True),
        Index("ix_breach_found", "found_at", "breach_id"),
        Index("ix_breach_case", "case_id"),
        Index("ix_breach_child", "child_id"),
        {"comment": "What was not done in time, each once; a reason is asked for. Retention: case."},
    )

    breach_id: Mapped[BreachId] = mapped_column(primary_key=True)
    timer_id: Mapped[TimerId] = mapped_column(ForeignKey(Timer.timer_id))
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    kind: Mapped[str] = mapped_column(Text, comment="Of the timer.")
    due_at: Mapped[datetime] = mapped_column(comment="When it was due as it was found; it may move after.")
    found_at: Mapped[datetime]


class BreachReason(Table):
    """Why something was not done in time. The first stands; later ones are kept beside it."""

    __tablename__ = "breach_reason"
    __table_args__ = (
        Index("ix_breach_reason_breach", "breach_id", "given_at"),
        CheckConstraint("(code IS NULL) = (words_version IS NULL)", name="code_with_its_edition"),
        {"comment": "Reasons that people gave for breaches; rows are only added. Retention: case."},
    )

    reason_id: Mapped[BreachReasonId] = mapped_column(primary_key=True)
    breach_id: Mapped[BreachId] = mapped_column(ForeignKey(Breach.breach_id))
    code: Mapped[str | None] = mapped_column(
        Text, comment="Of the list of reasons; null: in words alone, as it was before there was one."
    )
    words_version: Mapped[str | None] = mapped_column(
        Text, comment="The edition of the list that the code was picked from."
    )
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    given_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    given_at: Mapped[datetime]


class Drift(Table):
    """A spell in which nothing happened for a child that waits for a decision. Rows are only ever added."""

    __tablename__ = "drift"
    __table_args__ = (
        Index("uq_drift_spell", "child_id", "quiet_since", unique=True),
        Index("ix_drift_case", "case_id"),
        {"comment": "Children for whom nothing happened for days, each spell once. Retention: case."},
    )

    drift_id: Mapped[DriftId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    quiet_since: Mapped[datetime] = mapped_column(
        comment="When something happened last. The spell is over once something has happened since."
    )
    found_at: Mapped[datetime]


class ChildTarget(Table):
    """A timescale that a manager set for one child, on top of those that are configured."""

    __tablename__ = "child_target"
    __table_args__ = (
        CheckConstraint("purpose IN ('decision', 'assessment')", name="purpose"),
        Index("ix_child_target_child", "child_id", "set_at"),
        Index("ix_child_target_case", "case_id"),
        {"comment": "Targets that managers set for children; the newest counts. Retention: case."},
    )

    target_id: Mapped[TargetId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(ForeignKey(Case.case_id))
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id))
    purpose: Mapped[str] = mapped_column(Text, comment="What is to be done by then.")
    target_on: Mapped[date] = mapped_column(comment="London date; due as its working day closes.")
    reason: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(Text, comment="Name of the manager.")
    set_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    ended_at: Mapped[datetime | None] = mapped_column(
        comment="When it was reached, or another took its place; null: it stands."
    )


class TargetReview(Table):
    """What a manager found when looking at a target again. Rows are only ever added."""

    __tablename__ = "target_review"
    __table_args__ = (
        Index("ix_target_review_target", "target_id", "reviewed_at"),
        {"comment": "Managers' looks at the targets that they set. Retention: case."},
    )

    review_id: Mapped[TargetReviewId] = mapped_column(primary_key=True)
    target_id: Mapped[TargetId] = mapped_column(ForeignKey(ChildTarget.target_id))
    words: Mapped[str] = mapped_column(Text)
    reached: Mapped[bool] = mapped_column(comment="Whether what the target is for has been done.")
    reviewed_at: Mapped[datetime]
    reviewed_by: Mapped[str] = mapped_column(Text, comment="Name of the manager.")
    reviewed_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
