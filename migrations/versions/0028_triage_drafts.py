"""Triage: drafts of who was at a discussion, and of what was said there."""

import sqlalchemy as sa
from alembic import op

revision = "0028_triage_drafts"
down_revision = "0027_triage_council_word"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_draft_form"), "draft", schema="triage", type_="check")
    op.create_check_constraint(
        op.f("ck_draft_form"),
        "draft",
        "form IN ('decision', 'grade', 'answer', 'discussion', 'attendance', 'minutes')",
        schema="triage",
    )
    op.alter_column(
        "draft",
        "subject_id",
        existing_type=sa.Uuid(),
        comment="The child, the request, the case or the discussion that it is about.",
        existing_comment="The child, the request or the case that it is about.",
        existing_nullable=False,
        schema="triage",
    )
