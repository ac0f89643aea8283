"""Consent in words: not asked is never read as refused, and silence is said to be silence."""

import pytest

from services.console.wording import consent_words, told_words
from shared.schemas.case_details import ConsentView, FamilyToldView


@pytest.mark.parametrize(
    ("consent", "words"),
    [
        (None, "The sender did not say whether the family was asked."),
        (ConsentView(), "The sender did not say whether the family was asked."),
        (ConsentView(sought=True, given=True), "The family was asked and agreed."),
        (ConsentView(sought=True, given=False), "The family was asked and refused."),
        (ConsentView(sought=True), "The family was asked; what it said was not recorded."),
        (ConsentView(sought=False), "Not asked: no reason was given."),
        (
            ConsentView(sought=False, not_sought_reason="risk_of_harm", lawful_basis="public_task"),
            "Not asked: risk of harm. Lawful basis: public task.",
        ),
        (
            ConsentView(sought=True, given=True, informed_of=["which agencies are asked"]),
            "The family was asked and agreed. Told about: which agencies are asked.",
        ),
    ],
)
def test_consent_is_said_as_it_is(consent: ConsentView | None, words: str) -> None:
    assert consent_words(consent) == words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, "The sender did not say what the family knows."),
        (FamilyToldView(told=True), "The family knows of this contact."),
        (
            FamilyToldView(told=False, reason_not="it would increase the risk."),
            "The family has not been told: it would increase the risk.",
        ),
    ],
)
def test_what_the_family_knows_is_said_as_it_is(told: FamilyToldView | None, words: str) -> None:
    assert told_words(told) == words
