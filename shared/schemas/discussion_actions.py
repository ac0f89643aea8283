"""What a discussion agreed that somebody does, by when, and whether it is done."""

from datetime import date, datetime

from pydantic import Field

from shared.schemas.ids import AgencyId, CaseId, DiscussionActionId, DiscussionId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale, ShortText
from shared.schemas.times import Day


class DiscussionActionForm(Form):
    """Something that somebody does by a day."""

    words: Rationale = Field(examples=["Ring the school and ask for today's attendance."])
    owner: ShortText = Field(description="Who does it.", min_length=1, examples=["Omar Khan"])
    agency_id: AgencyId | None = Field(
        None, description="The agency that it falls to; left out: nobody of the hub's agencies."
    )
    due_on: Day = Field(description="The last day, in London.", examples=["2026-11-25"])


class ActionMarkForm(Form):
    """Whether an action is done; the newest word counts, and all are kept."""

    done: bool
    note: Rationale | None = Field(None, examples=["Seen at 4pm with PC Okafor."])


class ActionMarkView(Answer):
    """What somebody said of an action."""

    done: bool
    note: str | None = Field(examples=["Seen at 4pm."])
    marked_at: datetime
    marked_by: str = Field(examples=["Omar Khan"])


class DiscussionActionView(Answer):
    """An action with its owner, its day and what was said of it."""

    action_id: DiscussionActionId
    discussion_id: DiscussionId
    case_id: CaseId | None = Field(description="Null for a reader from an agency: their way is their list.")
    children: list[str] = Field(description="Whom it is about.", examples=[["Maisie Example"]])
    words: str = Field(examples=["Ring the school."])
    owner: str = Field(examples=["Omar Khan"])
    agency_id: AgencyId | None
    due_on: date
    overdue: bool = Field(description="Not done, and its day is over.")
    done: bool
    marks: list[ActionMarkView] = Field(description="The oldest first.")
    added_at: datetime
    added_by: str = Field(examples=["Dana Reid"])
