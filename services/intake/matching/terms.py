"""What makes somebody common or rare: names in one spelling, the date of birth, the home."""

from collections.abc import Iterable
from typing import Final

from services.intake.matching.keys import hashed
from services.intake.matching.levels import HOME, SAME, VARIANT, Levels
from services.intake.matching.names import spelt
from services.intake.matching.person import Person

_SAME_NAME: Final = frozenset({SAME, VARIANT})


def terms_of(person: Person) -> set[tuple[str, str]]:
    """Return the terms of a person, each with its kind."""
    terms = {("given", spelt(word)) for word in person.name.given[:1]}
    terms |= {("family", spelt(word)) for word in person.name.family}
    terms |= {("birth", person.born)} if person.born else set()
    return terms | ({("home", person.address.home)} if person.address.home else set())


def hashes_of(terms: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    """Return terms as they are counted, in the same order."""
    return [(kind, hashed(f"term {word}")) for kind, word in terms]


def terms_compared(pairs: Iterable[tuple[Person, Levels]]) -> set[tuple[str, str]]:
    """Return the terms on which a likeness rests; whatever else is said of those known is never asked for."""
    terms: set[tuple[str, str]] = set()
    for other, levels in pairs:
        agrees = (
            ("given", levels.given in _SAME_NAME),
            ("family", levels.family in _SAME_NAME),
            ("home", levels.address == HOME),
        )
        kinds = {kind for kind, is_so in agrees if is_so}
        if kinds:
            terms.update(term for term in terms_of(other) if term[0] in kinds)
    return terms
