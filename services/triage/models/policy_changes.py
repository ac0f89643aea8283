"""The tables of policies on their way: put forward, tried on past children, answered by a second person."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.schema import Table
from shared.schemas.ids import AgencyId, CaseId, ChildId, PolicyReplayId, PolicySubmissionId


class PolicySubmission(Table):
    """A policy that somebody put forward, and what another person said of it."""

    __tablename__ = "policy_submission"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'approved', 'refused', 'withdrawn')", name="state"),
        CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL) AND (state = 'submitted') = (decided_by IS NULL)"
            " AND (state = 'submitted') = (decided_by_id IS NULL)"
            " AND (state = 'submitted') = (reason IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("(state = 'approved') = (in_force_from IS NOT NULL)", name="approved_is_in_force"),
        # Nobody puts a policy in force alone, whatever the program does.
        CheckConstraint(
            "state NOT IN ('approved', 'refused') OR decided_by_id <> submitted_by_id", name="two_people"
        ),
        Index("ix_policy_submission_version", "version", "submitted_at"),
        Index(
            "uq_policy_submission_waiting",
            "version",
            unique=True,
            postgresql_where=text("state = 'submitted'"),
        ),
        {"comment": "Threshold policies put forward, with what was said of them. Retention: forever."},
    )

    submission_id: Mapped[PolicySubmissionId] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text, comment="The YAML text, as submitted.")
    note: Mapped[str] = mapped_column(Text, comment="What changes and why.")
    row_version: Mapped[int] = mapped_column(server_default="1", comment="The ETag; moves with every change.")
    state: Mapped[str] = mapped_column(Text)
    submitted_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    submitted_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    submitted_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(Text, comment="Who approved, refused or withdrew it.")
    decided_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    in_force_from: Mapped[datetime | None]


class PolicyReplay(Table):
    """A trial of a policy over past children, as far as it has come."""

    __tablename__ = "policy_replay"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done')", name="state"),
        Index("ix_policy_replay_version", "version", "asked_at"),
        Index("ix_policy_replay_due", "asked_at", postgresql_where=text("state IN ('waiting', 'running')")),
        {"comment": "Trials of a policy over past children, with their sums. Retention: case."},
    )

    replay_id: Mapped[PolicyReplayId] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text, comment="The text tried: a submission may be replaced.")
    against: Mapped[str] = mapped_column(Text, comment="Version of the policy in force when asked for.")
    since_on: Mapped[date | None] = mapped_column(comment="London date the contacts arrived on, or later.")
    state: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    asked_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    asked_at: Mapped[datetime]
    lease_until: Mapped[datetime | None] = mapped_column(
        comment="A worker goes through it till then; after, another goes on from `after_child_id`."
    )
    finished_at: Mapped[datetime | None]
    total: Mapped[int] = mapped_column(comment="Children to go through, counted when it was asked for.")
    done: Mapped[int]
    not_read: Mapped[int] = mapped_column(comment="Children whose stored facts could not be read.")
    after_child_id: Mapped[ChildId | None] = mapped_column(comment="The last child gone through.")
    sums: Mapped[dict[str, Any]] = mapped_column(
        comment="{agency|level|locality: {key: [children, up, down]}}, of the children gone through."
    )


class PolicyReplayChild(Table):
    """A child who would move under a policy that was tried."""

    __tablename__ = "policy_replay_child"
    __table_args__ = (
        CheckConstraint("moved IN ('up', 'down')", name="moved"),
        Index("ix_policy_replay_child_list", "replay_id", "moved", "child_id"),
        {"comment": "Children who would move under a policy that was tried. Retention: case."},
    )

    replay_id: Mapped[PolicyReplayId] = mapped_column(ForeignKey(PolicyReplay.replay_id), primary_key=True)
    child_id: Mapped[ChildId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId]
    reference: Mapped[str] = mapped_column(Text)
    agency_id: Mapped[AgencyId] = mapped_column(comment="Who sent the contact.")
    locality: Mapped[str] = mapped_column(Text, comment="Postcode district or town.")
    level: Mapped[int] = mapped_column(comment="Of the policy in force; 0: none.")
    moved: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="{level, pathway, rag, discussion}")
    after: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="{level, pathway, rag, discussion}")
