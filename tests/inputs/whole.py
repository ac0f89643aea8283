"""A referral in which every field is filled in."""

from typing import Any
from uuid import uuid4

ADDRESS = {"lines": ["1 Test Row"], "town": "Northtown", "postcode": "NT1 1AA", "uprn": "100050000001"}


def a_whole_referral() -> dict[str, Any]:
    """Return a valid referral that leaves out nothing a sender may say."""
    return {
        "sender_reference": f"NP-{uuid4().hex[:12]}",
        "kind": "referral",
        "immediate_danger": False,
        "referrer": {
            "name": "J Okafor",
            "role": "Response officer",
            "telephone": "01632 960000",
            "source_code": "6",
        },
        "children": [_child()],
        "adults": [_adult()],
        "concerns": [
            {
                "indicator": "domestic_abuse.child_present",
                "children": ["c1"],
                "narrative": "Officers attended; the child was in the house throughout.",
                "occurred_at": "2026-11-20T22:40:00Z",
            }
        ],
        "consent": {
            "sought": False,
            "given": None,
            "informed_of": ["That the hub was told."],
            "not_sought_reason": "risk_of_harm",
            "lawful_basis": "public_task",
            "authorised_by": "Sgt A Malik",
        },
        "family_told": {"told": False, "reason_not": "It would increase the risk."},
        "actions_taken": "The house was made safe for the night.",
    }


def _child() -> dict[str, Any]:
    return {
        "child_id": None,
        "sender_child_reference": "c1",
        "given_name": "Maisie",
        "family_name": "Example",
        "date_of_birth": "2020-04-02",
        "expected_date_of_birth": None,
        "sex": "F",
        "nhs_number": "999 123 4560",
        "upn": "A000000000001",
        "ethnicity": "WBRI",
        "first_language": "en",
        "disabilities": ["NONE"],
        "address": ADDRESS,
        "school": {"name": "Example Primary", "urn": "100001"},
        "whereabouts": "At home with mother.",
        "voice": {
            "seen": True,
            "seen_alone": False,
            "views": "Hid upstairs when the shouting began.",
            "not_obtained_reason": None,
        },
        "grade": {"status": "graded", "grade": 3, "rationale": "Third call in six weeks."},
    }


def _adult() -> dict[str, Any]:
    return {
        "given_name": "Dean",
        "family_name": "Example",
        "date_of_birth": "1990-01-31",
        "telephone": "01632 960001",
        "address": ADDRESS,
        "role_in_concern": "alleged_perpetrator",
        "safe_to_contact": False,
        "relationships": [
            {"child": "c1", "relationship": "father", "parental_responsibility": True, "in_household": True}
        ],
    }
