"""By what a child is looked for outside the hub: all that names it, each once, the contact's own first."""

from datetime import UTC, date, datetime
from typing import Any

from services.triage.evidence.sought import sought_child
from services.triage.evidence.whom_to_find import adult_to_find
from services.triage.models import CaseChild, Contact
from shared.schemas.council_system import SoughtChild
from shared.schemas.ids import new_id

NOW = datetime(2026, 11, 22, 10, 12, tzinfo=UTC)


def a_record(**given: Any) -> CaseChild:
    values = {"given_name": "Maisie", "family_name": "Example", "details": {}} | given
    return CaseChild(**values)


def look_for(*records: CaseChild) -> SoughtChild | None:
    return sought_child(records, request_id=new_id(), as_at=NOW)


def names_of(*records: CaseChild) -> list[tuple[str | None, str | None]]:
    sought = look_for(*records)
    assert sought is not None
    return [(name.given_name, name.family_name) for name in sought.names]


def test_one_name_in_two_spellings_of_case_and_space_is_one() -> None:
    again = a_record(given_name=" MAISIE ", family_name="example")
    assert names_of(a_record(), again) == [("Maisie", "Example")]


def test_another_name_takes_from_the_own_one_what_it_leaves_out() -> None:
    said = [{"given_name": None, "family_name": "Sample"}, {"given_name": "May", "family_name": None}]
    told = names_of(a_record(details={"other_names": said}))
    assert told == [("Maisie", "Example"), ("Maisie", "Sample"), ("May", "Example")]


def test_what_records_say_differently_is_all_asked_with_the_contacts_own_first() -> None:
    one = a_record(date_of_birth=date(2019, 4, 2), details={"nhs_number": "999 123 4500", "sex": "F"})
    other = a_record(date_of_birth=date(2019, 2, 4), details={"nhs_number": "9991234500", "upn": "P1"})
    sought = look_for(one, other)
    assert sought is not None
    assert sought.dates_of_birth == [date(2019, 4, 2), date(2019, 2, 4)]
    assert (sought.nhs_numbers, sought.upns, sought.sexes) == (["9991234500"], ["P1"], ["F"])


def test_a_number_alone_names_a_child_and_a_date_alone_names_nobody() -> None:
    nameless = {"given_name": None, "family_name": " "}
    assert look_for(a_record(**nameless, details={"upn": "P1"})) is not None
    assert look_for(a_record(**nameless, expected_date_of_birth=date(2027, 2, 14))) is None


def test_a_child_under_very_many_names_is_asked_about_under_the_first_of_them() -> None:
    assert len(names_of(*(a_record(given_name=f"Maisie{number}") for number in range(50)))) == 20


def test_an_adult_is_found_by_what_the_contact_says_now_in_whatever_order_and_by_nobody_elses_facts() -> None:
    asked = {"given_name": "Dean", "family_name": "Example", "place": 0}
    ada, dean = ({"given_name": name, "family_name": "Example"} for name in ("Ada", "dean "))
    moved = Contact(adults=[ada | {"date_of_birth": "1960-02-03"}, dean | {"date_of_birth": "1990-01-31"}])

    found = adult_to_find(moved, asked)

    assert found is not None
    assert found.date_of_birth == date(1990, 1, 31)
    assert adult_to_find(Contact(adults=[ada]), asked) is None
    assert adult_to_find(None, asked) is None
