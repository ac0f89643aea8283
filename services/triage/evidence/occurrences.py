"""Occurrence numbers as people write them: the same number, however it is punctuated; pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

#: A number in its parts, the letters in capitals: "syp 14/88213/26" is ("SYP", "14", "88213", "26").
Number = tuple[str, ...]

_PARTS: Final = re.compile(r"[0-9]+|[A-Z]+")
#: Fewer digits are "n/a", or a number that returns every day.
_FEWEST_DIGITS: Final = 4
#: Fewer digits stand in many a reference by chance.
_FEWEST_DIGITS_QUOTED: Final = 6


def number_in(text: str | None) -> Number | None:
    """Return the occurrence number that a field holds; None where it holds none that tells anything."""
    parts = _parts_of(text)
    digits = _digits_of(parts)
    return parts if len(digits) >= _FEWEST_DIGITS and digits.strip("0") else None


def as_known(number: Number, known: Iterable[Number]) -> Number:
    """Return a number as others wrote it with punctuation, where it came without any and one alone fits."""
    if not _is_plain(number):
        return number
    fitting = {one for one in known if not _is_plain(one) and _is_same(one, number)}
    return fitting.pop() if len(fitting) == 1 else number


def quoted_in(reference: str | None, known: Iterable[Number]) -> Number | None:
    """Return which of the known numbers a reference quotes; of several the longest."""
    pieces = list(_pieces_of(_parts_of(reference)))
    quoted = [
        number
        for number in known
        if len(_digits_of(number)) >= _FEWEST_DIGITS_QUOTED
        and any(_is_same(piece, number) for piece in pieces)
    ]
    return max(quoted, key=lambda number: (len(_joined(number)), number), default=None)


def _parts_of(text: str | None) -> Number:
    return tuple(_PARTS.findall((text or "").upper()))


def _pieces_of(parts: Number) -> Iterator[Number]:
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            yield parts[start:end]


def _is_same(one: Number, other: Number) -> bool:
    """Say whether two are one number: "1/4882" is not "14/882", and "14882" may be either."""
    return one == other or (_joined(one) == _joined(other) and (_is_plain(one) or _is_plain(other)))


def _is_plain(number: Number) -> bool:
    return number == _parts_of(_joined(number))


def _joined(number: Number) -> str:
    return "".join(number)


def _digits_of(number: Number) -> str:
    return "".join(part for part in number if part.isdigit())
