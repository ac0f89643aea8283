"""The tables of discussions: who called one, every version of its record, actions, who has the minutes."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.triage.models.cases import Case, CaseChild
from services.triage.models.schema import Table
from shared.schemas.ids import (
    AgencyId,
    AttendeeId,
    CaseId,
    ChildId,
    DiscussionActionId,
    DiscussionId,
    DiscussionIssueId,
    DiscussionMarkId,
)


class Discussion(Table):
    """A discussion that was called, and what it came to."""

    __tablename__ = "discussion"
    __table_args__ = (
        CheckConstraint("kind IN ('strategy', 'multi_agency', 'threshold')", name="kind"),
        CheckConstraint(
            "(concluded_at IS NULL) = (concluded_by IS NULL)"
            " AND (concluded_at IS NULL) = (conclusion IS NULL)"
            " AND (concluded_at IS NULL) = (quorum_met IS NULL)",
            name="concluded_by_somebody",
        ),
        CheckConstraint(
            "(called_off_at IS NULL) = (called_off_by IS NULL)"
            " AND (called_off_at IS NULL) = (called_off_reason IS NULL)",
            name="called_off_by_somebody",
        ),
        CheckConstraint("concluded_at IS NULL OR called_off_at IS NULL", name="one_end"),
        Index("ix_discussion_case", "case_id"),
        Index("ix_discussion_agencies", "agency_ids", postgresql_using="gin"),
        {"comment": "Discussions between agencies about children of a case. Retention: case."},
    )

    discussion_id: Mapped[DiscussionId] = mapped_column(primary_key=True)
    case_id: Mapped[CaseId] = mapped_column(
        ForeignKey(Case.case_id), comment="Where it was called; it is shown wherever its children are."
    )
    kind: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(comment="Moves with every step; the ETag.")
    called_because: Mapped[str] = mapped_column(Text)
    called_at: Mapped[datetime]
    called_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    called_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
    agency_ids: Mapped[list[AgencyId]] = mapped_column(
        ARRAY(Uuid), comment="Agencies that are on its list of attendees now: they may see their own pack."
    )
    concluded_at: Mapped[datetime | None]
    concluded_by: Mapped[str | None] = mapped_column(Text)
    concluded_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    conclusion: Mapped[str | None] = mapped_column(Text)
    quorum_met: Mapped[bool | None] = mapped_column(
        comment="Whether all who must be there were, by what was configured when it was concluded."
    )
    quorum_missing: Mapped[list[Any]] = mapped_column(
        server_default="[]", comment="Codes of those who were not."
    )
    called_off_at: Mapped[datetime | None]
    called_off_by: Mapped[str | None] = mapped_column(Text)
    called_off_by_id: Mapped[str | None] = mapped_column(Text, comment="Staff id.")
    called_off_reason: Mapped[str | None] = mapped_column(Text)


class DiscussionChild(Table):
    """A child that a discussion is about; whoever is one child with it is meant too."""

    __tablename__ = "discussion_child"
    __table_args__ = (
        Index("ix_discussion_child_child", "child_id"),
        {"comment": "Whom a discussion is about. Retention: case."},
    )

    discussion_id: Mapped[DiscussionId] = mapped_column(
        ForeignKey(Discussion.discussion_id), primary_key=True
    )
    child_id: Mapped[ChildId] = mapped_column(ForeignKey(CaseChild.child_id), primary_key=True)


class DiscussionVersion(Table):
    """One version of the record of a discussion, whole. Rows are only ever added."""

    __tablename__ = "discussion_version"
    __table_args__ = ({"comment": "Every version of the record of a discussion. Retention: case."},)

    discussion_id: Mapped[DiscussionId] = mapped_column(
        ForeignKey(Discussion.discussion_id), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[dict[str, Any]] = mapped_column(comment="The whole record as it then stood.")
    changed: Mapped[list[Any]] = mapped_column(comment="Names of the parts that this version wrote.")
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    recorded_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")


class DiscussionAction(Table):
    """What a discussion agreed that somebody does. Rows are only ever added."""

    __tablename__ = "discussion_action"
    __table_args__ = (
        Index("ix_discussion_action_discussion", "discussion_id"),
        Index("ix_discussion_action_due", "due_on", "action_id"),
        {"comment": "Actions that discussions agreed, with owner and day. Retention: case."},
    )

    action_id: Mapped[DiscussionActionId] = mapped_column(primary_key=True)
    discussion_id: Mapped[DiscussionId] = mapped_column(ForeignKey(Discussion.discussion_id))
    words: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(Text, comment="Name of whoever does it.")
    agency_id: Mapped[AgencyId | None] = mapped_column(comment="The agency that it falls to.")
    due_on: Mapped[date] = mapped_column(comment="The last day, in London.")
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    added_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")


class DiscussionMark(Table):
    """That an action is done, or is not after all. Rows are only ever added; the newest counts."""

    __tablename__ = "discussion_mark"
    __table_args__ = (
        Index("ix_discussion_mark_action", "action_id", "number", unique=True),
        {"comment": "What was said of actions: done or not, and a note. Retention: case."},
    )

    mark_id: Mapped[DiscussionMarkId] = mapped_column(primary_key=True)
    action_id: Mapped[DiscussionActionId] = mapped_column(ForeignKey(DiscussionAction.action_id))
    number: Mapped[int] = mapped_column(comment="Which word on this action it is, from 1.")
    done: Mapped[bool]
    note: Mapped[str | None] = mapped_column(Text)
    marked_at: Mapped[datetime]
    marked_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    marked_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")


class DiscussionIssue(Table):
    """That an attendee was given the minutes. Rows are only ever added."""

    __tablename__ = "discussion_issue"
    __table_args__ = (
        Index("ix_discussion_issue_discussion", "discussion_id"),
        {"comment": "Who was given the minutes of a discussion, and when. Retention: case."},
    )

    issue_id: Mapped[DiscussionIssueId] = mapped_column(primary_key=True)
    discussion_id: Mapped[DiscussionId] = mapped_column(ForeignKey(Discussion.discussion_id))
    attendee_id: Mapped[AttendeeId] = mapped_column(comment="Of the record's list of attendees.")
    record_number: Mapped[int] = mapped_column(comment="The version of the record that was given.")
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(Text, comment="Name of the member of staff.")
    issued_by_id: Mapped[str] = mapped_column(Text, comment="Staff id.")
