"""What is odd or missing in a referral: said to the sender, never a reason to hold a child back."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import nhs_number

from shared.codes.indicators import INDICATORS
from shared.codes.referral_sources import REFERRAL_SOURCES
from shared.schemas.children import ReferredChild
from shared.schemas.progress import Finding
from shared.schemas.referrals import ReferralIn

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}")
_LONGEST_PREGNANCY = timedelta(days=301)
_ADULT_YEARS = 18
_OLDEST_YEARS = 120

Check = Callable[[ReferralIn, date], Iterator[Finding]]


def find(form: ReferralIn, *, today: date) -> list[Finding]:
    """Return every finding of a referral.

    Args:
        today: London date, for ages.
    """
    return [finding for check in CHECKS for finding in check(form, today)]


def _finding(pointer: str, code: str, detail: str) -> Finding:
    return Finding(pointer=f"#/{pointer}", code=code, detail=detail)


def _whole(form: ReferralIn, _today: date) -> Iterator[Finding]:
    if not form.children:
        yield _finding("children", "child_not_named", "No child is named: ring the hub with what you learn.")
    if form.referrer is None:
        yield _finding("referrer", "referrer_missing", "Say who the hub can ring back.")
    elif form.referrer.source_code is not None and form.referrer.source_code not in REFERRAL_SOURCES:
        yield _finding("referrer/source_code", "code_not_known", "Not a DfE contact source code.")
    if form.sender_reference is None:
        yield _finding("sender_reference", "missing", "Your own reference helps you find the outcome again.")


def _consent(form: ReferralIn, _today: date) -> Iterator[Finding]:
    consent = form.consent
    if consent is None or consent.sought is None:
        yield _finding(
            "consent", "consent_unclear", "Say whether the family was asked. Not asked is not refused."
        )
    elif consent.sought is False and consent.not_sought_reason is None:
        yield _finding("consent/not_sought_reason", "missing", "Say why consent was not sought.")
    elif consent.given is False and consent.lawful_basis is None:
        yield _finding("consent/lawful_basis", "missing", "Say on what lawful basis you share this.")
    if form.family_told is None or form.family_told.told is None:
        yield _finding("family_told", "missing", "Say what the family knows, or why telling them is unsafe.")


def _concerns(form: ReferralIn, today: date) -> Iterator[Finding]:
    known = {child.sender_child_reference for child in form.children}
    for place, concern in enumerate(form.concerns):
        if concern.indicator is not None and concern.indicator not in INDICATORS:
            yield _finding(
                f"concerns/{place}/indicator",
                "indicator_not_known",
                "Not one of the hub's codes: a person looks at it.",
            )
        if concern.occurred_at is not None and concern.occurred_at.date() > today + timedelta(days=1):
            yield _finding(f"concerns/{place}/occurred_at", "in_the_future", "This lies in the future.")
        if not known.issuperset(concern.children):
            yield _finding(
                f"concerns/{place}/children", "child_not_in_referral", "No child here has this reference."
            )


def _relationships(form: ReferralIn, _today: date) -> Iterator[Finding]:
    known = {child.sender_child_reference for child in form.children}
    for place, adult in enumerate(form.adults):
        if any(tie.child not in known for tie in adult.relationships):
            yield _finding(
                f"adults/{place}/relationships", "child_not_in_referral", "No child here has this reference."
            )


def _same_child_twice(form: ReferralIn, _today: date) -> Iterator[Finding]:
    counted = Counter(child.sender_child_reference for child in form.children if child.sender_child_reference)
    for place, child in enumerate(form.children):
        if child.sender_child_reference and counted[child.sender_child_reference] > 1:
            yield _finding(
                f"children/{place}/sender_child_reference",
                "given_twice",
                "Two children carry this reference.",
            )


def _each_child(form: ReferralIn, today: date) -> Iterator[Finding]:
    for place, child in enumerate(form.children):
        at = f"children/{place}"
        yield from _identity(at, child)
        yield from _born(at, child, today)
        yield from _seen(at, child)


def _identity(at: str, child: ReferredChild) -> Iterator[Finding]:
    if child.child_id is not None:
        yield _finding(f"{at}/child_id", "not_used_here", "A first version is given its ids by the hub.")
    if not (child.given_name or child.family_name):
        yield _finding(
            f"{at}/given_name", "name_missing", "No name: anything that helps to find the child helps."
        )
    if child.nhs_number is not None and not nhs_number.is_valid(child.nhs_number):
        yield _finding(
            f"{at}/nhs_number", "check_digit", "Not a valid NHS number: kept, but not used to match."
        )
    postcode = child.address.postcode if child.address else None
    if postcode is not None and not _POSTCODE.fullmatch(postcode.strip().upper()):
        yield _finding(f"{at}/address/postcode", "odd_postcode", "This does not look like a UK postcode.")
    if child.address is None:
        yield _finding(f"{at}/address", "missing", "Where does the child live or stay?")


def _born(at: str, child: ReferredChild, today: date) -> Iterator[Finding]:
    born, expected = child.date_of_birth, child.expected_date_of_birth
    if born is not None and expected is not None:
        yield _finding(f"{at}/expected_date_of_birth", "born_and_expected", "Give one: born, or expected.")
    if born is None and expected is None:
        yield _finding(f"{at}/date_of_birth", "age_unknown", "Neither a date of birth nor an expected one.")
    if expected is not None and abs(expected - today) > _LONGEST_PREGNANCY:
        yield _finding(
            f"{at}/expected_date_of_birth", "implausible_date", "This is not a pregnancy of today."
        )
    if born is None:
        return
    years = (today - born).days / 365.25
    if years < 0 or years > _OLDEST_YEARS:
        yield _finding(f"{at}/date_of_birth", "implausible_date", "Nobody alive was born on this day.")
    elif years >= _ADULT_YEARS:
        yield _finding(
            f"{at}/date_of_birth", "adult", "This is an adult: the hub looks at adult safeguarding too."
        )


def _seen(at: str, child: ReferredChild) -> Iterator[Finding]:
    voice = child.voice
    if voice is None or not (voice.views or voice.not_obtained_reason):
        yield _finding(
            f"{at}/voice", "no_voice_of_child", "What did the child say or show, or why is it not known?"
        )
    if child.grade is None:
        yield _finding(f"{at}/grade", "no_grade", "How worried is your agency, 0 to 5?")
    elif child.grade.rationale is None:
        yield _finding(f"{at}/grade/rationale", "no_rationale", "Why this grade and not another?")


CHECKS: tuple[Check, ...] = (_whole, _each_child, _same_child_twice, _concerns, _relationships, _consent)
