"""Addresses as they are compared: flat, house, street, town and postcode, each in one form."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from services.intake.matching.names import NOWHERE, fold
from services.intake.matching.remembered import WORDS

_POSTCODE: Final = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?)\s*(\d[a-z]{2})\b", re.IGNORECASE)
_WHOLE: Final = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})$")
_FLAT: Final = re.compile(
    r"\b(?:flat|apartment|apt|unit|room|bedsit|maisonette)\s+(?:no\s+)?([a-z]?\d+[a-z]?|[a-z])\b"
)
_HOUSE: Final = re.compile(r"\b(\d+)(?:\s?([a-z])\b)?(?:\s\d+[a-z]?\b)?")
_SHORT: Final = {
    **{"street": "st", "str": "st", "road": "rd", "avenue": "ave", "av": "ave", "lane": "ln", "close": "cl"},
    **{
        "drive": "dr",
        "drv": "dr",
        "court": "ct",
        "crt": "ct",
        "place": "pl",
        "gardens": "gdns",
        "garden": "gdns",
    },
    **{"gdn": "gdns", "crescent": "cres", "cr": "cres", "cresent": "cres", "square": "sq", "terrace": "ter"},
    **{"terr": "ter", "grove": "gr", "grv": "gr", "park": "pk", "house": "hse", "way": "wy", "walk": "wlk"},
    **{"saint": "st", "green": "grn", "hill": "hl", "north": "n", "south": "s", "east": "e", "west": "w"},
    **{
        "mount": "mt",
        "buildings": "bldgs",
        "building": "bldg",
        "circuit": "cct",
        "parade": "pde",
        "mews": "mws",
    },
}


class Address(NamedTuple):
    """Where somebody lives; every part may be "" for not known.

    Attributes:
        street: without house and flat; words shortened as in "high st".
        postcode: without a space; any country's, upper case.
    """

    flat: str = ""
    house: str = ""
    street: str = ""
    town: str = ""
    postcode: str = ""

    @property
    def outward(self) -> str:
        """The district of the postcode: "LS6" of "LS6 2AB"; the whole of one that is not British."""
        return outward_of(self.postcode)

    @property
    def home(self) -> str:
        """One text for the door, "" where that is not known: what households are counted by."""
        if not self.postcode and not self.street:
            return ""
        place = self.postcode or f"{self.street} {self.town}"
        return f"{self.flat}/{self.house or self.street}/{place}"


def read_address(line: str, town: str, postcode: str) -> Address:
    """Return an address in the form that is compared; what says that there is none is left out."""
    if not postcode and (found := _POSTCODE.search(line)):
        postcode = found[0]
        line = line[: found.start()] + " " + line[found.end() :]
    told, where = fold(line), fold(town)
    told = "" if told in NOWHERE else told
    where = "" if where in NOWHERE else where
    if where and told.endswith(f" {where}"):
        told = told[: -len(where) - 1]
    flat = house = ""
    if found := _FLAT.search(told):
        flat, told = found[1], f"{told[: found.start()]} {told[found.end() :]}"
    if found := _HOUSE.search(told):
        house, told = (
            f"{found[1].lstrip('0')}{found[2] or ''}",
            f"{told[: found.start()]} {told[found.end() :]}",
        )
    street = " ".join(_SHORT.get(word, word) for word in told.split())
    return Address(flat, house, street, where, read_postcode(postcode))


@lru_cache(maxsize=WORDS)
def read_postcode(text: str) -> str:
    """Return a postcode in capitals without spaces; O and I are nought and one where a digit stands."""
    bare = "".join(sign for sign in fold(text) if sign.isalnum() and sign.isascii()).upper()
    if bare.startswith("ZZ99") or not any(sign.isdigit() for sign in bare.replace("O", "0")):
        return ""
    if not bare.isdigit() and 5 <= len(bare) <= 7 and not _WHOLE.match(bare):
        mended = bare[:-3] + bare[-3].translate(str.maketrans("OISL", "0151")) + bare[-2:]
        return mended if _WHOLE.match(mended) else bare
    return bare


@lru_cache(maxsize=WORDS)
def outward_of(postcode: str) -> str:
    """Return the district of a British postcode; another is one district."""
    return postcode[:-3] if _WHOLE.match(postcode) else postcode
