"""What was done in time, by period and agency: figures for those who watch over the hub; nobody is named."""

from datetime import date
from typing import Literal

from pydantic import Field

from shared.schemas.ids import AgencyId
from shared.schemas.shapes import Answer
from shared.schemas.timers import TimerKind

Period = Literal["month", "week"]

_PERIOD = Field(
    description="A month, or a week as ISO 8601 numbers them; in London.", examples=["2026-11", "2026-W47"]
)


class AgencyPeriod(Answer):
    """What came of what one agency sent and was asked in one period."""

    period: str = _PERIOD
    agency_id: AgencyId
    decided: int = Field(description="Children of its contacts decided for the first time.", examples=[12])
    decided_in_time: int = Field(examples=[11])
    health_missing: int = Field(
        description="Those decided while health had not answered, or only in part.", examples=[3]
    )
    by_depth: dict[str, int] = Field(
        description="Those decided, by how deep the hub went.", examples=[{"full": 10, "light": 2}]
    )
    questions: int = Field(description="Questions to it that fell due.", examples=[30])
    returned_in_time: int = Field(examples=[24])
    returned_late: int = Field(examples=[4])
    not_returned: int = Field(description="Fell due and has no answer yet.", examples=[2])


class BreachCount(Answer):
    """How often something of one kind was found late in one period, and how often somebody said why."""

    period: str = _PERIOD
    kind: TimerKind
    agency_id: AgencyId | None = Field(description="Of `agency_return`: whose answer was late.")
    found: int = Field(examples=[5])
    with_reason: int = Field(examples=[4])
    by_reason: dict[str, int] = Field(
        {},
        description="Those with a reason, by the first that was given: a code of the list, or `not_sorted`"
        " where it was given in words alone.",
        examples=[{"agency_late": 3, "not_sorted": 1}],
    )


class AgencyMeasure(Answer):
    """What was done in time, by period and agency, and how often why was said. It ranks nobody."""

    by: Period
    from_on: date = Field(description="First day, London.")
    to_on: date = Field(description="Last day, London.")
    items: list[AgencyPeriod] = Field(
        description="Oldest period first, then by agency id; an agency without anything is absent."
    )
    breaches: list[BreachCount] = Field(description="Oldest period first.")
