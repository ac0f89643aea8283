"""On what ground agencies may be asked about a child: pure; a reason for everyone, a wall for nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.triage.models import CaseChild, Contact, RecordedBasis
from shared.schemas.words import LawfulBasis, Rag
from shared.schemas.words_asking import ConsentPolicy

#: The hub's standing reason. It is the same for every colour: an asked agency must not read one from it.
STANDING: Final = (
    "The hub asks as its public task: to find out, with its partners, whether a child needs help or"
    " protection."
)
_REFUSED: Final = " The family was asked and did not agree."
_AGREED: Final = "The family agreed, as the sender recorded."
_DANGER: Final = "The sender said that a child is in danger now."
_NOT_SOUGHT: Final = {
    "risk_of_harm": "asking could put somebody at risk of harm",
    "would_prejudice_investigation": "asking could prejudice an investigation",
    "could_not_reach": "the family could not be reached",
    "emergency": "it was an emergency",
    "other": "for a reason of the sender's own",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """A ground and why it holds; `by` is whoever laid it in the hub, if a person did."""

    basis: LawfulBasis
    reason: str
    by: str | None = None


def basis_for(
    child: CaseChild,
    contact: Contact,
    recorded: Sequence[RecordedBasis],
    *,
    is_grave: bool,
    policy: ConsentPolicy,
) -> Basis | None:
    """Return the ground on which agencies are asked about a child; None: a person records one first.

    What somebody recorded in the hub counts first, then the family's consent, then the sender's own ground.
    Danger, Red and signs of significant harm wait for nobody.

    Args:
        recorded: for any contact of the case, oldest first.
        is_grave: whether the policy recommends the highest level, or section 47 was decided.

    Source:
        docs/adr/0031-who-is-asked-and-on-what-ground.md
    """
    if recorded:
        newest = recorded[-1]
        return Basis(LawfulBasis(newest.basis), newest.reason, newest.recorded_by)
    return _of_the_sender(contact) or _standing(child, contact, is_grave, policy)


def _of_the_sender(contact: Contact) -> Basis | None:
    consent = contact.consent or {}
    if consent.get("given") is True:
        return Basis(LawfulBasis.CONSENT, _AGREED)
    ground, why_not = consent.get("lawful_basis"), consent.get("not_sought_reason")
    # Consent named as the ground where none was given is no ground.
    if ground and ground != LawfulBasis.CONSENT:
        said = consent.get("lawful_basis_reason") or _not_sought(why_not) or "As the sender recorded."
        return Basis(LawfulBasis(ground), said)
    if why_not:
        return Basis(LawfulBasis.PUBLIC_TASK, _not_sought(why_not))
    return None


def _not_sought(why: str | None) -> str:
    return f"The sender did not ask the family: {_NOT_SOUGHT.get(why, why)}." if why else ""


def _standing(child: CaseChild, contact: Contact, is_grave: bool, policy: ConsentPolicy) -> Basis | None:
    if child.immediate_danger:
        return Basis(LawfulBasis.VITAL_INTERESTS, _DANGER)
    waits = child.rag != Rag.RED and not is_grave
    if policy is ConsentPolicy.ASK_FIRST and waits:
        return None
    refused = (contact.consent or {}).get("given") is False
    return Basis(LawfulBasis.PUBLIC_TASK, STANDING + (_REFUSED if refused else ""))
