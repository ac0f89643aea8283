"""The keys by which a person is found again: hashed sounds of names, dates, identifiers and homes, in two tiers.

The same keys are stored for those known and looked up for the one who came, whatever holds them: a table in
memory or one index (key, person) of a database. The narrow tier alone finds nearly everybody; the wide one is
asked when it gave nobody who is surely the same.
"""

from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

import jellyfish

from services.intake.matching.names import may_stand_for, spelt
from services.intake.matching.person import Person

#: More persons than this under one key: the key says too little, and others find who is meant.
NARROW_CAP: Final = 200
WIDE_CAP: Final = 100

_MOST_NAMES: Final = 3
_MOST_STANDS_FOR: Final = 4
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
    sounds = _sounds_of(person)
    narrow = dict.fromkeys(map(hashed, _narrow(person, sounds)))
    wide = dict.fromkeys(map(hashed, _wide(person, sounds)))
    return Keys(tuple(narrow), tuple(key for key in wide if key not in narrow))


def hashed(text: str) -> int:
    """Return the key of a text: the same on every machine, and nothing that can be read back."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _narrow(person: Person, sounds: _Sounds) -> Iterator[str]:
    born, address = person.born, person.address
    if person.number:
        yield f"number {person.number}"
    if person.upn:
        yield f"upn {person.upn}"
    if person.telephone:
        yield f"telephone {person.telephone}"
    for given in sounds.given:
        for family in sounds.family:
            yield f"pair-year {_unordered(given, family)} {born[:4]}"
    if not born:
        return
    for sound in sounds.both:
        yield f"sound-born {sound} {born}"
    day = _unordered(born[4:6], born[6:])
    for initial in _initials(person):
        yield f"initial-born {initial} {born[:4]} {day}"
    if address.postcode:
        yield f"postcode-born {address.postcode} {born}"


def _wide(person: Person, sounds: _Sounds) -> Iterator[str]:
    for given in sounds.given:
        for family in sounds.family:
            yield f"pair {_unordered(given, family)}"
    for name in (person.name, *person.also):
        if name.given and name.family:
            yield f"starts {_unordered(name.given[0][:3], name.family[0][:3])}"
            yield f"ends {_unordered(name.given[0][-3:], name.family[-1][-3:])}"
    number = person.number or person.unchecked
    if number:
        yield f"number-starts {number[:6]}"
        yield f"number-ends {number[-6:]}"
    yield from _of_home(person, sounds)
    if person.born:
        yield from _of_date(person, sounds)


def _of_home(person: Person, sounds: _Sounds) -> Iterator[str]:
    address = person.address
    place = address.house or address.street
    for year in _years_about(person):
        if address.postcode:
            yield f"postcode-year {address.postcode} {year}"
    if address.postcode and place:
        yield f"home {place} {address.postcode}"
    if address.house and address.street:
        yield f"door {address.house} {address.street[:6]}"
    if address.postcode and address.street:
        yield f"postcode-street {address.postcode} {address.street[:4]}"
    if address.street:
        # Words in another order, letters changed round and a lost space all leave the letters.
        letters = "".join(sorted(address.street.replace(" ", "")))
        yield f"street-letters {letters} {address.house}"
        for initial in _initials(person):
            yield f"street-initial {letters} {initial}"
    for sound in sounds.both:
        if address.postcode:
            yield f"sound-district {sound} {address.outward}"
        if address.town:
            yield f"sound-town {sound} {address.town[:5]}"


def _of_date(person: Person, sounds: _Sounds) -> Iterator[str]:
    year, month, day = person.born[:4], person.born[4:6], person.born[6:]
    yield f"born {year} {_unordered(month, day)}"
    digits = "".join(sorted(person.born))
    for initial in _initials(person):
        yield f"digits-initial {digits} {initial}"
    for sound in sounds.both:
        yield f"sound-month {sound} {year} {month}"
        yield f"sound-day {sound} {month} {day}"
        yield f"sound-year-day {sound} {year} {day}"
    for name in (person.name, *person.also):
        for family in name.family[:_MOST_NAMES]:
            for initial in {given[0] for given in name.given[:1]}:
                for about in (int(year), int(year) + 1):
                    yield f"family-initial-year {sound_of(family)} {initial} {about}"
    if person.is_unnamed or person.is_due:
        # Born weeks before or after the date it was due; the child that is named now has the one month.
        for months in _DUE_MONTHS:
            about, left = divmod(int(year) * 12 + int(month) - 1 + months, 12)
            for sound in sounds.family:
                yield f"sound-month {sound} {about:04} {left + 1:02}"


def _sounds_of(person: Person) -> _Sounds:
    given: dict[str, None] = {}
    family: dict[str, None] = {}
    for name in (person.name, *person.also):
        for token in name.given[:_MOST_NAMES]:
            given.update(dict.fromkeys(_sounds_of_given(token)))
        for token in name.family[:_MOST_NAMES]:
            family[sound_of(token)] = None
    return _Sounds(tuple(given), tuple(family))


@lru_cache(maxsize=100_000)
def _sounds_of_given(token: str) -> tuple[str, ...]:
    return tuple(sorted({sound_of(name) for name in sorted(may_stand_for(token))[:_MOST_STANDS_FOR]}))


@lru_cache(maxsize=100_000)
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
