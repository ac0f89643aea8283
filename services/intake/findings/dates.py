"""Findings about dates: births and ages, and when things happened."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.intake.findings.saying import Moment, Said, say
from shared.schemas.children import ReferredChild
from shared.schemas.progress import Finding

_LONGEST_PREGNANCY = timedelta(days=301)
_DAYS_OF_A_YEAR = 365.25
_ADULT_YEARS = 18
_OLDEST_YEARS = 120
#: Older than this, a slip in the year is likelier than a worry; harm of long ago is taken all the same.
_LONG_AGO = timedelta(days=round(25 * _DAYS_OF_A_YEAR))


def years_between(born: date, today: date) -> float:
    """Return someone's age in years, near enough for a question; negative before birth."""
    return (today - born).days / _DAYS_OF_A_YEAR


def dates(form: Said, moment: Moment) -> Iterator[Finding]:
    """Yield dates that cannot be, or that ask for a word."""
    for place, child in enumerate(form.children):
        yield from _child(f"children/{place}", child, moment)
    for place, adult in enumerate(form.adults):
        if adult.date_of_birth is not None:
            yield from _adult(f"adults/{place}/date_of_birth", adult.date_of_birth, moment.today)
    for place, concern in enumerate(form.concerns):
        at = f"concerns/{place}"
        if concern.occurred_at is None and concern.since_on is None:
            yield say(
                f"{at}/occurred_at", "when_missing", "When was this, or since when has it been going on?"
            )
        yield from _happened(f"{at}/occurred_at", concern.occurred_at, moment)
        yield from _since(at, concern.since_on, concern.occurred_at, moment)
    if form.consent is not None:
        yield from _in_the_future("consent/asked_at", form.consent.asked_at, moment)
    if form.family_told is not None:
        yield from _in_the_future("family_told/told_at", form.family_told.told_at, moment)


def _child(at: str, child: ReferredChild, moment: Moment) -> Iterator[Finding]:
    born, expected, today = child.date_of_birth, child.expected_date_of_birth, moment.today
    if born is not None:
        yield from _born(f"{at}/date_of_birth", born, today)
        if expected is not None:
            yield say(f"{at}/expected_date_of_birth", "born_and_expected", "Give one: born, or expected.")
    elif expected is None:
        yield say(f"{at}/date_of_birth", "age_unknown", "Neither a date of birth nor an expected one.")
    if expected is not None:
        yield from _expected(f"{at}/expected_date_of_birth", expected, today, unborn=born is None)
    if child.voice is not None:
        yield from _in_the_future(f"{at}/voice/seen_at", child.voice.seen_at, moment)


def _born(at: str, born: date, today: date) -> Iterator[Finding]:
    if today < born <= today + _LONGEST_PREGNANCY:
        yield say(at, "in_the_future", "Not born yet? Then give `expected_date_of_birth`.")
        return
    years = years_between(born, today)
    if years < 0 or years > _OLDEST_YEARS:
        yield say(at, "implausible_date", "Nobody alive was born on this day.")
    elif years >= _ADULT_YEARS:
        yield say(at, "adult", "This is an adult: the hub looks at adult safeguarding too.")


def _expected(at: str, expected: date, today: date, *, unborn: bool) -> Iterator[Finding]:
    if abs(expected - today) > _LONGEST_PREGNANCY:
        yield say(at, "implausible_date", "This is not a pregnancy of today.")
    elif expected < today and unborn:
        yield say(at, "overdue", "This day has passed: has the baby been born, and where is it now?")


def _adult(at: str, born: date, today: date) -> Iterator[Finding]:
    years = years_between(born, today)
    if years < 0 or years > _OLDEST_YEARS:
        yield say(at, "implausible_date", "Nobody alive was born on this day.")
    elif years < _ADULT_YEARS:
        yield say(at, "under_18", "Under 18: if you worry about this young person too, add them as a child.")


def _happened(at: str, when: datetime | None, moment: Moment) -> Iterator[Finding]:
    yield from _in_the_future(at, when, moment)
    if when is not None and when.date() < moment.today - _LONG_AGO:
        yield say(at, "long_ago", "Is the year right? Harm of long ago is taken all the same.")


def _since(at: str, since: date | None, happened_at: datetime | None, moment: Moment) -> Iterator[Finding]:
    if since is None:
        return
    if since > moment.today:
        yield say(f"{at}/since_on", "in_the_future", "This lies in the future.")
    elif since < moment.today - _LONG_AGO:
        yield say(f"{at}/since_on", "long_ago", "Is the year right? Harm of long ago is taken all the same.")
    if happened_at is not None and since > happened_at.date() + timedelta(days=1):
        yield say(f"{at}/since_on", "out_of_order", "It began after it happened: which of the two is right?")


def _in_the_future(at: str, when: datetime | None, moment: Moment) -> Iterator[Finding]:
    if when is not None and when > moment.latest:
        yield say(at, "in_the_future", "This lies in the future.")
