"""Findings about what the family was asked and told: not asked is not refused, and asked is not informed."""

from collections.abc import Iterator

from services.intake.findings.people import ENGLISH
from services.intake.findings.saying import Moment, Said, say
from shared.codes import INFORMED_OF
from shared.schemas.consent import Consent
from shared.schemas.progress import Finding
from shared.schemas.words import LawfulBasis, NotSoughtReason


def consent(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield what is missing in the account of consent."""
    asked = form.consent
    if asked is None or asked.sought is None:
        yield say("consent", "consent_unclear", "Say whether the family was asked. Not asked is not refused.")
    elif asked.sought:
        yield from _asked(asked)
    else:
        yield from _not_asked(asked)


def _asked(asked: Consent) -> Iterator[Finding]:
    if asked.given is None:
        yield say("consent/given", "answer_unclear", "What did they answer: yes or no?")
    elif not asked.given:
        yield from _shared_without(asked)
    elif asked.has_parental_responsibility is False:
        yield say(
            "consent/has_parental_responsibility",
            "no_parental_responsibility",
            "Who has parental responsibility, and were they asked?",
        )
    if not asked.given_by:
        yield say("consent/given_by", "missing", "Who was asked?")
    if asked.has_parental_responsibility is None:
        yield say(
            "consent/has_parental_responsibility", "missing", "Has that person parental responsibility?"
        )
    yield from _informed(asked)


def _informed(asked: Consent) -> Iterator[Finding]:
    if not asked.informed_of:
        yield say(
            "consent/informed_of",
            "not_informed",
            "What was explained first? An answer counts when people knew what they were asked.",
        )
    # Own words may say any of it: only a list in the hub's codes can be seen to lack one.
    elif INFORMED_OF.keys() >= set(asked.informed_of) != INFORMED_OF.keys():
        lacking = ", ".join(code for code in INFORMED_OF if code not in asked.informed_of)
        yield say(
            "consent/informed_of", "partly_informed", f"Not explained yet, as far as you say: {lacking}."
        )
    language = asked.language
    if language and asked.interpreter_used is None and language.strip().lower() not in ENGLISH:
        yield say("consent/interpreter_used", "interpreter_unclear", "Did an interpreter take part?")


def _not_asked(asked: Consent) -> Iterator[Finding]:
    if asked.given is not None:
        yield say("consent/given", "consent_contradicts", "Nobody was asked, and yet there is an answer.")
    if asked.not_sought_reason is None:
        yield say("consent/not_sought_reason", "missing", "Say why consent was not sought.")
    elif asked.not_sought_reason is NotSoughtReason.OTHER and not asked.lawful_basis_reason:
        yield say("consent/lawful_basis_reason", "missing", "Say in a sentence why nobody was asked.")
    yield from _shared_without(asked)


def _shared_without(asked: Consent) -> Iterator[Finding]:
    if asked.lawful_basis is None:
        yield say("consent/lawful_basis", "missing", "Say on what lawful basis you share this.")
    elif asked.lawful_basis is LawfulBasis.CONSENT:
        yield say(
            "consent/lawful_basis",
            "consent_contradicts",
            "Nobody agreed: it needs a ground other than consent.",
        )
    if not asked.authorised_by:
        yield say("consent/authorised_by", "missing", "Who decided to share this without consent?")


def family(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield what is missing in the account of what the family was told."""
    told = form.family_told
    if told is None or told.told is None:
        yield say("family_told", "missing", "Say what the family knows, or why telling them is unsafe.")
    elif not told.told and not told.reason_not:
        yield say("family_told/reason_not", "missing", "Say why the family was not told.")
    elif told.told and not told.who:
        yield say("family_told/who", "missing", "Who in the family was told?")
