"""What is odd or missing about a child: asked about, never a reason to hold the child back."""

from typing import Any

import pytest

from services.intake.findings.identity import upn_check_letter
from tests.referrals import a_child
from tests.rules.finding import found, found_in_child

SEEN = {"seen": True, "seen_alone": True, "seen_at": "2026-11-21T10:00:00Z", "views": "Hid upstairs."}
GRADED = {"status": "graded", "grade": 3, "rationale": "Third call in six weeks."}
CASES: list[tuple[dict[str, Any], str, str]] = [
    # Names
    ({"given_name": None, "family_name": ""}, "given_name", "name_missing"),
    ({"given_name": "Mai\u200bsie"}, "given_name", "unusual_characters"),
    ({"given_name": "\u202eelsiaM"}, "given_name", "unusual_characters"),
    ({"family_name": "Exa\u0007mple"}, "family_name", "unusual_characters"),
    ({"family_name": "Exam\u200dple"}, "family_name", "unusual_characters"),
    ({"other_names": [{"given_name": "\ufeffMasie"}]}, "other_names/0", "unusual_characters"),
    ({"other_names": [{"kind": "former"}]}, "other_names/0", "name_missing"),
    # Numbers
    ({"child_id": "0198f0a0-0000-7000-8000-00000000c001"}, "child_id", "not_used_here"),
    ({"nhs_number": "9990000000"}, "nhs_number", "check_digit"),
    ({"nhs_number": "999 000"}, "nhs_number", "check_digit"),
    ({"upn": "A000000000001"}, "upn", "check_letter"),
    ({"upn": "N37322512345"}, "upn", "odd_upn"),
    ({"upn": "I373225123456"}, "upn", "odd_upn"),
    ({"school": {"urn": "10001"}}, "school/urn", "odd_urn"),
    ({"gp": {"ods_code": "A8-1001"}}, "gp/ods_code", "odd_ods_code"),
    # Codes
    ({"ethnicity": "White British"}, "ethnicity", "code_not_known"),
    ({"ethnicity": "wbri"}, "ethnicity", "code_not_known"),
    ({"disabilities": ["LD", "XX"]}, "disabilities/1", "code_not_known"),
    ({"disabilities": ["NONE", "LD"]}, "disabilities", "none_with_others"),
    ({"disabilities": ["LD", "LD"]}, "disabilities", "given_twice"),
    ({"first_language": "??"}, "first_language", "odd_language"),
    ({"first_language": "123"}, "first_language", "odd_language"),
    ({"first_language": "pl"}, "interpreter_needed", "interpreter_unclear"),
    # Dates
    ({"date_of_birth": None}, "date_of_birth", "age_unknown"),
    ({"date_of_birth": "2027-01-01"}, "date_of_birth", "in_the_future"),
    ({"date_of_birth": "2031-01-01"}, "date_of_birth", "implausible_date"),
    ({"date_of_birth": "1850-01-01"}, "date_of_birth", "implausible_date"),
    ({"date_of_birth": "2008-11-20"}, "date_of_birth", "adult"),
    ({"expected_date_of_birth": "2027-01-01"}, "expected_date_of_birth", "born_and_expected"),
    (
        {"date_of_birth": None, "expected_date_of_birth": "2031-01-01"},
        "expected_date_of_birth",
        "implausible_date",
    ),
    ({"date_of_birth": None, "expected_date_of_birth": "2026-11-20"}, "expected_date_of_birth", "overdue"),
    # Places
    ({"address": None}, "address", "missing"),
    ({"address": {"is_temporary": True}}, "address", "missing"),
    ({"address": {"postcode": "NT11"}}, "address/postcode", "odd_postcode"),
    ({"address": {"postcode": "NT1 1AA", "uprn": "1000000000001"}}, "address/uprn", "odd_uprn"),
    # What is known of social care's part
    ({"status": {"plan": "s47"}}, "status/plan", "code_not_known"),
    (
        {"status": {"placing_authority": "999", "looked_after": True}},
        "status/placing_authority",
        "code_not_known",
    ),
    ({"status": {"placing_authority": "371"}}, "status/looked_after", "status_unclear"),
    ({"status": {"plan": "child_protection"}}, "status/allocated_worker", "worker_missing"),
    ({"status": {"looked_after": True}}, "status/allocated_worker", "worker_missing"),
    ({"status": {"allocated_worker": {}}}, "status/allocated_worker", "worker_not_named"),
    ({"status": {"plan": "none", "allocated_worker": {"name": "K Brandt"}}}, "status/plan", "status_unclear"),
    # The child's own voice
    ({"voice": None}, "voice", "no_voice_of_child"),
    ({"voice": {"seen": True}}, "voice", "no_voice_of_child"),
    ({"voice": {"seen": False}}, "voice/not_obtained_reason", "not_seen_no_reason"),
    ({"voice": {"views": "Hid upstairs."}}, "voice/seen", "seen_unclear"),
    ({"voice": SEEN | {"seen_at": None}}, "voice/seen_at", "seen_when"),
    ({"voice": SEEN | {"seen_alone": None}}, "voice/seen_alone", "seen_alone_unclear"),
    ({"voice": SEEN | {"seen_at": "2026-11-23T10:00:00Z"}}, "voice/seen_at", "in_the_future"),
    ({"date_of_birth": "2026-01-01", "voice": None}, "voice/views", "observation_asked"),
    # The sender's grade
    ({"grade": None}, "grade", "no_grade"),
    ({"grade": {"grade": 3, "rationale": "Third call."}}, "grade/status", "status_missing"),
    ({"grade": {"status": "graded", "rationale": "Third call."}}, "grade/grade", "grade_missing"),
    ({"grade": {"status": "unable"}}, "grade/rationale", "no_rationale"),
    ({"grade": GRADED | {"rationale": " \n"}}, "grade/rationale", "no_rationale"),
    ({"grade": GRADED | {"rationale": "Grade 3. High."}}, "grade/rationale", "rationale_repeats"),
    ({"grade": GRADED | {"rationale": "We are very concerned"}}, "grade/rationale", "rationale_repeats"),
    (
        {"grade": GRADED | {"rationale": "Officers attended; the child was in the house throughout."}},
        "grade/rationale",
        "rationale_repeats",
    ),
]


@pytest.mark.parametrize(("changed", "pointer", "code"), CASES)
def test_what_is_odd_about_a_child_is_said(changed: dict[str, Any], pointer: str, code: str) -> None:
    assert (pointer, code) in found_in_child(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"given_name": "Zoe\u0308", "family_name": "O'Brien-\u0175\u0177n"},
        {"given_name": "\u0645\u06cc\u200c\u0631\u06cc\u0645"},
        {"upn": "N373225123456"},
        {"upn": f"{upn_check_letter('37322512345A')}37322512345a"},
        {"nhs_number": "999 123 4500", "ethnicity": "REFU", "disabilities": ["NONE"]},
        {"first_language": "pl", "interpreter_needed": True},
        {"first_language": "Yoruba and English", "interpreter_needed": False},
        {"first_language": "English"},
        {"date_of_birth": "2024-02-29"},
        {"date_of_birth": None, "expected_date_of_birth": "2027-02-14", "voice": None},
        {"address": {"postcode": "eh1 1yz"}},
        {"address": {"postcode": "BT11AA", "uprn": "000000199356"}},
        {"address": {"lines": ["A tent by the canal"]}},
        {"school": {"urn": "100001"}, "gp": {"ods_code": "a81001"}},
        {"status": {"plan": "early_help", "looked_after": False}},
        {"status": {"looked_after": True, "placing_authority": "371", "allocated_worker": {"team": "Duty"}}},
        {"voice": {"seen": False, "not_obtained_reason": "Asleep when officers attended."}},
        {"date_of_birth": "2026-01-01", "voice": SEEN | {"views": "Did not look at anyone."}},
        {"grade": {"status": "nothing_known", "rationale": "Searched by name and address."}},
    ],
)
def test_what_is_in_order_draws_no_findings(changed: dict[str, Any]) -> None:
    assert found_in_child(**changed) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"given_name": "MAISIE"}),
        (
            {"given_name": "A", "nhs_number": "9991234500"},
            {"given_name": "B", "nhs_number": "999 123 4500"},
        ),
    ],
)
def test_a_child_that_stands_here_twice_is_pointed_at_twice(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    children = [a_child("c1", **one), a_child("c2", **other)]
    assert {("#/children/0", "same_child_twice"), ("#/children/1", "same_child_twice")} <= found(
        children=children
    )


def test_twins_and_a_reference_used_twice_are_told_apart() -> None:
    twins = found(children=[a_child("c1"), a_child("c2", given_name="Rowan")])
    same_reference = found(children=[a_child("c1"), a_child("c1", given_name="Rowan")])
    assert twins == set()
    assert ("#/children/1/sender_child_reference", "given_twice") in same_reference
