"""What an agency's records say of a child's standing with children's services before now."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.schemas.ids import AgencyId
from shared.schemas.shapes import Answer, Form


class WhoSaysEarlier(StrEnum):
    """Where it is known from that a child was on a plan or in care before."""

    AGENCY = "agency"
    DECISION = "decision"
    COUNCIL_CASE_SYSTEM = "council_case_system"


class EarlierPlanSource(Answer):
    """Who says that a child was on a plan, or in care, before now."""

    who: WhoSaysEarlier
    agency_id: AgencyId | None = Field(None, description="With `agency`: whose answer says so.")
    as_of: datetime | None = Field(None, description="When it answered, or up to when it was searched.")


class EarlierStanding(Form):
    """What your records say of the child's standing before now. Left out is not known, and never no."""

    child_protection_plan: bool | None = Field(
        None, description="Whether there was a child protection plan that has ended.", examples=[True]
    )
    child_in_need_plan: bool | None = Field(
        None, description="Whether there was a child in need plan that has ended.", examples=[None]
    )
    looked_after: bool | None = Field(
        None, description="Whether a council looked after the child before.", examples=[False]
    )
