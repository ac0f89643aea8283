"""The keys by which people look for a family: sounds of names, words of addresses, ends of numbers."""

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from services.intake.matching.addresses import read_address
from services.intake.matching.keys import hashed, sound_of
from services.intake.matching.names import fold, may_stand_for, spelt
from services.intake.matching.person import Person
from shared.schemas.people_index import Told
from shared.schemas.reference import read_reference

#: So many digits at the end of a number tell one telephone from nearly every other.
LAST_DIGITS: Final = 6
_MOST_WORDS: Final = 12
_SIGNS: Final = re.compile(r"[^0-9a-z]")

#: Any of these keys will do.
Group = frozenset[int]


def search_keys_of(told: Told, person: Person, references: Iterable[str]) -> set[int]:
    """Return the keys by which a record is found in a search."""
    names = [told.name, *told.other_names]
    words = {
        word for name in names for word in fold(f"{name.given_name or ''} {name.family_name or ''}").split()
    }
    keys = {_key("name", sound_of(word)) for word in words}
    keys |= {_key("address", word) for word in _address_words(" ".join(told.address_lines), told)}
    keys |= {_key("reference", _bare(reference)) for reference in references if _bare(reference)}
    if person.telephone:
        keys.add(_key("telephone", person.telephone[-LAST_DIGITS:]))
    return keys


def groups_for_name(name: str) -> list[Group]:
    """Return a group for each word: however it is spelt, and whatever it may be short for."""
    return [
        frozenset(_key("name", sound_of(spelling)) for spelling in (word, spelt(word), *may_stand_for(word)))
        for word in fold(name).split()[:_MOST_WORDS]
    ]


def groups_for_address(address: str) -> list[Group]:
    """Return a group for each part of an address."""
    return [
        frozenset({_key("address", word)}) for word in sorted(_address_words(address, None))[:_MOST_WORDS]
    ]


def groups_for_telephone(digits: str) -> list[Group]:
    """Return the group for a number; fewer digits than `LAST_DIGITS` find nobody."""
    return [frozenset({_key("telephone", digits[-LAST_DIGITS:])})]


def groups_for_reference(reference: str) -> list[Group]:
    """Return the group for a reference as it was typed or said, none where nothing was."""
    if not _bare(reference):
        return []
    spellings = {_bare(reference)}
    with suppress(ValueError):
        spellings.add(_bare(read_reference(reference)))
    return [frozenset(_key("reference", spelling) for spelling in spellings)]


def _address_words(line: str, told: Told | None) -> set[str]:
    address = read_address(line, (told.town or "") if told else "", (told.postcode or "") if told else "")
    words = {*address.street.split(), *address.town.split(), address.house, address.flat}
    return {word for word in (*words, address.postcode.lower(), _district(address.outward, told)) if word}


def _district(outward: str, told: Told | None) -> str:
    # Whoever gives a whole postcode does not mean the whole district.
    return outward.lower() if told else ""


def _key(kind: str, word: str) -> int:
    return hashed(f"search {kind} {word}")


def _bare(reference: str) -> str:
    return _SIGNS.sub("", reference.casefold())
