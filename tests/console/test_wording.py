"""The words of pages: times, ages, names, grades."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.console import wording
from services.console.wording import asking
from shared.schemas.sought import SoughtName, SoughtPerson
from shared.schemas.words import GradeStatus
from tests.console.scenes import NOW, a_child, a_request, an_unborn_sibling


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "10:55am today"),
        (NOW.replace(hour=0, minute=0), "midnight today"),
        (NOW - timedelta(days=1), "10:55am yesterday"),
        (NOW + timedelta(hours=25, minutes=5), "midday tomorrow"),
        (NOW + timedelta(days=4), "10:55am on Friday 27 November"),
        (datetime(2027, 1, 4, 9, tzinfo=UTC), "9am on Monday 4 January 2027"),
        # Half past eleven at night in UTC is tomorrow in London's summer.
        (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), "12:30am on Tuesday 2 June"),
    ],
)
def test_an_instant_is_said_as_people_say_it_today(at: datetime, words: str) -> None:
    assert wording.when(at, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "less than a minute"),
        (60, "1 min"),
        (3_600, "1 h"),
        (11_400, "3 h 10 min"),
        (86_400, "1 day"),
        (187_200, "2 days 4 h"),
    ],
)
def test_a_length_of_time_is_rounded_down_to_two_units(seconds: int, words: str) -> None:
    assert wording.span(timedelta(seconds=seconds)) == words


def test_what_is_due_this_very_moment_is_overdue() -> None:
    assert wording.deadline(NOW, NOW).overdue


@pytest.mark.parametrize(
    ("born_on", "expected_on", "words"),
    [
        (date(2026, 11, 20), None, "3 days old (born 20 November 2026)"),
        (date(2026, 10, 24), None, "30 days old (born 24 October 2026)"),
        (date(2026, 10, 23), None, "1 month old (born 23 October 2026)"),
        (date(2024, 11, 24), None, "23 months old (born 24 November 2024)"),
        (date(2024, 11, 23), None, "2 years old (born 23 November 2024)"),
        (date(2027, 1, 1), None, "Date of birth is in the future (born 1 January 2027)"),
        (None, date(2027, 3, 3), "Unborn, due 3 March 2027."),
        (None, None, "Age not known"),
    ],
)
def test_an_age_counts_months_for_the_very_young(
    born_on: date | None, expected_on: date | None, words: str
) -> None:
    assert wording.age_words(born_on, expected_on, NOW) == words


def test_nobody_is_without_a_name_on_the_page() -> None:
    assert wording.child_name(a_child()) == "Maisie Example"
    assert wording.child_name(a_child(given_name=None)) == "Example (first name not known)"
    assert wording.child_name(a_child(given_name=" ", family_name=None)) == "Name not known"
    assert wording.child_name(an_unborn_sibling()) == "Unborn child (Example)"
    assert wording.child_name(an_unborn_sibling(family_name=None)) == "Unborn child"


def test_no_answer_without_a_grade_reads_as_a_figure() -> None:
    assert wording.grade_words(GradeStatus.GRADED, 0) == "0 of 5: no concern"
    assert wording.grade_words(GradeStatus.NOTHING_KNOWN, None) == "Nothing known"
    assert wording.grade_words(GradeStatus.UNABLE, None) == "Unable to grade"


def test_whoever_looks_for_a_child_reads_every_name_but_the_one_that_the_page_calls_it_by() -> None:
    names = [SoughtName(given_name="Maisy", family_name="Exampel"), SoughtName(family_name="Sample")]
    sought = SoughtPerson(names=names, expected_date_of_birth=date(2027, 2, 14), nhs_number="9991234500")
    request = a_request(look_for=sought)

    [as_the_case_says] = asking.people_to_find(request, "Maisie Example")
    [as_its_contact_says] = asking.people_to_find(request, "maisy exampel")

    assert as_the_case_says.rows == [
        ("Also known as", "Maisy Exampel; Sample"),
        ("Expected to be born", "14 February 2027"),
        ("NHS number", "9991234500"),
    ]
    assert as_its_contact_says.rows is not None
    assert as_its_contact_says.rows[0] == ("Also known as", "Sample")
    assert asking.people_to_find(a_request(), "Maisie Example") == [("Maisie Example", None)]
