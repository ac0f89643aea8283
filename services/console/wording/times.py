"""Times as people count them: London's clock, today and tomorrow by name, how long is left."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from shared.clock import london_date, london_words


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due time in words: "by 2:05pm today" and "3 h 10 min left" or "overdue by 20 min"."""

    by: str
    left: str
    overdue: bool


def when(at: datetime, now: datetime) -> str:
    """Return an instant as someone says it today: "2:05pm today", "9am on Monday 23 November"."""
    day, _, clock = london_words(at).partition(" at ")
    days = (london_date(at) - london_date(now)).days
    if days in _NEAR_DAYS:
        return f"{clock} {_NEAR_DAYS[days]}"
    this_year = f" {london_date(now).year}"
    return f"{clock} on {day.removesuffix(this_year)}"


#: From here on nobody counts hours.
_FAR_DAYS: Final = 7
_NEAR_DAYS: Final = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def deadline(due_at: datetime, now: datetime) -> Deadline:
    """Return a due time in words, with how long is left or by how much it is missed."""
    overdue = due_at <= now
    length = span(now - due_at if overdue else due_at - now)
    return Deadline(
        f"by {when(due_at, now)}", f"overdue by {length}" if overdue else f"{length} left", overdue
    )


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units, rounded down: "3 h 10 min", "2 days 4 h"."""
    minutes = int(length.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} day{'s' if days > 1 else ''}" + (f" {hours} h" if hours and days < _FAR_DAYS else "")
    if hours:
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{minutes} min" if minutes else "less than a minute"


def day_words(day: date) -> str:
    """Return a calendar date: "2 April 2019"."""
    return f"{day.day} {day:%B %Y}"


def age_words(born_on: date | None, expected_on: date | None, now: datetime) -> str:
    """Return how old a child is today in London; an unborn child by its due date."""
    today = london_date(now)
    if born_on is not None:
        return f"{_age(born_on, today)} (born {day_words(born_on)})"
    if expected_on is None:
        return "Age not known"
    passed = " That date has passed and no birth is recorded: find out." if expected_on < today else ""
    return f"Unborn, due {day_words(expected_on)}.{passed}"


def _age(born_on: date, today: date) -> str:
    months = (today.year - born_on.year) * 12 + today.month - born_on.month - (today.day < born_on.day)
    if months < 0:
        return "Date of birth is in the future"
    if months == 0:
        return f"{(today - born_on).days} days old"
    if months < 24:
        return f"{months} month{'s' if months > 1 else ''} old"
    return f"{months // 12} years old"
