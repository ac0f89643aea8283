"""What is odd or missing in a referral: said to the sender, never a reason to hold a child back."""

from datetime import UTC, date, datetime, time, timedelta

from services.intake.findings.concerns import concerns
from services.intake.findings.consent import consent, family
from services.intake.findings.dates import dates
from services.intake.findings.identity import identity
from services.intake.findings.people import adults, professionals, referrer
from services.intake.findings.places import places
from services.intake.findings.police import police
from services.intake.findings.saying import Check, Moment, Said
from services.intake.findings.standing import standing
from services.intake.findings.voice import voice
from services.intake.findings.writing import writing
from shared.schemas.progress import Finding

__all__ = ["CHECKS", "find"]

#: In the order in which the sender reads them.
CHECKS: tuple[Check, ...] = (
    referrer,
    identity,
    dates,
    places,
    standing,
    voice,
    concerns,
    writing,
    police,
    adults,
    professionals,
    consent,
    family,
)

# Two clocks are never quite the same.
_CLOCKS_DIFFER = timedelta(minutes=5)
_NEXT_DAY = timedelta(days=1)


def find(form: Said, *, today: date, received_at: datetime | None = None) -> list[Finding]:
    """Return every finding of a referral.

    Args:
        today: London date, for ages.
        received_at: aware; what lies after it is in the future. Left out: after tomorrow.
    """
    if received_at is None:
        latest = datetime.combine(today + _NEXT_DAY, time.max, UTC)
    else:
        latest = received_at + _CLOCKS_DIFFER
    moment = Moment(today, latest)
    return [finding for check in CHECKS for finding in check(form, moment)]
