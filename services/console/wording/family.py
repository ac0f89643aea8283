"""What a family was asked and told, as facts: not asked is never shown as refused."""

from datetime import datetime
from typing import Final

from services.console.wording.facts import Facts, facts, joined, listed, yes_or_no
from services.console.wording.times import when
from shared.codes.lists import INFORMED_OF, WAYS_OF_ASKING
from shared.schemas.consent import Consent, FamilyTold
from shared.schemas.words import LawfulBasis, NotSoughtReason

_NOT_SOUGHT: Final = {
    NotSoughtReason.RISK_OF_HARM: "asking would put someone at risk of harm",
    NotSoughtReason.WOULD_PREJUDICE_INVESTIGATION: "asking would prejudice an investigation",
    NotSoughtReason.COULD_NOT_REACH: "nobody could be reached",
    NotSoughtReason.EMERGENCY: "it was an emergency",
    NotSoughtReason.OTHER: "another reason",
}
_BASES: Final = {
    LawfulBasis.CONSENT: "Consent",
    LawfulBasis.PUBLIC_TASK: "Public task",
    LawfulBasis.LEGAL_OBLIGATION: "Legal obligation",
    LawfulBasis.VITAL_INTERESTS: "Vital interests",
}


def consent_answer(consent: Consent | None) -> str:
    """Return in one sentence whether the family was asked, and what it said."""
    if consent is None or consent.sought is None:
        return "Not said whether anyone was asked. That is not a refusal."
    if not consent.sought:
        reason = consent.not_sought_reason
        return f"Not asked: {_NOT_SOUGHT[reason] if reason else 'no reason was given'}. Nobody refused."
    return _ANSWERED[consent.given]


_ANSWERED: Final = {
    True: "Asked, and agreed.",
    False: "Asked, and refused.",
    None: "Asked; what was answered is not said.",
}


def consent_facts(consent: Consent | None, now: datetime) -> Facts:
    """Return how the family was asked; of a family that was not asked, on what ground this is shared."""
    consent = consent or Consent()
    ground = [
        ("Lawful basis", _BASES[consent.lawful_basis] if consent.lawful_basis else None),
        ("Why that ground holds", consent.lawful_basis_reason),
        ("Authorised by", consent.authorised_by),
    ]
    child = [("What the child thinks of it", consent.child_view)]
    if consent.sought is None:
        return Facts(facts(ground + child).rows, [])
    if not consent.sought:
        return facts(ground + child)
    asked = [
        ("Who was asked", consent.given_by),
        ("Has parental responsibility", yes_or_no(consent.has_parental_responsibility)),
        (
            "What was explained first",
            joined(*(INFORMED_OF.get(each, each) for each in consent.informed_of), by="; "),
        ),
        ("How", listed(consent.how, WAYS_OF_ASKING)),
        ("When", when(consent.asked_at, now) if consent.asked_at else None),
        ("In which language", consent.language),
        ("With an interpreter", yes_or_no(consent.interpreter_used)),
    ]
    return facts(asked + child + (ground if not consent.given else ground[:1]))


def told_answer(told: FamilyTold | None) -> str:
    """Return in one sentence whether the family knows of a contact."""
    if told is None or told.told is None:
        return "Not said whether the family knows. Find out before anyone writes or rings."
    return "The family knows of this contact." if told.told else "The family has not been told."


def told_facts(told: FamilyTold | None, now: datetime) -> Facts:
    """Return who was told what, or why nobody was."""
    told = told or FamilyTold()
    if told.told is None:
        return Facts(facts([("Why not", told.reason_not)]).rows, [])
    if not told.told:
        return facts([("Why not", told.reason_not)])
    return facts(
        [
            ("Who was told", joined(*told.who)),
            ("By whom", told.by),
            ("When", when(told.told_at, now) if told.told_at else None),
            ("What they were told", told.what),
            ("In which language", told.language),
            ("With an interpreter", yes_or_no(told.interpreter_used)),
        ]
    )
