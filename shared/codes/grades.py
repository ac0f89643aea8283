"""What each step of an agency's level of concern means, in words that stand beside the figure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.codes.reading import read_code_list
from shared.schemas.words import GradeStatus


class GradeStep(BaseModel):
    """One step of the scale, or an answer that is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    words: Annotated[str, Field(min_length=1)]


class GradeScale(BaseModel):
    """One edition of the words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    #: The words of each grade, 0 to 5.
    grades: Annotated[Mapping[int, GradeStep], Field(min_length=6, max_length=6)]
    #: The words of the answers that give no grade; neither of them is a 0.
    without_a_grade: Annotated[Mapping[GradeStatus, GradeStep], Field(min_length=2, max_length=2)]

    def step(self, status: GradeStatus, grade: int | None) -> GradeStep | None:
        """Return the step that an agency chose."""
        return self.without_a_grade.get(status) if grade is None else self.grades.get(grade)


_LIST: Final = read_code_list("grades.yaml")

#: Which edition of the wording grades are given by.
GRADES_VERSION: Final[str] = _LIST["version"]


def _editions(listed: dict[str, Any]) -> dict[str, GradeScale]:
    said = {listed["version"]: listed, **listed["earlier"]}
    parts = ("grades", "without_a_grade")
    return {
        version: GradeScale(version=version, **{part: one[part] for part in parts})
        for version, one in said.items()
    }


#: Every edition by its version, the one in use first.
SCALES: Final[Mapping[str, GradeScale]] = MappingProxyType(_editions(_LIST))
GRADE_STEPS: Final = SCALES[GRADES_VERSION].grades
WITHOUT_A_GRADE: Final = SCALES[GRADES_VERSION].without_a_grade


def find_step(version: str, status: GradeStatus, grade: int | None) -> GradeStep | None:
    """Return the step that was chosen, in the words of the edition it was given by; None: not to hand."""
    scale = SCALES.get(version)
    return scale.step(status, grade) if scale else None
