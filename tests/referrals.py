"""Referrals to send in tests: valid ones, of invented people, changed by what a test is about."""

from typing import Any
from uuid import uuid4


def a_child(reference: str = "c1", **given: Any) -> dict[str, Any]:
    """Return a child of six as a sender describes it."""
    return {
        "sender_child_reference": reference,
        "given_name": "Maisie",
        "family_name": "Example",
        "date_of_birth": "2020-04-02",
        "sex": "F",
        "address": {"lines": ["1 Test Row"], "town": "Northtown", "postcode": "NT1 1AA"},
        "voice": {
            "seen": True,
            "seen_alone": False,
            "seen_at": "2026-11-20T22:45:00Z",
            "views": "Hid upstairs when the shouting began.",
        },
        "grade": {"status": "graded", "grade": 3, "rationale": "Third call in six weeks."},
    } | given


def a_referral(**given: Any) -> dict[str, Any]:
    """Return a referral about one child that draws no findings."""
    return {
        "sender_reference": f"NP-{uuid4().hex[:12]}",
        "kind": "referral",
        "referrer": {
            "name": "J Okafor",
            "role": "Response officer",
            "telephone": "01632 960111",
            "source_code": "6",
        },
        "children": [a_child()],
        "adults": [],
        "professionals": [{"name": "S Moyo", "role": "Health visitor"}],
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
            "not_sought_reason": "risk_of_harm",
            "lawful_basis": "public_task",
            "authorised_by": "Sgt A Malik",
        },
        "family_told": {"told": False, "reason_not": "It would increase the risk."},
    } | given
