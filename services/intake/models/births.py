"""What was found out about children who were expected."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.intake.models.schema import Table
from shared.schemas.ids import BirthNoteId, PersonId, RecordId


class BirthNote(Table):
    """What a member of staff found out about an unborn child. Rows are only ever added."""

    __tablename__ = "birth_note"
    __table_args__ = (
        CheckConstraint("what IN ('born_elsewhere', 'not_continued', 'wrong_date')", name="what"),
        CheckConstraint("(what = 'wrong_date') = (new_due_on IS NOT NULL)", name="wrong_or_not"),
        Index("ix_birth_note_record", "record_id", "noted_at"),
        {"comment": "What was found out about unborn children past their due date. Retention: referral."},
    )

    note_id: Mapped[BirthNoteId] = mapped_column(primary_key=True)
    record_id: Mapped[RecordId] = mapped_column(comment="The newest record that expected the child.")
    person_id: Mapped[PersonId] = mapped_column(comment="Whose record it was when this was noted.")
    what: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    new_due_on: Mapped[date | None] = mapped_column(comment="For a wrong date: the right one.")
    noted_at: Mapped[datetime]
    noted_by: Mapped[str] = mapped_column(Text, comment="Staff id.")
    noted_by_name: Mapped[str] = mapped_column(Text)
