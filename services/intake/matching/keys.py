"""The keys by which a person is found again, in two tiers: hashed sounds of names, dates, numbers and homes.

The same keys are stored for those known and looked up for the one who came, whatever holds them: a table in
memory or one index (key, person) of a database. The narrow tier alone finds nearly everybody; the wide one is
asked when it gave nobody who is surely the same.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

import jellyfish

from services.intake.matching.names import may_stand_for, spelt
from services.intake.matching.person import Person
from services.intake.matching.remembered import WORDS

#: More persons than this under one key: the key says too little, and others find who is meant.
NARROW_CAP: Final = 200
WIDE_CAP: Final = 100

_MOST_NAMES: Final = 3
_MOST_STANDS_FOR: Final = 6
_DUE_MONTHS: Final = range(-3, 4)


class Keys(NamedTuple):
    """Signed 64-bit numbers, as a bigint holds them; no key stands in both tiers."""

    narrow: tuple[int, ...]
    wide: tuple[int, ...]


class _Sounds(NamedTuple):
    given: tuple[str, ...]
    family: tuple[str, ...]

    @property
    def both(self) -> tuple[str, ...]:
        """Sounds in whatever field: names are written the wrong way round."""
        return tuple(dict.fromkeys(self.given + self.family))


def keys_of(person: Person) -> Keys:
    """Return the keys of a person. What is not known gives no key."""
    narrow = narrow_keys_of(person)
    return Keys(narrow, wide_keys_of(person, narrow))


def narrow_keys_of(person: Person) -> tuple[int, ...]:
    """Return the keys that are asked for first: of most who are known, others are never needed."""
    return tuple(dict.fromkeys(map(hashed, _narrow(person, _sounds_of(person)))))


def wide_keys_of(person: Person, narrow: Collection[int]) -> tuple[int, ...]:
    """Return the keys that are asked for next, without those that were asked for already."""
    wide = dict.fromkeys(map(hashed, _wide(person, _sounds_of(person))))
    return tuple(key for key in wide if key not in narrow)


def hashed(text: str) -> int:
    """Return the key of a text: the same on every machine, and nothing that can be read back."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _narrow(person: Person, sounds: _Sounds) -> Iterator[str]:
    yield from _of_identifiers(person)
    born = person.born
    for pair in _pairs(sounds):
        yield f"pair-year {pair} {born[:4]}"
    if not born:
        return
    for sound in sounds.both:
        yield f"sound-born {sound} {born}"
    if person.address.postcode:
        yield f"postcode-born {person.address.postcode} {born}"


def _of_identifiers(person: Person) -> Iterator[str]:
    if person.number:
        yield f"number {person.number}"
    if person.upn:
        yield f"upn {person.upn}"
    if person.telephone:
        yield f"telephone {person.telephone}"


def _wide(person: Person, sounds: _Sounds) -> Iterator[str]:
    yield from _of_names(person, sounds)
    number = person.number or person.unchecked
    if number:
        yield f"number-starts {number[:6]}"
        yield f"number-ends {number[-6:]}"
    if person.address.postcode:
        yield from _of_postcode(person, sounds)
    if person.address.street:
        yield from _of_street(person)
    if person.address.town:
        yield from (f"sound-town {sound} {person.address.town[:5]}" for sound in sounds.both)
    if person.born:
        yield from _of_date(person, sounds)


def _of_names(person: Person, sounds: _Sounds) -> Iterator[str]:
    for pair in _pairs(sounds):
        yield f"pair {pair}"
    for name in (person.name, *person.also):
        if name.given and name.family:
            yield f"starts {_unordered(name.given[0][:3], name.family[0][:3])}"
            yield f"ends {_unordered(name.given[0][-3:], name.family[-1][-3:])}"


def _of_postcode(person: Person, sounds: _Sounds) -> Iterator[str]:
    address = person.address
    for year in _years_about(person):
        yield f"postcode-year {address.postcode} {year}"
    if place := address.house or address.street:
        yield f"home {place} {address.postcode}"
    if address.street:
        yield f"postcode-street {address.postcode} {address.street[:4]}"
    for sound in sounds.both:
        yield f"sound-district {sound} {address.outward}"


def _of_street(person: Person) -> Iterator[str]:
    address = person.address
    if address.house:
        yield f"door {address.house} {address.street[:6]}"
    # Words in another order, letters changed round and a lost space all leave the letters.
    letters = "".join(sorted(address.street.replace(" ", "")))
    yield f"street-letters {letters} {address.house}"
    for initial in _initials(person):
        yield f"street-initial {letters} {initial}"


def _of_date(person: Person, sounds: _Sounds) -> Iterator[str]:
    year, month, day = person.born[:4], person.born[4:6], person.born[6:]
    yield f"born {year} {_unordered(month, day)}"
    digits = "".join(sorted(person.born))
    for initial in _initials(person):
        # Asked among the narrow keys, it would bring four in five of all: many are born on a day.
        yield f"initial-born {initial} {year} {_unordered(month, day)}"
        yield f"digits-initial {digits} {initial}"
    for sound in sounds.both:
        yield f"sound-month {sound} {year} {month}"
        yield f"sound-day {sound} {month} {day}"
        yield f"sound-year-day {sound} {year} {day}"
    for name in (person.name, *person.also):
        for family in name.family[:_MOST_NAMES] if name.given else ():
            yield f"family-initial-year {sound_of(family)} {name.given[0][0]} {year}"
            yield f"family-initial-year {sound_of(family)} {name.given[0][0]} {int(year) + 1}"
    if person.is_unnamed or person.is_due:
        yield from _of_months_about(person, sounds)


def _of_months_about(person: Person, sounds: _Sounds) -> Iterator[str]:
    """Yield the months in which a child may be born; one that is named now has the key of its one month."""
    for months in _DUE_MONTHS:
        year, month = divmod(int(person.born[:4]) * 12 + int(person.born[4:6]) - 1 + months, 12)
        for sound in sounds.family:
            yield f"sound-month {sound} {year:04} {month + 1:02}"


def _pairs(sounds: _Sounds) -> list[str]:
    return [_unordered(given, family) for given in sounds.given for family in sounds.family]


def _sounds_of(person: Person) -> _Sounds:
    given: dict[str, None] = {}
    family: dict[str, None] = {}
    for name in (person.name, *person.also):
        for token in name.given[:_MOST_NAMES]:
            given.update(dict.fromkeys(_sounds_of_given(token)))
        for token in name.family[:_MOST_NAMES]:
            family[sound_of(token)] = None
    return _Sounds(tuple(given), tuple(family))


@lru_cache(maxsize=WORDS)
def _sounds_of_given(token: str) -> tuple[str, ...]:
    return tuple(sorted({sound_of(name) for name in sorted(may_stand_for(token))[:_MOST_STANDS_FOR]}))


@lru_cache(maxsize=WORDS)
def sound_of(name: str) -> str:
    """Return how a name sounds, however it is spelt."""
    return jellyfish.metaphone(spelt(name)) or name


def _initials(person: Person) -> set[str]:
    first = {given[0] for name in (person.name, *person.also) for given in name.given[:1]}
    return first | {family[0] for name in (person.name, *person.also) for family in name.family[:1]}


def _years_about(person: Person) -> tuple[str, ...]:
    year = person.born[:4]
    if not year:
        return ()
    # A child due in December is born in January.
    return (str(int(year) - 1), year, str(int(year) + 1)) if person.is_unnamed or person.is_due else (year,)


def _unordered(one: str, other: str) -> str:
    return f"{one} {other}" if one <= other else f"{other} {one}"
