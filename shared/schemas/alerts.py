"""A Red child reaches a person: the alert as staff see it, and the page that names nobody."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.schemas.ids import AlertId
from shared.schemas.shapes import Answer
from shared.schemas.timers import ChildOfList


class PageContact(StrEnum):
    """Who is called: the first at once, the second when nobody has acknowledged in time."""

    FIRST = "first"
    SECOND = "second"


class PageView(Answer):
    """A call to somebody about an alert."""

    contact: PageContact
    tries: int = Field(examples=[1])
    taken_at: datetime | None = Field(description="When the gateway first took it; null: not yet.")
    problem: str | None = Field(description="What kept the last try from it.", examples=["timeout"])


class AlertView(ChildOfList):
    """A child graded Red, for a person to say that they have seen it."""

    alert_id: AlertId
    raised_at: datetime
    escalated_at: datetime | None = Field(description="When nobody had acknowledged it in time.")
    acknowledged_at: datetime | None
    acknowledged_by: str | None = Field(examples=["Dana Reid"])
    closed: bool = Field(
        False,
        description="It is of a restricted case that you are not named for: a manager is, or opens it.",
    )
    pages: list[PageView] = Field(description="Empty where no page is configured.")


class RedPage(Answer):
    """What the hub sends to the deployment's gateway. It names nobody: open the hub."""

    alert_id: AlertId = Field(description="The same for every try: a gateway may tell by it.")
    contact: PageContact
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    words: str = Field(examples=["A child is graded Red: open the hub."])
