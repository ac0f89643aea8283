"""Put what the referrals of a case say into the shape a reader may see: their words, and whose they are."""

from typing import Any

from services.triage.models import CaseChild, Contact
from services.triage.sight import Sight
from shared.codes import INDICATORS
from shared.schemas.case_details import (
    AdultView,
    ChildDetails,
    ConcernView,
    ConsentView,
    ContactDetails,
    FamilyToldView,
)
from shared.schemas.cases import ContactView

#: What a reader who is shown less sees of consent, of what the family knows, and of an adult.
_LESS_OF_CONSENT = {
    "sought",
    "given",
    "informed_of",
    "not_sought_reason",
    "lawful_basis",
    "authorised_by",
}
_LESS_OF_TOLD = {"told", "reason_not"}
_LESS_OF_ADULT = {"given_name", "family_name", "role_in_concern", "safe_to_contact", "relationships"}


def contact_view(contact: Contact, sight: Sight) -> ContactView:
    """Return a referral of a case as `sight` shows it."""
    whole = sight.sees_whole_referral
    consent = _part(contact.consent, None if whole else _LESS_OF_CONSENT)
    told = _part(contact.family_told, None if whole else _LESS_OF_TOLD)
    return ContactView(
        referral_id=contact.referral_id,
        reference=contact.reference,
        agency_id=contact.agency_id,
        referrer=contact.referrer,
        received_at=contact.received_at,
        respond_by=contact.respond_by,
        immediate_danger=contact.immediate_danger,
        consent=ConsentView.model_validate(consent) if consent is not None else None,
        family_told=FamilyToldView.model_validate(told) if told is not None else None,
        actions_taken=contact.actions_taken,
        version=contact.version,
        corrected_at=contact.corrected_at,
        details=_contact_details(contact) if whole else None,
    )


def _part(said: dict[str, Any] | None, shown: set[str] | None) -> dict[str, Any] | None:
    if said is None or shown is None:
        return said
    return {name: value for name, value in said.items() if name in shown}


def _contact_details(contact: Contact) -> ContactDetails:
    return ContactDetails.model_validate(
        {
            "kind": contact.kind,
            "referrer": contact.said_by,
            "professionals": contact.professionals,
            "police": contact.police,
        }
    )


def child_details(child: CaseChild, sight: Sight) -> ChildDetails | None:
    """Return what is known of a child beside the worry; None for a reader who is shown less."""
    return ChildDetails.model_validate(child.details) if sight.sees_whole_referral else None


def concern_view(concern: dict[str, Any]) -> ConcernView:
    """Return a concern with its indicator in words."""
    indicator = INDICATORS.get(concern["indicator"] or "")
    return ConcernView.model_validate({**concern, "indicator_words": indicator.words if indicator else None})


def adult_view(adult: dict[str, Any], contact: Contact, place: int, sight: Sight) -> AdultView:
    """Return an adult of a referral as `sight` shows one: how to reach them safely, never where they live."""
    said = {**adult, "relationships": [_tie_words(tie) for tie in adult["relationships"]]}
    shown = _part(said, None if sight.sees_whole_referral else _LESS_OF_ADULT) or {}
    return AdultView.model_validate({**shown, "referral_id": contact.referral_id, "place": place})


def _tie_words(tie: dict[str, Any]) -> str:
    whom = tie["child"] or "every child"
    words = f"{tie['relationship']} of {whom}" if tie["relationship"] else f"tie to {whom} not said"
    if tie.get("parental_responsibility"):
        words += ", has parental responsibility"
    return words + (", lives in the household" if tie.get("in_household") else "")
