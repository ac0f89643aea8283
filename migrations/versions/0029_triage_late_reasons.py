"""Triage: why something was late, from a list; and more of what the council's system says is kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029_triage_late_reasons"
down_revision = "0028_triage_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "breach_reason",
        sa.Column(
            "code",
            sa.Text(),
            nullable=True,
            comment="Of the list of reasons; null: in words alone, as it was before there was one.",
        ),
        schema="triage",
    )
    op.add_column(
        "breach_reason",
        sa.Column(
            "words_version",
            sa.Text(),
            nullable=True,
            comment="The edition of the list that the code was picked from.",
        ),
        schema="triage",
    )
    op.create_check_constraint(
        op.f("ck_breach_reason_code_with_its_edition"),
        "breach_reason",
        "(code IS NULL) = (words_version IS NULL)",
        schema="triage",
    )
    op.alter_column(
        "case_child",
        "council_said",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="{previous_plan, looked_after, child_protection_plan, child_in_need_plan, allocated_worker,"
        " as_of}: what the council's case system says of plans and care; null: nothing yet.",
        existing_comment="{previous_plan, as_of}: what the council's case system says of earlier plans; null:"
        " nothing yet.",
        existing_nullable=True,
        schema="triage",
    )
