"""The keys by which people look for a family: sounds of names, words of addresses, ends of numbers."""

import re
from collections.abc import Iterable
from contextlib import suppress
from string import ascii_lowercase
from typing import Final

from services.intake.matching.addresses import read_address
from services.intake.matching.keys import hashed, sound_of
from services.intake.matching.names import fold, given_tokens, may_stand_for, spelt
from services.intake.matching.person import Person
from shared.schemas.people_index import Told
from shared.schemas.reference import read_reference

#: So many digits at the end of a number tell one telephone from nearly every other.
LAST_DIGITS: Final = 6
_MOST_WORDS: Final = 12
#: So many letters of a name that somebody half heard.
_BEGINNINGS: Final = (4, 5)
_LONG_NUMBER: Final = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_SIGNS: Final = re.compile(r"[^0-9a-z]")

#: Any of these keys will do.
Group = frozenset[int]


def search_keys_of(told: Told, person: Person, references: Iterable[str]) -> set[int]:
    """Return the keys by which a record is found in a search."""
    names = [told.name, *told.other_names]
    words = {
        word for name in names for word in fold(f"{name.given_name or ''} {name.family_name or ''}").split()
    }
    keys = {key for word in words for key in _name_keys(word)}
    keys |= {_key("address", word) for word in _address_words(" ".join(told.address_lines), told)}
    keys |= {_key("reference", part) for reference in references for part in _parts_of(reference)}
    if person.telephone:
        keys.add(_key("telephone", person.telephone[-LAST_DIGITS:]))
    return keys


def closeness(asked: Iterable[str], told: Told) -> int:
    """Return how many of the words that were asked for stand in a record just as they were typed.

    Everything that is found fits by its sound or its beginning; whoever is called so comes first.
    """
    names = [f"{name.given_name or ''} {name.family_name or ''}" for name in (told.name, *told.other_names)]
    written = set(fold(" ".join([*names, *told.address_lines, told.town or "", told.postcode or ""])).split())
    return sum(word in written for words in asked for word in fold(words).split())


def _name_keys(word: str) -> set[int]:
    beginnings = {_key("begins", word[:length]) for length in _BEGINNINGS if len(word) >= length}
    # Under the whole name too, where a short one was written.
    sounds = {sound_of(word), _rough(word), *(sound_of(name) for name in may_stand_for(word))}
    return {_key("name", sound) for sound in sounds} | {_key("initial", word[0])} | beginnings


def _rough(word: str) -> str:
    """Return a sound that is the same with and without an h, which is heard in few names: Johanna, Joanna."""
    return sound_of(word.replace("h", "") or word)


def groups_for_name(name: str) -> list[Group]:
    """Return a group for each word: however it is spelt, whatever it may be short for, or how it begins.

    What stands for no name, as in "Baby Example", is looked for only where nothing else is.
    """
    words = fold(name).split()[:_MOST_WORDS]
    names = [word for word in words if given_tokens(word)[0]]
    return [_group_for_name(word) for word in names or words]


def _group_for_name(word: str) -> Group:
    if len(word) == 1:
        return frozenset({_key("initial", word)})
    keys = {_key("name", sound_of(spelling)) for spelling in (word, spelt(word), *may_stand_for(word))}
    beginnings = {_key("begins", word[:length]) for length in _BEGINNINGS[-1:] if len(word) >= length}
    if len(word) in _BEGINNINGS:
        beginnings = {_key("begins", word)}
    return frozenset(keys | beginnings | {_key("name", _rough(word))})


def groups_for_address(address: str) -> list[Group]:
    """Return a group for each part of an address."""
    return [
        frozenset({_key("address", word)}) for word in sorted(_address_words(address, None))[:_MOST_WORDS]
    ]


def groups_for_telephone(digits: str) -> list[Group]:
    """Return the group for a number; fewer digits than `LAST_DIGITS` find nobody."""
    return [frozenset({_key("telephone", digits[-LAST_DIGITS:])})]


def groups_for_reference(reference: str) -> list[Group]:
    """Return the group for a reference as it was typed or said, none where nothing was.

    The hub's own is known without its first letters too, and a long number out of the middle of one.
    """
    if not _bare(reference):
        return []
    spellings = {_bare(reference)}
    for heard in (reference, f"SH-{reference}"):
        with suppress(ValueError):
            spellings.add(_bare(read_reference(heard)))
    return [frozenset(_key("reference", spelling) for spelling in spellings)]


def _parts_of(reference: str) -> set[str]:
    return {bare for bare in (_bare(reference), *_LONG_NUMBER.findall(reference)) if bare}


def _address_words(line: str, told: Told | None) -> set[str]:
    address = read_address(line, (told.town or "") if told else "", (told.postcode or "") if told else "")
    # Heard on the telephone: by sound, like a name.
    places = {
        sound_of(word) if word.isalpha() else word for word in f"{address.street} {address.town}".split()
    }
    numbers = {address.house, address.flat}
    if told:
        # Whoever says 12 may mean 12a.
        numbers.add(address.house.rstrip(ascii_lowercase))
    words = {*places, *numbers, address.postcode.lower(), _district(address.outward, told)}
    return {word for word in words if word}


def _district(outward: str, told: Told | None) -> str:
    # Whoever gives a whole postcode does not mean the whole district.
    return outward.lower() if told else ""


def _key(kind: str, word: str) -> int:
    return hashed(f"search {kind} {word}")


def _bare(reference: str) -> str:
    return _SIGNS.sub("", reference.casefold())
