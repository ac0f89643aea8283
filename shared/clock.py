"""What time it is: stored in UTC, counted and spoken in London."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

#: The zone that working hours, dates and every time shown to a person are in.
LONDON: Final = ZoneInfo("Europe/London")


def utc_now() -> datetime:
    """Return this instant, aware, in UTC. Called at the edge only; actions and rules are handed `now`."""
    return datetime.now(UTC)


def london_date(at: datetime) -> date:
    """Return the calendar date in London at that instant.

    Raises:
        ValueError: `at` has no timezone.
    """
    return _in_london(at).date()


def london_words(at: datetime) -> str:
    """Return an instant as people in England write it: "Monday 23 November 2026 at 2:05pm".

    Twelve-hour clock in London, "midday" and "midnight" by name (midnight is the first minute of the day
    named), no minutes on the hour. In the hour that is lived twice when summer time ends, BST or GMT is
    added, because the clock alone would not say which was meant.

    Raises:
        ValueError: `at` has no timezone.
    """
    local = _in_london(at)
    return f"{local:%A} {local.day} {local:%B} {local.year} at {_clock_words(local)}{_which_hour(local)}"


def _clock_words(local: datetime) -> str:
    if local.minute == 0 and local.hour in (0, 12):
        return "midday" if local.hour else "midnight"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"


def _which_hour(local: datetime) -> str:
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f" {local:%Z}" if twice else ""


def _in_london(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("an instant needs a timezone")
    return at.astimezone(LONDON)
