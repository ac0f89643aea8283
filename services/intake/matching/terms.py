"""What makes somebody common or rare: names in one spelling, the date of birth, the home."""

from collections.abc import Iterable

from services.intake.matching.keys import hashed
from services.intake.matching.names import spelt
from services.intake.matching.person import Person


def terms_of(person: Person) -> set[tuple[str, str]]:
    """Return the terms of a person, each with its kind."""
    terms = {("given", spelt(word)) for word in person.name.given[:1]}
    terms |= {("family", spelt(word)) for word in person.name.family}
    terms |= {("birth", person.born)} if person.born else set()
    return terms | ({("home", person.address.home)} if person.address.home else set())


def hashes_of(terms: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    """Return terms as they are counted, in the same order."""
    return [(kind, hashed(f"term {word}")) for kind, word in terms]
