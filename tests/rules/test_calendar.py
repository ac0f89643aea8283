"""Working time: opening hours, weekends, bank holidays and the two nights that are not 24 hours long."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.calendar import (
    WorkingHours,
    add_working_days,
    add_working_time,
    is_working_day,
    working_time_between,
)
from shared.clock import LONDON, london_date, london_words, utc_now

EIGHT_HOURS = timedelta(hours=8)

#: Bank holidays of England and Wales as published, copied here so that a library update is checked by us.
BANK_HOLIDAYS = """
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
"""

instants = st.datetimes(datetime(2022, 1, 1), datetime(2027, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(), timedelta(hours=60))


def london(text: str) -> datetime:
    """Return a London clock time, such as "2026-11-23 14:00", as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_weekdays_off_are_the_published_bank_holidays_and_no_others() -> None:
    days = [date(2022, 1, 1) + timedelta(days=n) for n in range(6 * 365 + 1)]

    off = [day.isoformat() for day in days if day.weekday() < 5 and not is_working_day(day)]

    assert off == BANK_HOLIDAYS.split()


def test_no_weekend_day_is_a_working_day() -> None:
    assert not is_working_day(date(2026, 11, 21))
    assert not is_working_day(date(2026, 11, 22))
    assert is_working_day(date(2026, 11, 23))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 14:00", 8, "2026-11-24 14:00"),  # overnight
        ("2026-11-21 03:00", 8, "2026-11-23 17:00"),  # Saturday: closing on Monday, not opening on Tuesday
        ("2026-11-23 09:00", 8, "2026-11-23 17:00"),  # a whole day ends at closing
        ("2026-11-23 17:00", 8, "2026-11-24 17:00"),  # received at closing
        ("2026-11-23 18:30", 1, "2026-11-24 10:00"),  # received in the evening
        ("2026-11-23 06:00", 1, "2026-11-23 10:00"),  # received before opening
        ("2026-12-24 16:00", 2, "2026-12-29 10:00"),  # Friday and Monday are Christmas holidays
        ("2026-11-20 16:59", 1, "2026-11-23 09:59"),  # over a weekend
        ("2026-11-21 03:00", 0, "2026-11-23 09:00"),  # nothing to do still waits for opening
        ("2026-11-23 17:00", 0, "2026-11-23 17:00"),  # and a time on closing stays there
        ("2026-03-27 16:00", 2, "2026-03-30 10:00"),  # summer time begins on Sunday 29 March
        ("2026-10-23 16:00", 2, "2026-10-26 10:00"),  # and ends on Sunday 25 October
    ],
)
def test_working_time_is_consumed_in_opening_hours_only(start: str, hours: int, due: str) -> None:
    assert add_working_time(london(start), timedelta(hours=hours)) == london(due)


def test_due_times_come_back_in_utc() -> None:
    due = add_working_time(london("2026-07-06 10:00"), timedelta(hours=1))

    assert due.tzinfo is UTC
    assert due == datetime(2026, 7, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-23 14:00", 1, "2026-11-24 14:00"),
        ("2026-11-21 12:00", 1, "2026-11-23 17:00"),
        ("2026-12-23 10:00", 3, "2026-12-30 10:00"),
        ("2026-03-27 14:00", 1, "2026-03-30 14:00"),
        ("2026-10-23 14:00", 1, "2026-10-26 14:00"),
        ("2026-01-05 11:00", 45, "2026-03-09 11:00"),
    ],
)
def test_a_working_day_is_one_day_of_opening_hours(start: str, days: int, due: str) -> None:
    assert add_working_days(london(start), days) == london(due)


def test_a_hub_may_keep_longer_hours() -> None:
    long_day = WorkingHours(opens=time(8), closes=time(20))

    assert add_working_days(london("2026-11-23 19:00"), 1, long_day) == london("2026-11-24 19:00")
    assert add_working_time(london("2026-11-23 19:00"), timedelta(hours=2), long_day) == london(
        "2026-11-24 09:00"
    )


@pytest.mark.parametrize("night", ["2026-03-28 12:00", "2026-10-24 12:00"])
def test_the_nights_the_clocks_change_hold_no_working_time(night: str) -> None:
    saturday = london(night)

    assert working_time_between(saturday, saturday + timedelta(days=1)) == timedelta()


def test_time_left_turns_negative_once_a_due_time_has_passed() -> None:
    due, later = london("2026-11-23 16:00"), london("2026-11-24 10:00")

    assert working_time_between(due, later) == timedelta(hours=2)
    assert working_time_between(later, due) == timedelta(hours=-2)


@given(start=instants, worked=spans)
def test_what_was_added_is_what_lies_between(start: datetime, worked: timedelta) -> None:
    assert working_time_between(start, add_working_time(start, worked)) == worked


@given(start=instants, first=spans, second=spans)
def test_working_in_two_goes_ends_when_working_in_one_does(
    start: datetime, first: timedelta, second: timedelta
) -> None:
    at_once = add_working_time(start, first + second)
    in_two = add_working_time(add_working_time(start, first), second)

    assert working_time_between(at_once, in_two) == timedelta()
    assert second == timedelta() or at_once == in_two


@given(start=instants, worked=spans)
def test_a_due_time_is_never_outside_opening_hours(start: datetime, worked: timedelta) -> None:
    due = add_working_time(start, worked).astimezone(LONDON)

    assert start <= due
    assert is_working_day(due.date())
    assert time(9) <= due.time() <= time(17)


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 23, 14)  # noqa: DTZ001

    for refused in (
        lambda: add_working_time(naive, EIGHT_HOURS),
        lambda: add_working_days(naive, 1),
        lambda: working_time_between(naive, utc_now()),
        lambda: london_date(naive),
        lambda: london_words(naive),
    ):
        with pytest.raises(ValueError, match="timezone"):
            refused()


def test_working_time_is_only_added_forwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_time(utc_now(), timedelta(seconds=-1))


def test_an_instant_is_not_taken_for_a_date() -> None:
    with pytest.raises(ValueError, match="date"):
        is_working_day(london("2026-12-25 10:00"))


@pytest.mark.parametrize(
    ("opens", "closes"), [(time(17), time(9)), (time(9), time(9)), (time(9), time(17, tzinfo=UTC))]
)
def test_hours_that_cannot_be_kept_are_refused(opens: time, closes: time) -> None:
    with pytest.raises(ValueError, match=r"closing|timezone"):
        WorkingHours(opens, closes)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 14, 5, tzinfo=UTC), "Monday 23 November 2026 at 2:05pm"),
        (datetime(2026, 6, 1, 8, 0, tzinfo=UTC), "Monday 1 June 2026 at 9am"),
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "Monday 23 November 2026 at midday"),
        (datetime(2026, 6, 1, 23, 0, tzinfo=UTC), "Tuesday 2 June 2026 at midnight"),
        (datetime(2026, 11, 23, 0, 1, 59, tzinfo=UTC), "Monday 23 November 2026 at 12:01am"),
        (datetime(2026, 11, 23, 12, 30, tzinfo=UTC), "Monday 23 November 2026 at 12:30pm"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Sunday 25 October 2026 at 1:30am BST"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Sunday 25 October 2026 at 1:30am GMT"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Sunday 29 March 2026 at 2:30am"),
    ],
)
def test_people_read_london_time_in_their_own_words(at: datetime, words: str) -> None:
    assert london_words(at) == words


def test_a_summer_evening_belongs_to_the_london_date() -> None:
    assert london_date(datetime(2026, 6, 1, 23, 30, tzinfo=UTC)) == date(2026, 6, 2)
    assert utc_now().tzinfo is UTC
