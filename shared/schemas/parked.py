"""An event that one handler gave up, as the person who looks after the hub sees it."""

from datetime import datetime

from pydantic import Field

from shared.schemas.ids import EventId
from shared.schemas.shapes import Answer


class ParkedEvent(Answer):
    """What waits for a person. The event's own content stays in the database."""

    handler: str = Field(description="What would have been done about it.", examples=["open_case"])
    event_id: EventId
    event_type: str = Field(examples=["intake.referral_received.v1"])
    reason: str = Field(
        description="Code or class of the last fault; never its words.", examples=["ValidationError"]
    )
    tries: int = Field(examples=[8])
    parked_at: datetime
