"""Which adults a question is about: pure, from what a contact says of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.triage.models import CaseChild, Contact
from shared.schemas.words import RoleInConcern

#: Whose tie it is, where a contact speaks of a child by a key of its own that it gives to none.
NOT_NAMED: Final = "a child whom the contact does not name"
#: What a question keeps of an adult, as named when it was asked.
_NAMED = ("given_name", "family_name", "role_in_concern")


def adult_asked(contact: Contact, place: int) -> dict[str, Any]:
    """Return an adult of a contact as a question keeps it; raise IndexError where it names none there."""
    adult = contact.adults[place]
    said = {name: adult.get(name) for name in _NAMED}
    return {"referral_id": str(contact.referral_id), "place": place, "version": contact.version, **said}


def adults_around(contact: Contact, child: CaseChild) -> list[dict[str, Any]]:
    """Return the adults that every agency is asked about with a child: its own, and whoever may harm it.

    Left out is only who is tied to other children alone, in another household, and is no alleged perpetrator.
    """
    return [
        adult_asked(contact, place)
        for place, adult in enumerate(contact.adults)
        if _is_around(adult, child.given_name)
    ]


def _is_around(adult: dict[str, Any], given_name: str | None) -> bool:
    ties: Sequence[dict[str, Any]] = adult.get("relationships") or ()
    if not ties or adult.get("role_in_concern") == RoleInConcern.ALLEGED_PERPETRATOR:
        return True
    # A tie keeps the child's name, where it has one; what cannot be told apart counts as this child's.
    return any(
        tie.get("in_household") or not given_name or tie.get("child") in {None, "", NOT_NAMED, given_name}
        for tie in ties
    )


def adult_meant(contact: Contact, asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the adult of a contact that a question is about, as the contact stands now.

    A later version may name adults in another order or under other names: None where nobody is named so.
    """
    adults = [{**adult, "place": place} for place, adult in enumerate(contact.adults)]
    here = [adult for adult in adults if _who(adult) == _who(asked)]
    return min(here, key=lambda adult: adult["place"] != asked["place"], default=None)


def with_new_adults(kept: Sequence[dict[str, Any]], around: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the adults of a question with those that a later version names for the first time."""
    known = {_who(adult) for adult in kept}
    return [*kept, *(adult for adult in around if _who(adult) not in known)]


def _who(adult: Mapping[str, Any]) -> tuple[str, str, str]:
    named = (adult.get("given_name"), adult.get("family_name"))
    given, family = (" ".join((name or "").split()).casefold() for name in named)
    # Two without a name are told apart by where they stand.
    return given, family, "" if given or family else str(adult["place"])
