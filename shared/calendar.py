"""Working time in England: which days and hours count, and when so much of it will have passed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Final

from holidays.countries.united_kingdom import UnitedKingdom

from shared.clock import LONDON, london_date

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
_NO_TIME: Final = timedelta()


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The hours of a working day, in London time; a day opens and closes on the same date."""

    opens: time = time(9)
    closes: time = time(17)

    def __post_init__(self) -> None:
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("opening and closing are London clock times, without a timezone of their own")
        if self.closes <= self.opens:
            raise ValueError("closing must come after opening")

    @property
    def day(self) -> timedelta:
        """How much time one working day holds: eight hours by default."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)


#: The hub's hours where a deployment says nothing else.
OFFICE_HOURS: Final = WorkingHours()


def is_working_day(day: date) -> bool:
    """Return whether a London date is Monday to Friday and no bank holiday in England.

    Raises:
        ValueError: an instant was given; it has no date until `london_date` says so.
    """
    if isinstance(day, datetime):
        # Python counts a datetime as a date, but never finds one in a set of dates: holidays would be lost.
        raise ValueError("ask about a date, not an instant")  # noqa: TRY004
    return day.weekday() < _SATURDAY and day not in _bank_holidays(day.year)


def add_working_time(start: datetime, worked: timedelta, hours: WorkingHours = OFFICE_HOURS) -> datetime:
    """Return when `worked` of working time will have passed since `start`, in UTC.

    A time that falls on closing stays there: it is not moved to the next opening. Nothing to work leaves an
    instant within hours (closing included) as it is, and moves any other to the next opening.

    Raises:
        ValueError: `start` has no timezone, or `worked` is negative.
    """
    if worked < _NO_TIME:
        raise ValueError("working time can only be added forwards")
    begun = _utc(start)
    for opens_at, closes_at in _openings(london_date(begun), hours):
        if closes_at < begun:
            continue
        from_at = max(begun, opens_at)
        # On closing with time still to work, this day gives nothing and the next one is asked.
        if worked <= closes_at - from_at:
            return from_at + worked
        worked -= closes_at - from_at
    raise AssertionError  # openings never end


def add_working_days(start: datetime, days: int, hours: WorkingHours = OFFICE_HOURS) -> datetime:
    """Return when `days` working days' worth of hours will have passed since `start`, in UTC.

    One day after Monday 14:00 is Tuesday 14:00; one day after any time on Saturday is Monday at closing.

    Raises:
        ValueError: `start` has no timezone, or `days` is negative.
    """
    return add_working_time(start, days * hours.day, hours)


def working_time_between(begun: datetime, ended: datetime, hours: WorkingHours = OFFICE_HOURS) -> timedelta:
    """Return the working time from `begun` to `ended`; negative when `ended` is the earlier one.

    Raises:
        ValueError: one of the two has no timezone.
    """
    first, last = _utc(begun), _utc(ended)
    if last < first:
        return -working_time_between(last, first, hours)
    total = _NO_TIME
    for opens_at, closes_at in _openings(london_date(first), hours):
        if opens_at >= last:
            break
        total += max(_NO_TIME, min(closes_at, last) - max(opens_at, first))
    return total


def next_opening(at: datetime, hours: WorkingHours = OFFICE_HOURS) -> datetime:
    """Return when the next working day begins after `at`, in UTC: over weekends and bank holidays.

    Raises:
        ValueError: `at` has no timezone.
    """
    begun = _utc(at)
    return next(opens_at for opens_at, _ in _openings(london_date(begun), hours) if opens_at > begun)


def last_opening(at: datetime, hours: WorkingHours = OFFICE_HOURS) -> datetime:
    """Return when the newest working day that has begun by `at` began, in UTC.

    Raises:
        ValueError: `at` has no timezone.
    """
    ended = _utc(at)
    return next(opens_at for opens_at, _ in _openings_back(london_date(ended), hours) if opens_at <= ended)


def last_closing(at: datetime, hours: WorkingHours = OFFICE_HOURS) -> datetime:
    """Return when the newest working day that is over by `at` closed, in UTC.

    Raises:
        ValueError: `at` has no timezone.
    """
    ended = _utc(at)
    return next(closes_at for _, closes_at in _openings_back(london_date(ended), hours) if closes_at <= ended)


def _openings_back(day: date, hours: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """Yield opening and closing of every working day from `day` back."""
    while True:
        if is_working_day(day):
            yield _opening(day, hours)
        day -= _DAY


def _openings(day: date, hours: WorkingHours) -> Iterator[tuple[datetime, datetime]]:
    """Yield opening and closing of every working day from `day` on."""
    while True:
        if is_working_day(day):
            yield _opening(day, hours)
        day += _DAY


@lru_cache(maxsize=4096)
def _opening(day: date, hours: WorkingHours) -> tuple[datetime, datetime]:
    # Both ends go through London for their own date: a night an hour short or long is counted as it was.
    return (
        datetime.combine(day, hours.opens, LONDON).astimezone(UTC),
        datetime.combine(day, hours.closes, LONDON).astimezone(UTC),
    )


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    """Return the bank holidays of a year as plain dates: the library's own look-up is many times slower."""
    # The class itself, because the library's typed `country_holidays` reads every country of the world on its
    # first call, which would be a quarter of a second of somebody's request; imported, it is done at start.
    return frozenset(UnitedKingdom(subdiv="ENG", years=year))  # type: ignore[no-untyped-call]


def _utc(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("an instant needs a timezone")
    return at.astimezone(UTC)
