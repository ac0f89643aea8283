"""What each step of an agency's level of concern means, in words that stand beside the figure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.codes.reading import read_code_list
from shared.schemas.words import GradeStatus


class GradeStep(BaseModel):
    """One step of the scale, or an answer that is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1)]
    words: Annotated[str, Field(min_length=1)]


_LIST: Final = read_code_list("grades.yaml")

#: Which edition of the wording is loaded.
GRADES_VERSION: Final[str] = _LIST["version"]

#: The words of each grade, 0 to 5.
GRADE_STEPS: Final[Mapping[int, GradeStep]] = MappingProxyType(
    {step: GradeStep(**entry) for step, entry in _LIST["grades"].items()}
)

#: The words of the answers that give no grade; neither of them is a 0.
WITHOUT_A_GRADE: Final[Mapping[GradeStatus, GradeStep]] = MappingProxyType(
    {GradeStatus(status): GradeStep(**entry) for status, entry in _LIST["without_a_grade"].items()}
)
