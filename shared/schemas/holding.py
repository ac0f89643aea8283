"""Who holds a case and who has it open, and the drafts that staff come back to."""

from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.schemas.ids import AllocationId, CaseId, StaffId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Code, Narrative, Rationale


class AllocationForm(Form):
    """Give a case to somebody, or to nobody."""

    staff_id: StaffId | Literal["me"] | None = Field(
        description="Who holds it from now on; null: nobody by name.", examples=["me"]
    )
    team: Code | None = Field(
        None,
        description="Key of one of the hub's teams; left out: the team that the holder is a member of.",
        examples=["north"],
    )
    reason: Rationale | None = Field(None, examples=["Dana knows the family."])


class TeamName(Answer):
    """A team of the hub."""

    key: str = Field(examples=["north"])
    name: str = Field(examples=["North team"])


class AllocationView(Answer):
    """Who holds or held a case."""

    allocation_id: AllocationId
    staff_id: StaffId | None = Field(description="Null: nobody by name.")
    staff_name: str | None = Field(examples=["Dana Reid"])
    team: TeamName | None
    reason: str | None = Field(examples=["Dana knows the family."])
    made_at: datetime
    made_by: str = Field(examples=["Priya Nair"])
    ended_at: datetime | None = Field(description="When another took its place; null: it stands.")


class LeaseView(Answer):
    """Somebody has a case open. Anyone else may act all the same."""

    staff_id: StaffId
    staff_name: str = Field(examples=["Sam Okoro"])
    opened_at: datetime
    expires_at: datetime


class HoldingLine(Answer):
    """Who holds a case and has it open, on its line of the work list."""

    held_by: str | None = Field(description="Null: nobody by name.", examples=["Dana Reid"])
    team: str | None = Field(description="Key of the team.", examples=["north"])
    leases: list[LeaseView]


class Holding(Answer):
    """Who holds a case, who held it, and who has it open now."""

    case_id: CaseId
    holder: AllocationView | None = Field(description="Null: nobody ever held it.")
    history: list[AllocationView] = Field(description="Every allocation, the newest first.")
    leases: list[LeaseView] = Field(description="Who has it open, the longest first, the reader included.")
    teams: list[TeamName] = Field(description="The hub's teams, to choose from.")


class DraftName(StrEnum):
    """The forms of which drafts are kept."""

    DECISION = "decision"
    GRADE = "grade"
    ANSWER = "answer"
    DISCUSSION = "discussion"
    ATTENDANCE = "attendance"
    MINUTES = "minutes"


class DraftForm(Form):
    """What was typed into a form so far."""

    fields: dict[Code, Narrative] = Field(
        description="By the name of the field; 400 fields and 60,000 characters in all.",
        examples=[{"rationale": "She said that"}],
    )


class DraftView(Answer):
    """A form that its writer has not sent yet."""

    form: DraftName
    subject_id: UUID = Field(
        description="The child, the question, the case or the discussion that it is about."
    )
    fields: dict[str, str] = Field(examples=[{"rationale": "She said that"}])
    saved_at: datetime
    expires_at: datetime
