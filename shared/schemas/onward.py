"""What follows a decision, as the hub records it: accepted, assessed, conferred about."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.ids import CaseId, ChildId, OnwardId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale, SaidLine
from shared.schemas.times import Instant


class OnwardStep(StrEnum):
    """What was done for a child after a decision."""

    HANDOVER_ACCEPTED = "handover_accepted"
    ASSESSMENT_COMPLETED = "assessment_completed"
    CONFERENCE_HELD = "conference_held"
    #: The enquiries under section 47 ended without one; a manager's word, with a reason.
    CONFERENCE_NOT_NEEDED = "conference_not_needed"


class OnwardForm(Form):
    """What whoever a child was handed over to has done. It ends the clock that watched over it."""

    step: OnwardStep
    done_by: SaidLine = Field(
        description="Who did it, by name and team.", examples=["Ruth Ellis, north assessment team"]
    )
    done_at: Instant | None = Field(
        None,
        description="When; left out: now. It may lie back, but not before what it ends began, nor to come.",
    )
    note: Rationale | None = Field(
        None,
        description="Required where no conference is needed: why not.",
        examples=["Accepted by telephone; she visits today."],
    )

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if self.step is OnwardStep.CONFERENCE_NOT_NEEDED and self.note is None:
            raise PydanticCustomError("reason_missing", "Say why no conference is needed.")
        return self


class OnwardView(Answer):
    """Something that was recorded of what follows a decision."""

    onward_id: OnwardId
    case_id: CaseId
    child_id: ChildId
    step: OnwardStep
    done_at: datetime
    done_by: str = Field(examples=["Ruth Ellis, north assessment team"])
    note: str | None = Field(examples=["Accepted by telephone; she visits today."])
    recorded_at: datetime
    recorded_by: str = Field(examples=["Dana Reid"])


class OnwardRecorded(OnwardView):
    """What was recorded, with the version of the case that stands after it."""

    version: int = Field(examples=[9])
