"""The reference a person can say down a telephone: `SH-7K3QX9MA-9`."""

import secrets
from typing import Annotated, NewType

from pydantic import AfterValidator, Field

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_AS_HEARD = str.maketrans({"O": "0", "I": "1", "L": "1"})

Reference = NewType("Reference", str)


def _check_letter(payload: str) -> str:
    """Return the Luhn mod 32 check letter of `payload`."""
    total = 0
    for place, letter in enumerate(reversed(payload)):
        doubled = _VALUE[letter] * (2 if place % 2 == 0 else 1)
        total += doubled // 32 + doubled % 32
    return ALPHABET[-total % 32]


def new_reference() -> Reference:
    """Return a random reference: 40 bits, never sequential, so that none can be guessed from another."""
    number = secrets.randbits(40)
    payload = "".join(ALPHABET[number >> shift & 31] for shift in range(0, 40, 5))
    return Reference(f"SH-{payload}-{_check_letter(payload)}")


def read_reference(heard: str) -> Reference:
    """Return the reference that a person typed or said, in its one written form.

    Args:
        heard: read case-blind, O as 0, I and L as 1, hyphens and spaces optional.

    Raises:
        ValueError: it is not a reference, or its check letter does not fit.
    """
    letters = heard.upper().replace("-", "").replace(" ", "")
    if not letters.startswith("SH"):
        raise ValueError("a reference starts with SH-")
    letters = letters[2:].translate(_AS_HEARD)
    if len(letters) != 9 or any(letter not in _VALUE for letter in letters):
        raise ValueError("a reference has eight letters or digits and a check letter")
    if _check_letter(letters[:8]) != letters[8]:
        raise ValueError("the check letter does not fit: one character is wrong")
    return Reference(f"SH-{letters[:8]}-{letters[8]}")


ReferenceField = Annotated[
    str,
    AfterValidator(read_reference),
    Field(description="The hub's reference for a referral.", examples=["SH-7K3QX9MA-9"]),
]
