"""Invented people, as somebody described them."""

from typing import Any

from services.intake.matching.comparing import compare
from services.intake.matching.deciding import Decision, decide
from services.intake.matching.frequencies import Frequencies
from services.intake.matching.person import Description, Person, read_person
from services.intake.matching.scoring import Score, Scorer, rarity_of
from services.intake.matching.weights import shipped_weights

KNOWN = 100_000


def a_description(**given: Any) -> Description:
    """Return a whole description, changed by what is `given`."""
    told: dict[str, Any] = {
        "given_name": "Oliver",
        "family_name": "Entwistle",
        "date_of_birth": "2015-03-07",
        "nhs_number": "",
        "address_line": "12 Alma Road",
        "town": "Leeds",
        "postcode": "LS6 2AB",
        "sex": "M",
    }
    return Description(**told | given)


def a_person(**given: Any) -> Person:
    """Return the person so described."""
    return read_person(a_description(**given))


def scored(left: Person, right: Person, known: int = KNOWN) -> Score:
    """Return the score of two persons among many known, with the weights the hub comes with."""
    levels = compare(left, right)
    counted = Frequencies()
    return Scorer(shipped_weights(), known).score(levels, rarity_of(left, right, levels, counted))


def decided(left: Person, right: Person) -> Decision:
    """Return what the hub would do."""
    return decide(left, right, compare(left, right), scored(left, right))
