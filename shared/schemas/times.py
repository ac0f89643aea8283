"""The one type of an instant that comes in: it carries its zone, and is kept in UTC."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime
from pydantic_core import PydanticCustomError


def _kept_in_utc(value: datetime) -> datetime:
    # The first and the last year of the calendar lack room for the offsets of some zones.
    if not 1 < value.year < 9999:
        raise PydanticCustomError("not_possible", "This time cannot be kept in UTC.")
    return value.astimezone(UTC)


#: An instant with its offset; 422 without one, and at the very ends of the calendar.
Instant = Annotated[AwareDatetime, AfterValidator(_kept_in_utc)]
