"""What follows from a family's refusal: pure; nothing is forced on it, and somebody looks again."""

from collections.abc import Sequence
from typing import Final

from services.triage.models import CaseChild, Contact
from shared.schemas.ids import ChildId, ReferralId
from shared.schemas.words import Level

#: So many contacts refused are more than one bad day.
REFUSED_REPEATEDLY: Final = 2


def reviews_under_section_17(refusals: int, level: int | None) -> bool:
    """Say whether refusals call for a review under section 17 of the Children Act 1989.

    Only where the need is level 2 or lower: above it nobody waits for consent. A level that the policy cannot
    say counts as low here: a person looks either way.

    Args:
        refusals: contacts about the child for which the family refused.

    Source:
        docs/adr/0031-who-is-asked-and-on-what-ground.md
    """
    return refusals >= REFUSED_REPEATEDLY and (level is None or level <= Level.ADDITIONAL)


def refused_here(
    children: Sequence[CaseChild], contacts: Sequence[Contact]
) -> dict[ChildId, set[ReferralId]]:
    """Return the contacts of a case about each child for which the family refused consent."""
    refused = {one.referral_id for one in contacts if (one.consent or {}).get("given") is False}
    first = {child.child_id: child.same_child_as or child.child_id for child in children}
    return {
        child.child_id: {
            other.referral_id
            for other in children
            if first[other.child_id] == first[child.child_id] and other.referral_id in refused
        }
        for child in children
    }
