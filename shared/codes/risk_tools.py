"""Tools that measure risk in domestic abuse: how much each asks, which score is usual for which grade."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from shared.codes.reading import read_code_list


class RiskTool(BaseModel):
    """One tool; the hub keeps none of its questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: Annotated[str, Field(min_length=1)]
    questions: Annotated[int, Field(ge=1)]


class RiskGrade(BaseModel):
    """One grade, and the score from which it is usual."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: Annotated[str, Field(min_length=1)]
    from_score: Annotated[int, Field(ge=0)]


_LIST: Final = read_code_list("risk_tools.yaml")

RISK_TOOLS: Final[Mapping[str, RiskTool]] = MappingProxyType(
    {code: RiskTool(**entry) for code, entry in _LIST["risk_tools"].items()}
)

#: From the lowest grade to the highest.
RISK_GRADES: Final[Mapping[str, RiskGrade]] = MappingProxyType(
    {code: RiskGrade(**entry) for code, entry in _LIST["risk_grades"].items()}
)
