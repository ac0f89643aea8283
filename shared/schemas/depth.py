"""How deep the hub's process goes for a child, and how many children it went how deep for."""

from datetime import date, datetime

from pydantic import Field

from shared.schemas.ids import CaseId, ChildId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.words_deciding import Depth


class DepthForm(Form):
    """How deep the hub goes for a child, and why not all the way."""

    depth: Depth
    reason: Rationale | None = Field(
        None,
        description="Required but for `full`.",
        examples=["Her worker of the long-term team visits tomorrow."],
    )


class DepthChange(Answer):
    """One change of how deep the hub goes for a child."""

    depth: Depth
    reason: str | None = Field(examples=["Her worker of the long-term team visits tomorrow."])
    changed_by: str = Field(examples=["Priya Nair"])
    changed_at: datetime


class DepthView(Answer):
    """How deep the hub goes for a child now, and every change, the newest last."""

    case_id: CaseId
    child_id: ChildId
    depth: Depth
    version: int = Field(examples=[8])
    history: list[DepthChange]


class CoverageLine(Answer):
    """How many children were decided for the first time in a month or week, at one depth."""

    month: str = Field(description="In London; by week, the ISO week, as `2026-W47`.", examples=["2026-11"])
    depth: Depth
    children: int = Field(examples=[41])
    core_answers: dict[str, int] = Field(
        description="How many of them with how many core agencies heard; `unknown`: not recorded then.",
        examples=[{"1": 2, "3": 39}],
    )
    proceeded_now: int = Field(
        description="How many of them were urgent: handed over while checks ran.", examples=[2]
    )


class Coverage(Answer):
    """Whether all children go through the hub, and how deep."""

    from_on: date = Field(description="First day, London.")
    to_on: date = Field(description="Last day, London.")
    items: list[CoverageLine] = Field(description="Oldest first; a month or week without children is absent.")
