"""What the policy is told about a child: ages worked out with care, and silence never turned into a 0."""

from datetime import date

import pytest
from pydantic import ValidationError

from services.triage.policy.facts import AgencyGrade, ChildFacts, known_age, weigh
from shared.schemas.words import GradeStatus, Sector

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("born", "expected", "age", "unborn"),
    [
        (date(2026, 11, 23), None, 0, False),  # born today
        (date(2025, 11, 23), None, 1, False),  # first birthday
        (date(2025, 11, 24), None, 0, False),  # the day before it
        (date(2019, 4, 2), None, 7, False),
        (date(2019, 4, 2), date(2019, 4, 9), 7, False),  # a birth that was recorded settles it
        (None, date(2027, 2, 1), None, True),
        (None, date(2026, 8, 1), None, True),  # overdue: unborn until somebody records the birth
        (None, None, None, False),
        (date(2026, 11, 24), None, None, False),  # a birth in the future says nothing
        (date(1926, 11, 1), None, None, False),  # nor does a child of a hundred
        (date(2000, 11, 24), None, 25, False),
    ],
)
def test_an_age_is_whole_years_or_unknown(
    born: date | None, expected: date | None, age: int | None, unborn: bool
) -> None:
    assert known_age(date_of_birth=born, expected_date_of_birth=expected, today=TODAY) == (age, unborn)


def test_a_child_of_29_february_is_older_on_1_march() -> None:
    born = date(2024, 2, 29)

    the_day_before, the_day = (
        known_age(date_of_birth=born, expected_date_of_birth=None, today=day)[0]
        for day in (date(2025, 2, 28), date(2025, 3, 1))
    )

    assert (the_day_before, the_day) == (0, 1)


@pytest.mark.parametrize("status", [GradeStatus.NOTHING_KNOWN, GradeStatus.UNABLE])
def test_nothing_known_and_unable_are_not_a_grade(status: GradeStatus) -> None:
    facts = ChildFacts(grades=(AgencyGrade(agency_id="a", sector=Sector.HEALTH, status=status),))

    assert weigh(facts).grades == ()
    with pytest.raises(ValidationError, match="without one"):
        AgencyGrade(agency_id="a", status=status, grade=0)


def test_graded_without_a_grade_is_refused() -> None:
    with pytest.raises(ValidationError, match="with a grade"):
        AgencyGrade(agency_id="a", status=GradeStatus.GRADED)


def test_an_agency_counts_once_with_its_highest_grade() -> None:
    first, again = AgencyGrade(agency_id="a", grade=4), AgencyGrade(agency_id="a", grade=2)
    sender = AgencyGrade(agency_id="a", grade=3)

    assert weigh(ChildFacts(grades=(first, again), sender_grade=sender)).grades == (4,)


def test_a_code_that_is_not_on_the_list_counts_as_unknown_wherever_it_stands() -> None:
    evidence = weigh(ChildFacts(indicators=("neglect.eraly",), unknown_indicators=("not_coded",)))

    assert (evidence.indicators, evidence.unknown_count) == (frozenset(), 2)


def test_an_unborn_child_with_an_age_is_refused() -> None:
    with pytest.raises(ValidationError, match="no age"):
        ChildFacts(unborn=True, age_years=0)


def test_facts_come_back_from_storage_as_they_went() -> None:
    facts = ChildFacts(
        indicators=("neglect.early",),
        age_years=3,
        grades=(AgencyGrade(agency_id="a", sector=Sector.POLICE, grade=3),),
        not_answered=(Sector.HEALTH,),
    )

    assert ChildFacts.model_validate_json(facts.model_dump_json()) == facts
