"""Dates of birth as they are compared: eight digits, also where no calendar has such a day."""

import re
from calendar import month_abbr
from datetime import date
from functools import lru_cache
from typing import Final

from services.intake.matching.remembered import WORDS

_MONTHS: Final = {
    name: f"{number:02}" for number, name in enumerate((name.casefold() for name in month_abbr[1:]), start=1)
}
_YEAR_FIRST: Final = re.compile(r"^(\d{4})\D(\d{1,2})\D(\d{1,2})(?!\d)")
_DAY_FIRST: Final = re.compile(r"^(\d{1,2})\D+(\d{1,2})\D+(\d{4}|\d{2})(?!\d)")
_WITH_WORD: Final = re.compile(
    r"^(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?\W*([a-z]{3})[a-z]*\W*(\d{4}|\d{2})(?!\d)"
)
_EIGHT: Final = re.compile(r"^\d{8}$")
_YEAR: Final = re.compile(r"^(\d{4})(?:\D(\d{1,2}))?$")
#: Years that systems write where they know none.
_NO_YEARS: Final = frozenset({"0000", "0001", "1753", "1899", "1900", "9999"})


def read_date(text: str) -> str:
    """Return YYYYMMDD, or "" where nothing was said; a part not known is 00.

    ISO, British order, words for months; two digits of a year mean the hundred years up to 2029. A default
    such as 1 January 1900 says nothing. A day that does not exist is kept: it still resembles the right one.
    """
    told = text.strip().casefold()
    if not told:
        return ""
    year, month, day = _parts(told)
    if not year or year in _NO_YEARS:
        return ""
    return f"{year}{month}{day}"


def _parts(told: str) -> tuple[str, str, str]:
    if _EIGHT.match(told):
        is_day_first = not "1850" <= told[:4] <= "2100" and "1850" <= told[4:] <= "2100"
        return (told[4:], told[2:4], told[:2]) if is_day_first else (told[:4], told[4:6], told[6:])
    if found := _YEAR_FIRST.match(told):
        return found[1], f"{int(found[2]):02}", f"{int(found[3]):02}"
    if found := _DAY_FIRST.match(told):
        return _whole_year(found[3]), f"{int(found[2]):02}", f"{int(found[1]):02}"
    if (found := _WITH_WORD.match(told)) and found[2] in _MONTHS:
        return _whole_year(found[3]), _MONTHS[found[2]], f"{int(found[1]):02}"
    if found := _YEAR.match(told):
        return found[1], f"{int(found[2] or 0):02}", "00"
    return "", "", ""


def _whole_year(text: str) -> str:
    if len(text) == 4:
        return text
    return f"20{text}" if text < "30" else f"19{text}"


def is_default(born: str) -> bool:
    """Whether a date is one that is written when only the year is known: 1 January, or no day at all."""
    return born[4:] in {"0101", "0000", "0100"} or born[6:] == "00"


@lru_cache(maxsize=WORDS)
def day_number(born: str) -> int | None:
    """Return the day as a running number, None where no calendar has it."""
    try:
        return date(int(born[:4]), int(born[4:6]), int(born[6:])).toordinal()
    except ValueError:
        return None
