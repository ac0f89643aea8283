"""What every finding is made of: where, a stable code, and a sentence that never repeats what was sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from shared.schemas.progress import Finding
from shared.schemas.referrals import ReferralDraft, ReferralIn

#: A referral that was sent, or one that is still being written.
Said = ReferralIn | ReferralDraft


@dataclass(frozen=True, slots=True)
class Moment:
    """When a referral is looked at.

    Attributes:
        today: London date, for ages.
        latest: aware; what happened after it lies in the future.
    """

    today: date
    latest: datetime


Check = Callable[[Said, Moment], Iterator[Finding]]


def say(pointer: str, code: str, detail: str) -> Finding:
    """Return a finding.

    Args:
        pointer: from the top of the document, without the leading `#/`.
    """
    return Finding(pointer=f"#/{pointer}", code=code, detail=detail)
