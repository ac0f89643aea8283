"""Dates and instants as they come in: written in one way, so that no string of digits is taken for a time."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError

_WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WRITTEN_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9].*")


def _written_as_a_day(value: object) -> object:
    # Pydantic reads "20190402" as seconds since 1970: a child of seven would become one of fifty-six.
    if isinstance(value, date) or (isinstance(value, str) and _WRITTEN_DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("not_a_date", "A date is written YYYY-MM-DD.")


def _written_as_an_instant(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _WRITTEN_INSTANT.fullmatch(value)):
        return value
    raise PydanticCustomError("not_an_instant", "A time is written YYYY-MM-DDTHH:MM:SS, with Z or an offset.")


def _kept_in_utc(value: datetime) -> datetime:
    # The first and the last year of the calendar lack room for the offsets of some zones. What is asked of
    # is the instant in UTC, so that one that was taken once is taken again when it is read back.
    try:
        at = value.astimezone(UTC)
    except OverflowError:
        raise _not_possible() from None
    if not 1 < at.year < 9999:
        raise _not_possible()
    return at


def _not_possible() -> PydanticCustomError:
    return PydanticCustomError("not_possible", "This time cannot be kept in UTC.")


#: A day of the calendar, as a child's date of birth.
Day = Annotated[date, Field(strict=False), BeforeValidator(_written_as_a_day)]
#: An instant with its offset, kept in UTC; refused without one, and at the very ends of the calendar.
Instant = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_written_as_an_instant), AfterValidator(_kept_in_utc)
]
