"""What an agency's records say of a child's standing with children's services before now."""

from pydantic import Field

from shared.schemas.shapes import Form


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
