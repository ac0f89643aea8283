"""What falls due when, over ten years: held against a table of half-hours that was made in another way."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import pairwise

import holidays
import pytest

from services.triage import rules
from services.triage.errors.timers import TargetNotToCome, TargetNotWorkingDay
from services.triage.rules import Times
from shared.calendar import add_working_days, is_working_day
from shared.clock import LONDON
from shared.schemas.words import Rag

Due = Callable[[datetime], datetime]
Note = Callable[[str, object], None]
TIMES = Times()
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC)
HALF = timedelta(minutes=30)
HOUR = timedelta(hours=1)
DAY = 16
#: Every rule of working time with its half-hours of work, and at which instants of the ten years it is asked.
WORKING: dict[str, tuple[Due, int, timedelta]] = {
    "screening": (lambda at: rules.screen_by(at, Rag.AMBER, TIMES), 8, HOUR),
    "decision": (lambda at: rules.decide_by(at, Rag.GREEN, TIMES), DAY, HOUR),
    "return, amber": (lambda at: rules.return_by(at, Rag.AMBER, TIMES, decide_by=at), 12, HOUR),
    "return, green": (lambda at: rules.return_by(at, Rag.GREEN, TIMES, decide_by=at), 48, 2 * HOUR),
    "acceptance": (lambda at: rules.accept_by(at, Rag.GREEN, TIMES), DAY, 3 * HOUR),
    "second look": (lambda at: rules.look_by(at, Rag.GREEN, TIMES), 8, HOUR),
    "review of a target": (
        lambda at: rules.review_by(at, LAST + timedelta(days=99), TIMES) or at,
        10 * DAY,
        7 * HALF,
    ),
}
#: What is due in so many days, the day it began not counted, as the last of them closes.
BY_DAYS: dict[str, tuple[Due, int]] = {
    "conference": (partial(rules.confer_by, times=TIMES), 15),
    "assessment": (partial(rules.assess_by, times=TIMES), 45),
}
RED: dict[str, tuple[Due, timedelta]] = {
    "screening": (lambda at: rules.screen_by(at, Rag.RED, TIMES), timedelta(hours=1)),
    "decision": (lambda at: rules.decide_by(at, Rag.RED, TIMES), timedelta(hours=4)),
    "return": (lambda at: rules.return_by(at, Rag.RED, TIMES, decide_by=at), timedelta(hours=2)),
    "second look": (lambda at: rules.look_by(at, Rag.RED, TIMES), timedelta(hours=1)),
    "acceptance": (lambda at: rules.accept_by(at, Rag.RED, TIMES), timedelta(hours=1)),
}


def instants(step: timedelta) -> Iterator[datetime]:
    at = FIRST
    while at < LAST:
        yield at
        at += step


@pytest.fixture(scope="module")
def open_halves() -> list[int]:
    """Return the half-hours of ten years and a bit, counted from the first, in which people are at work."""
    free = holidays.country_holidays("GB", subdiv="ENG", years=range(2025, 2037))
    halves = int((LAST - FIRST + timedelta(days=120)) / HALF)
    local = [(FIRST + place * HALF).astimezone(LONDON) for place in range(halves)]
    return [
        place
        for place, at in enumerate(local)
        if at.isoweekday() <= 5 and 9 <= at.hour < 17 and at.date() not in free
    ]


@pytest.mark.parametrize("name", WORKING)
def test_working_time_is_what_a_table_of_half_hours_says(
    name: str, open_halves: list[int], record_property: Note
) -> None:
    due, work, step = WORKING[name]
    count = 0
    for at in instants(step):
        first = bisect_left(open_halves, int((at - FIRST) / HALF))
        expected = FIRST + (open_halves[first + work - 1] + 1) * HALF
        worked_out = due(at)
        assert worked_out == expected, at
        assert worked_out.tzinfo is UTC
        count += 1
    record_property("due_times", count)


@pytest.mark.parametrize("name", BY_DAYS)
def test_what_is_counted_in_days_is_due_as_the_last_of_them_closes(
    name: str, open_halves: list[int], record_property: Note
) -> None:
    due, days = BY_DAYS[name]
    open_days = sorted({(FIRST + place * HALF).astimezone(LONDON).date() for place in open_halves})
    count = 0
    for at in instants(7 * HALF):
        on = open_days[bisect_right(open_days, at.astimezone(LONDON).date()) + days - 1]
        worked_out = due(at)
        assert worked_out == datetime.combine(on, time(17), LONDON), at
        assert worked_out.tzinfo is UTC
        count += 1
    record_property("due_times", count)


@pytest.mark.parametrize("name", RED)
def test_red_runs_through_the_night(name: str, record_property: Note) -> None:
    due, elapsed = RED[name]
    count = 0
    for at in instants(3 * HOUR):
        assert due(at) - at == elapsed
        assert due(at).tzinfo is UTC
        count += 1
    record_property("due_times", count)


@pytest.mark.parametrize("name", [*WORKING, *BY_DAYS])
def test_nothing_that_arrives_later_is_due_before_nor_by_another_zone(name: str) -> None:
    due = (WORKING | BY_DAYS)[name][0]
    for one, other in pairwise(instants(timedelta(hours=31, minutes=17))):
        assert one <= due(one) <= due(other)
        assert due(one.astimezone(LONDON)) == due(one)


def test_red_is_never_due_after_another_colour() -> None:
    for at in instants(timedelta(hours=5)):
        for due in (rules.decide_by, rules.screen_by, rules.accept_by, rules.look_by):
            assert due(at, Rag.RED, TIMES) <= due(at, Rag.AMBER, TIMES) == due(at, Rag.GREEN, TIMES)


def test_drift_is_found_after_working_days_and_never_looked_for_too_late() -> None:
    for at in instants(timedelta(hours=7)):
        found_at = add_working_days(at, TIMES.drift_working_days)
        assert rules.has_drifted(at, found_at, TIMES)
        assert not rules.has_drifted(at, found_at - timedelta(seconds=1), TIMES)
        assert at <= rules.may_have_drifted(found_at, TIMES)


@pytest.mark.parametrize(
    ("target_on", "due_at"),
    [
        (date(2026, 12, 4), datetime(2026, 12, 4, 17, tzinfo=UTC)),
        # The last working day before summer time ends, and one in it.
        (date(2026, 10, 23), datetime(2026, 10, 23, 16, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 26, 17, tzinfo=UTC)),
    ],
)
def test_a_target_is_due_as_its_day_closes_in_london(target_on: date, due_at: datetime) -> None:
    set_at = datetime(2026, 10, 1, 9, tzinfo=UTC)
    assert rules.target_due(target_on, set_at=set_at) == due_at
    with pytest.raises(TargetNotToCome):
        rules.target_due(target_on, set_at=due_at)


@pytest.mark.parametrize("target_on", [date(2026, 12, 25), date(2026, 12, 28), date(2026, 4, 3)])
def test_a_target_is_not_for_a_day_when_nobody_is_at_work(target_on: date) -> None:
    with pytest.raises(TargetNotWorkingDay):
        rules.target_due(target_on, set_at=FIRST)


def test_a_target_that_ends_before_its_day_ten_is_not_looked_at_on_the_way() -> None:
    set_at = datetime(2026, 12, 1, 10, tzinfo=UTC)
    day_ten = rules.review_by(set_at, LAST, TIMES)
    assert day_ten == datetime(2026, 12, 15, 10, tzinfo=UTC)
    assert rules.review_by(set_at, day_ten, TIMES) is None


def test_a_review_is_due_as_the_day_that_was_set_closes_or_the_next_on_which_somebody_works() -> None:
    """On every day of ten years, said the day before, at noon of the day and when it had closed."""
    at_work = [day for day in _days() if is_working_day(day)]
    for day in list(_days())[1:-30]:
        noon = datetime.combine(day, time(12), LONDON)
        for said, from_on in ((noon - timedelta(days=1), day), (noon, day), (noon + 6 * HOUR, None)):
            first = day + timedelta(days=1) if from_on is None else from_on
            found = rules.look_again_by(day, said.astimezone(UTC)).astimezone(LONDON)
            assert (found.date(), found.time()) == (at_work[bisect_left(at_work, first)], time(17))
            began = rules.began_before(found.astimezone(UTC))
            assert (began.astimezone(LONDON).time(), rules.closes_after(began)) == (time(), found)


def _days() -> Iterator[date]:
    day = FIRST.date()
    while day < LAST.date():
        yield day
        day += timedelta(days=1)
