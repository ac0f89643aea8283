"""How worried agencies are about a child, 0 to 5, and the words of each step."""

from datetime import datetime

from pydantic import Field

from shared.schemas.ids import AgencyId, CaseId, ChildId, GradeId
from shared.schemas.shapes import Answer
from shared.schemas.words import GradeStatus, Sector


class GradeView(Answer):
    """One grade; earlier ones of the same agency stay in the history."""

    grade_id: GradeId
    agency_id: AgencyId
    sector: Sector | None
    status: GradeStatus
    grade: int | None = Field(examples=[3])
    rationale: str | None = Field(examples=["Third call in six weeks."])
    graded_by: str = Field(
        description="The member of staff, or the agency's system.", examples=["Ines Moreau"]
    )
    graded_at: datetime
    superseded: bool
    scale_version: str | None = Field(
        None, description="The edition of the words by which it was given.", examples=["2026-1"]
    )
    step_name: str | None = Field(None, description="In that edition.", examples=["Considerable concern"])
    step_words: str | None = Field(None, examples=["Several or lasting needs."])


class GradeGiven(Answer):
    """The grade stands in the record."""

    grade_id: GradeId
    case_id: CaseId
    child_id: ChildId
    agency_id: AgencyId
    status: GradeStatus
    grade: int | None = Field(examples=[3])
    graded_at: datetime
    scale_version: str | None = Field(None, examples=["2026-1"])


class GradeStepView(Answer):
    """One step of the scale."""

    grade: int = Field(examples=[3])
    name: str = Field(examples=["Considerable concern"])
    words: str = Field(examples=["Several or lasting needs."])


class NoGradeView(Answer):
    """An answer that is no grade; it is not a 0."""

    status: GradeStatus
    name: str = Field(examples=["Nothing known"])
    words: str = Field(examples=["We looked, and hold nothing about this child."])


class GradeScale(Answer):
    """The words of each step of an agency's level of concern, in one edition."""

    version: str = Field(examples=["2026-1"])
    current: bool = Field(description="Whether grades are given by this edition now.")
    steps: list[GradeStepView]
    without_a_grade: list[NoGradeView]
    versions: list[str] = Field(description="Every edition, the current one first.", examples=[["2026-1"]])
