"""Management oversight: what a manager directed, signed off or reviewed; and how many children had any."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from shared.schemas.ids import AgencyId, CaseId, ChildId, OversightId
from shared.schemas.measures import Period
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.times import Day

#: Apart for whom it is counted: the hub as a whole, each sending agency, or each team of the hub.
OversightOf = Literal["hub", "agency", "team"]


class OversightKind(StrEnum):
    """What a manager did."""

    DIRECTION = "direction"
    SIGN_OFF = "sign_off"
    REVIEW = "review"


class OversightForm(Form):
    """An entry in a manager's own words. It is signed, timed and never changed."""

    child_id: ChildId | None = Field(None, description="Left out: about the whole case.")
    kind: OversightKind
    words: Rationale = Field(examples=["Do not close before the health visitor has seen her."])
    review_on: Day | None = Field(None, description="When to look again.", examples=["2026-11-30"])


class OversightView(Answer):
    """An entry of management oversight."""

    oversight_id: OversightId
    case_id: CaseId = Field(description="The case that it was written in.")
    child_id: ChildId | None
    kind: OversightKind
    words: str = Field(examples=["Do not close before she is seen."])
    review_on: date | None
    entered_at: datetime
    entered_by: str = Field(examples=["Priya Nair"])


class OversightPeriod(Answer):
    """How many of the children decided in a period had management oversight."""

    month: str = Field(
        description="Of the first decision, in London: a month, or an ISO week where it is counted by week.",
        examples=["2026-11"],
    )
    agency_id: AgencyId | None = Field(
        None, description="Counted by agency: whose contact named the child first decided."
    )
    team: str | None = Field(
        None,
        description="Counted by team: the key of the team that holds the case now; null: no team does.",
        examples=["north"],
    )
    decided: int = Field(
        description="Children decided for the first time; one told of twice counts once.", examples=[40]
    )
    overseen: int = Field(
        description="Those with at least one entry, of their own or of their case.", examples=[33]
    )
    share: float = Field(description="`overseen` of `decided`.", examples=[0.82])


class OversightMeasure(Answer):
    """The share of decided children with management oversight, the newest period first. It ranks nobody."""

    by: Period = "month"
    of: OversightOf = "hub"
    from_on: date | None = Field(None, description="First day, London.")
    to_on: date | None = Field(None, description="Last day, London.")
    items: list[OversightPeriod]
