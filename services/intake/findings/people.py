"""Findings about whoever writes, the adults of the family and the professionals around it."""

import re
from collections.abc import Iterator

from services.intake.findings.saying import Moment, Said, say
from shared.codes import POLICE_FORCES, REFERRAL_SOURCES
from shared.schemas.people import ReferredAdult
from shared.schemas.progress import Finding
from shared.schemas.referrals import Organisation, Referrer
from shared.schemas.words import RoleInConcern

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_TELEPHONE = re.compile(r"\+?[0-9 ()./-]+(?: ?(?:ext\.?|x) ?[0-9]+)?", re.IGNORECASE)
_URN = re.compile(r"[0-9]{6}")
_ODS = re.compile(r"[A-Z0-9]{3,9}")
_FEWEST_DIGITS, _MOST_DIGITS = 5, 20


def referrer(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield what is odd about who writes, and whether the hub can ring them back."""
    if form.sender_reference is None:
        yield say("sender_reference", "missing", "Your own reference helps you find the outcome again.")
    who = form.referrer
    if who is None:
        yield say("referrer", "referrer_missing", "Say who the hub can ring back.")
        return
    if who.source_code is not None and who.source_code not in REFERRAL_SOURCES:
        yield say("referrer/source_code", "code_not_known", "Not a DfE contact source code.")
    if who.organisation is not None:
        yield from _organisation(who.organisation)
    yield from _reached(who)


def _organisation(organisation: Organisation) -> Iterator[Finding]:
    at = "referrer/organisation"
    if organisation.ods_code is not None and not is_ods_code(organisation.ods_code):
        yield say(f"{at}/ods_code", "odd_ods_code", "An ODS code has 3 to 9 letters and digits.")
    if organisation.urn is not None and not is_urn(organisation.urn):
        yield say(f"{at}/urn", "odd_urn", "A school's URN has six digits.")
    force = organisation.police_force_code
    if force is not None and force not in POLICE_FORCES:
        yield say(f"{at}/police_force_code", "code_not_known", "Not the code of a police force area.")


def _reached(who: Referrer) -> Iterator[Finding]:
    if not who.telephone and not who.email:
        yield say("referrer", "no_way_back", "Give a work telephone or address: someone may have to ask you.")
    if who.telephone and not is_telephone(who.telephone):
        yield say("referrer/telephone", "odd_telephone", "This does not look like a telephone number.")
    if who.email and not _EMAIL.fullmatch(who.email):
        yield say("referrer/email", "odd_email", "This does not look like an e-mail address.")


def adults(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield what is odd about the adults and their ties to the children."""
    known = {None, *(child.sender_child_reference for child in form.children)}
    for place, adult in enumerate(form.adults):
        at = f"adults/{place}"
        if not (adult.given_name or adult.family_name or adult.other_names):
            yield say(at, "name_missing", "No name: a description or a first name helps to find this adult.")
        yield from _part(at, adult)
        if any(tie.child not in known for tie in adult.relationships):
            yield say(f"{at}/relationships", "child_not_in_referral", "No child here has this reference.")
        if adult.same_as_child not in known:
            yield say(f"{at}/same_as_child", "child_not_in_referral", "No child here has this reference.")
        yield from _contact(at, adult)


def _part(at: str, adult: ReferredAdult) -> Iterator[Finding]:
    if adult.role_in_concern is RoleInConcern.UNKNOWN:
        yield say(f"{at}/role_in_concern", "role_unknown", "What part has this adult in the worry?")
    if not adult.relationships:
        yield say(f"{at}/relationships", "relationship_missing", "What is this adult to the children?")
    elif not any(tie.relationship for tie in adult.relationships):
        yield say(f"{at}/relationships", "relationship_missing", "In a word: mother, uncle, lodger?")


def _contact(at: str, adult: ReferredAdult) -> Iterator[Finding]:
    if adult.telephone:
        if not is_telephone(adult.telephone):
            yield say(f"{at}/telephone", "odd_telephone", "This does not look like a telephone number.")
        if adult.safe_to_contact is None:
            yield say(
                f"{at}/safe_to_contact",
                "safe_contact_unclear",
                "Is it safe to ring this adult? Until you say so, nobody should.",
            )
    language = adult.first_language
    if language and adult.interpreter_needed is None and language.strip().lower() not in ENGLISH:
        yield say(f"{at}/interpreter_needed", "interpreter_unclear", "Does talking take an interpreter?")


def professionals(form: Said, _moment: Moment) -> Iterator[Finding]:
    """Yield whether nobody is named who works with the family."""
    if not form.professionals:
        yield say("professionals", "none_named", "Who else works with the family? A role is enough.")
    for place, someone in enumerate(form.professionals):
        if not (someone.name or someone.role or someone.organisation):
            yield say(f"professionals/{place}", "name_missing", "Say who this is, or at least their role.")


#: How English is written where a language is asked for.
ENGLISH = frozenset({"en", "eng", "english", "en-gb"})


def is_telephone(written: str) -> bool:
    """Say whether `written` could be a telephone number, with or without an extension."""
    text = written.strip()
    digits = sum(character.isdigit() for character in text)
    return _FEWEST_DIGITS <= digits <= _MOST_DIGITS and _TELEPHONE.fullmatch(text) is not None


def is_urn(written: str) -> bool:
    """Say whether `written` has the shape of a school's unique reference number."""
    return _URN.fullmatch(written.strip()) is not None


def is_ods_code(written: str) -> bool:
    """Say whether `written` has the shape of an organisation code of the health service."""
    return _ODS.fullmatch(written.strip().upper()) is not None
