"""Findings about the concerns: their codes and which children they are about."""

from collections.abc import Iterator

from services.intake.findings.saying import Moment, Said, say
from shared.codes import INDICATORS
from shared.schemas.progress import Finding


def concerns(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield codes that are missing or unknown, and references to children who are not here."""
    known = {child.sender_child_reference for child in form.children}
    for place, concern in enumerate(form.concerns):
        if concern.indicator is None:
            yield say(
                f"concerns/{place}/indicator",
                "indicator_missing",
                "Choose the code that comes nearest; without one a person has to code it.",
            )
        elif concern.indicator not in INDICATORS:
            yield say(
                f"concerns/{place}/indicator",
                "indicator_not_known",
                "Not one of the hub's codes: a person looks at it.",
            )
        if not known.issuperset(concern.children):
            yield say(
                f"concerns/{place}/children", "child_not_in_referral", "No child here has this reference."
            )
