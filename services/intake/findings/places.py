"""Findings about where people live."""

import re
from collections.abc import Iterator

from services.intake.findings.saying import Moment, Said, say
from shared.schemas.people import Address
from shared.schemas.progress import Finding

#: The shape alone: another country or another council's area is no fault.
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|GIR ?0AA")
_UPRN = re.compile(r"[0-9]{1,12}")


def places(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield addresses that are missing, empty or oddly written."""
    for place, child in enumerate(form.children):
        at = f"children/{place}/address"
        if child.address is None or _is_empty(child.address):
            yield say(at, "missing", "Where does the child live or stay?")
        else:
            yield from _address(at, child.address)
    for place, adult in enumerate(form.adults):
        if adult.address is not None:
            yield from _address(f"adults/{place}/address", adult.address)


def _is_empty(address: Address) -> bool:
    return not (address.lines or address.town or address.postcode or address.uprn)


def _address(at: str, address: Address) -> Iterator[Finding]:
    if address.postcode is not None and not _POSTCODE.fullmatch(address.postcode.strip().upper()):
        yield say(f"{at}/postcode", "odd_postcode", "This does not look like a UK postcode.")
    if address.uprn is not None and not _UPRN.fullmatch(address.uprn.strip()):
        yield say(f"{at}/uprn", "odd_uprn", "A UPRN has up to 12 digits: kept, but not used to match.")
