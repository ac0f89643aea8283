"""Who has spoken for a child until the hub opens: nights, weekends, holidays, what ends a word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.triage.errors.day import WaitNotWhole, WaitOutOfReach
from services.triage.evidence.night import kind_of, night_of, spoken_for
from services.triage.models import Wait
from shared.calendar import last_closing, last_opening, next_opening
from shared.schemas.board import Spoken, WaitForm, WaitKind

FRIDAY_FIVE = datetime(2026, 11, 20, 17, tzinfo=UTC)
MONDAY_NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
CHRISTMAS_EVE = datetime(2026, 12, 24, 16, tzinfo=UTC)
#: Christmas Day is a Friday, and Boxing Day is had on the Monday.
AFTER_CHRISTMAS = datetime(2026, 12, 29, 9, tzinfo=UTC)
SUMMER_NIGHT = datetime(2026, 7, 1, 22, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        (FRIDAY_FIVE, MONDAY_NINE),
        (MONDAY_NINE - MINUTE, MONDAY_NINE),
        (MONDAY_NINE, MONDAY_NINE + timedelta(days=1)),
        (CHRISTMAS_EVE, AFTER_CHRISTMAS),
        (SUMMER_NIGHT, datetime(2026, 7, 2, 8, tzinfo=UTC)),
    ],
)
def test_the_hub_opens_next_on_a_working_day_by_londons_clock(now: datetime, opens_at: datetime) -> None:
    assert next_opening(now) == opens_at
    assert last_opening(opens_at) == opens_at
    assert last_opening(now) <= now < next_opening(now)
    assert last_closing(now) <= now
    assert last_opening(opens_at - MINUTE) < last_closing(opens_at) < opens_at


def a_form(**given: Any) -> WaitForm:
    return WaitForm(**given)


def a_word(**given: Any) -> Wait:
    return Wait(**{"said_at": FRIDAY_FIVE} | given)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"why": "Seen."},
        {"safe_until": MONDAY_NINE},
        {"handed_to": "Jo"},
        {"handed_to": "Jo", "read_back_by": "Jo"},
        {
            "safe_until": MONDAY_NINE,
            "why": "Seen.",
            "handed_to": "Jo",
            "read_back_by": "Jo",
            "at": FRIDAY_FIVE,
        },
    ],
)
def test_neither_a_half_word_nor_two_at_once_is_taken(given: dict[str, Any]) -> None:
    with pytest.raises(WaitNotWhole):
        kind_of(a_form(**given), night_of(FRIDAY_FIVE), now=FRIDAY_FIVE)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"safe_until": FRIDAY_FIVE, "why": "Seen."}, "in_the_past"),
        ({"safe_until": MONDAY_NINE + timedelta(hours=8, minutes=1), "why": "Seen."}, "too_far_ahead"),
        ({"handed_to": "Jo", "read_back_by": "Jo", "at": FRIDAY_FIVE + MINUTE}, "in_the_future"),
        ({"handed_to": "Jo", "read_back_by": "Jo", "at": FRIDAY_FIVE - timedelta(hours=9)}, "too_long_ago"),
    ],
)
def test_no_word_reaches_past_the_next_working_day(given: dict[str, Any], code: str) -> None:
    with pytest.raises(WaitOutOfReach) as refused:
        kind_of(a_form(**given), night_of(FRIDAY_FIVE), now=FRIDAY_FIVE)
    assert [error.code for error in refused.value.errors] == [code]


def test_a_whole_word_is_one_of_two_kinds() -> None:
    night = night_of(FRIDAY_FIVE)
    safe = a_form(safe_until=night.ends, why="Seen.")
    handed = a_form(handed_to="Jo", read_back_by="Sam", at=FRIDAY_FIVE)
    assert kind_of(safe, night, now=FRIDAY_FIVE) is WaitKind.SAFE_UNTIL
    assert kind_of(handed, night, now=FRIDAY_FIVE) is WaitKind.EMERGENCY_DUTY


@pytest.mark.parametrize(
    ("word", "heard_at", "now", "spoken"),
    [
        (None, None, FRIDAY_FIVE, Spoken.NOBODY),
        # It must last until the hub opens, not only through tonight.
        (a_word(safe_until=FRIDAY_FIVE + timedelta(hours=16)), None, FRIDAY_FIVE, Spoken.NOBODY),
        (a_word(safe_until=MONDAY_NINE), None, FRIDAY_FIVE, Spoken.SPOKEN_FOR),
        (a_word(safe_until=MONDAY_NINE), None, MONDAY_NINE - MINUTE, Spoken.SPOKEN_FOR),
        # The next evening somebody looks again.
        (a_word(safe_until=MONDAY_NINE), None, MONDAY_NINE, Spoken.NOBODY),
        (a_word(safe_until=MONDAY_NINE), FRIDAY_FIVE + MINUTE, FRIDAY_FIVE + MINUTE, Spoken.HEARD_SINCE),
        (a_word(safe_until=MONDAY_NINE), FRIDAY_FIVE - MINUTE, FRIDAY_FIVE, Spoken.SPOKEN_FOR),
        (a_word(read_back_at=FRIDAY_FIVE), None, MONDAY_NINE - MINUTE, Spoken.SPOKEN_FOR),
        (a_word(read_back_at=FRIDAY_FIVE), None, MONDAY_NINE, Spoken.NOBODY),
    ],
)
def test_a_word_lasts_until_the_hub_opens_or_more_is_heard(
    word: Wait | None, heard_at: datetime | None, now: datetime, spoken: Spoken
) -> None:
    assert spoken_for(word, heard_at, night_of(now)) is spoken
