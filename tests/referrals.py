"""Referrals to send in tests: valid ones, of invented people, changed by what a test is about.

All tests share a database, and the hub links whom it knows again. So the family of a test is its own, and the
same each time the test runs: no test meets another's children, and within one test Maisie is always Maisie.
"""

import os
import random
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

_BEGINNINGS = ("Ba", "Dro", "Fe", "Gli", "Ku", "Mor", "Ni", "Pla", "Stu", "Ve", "Wol", "Zan")
_ENDINGS = ("bert", "dano", "fenk", "gost", "kipp", "lomax", "morth", "nax", "quell", "rund", "stope")


@dataclass(frozen=True, slots=True)
class Family:
    """Where children come from: what makes them others than the children of another test."""

    name: str
    born_on: str
    street: str
    postcode: str


#: Of referrals that are written down before any test runs.
_EXAMPLE = Family("Example", "2020-04-02", "1 Test Row", "NT1 1AA")


def family(which: int = 0) -> Family:
    """Return the family of the test that runs; a test that sends hundreds of referrals has one for each."""
    test, _, _ = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" (")
    return _family_of(f"{test} {which}" if which else test) if test else _EXAMPLE


@cache
def _family_of(test: str) -> Family:
    dice = random.Random(test)
    name, street = ("".join(dice.choices(_BEGINNINGS, k=4)).capitalize() for _ in range(2))
    # No date that could be a default, or have its day and month the other way round.
    born_on = f"2020-{dice.randrange(2, 13):02}-{dice.randrange(13, 29)}"
    letters = "".join(dice.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
    return Family(
        name + dice.choice(_ENDINGS),
        born_on,
        f"{dice.randrange(1, 200)} {street} Lane",
        f"NT{dice.randrange(1, 99)} {dice.randrange(1, 9)}{letters}",
    )


def a_child(reference: str = "c1", **given: Any) -> dict[str, Any]:
    """Return a child of five or six as a sender describes it, of the family of the test that runs."""
    home = family()
    return {
        "sender_child_reference": reference,
        "given_name": "Maisie",
        "family_name": home.name,
        "date_of_birth": home.born_on,
        "sex": "F",
        "address": {"lines": [home.street], "town": "Northtown", "postcode": home.postcode},
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
