"""How much waits in each part of the work list of whoever decides."""

from pydantic import Field

from shared.schemas.shapes import Answer


class WorkLists(Answer):
    """Cases that wait, by the part of the work list they stand in; one case may stand in several."""

    mine: int = Field(description="To decide, held by the reader.", examples=[3])
    my_team: int = Field(description="To decide, held by one of the reader's teams.", examples=[11])
    unallocated: int = Field(description="To decide, held by nobody by name.", examples=[2])
    to_decide: int = Field(examples=[24])
    second_look: int = Field(description="With a decision that waits for a second person.", examples=[1])
    breached: int = Field(description="Not done in time, without a reason; each once.", examples=[4])
