"""What the hub asks the council's own case system about a child, and what that may answer."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from shared.schemas.shapes import Answer, Form
from shared.schemas.sought import SoughtName
from shared.schemas.text import Code, ShortText, storable
from shared.schemas.words import Sex

MOST_EVENTS: Final = 500
#: Outside these years a time is a slip, and some clocks cannot show it.
_YEARS: Final = range(1900, 2200)


def _likely(at: datetime) -> datetime:
    if at.year not in _YEARS:
        raise PydanticCustomError("unlikely_time", "Nothing that the hub shows happened then.")
    return at


Instant = Annotated[AwareDatetime, AfterValidator(_likely)]

EventWords = Annotated[
    str, StringConstraints(min_length=1, max_length=2_000, strip_whitespace=True), AfterValidator(storable)
]


class SoughtChild(Answer):
    """The child to look for: all that the contact and records linked to it by a person say, each once.

    Of every list what the contact itself says comes first. Nothing stands here by a link that nobody has
    confirmed, so a value that differs is another record of the same child, not a guess.
    """

    request_id: UUID = Field(description="Of this question; also in `X-Request-Id`, and in the hub's audit.")
    as_at: AwareDatetime = Field(description="When the hub asks.")
    names: list[SoughtName]
    dates_of_birth: list[date] = []
    expected_dates_of_birth: list[date] = Field([], description="Of an unborn child.")
    sexes: list[Sex] = []
    nhs_numbers: list[str] = Field([], description="As written, without spaces.", examples=[["9991234500"]])
    upns: list[str] = Field([], examples=[["P000000000001"]])


class CouncilEventKind(StrEnum):
    """What an event of the council's case system is; what fits none is other."""

    CONTACT = "contact"
    REFERRAL = "referral"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    LOOKED_AFTER = "looked_after"
    CLOSURE = "closure"
    OTHER = "other"


class EventSignificance(StrEnum):
    """How much an event weighs for whoever has to read quickly."""

    HIGH = "high"
    NORMAL = "normal"


class CouncilEvent(Form):
    """One thing that the council's case system has on record about the child."""

    event_id: Annotated[Code, Field(min_length=1)] = Field(
        description="The council's own; the same each time. No two events of an answer share one."
    )
    at: Instant = Field(description="With Z or an offset.")
    kind: CouncilEventKind
    words: EventWords = Field(description="What happened, for a person to read.")
    agency: ShortText | None = Field(None, description="Whose doing it was, in words.")
    significance: EventSignificance
    source_reference: Code | None = Field(None, description="By which staff find it in the council's system.")


class CouncilWorker(Form):
    """Who works with the child."""

    name: ShortText | None = Field(None, examples=["Ana Roe"])
    team: ShortText | None = Field(None, examples=["Team East"])
    telephone: Code | None = Field(None, examples=["01632 960001"])


class CouncilStatus(Form):
    """How the child stands with the council now. Null or left out is not said, which is never no."""

    looked_after: bool | None = None
    child_protection_plan: bool | None = None
    child_in_need_plan: bool | None = None
    previous_plan: bool | None = Field(None, description="Whether a plan of either kind has ended before.")
    placing_authority: ShortText | None = Field(None, examples=["Northshire"])
    private_fostering: bool | None = None
    cp_is_flag: bool | None = None
    allocated_worker: CouncilWorker | None = None


class CouncilAnswer(Form):
    """What the adapter of the council's case system answers.

    It is read strictly: a field that the hub does not know makes the whole answer unreadable, so that a
    misspelt `child_protection_plan` is never taken for a child without one.
    """

    found: bool = Field(description="False: the council was searched and knows no such child.")
    as_of: Instant = Field(description="Up to when what was searched is complete.")
    events: Annotated[list[CouncilEvent], Field(max_length=MOST_EVENTS)] = []
    status: CouncilStatus | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if not self.found and (self.events or self.status):
            raise PydanticCustomError("found_nothing", "What was not found has neither events nor a status.")
        if len({event.event_id for event in self.events}) != len(self.events):
            raise PydanticCustomError("given_twice", "Two events share an id.")
        return self
