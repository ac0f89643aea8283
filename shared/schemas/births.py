"""Unborn children whose due date has passed with no birth linked, and what was found out about each."""

from datetime import date, datetime

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.schemas.ids import BirthNoteId, PersonId
from shared.schemas.people_index import PersonRecord
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.times import Day
from shared.schemas.words import BirthFound


class BirthNoteForm(Form):
    """What was found out about a child who was expected; it can be followed by another note."""

    what: BirthFound = Field(examples=["wrong_date"])
    new_due_on: Day | None = Field(
        None,
        validate_default=True,
        description="With `wrong_date` alone: when the child is due.",
        examples=["2027-02-14"],
    )
    reason: Rationale = Field(
        description="How you know, in plain and kind words: the family may read it one day.",
        examples=["The midwife in Testshire gave us the date of the scan."],
    )

    # On the field and before the reason: whoever left out both is told of both at once, as they stand.
    @field_validator("new_due_on")
    @classmethod
    def _a_date_goes_with_a_wrong_one(cls, day: date | None, info: ValidationInfo) -> date | None:
        what = info.data.get("what")
        if what is BirthFound.WRONG_DATE and day is None:
            raise PydanticCustomError("new_due_on_missing", "A wrong date needs the right one: `new_due_on`.")
        if what not in (None, BirthFound.WRONG_DATE) and day is not None:
            raise PydanticCustomError("new_due_on_not_allowed", "Only `wrong_date` takes a `new_due_on`.")
        return day


class BirthNote(Answer):
    """What somebody found out about a child who was expected, as it is kept."""

    note_id: BirthNoteId
    person_id: PersonId
    what: BirthFound
    reason: str = Field(examples=["The midwife in Testshire told us; the family has moved there."])
    new_due_on: date | None = None
    noted_at: datetime
    noted_by: str = Field(examples=["Dana Reid"])


class OverdueBirth(Answer):
    """An unborn child whose due date has passed, and to whom no birth is linked for certain."""

    person_id: PersonId
    due_on: date = Field(description="What was heard last, or noted since.", examples=["2026-11-03"])
    days_overdue: int = Field(description="Days since then, in London.", examples=[19])
    is_alarm: bool = Field(description="Whether the days of grace are over.")
    alarm_on: date = Field(description="The day on which they are.", examples=["2026-11-17"])
    records: list[PersonRecord] = Field(
        description="All of this child, the newest first; one that says that it is born is linked"
        " provisionally only: confirm it or undo it."
    )
    mothers: list[PersonRecord] = Field(
        description="Adults of the same referrals who are said to be the mother, the newest first."
    )
    notes: list[BirthNote] = Field(description="The newest first.")
    restricted: bool = Field(
        False, description="Only managers may read who the child is; the waiting is shown to all the same."
    )
