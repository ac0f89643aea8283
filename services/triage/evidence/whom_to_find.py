"""By what an asked agency finds the people of a question in its records: pure, as a contact names them."""

from collections.abc import Mapping
from typing import Any, Final

from services.triage.evidence.people import adult_meant
from services.triage.evidence.sought import bare_number, names_once
from services.triage.models import CaseChild, Contact
from shared.schemas.sought import SoughtPerson
from shared.schemas.words import Sector

#: What only those are told whose records are kept by it.
_TOLD_TO: Final[Mapping[str, frozenset[Sector]]] = {
    "nhs_number": frozenset({Sector.HEALTH, Sector.SOCIAL_CARE}),
    "upn": frozenset({Sector.EDUCATION, Sector.SOCIAL_CARE}),
    "school": frozenset({Sector.EDUCATION, Sector.HEALTH, Sector.SOCIAL_CARE}),
    "practice": frozenset({Sector.HEALTH}),
}


def child_to_find(child: CaseChild, sector: Sector | None) -> SoughtPerson:
    """Return by what to find a child.

    Its own contact alone speaks: what others say of the same child would tell that there are others.

    Args:
        sector: for which the agency is asked; None: for none.
    """
    details = child.details or {}
    own = {"given_name": child.given_name, "family_name": child.family_name}
    told = {
        "nhs_number": bare_number(details.get("nhs_number")),
        "upn": bare_number(details.get("upn")),
        "school": (details.get("school") or {}).get("name"),
        "practice": (details.get("gp") or {}).get("name"),
    }
    return SoughtPerson(
        names=names_once([(own, details.get("other_names") or ())]),
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        sex=details.get("sex"),
        address=_lasting(details.get("address")),
        **{name: said for name, said in told.items() if sector in _TOLD_TO[name]},
    )


def adult_to_find(contact: Contact | None, asked: Mapping[str, Any]) -> SoughtPerson | None:
    """Return by what to find an adult of a question; None where its contact no longer names them so."""
    adult = adult_meant(contact, asked) if contact else None
    if adult is None:
        return None
    return SoughtPerson(
        names=names_once([(adult, adult.get("other_names") or ())]),
        date_of_birth=adult.get("date_of_birth"),
        address=_lasting(adult.get("address")),
    )


def _lasting(address: Mapping[str, Any] | None) -> str | None:
    """Return an address in one line; None for one where somebody stays for a while, as in a refuge."""
    if not address or address.get("is_temporary"):
        return None
    parts = (*(address.get("lines") or ()), address.get("town"), address.get("postcode"))
    return ", ".join(part.strip() for part in parts if part and part.strip()) or None
