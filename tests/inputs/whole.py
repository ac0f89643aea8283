"""A referral in which every field is filled in."""

from random import Random
from typing import Any
from uuid import uuid4

from tests.referrals import Family, family


def _address(home: Family) -> dict[str, Any]:
    # One for each who lives there: a copy of the whole would else still share it between them.
    return {
        "lines": [home.street],
        "town": "Northtown",
        "postcode": home.postcode,
        "uprn": "100050000001",
        "is_temporary": False,
    }


def a_whole_referral(which: int = 0) -> dict[str, Any]:
    """Return a valid referral that leaves out nothing a sender may say, about a family of the test that runs.

    Each that is about a child is held against all that came about it before: where hundreds are sent, each is
    about another, `which` says whom.
    """
    home = family(which)
    return {
        "sender_reference": f"NP-{uuid4().hex[:12]}",
        "kind": "referral",
        "immediate_danger": False,
        "referrer": {
            "name": "J Okafor",
            "role": "Response officer",
            "organisation": {
                "name": "Northtown police station",
                "ods_code": None,
                "urn": None,
                "police_force_code": "E23000011",
            },
            "telephone": "01632 960000",
            "safe_to_ring": True,
            "ringing_note": "Ask for the duty desk.",
            "email": "protection@force.example",
            "source_code": "6",
            "family_may_know": True,
        },
        "children": [_child(home)],
        "adults": [_adult(home)],
        "professionals": [_professional()],
        "concerns": [
            {
                "indicator": "domestic_abuse.child_present",
                "children": ["c1"],
                "narrative": "Officers attended; the child was in the house throughout.",
                "occurred_at": "2026-11-20T22:40:00Z",
                "since_on": "2026-09-01",
            }
        ],
        "police": {
            "occurrence_number": "14/88213/26",
            "risk_assessment": {
                "tool": "dash_2009",
                "tool_version": "2009",
                "score": 15,
                "grade": "high",
                "professional_judgement": False,
            },
            "police_protection": True,
            "police_protection_began_at": "2026-11-20T23:05:00Z",
            "school_told": True,
        },
        "consent": _consent(),
        "family_told": {
            "told": False,
            "who": ["grandmother"],
            "by": "J Okafor",
            "told_at": "2026-11-20T23:10:00Z",
            "what": "That the hub will ask school and health.",
            "language": "en",
            "interpreter_used": False,
            "reason_not": "It would increase the risk.",
        },
        "actions_taken": "The house was made safe for the night.",
        "check_receipt_id": None,
    }


def _consent() -> dict[str, Any]:
    return {
        "sought": False,
        "given": None,
        "given_by": "Ms T Example, mother",
        "has_parental_responsibility": True,
        "informed_of": ["purpose"],
        "how": "in_person",
        "asked_at": "2026-11-20T15:10:00Z",
        "language": "en",
        "interpreter_used": False,
        "child_view": "Wants her nan to know too.",
        "not_sought_reason": "risk_of_harm",
        "lawful_basis": "public_task",
        "lawful_basis_reason": "Asking would put the mother at risk tonight.",
        "authorised_by": "Sgt A Malik",
    }


def _child(home: Family) -> dict[str, Any]:
    return {
        "child_id": None,
        "sender_child_reference": "c1",
        "given_name": "Maisie",
        "family_name": home.name,
        "other_names": [{"given_name": "Masie", "family_name": f"{home.name}-Sample", "kind": "former"}],
        "date_of_birth": home.born_on,
        "expected_date_of_birth": None,
        "age_as_said": "about six",
        "sex": "F",
        "nhs_number": "999 123 4560",
        "upn": "A000000000001",
        "ethnicity": "WBRI",
        "first_language": "en",
        "interpreter_needed": False,
        "communication": "Speaks for herself.",
        "religion": "none",
        "disabilities": ["NONE"],
        "identity": "Speaks Polish with her grandmother.",
        "address": _address(home),
        "school": {"name": "Example Primary", "urn": "100001", "year_group": "Year 2"},
        "gp": {"name": "Test Street Surgery", "ods_code": "A81001"},
        "whereabouts": "At home with mother.",
        "status": {
            "looked_after": False,
            "plan": "child_in_need",
            "placing_authority": "371",
            "private_fostering": False,
            "allocated_worker": {
                "name": "K Brandt",
                "team": "Assessment team 2",
                "telephone": "01632 960555",
            },
        },
        "voice": {
            "seen": True,
            "seen_alone": False,
            "seen_at": "2026-11-20T22:45:00Z",
            "views": "Hid upstairs when the shouting began.",
            "not_obtained_reason": None,
        },
        "grade": {"status": "graded", "grade": 3, "rationale": "Third call in six weeks."},
    }


def _adult(home: Family) -> dict[str, Any]:
    return {
        "given_name": "Dean",
        "family_name": home.name,
        "other_names": [{"given_name": "Deano", "family_name": None, "kind": "alias"}],
        "date_of_birth": f"1990{home.born_on[4:]}",
        "telephone": f"01632 {Random(home.name).randrange(10**6):06}",
        "address": _address(home),
        "first_language": "en",
        "interpreter_needed": False,
        "role_in_concern": "alleged_perpetrator",
        "safe_to_contact": False,
        "safe_contact_note": "Never when he is at home.",
        "worker_safety": "Large dog, loose.",
        "relationships": [
            {"child": "c1", "relationship": "father", "parental_responsibility": True, "in_household": True}
        ],
    }


def _professional() -> dict[str, Any]:
    return {
        "name": "S Moyo",
        "role": "Health visitor",
        "organisation": "Northshire Health Trust",
        "telephone": "01632 960777",
        "email": "s.moyo@health.example",
        "involvement": "Visits monthly since May.",
        "knows_of_referral": True,
    }
