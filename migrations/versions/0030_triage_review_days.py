"""Triage: the days on which managers said they would look again are watched."""

import sqlalchemy as sa
from alembic import op

revision = "0030_triage_review_days"
down_revision = "0029_triage_late_reasons"
branch_labels = None
depends_on = None

_KINDS = "'second_look', 'handover', 'assessment', 'conference'"

# What was promised before this release and is still to come gets its clock, as the day closes; weekends are
# passed over here, bank holidays are not: then a manager is asked a day early.
_PROMISED = """
    INSERT INTO triage.timer (timer_id, case_id, child_id, kind, oversight_id, started_at, due_at)
    SELECT uuidv7(), child.case_id, child.child_id, 'oversight_review', entry.oversight_id, entry.entered_at,
           (entry.review_on + CASE extract(isodow FROM entry.review_on) WHEN 6 THEN 2 WHEN 7 THEN 1 ELSE 0 END
            + time '17:00') AT TIME ZONE 'Europe/London'
    FROM triage.oversight AS entry
    CROSS JOIN LATERAL (
        SELECT one.case_id, one.child_id FROM triage.case_child AS one
        WHERE one.child_id = entry.child_id OR (entry.child_id IS NULL AND one.case_id = entry.case_id)
        ORDER BY one.child_id LIMIT 1
    ) AS child
    WHERE entry.review_on > (now() AT TIME ZONE 'Europe/London')::date
      AND NOT EXISTS (
          SELECT FROM triage.oversight AS later
          WHERE later.case_id = entry.case_id AND later.entered_at > entry.entered_at
            AND later.kind IN ('sign_off', 'review')
            AND (later.child_id IS NULL OR later.child_id = entry.child_id)
      )
"""


def upgrade() -> None:
    op.add_column(
        "timer",
        sa.Column(
            "oversight_id", sa.Uuid(), nullable=True, comment="The entry that names the day of a review."
        ),
        schema="triage",
    )
    op.create_foreign_key(
        op.f("fk_timer_oversight_id"),
        "timer",
        "oversight",
        ["oversight_id"],
        ["oversight_id"],
        source_schema="triage",
        referent_schema="triage",
    )
    op.drop_index("ix_timer_onward", table_name="timer", schema="triage")
    op.create_index(
        "ix_timer_onward",
        "timer",
        ["due_at", "timer_id"],
        schema="triage",
        postgresql_where=sa.text(f"met_at IS NULL AND kind IN ({_KINDS}, 'oversight_review')"),
    )
    op.alter_column(
        "timer",
        "kind",
        existing_type=sa.TEXT(),
        comment="decision, agency_return, screening, target, target_review, second_look, handover,"
        " assessment, conference or oversight_review.",
        existing_comment="decision, agency_return, screening, target, target_review, second_look, handover,"
        " assessment or conference.",
        existing_nullable=False,
        schema="triage",
    )
    op.alter_column(
        "timer",
        "ended_because",
        existing_type=sa.TEXT(),
        comment="done, superseded, not_needed, taken_over or closed; null: it runs, or was met.",
        existing_comment="done, superseded, not_needed or taken_over, of those kinds; null: it runs, or was"
        " met.",
        existing_nullable=True,
        schema="triage",
    )
    op.execute(_PROMISED)
