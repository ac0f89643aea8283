"""What senders are told to do now: 999 comes first, and whether the hub has what they sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.codes import INDICATORS
from shared.codes.before_sending import BEFORE_SENDING
from shared.codes.indicators import Indicator
from shared.schemas.referrals import ReferralIn
from shared.schemas.words import Level

_HIGHEST_GRADE = 5


@dataclass(frozen=True, slots=True)
class Advice:
    """What the answer to a referral that is taken says to do now.

    Attributes:
        telephone: the hub's.
    """

    telephone: str

    def on(self, form: ReferralIn) -> str | None:
        """Return what to do now, most urgent first; None where the answer alone says enough.

        Whoever sends what the hub would act on today is told to ring, box ticked or not: nobody waits for the
        hub's own colour. And where telling the family could put a child in more danger, that comes before
        any finding about consent.
        """
        lines = [
            *([in_danger(self.telephone)] if _may_be_red(form) else []),
            *([_ring_first(self.telephone)] if _rings_first(form) else []),
        ]
        return " ".join(lines) or None


def _may_be_red(form: ReferralIn) -> bool:
    return (
        form.immediate_danger
        or any(child.grade is not None and child.grade.grade == _HIGHEST_GRADE for child in form.children)
        or any(indicator.level == Level.SPECIALIST for indicator in _indicators(form))
    )


def _rings_first(form: ReferralIn) -> bool:
    asked = form.consent is not None and form.consent.sought
    told = form.family_told is not None and form.family_told.told
    # What the family knows already cannot be held back from it.
    return not (asked or told) and any(indicator.ring_first for indicator in _indicators(form))


def _indicators(form: ReferralIn) -> Iterator[Indicator]:
    return (INDICATORS[code] for concern in form.concerns if (code := concern.indicator or "") in INDICATORS)


def _ring_first(telephone: str) -> str:
    return BEFORE_SENDING.safety.ring_first.replace("{telephone}", telephone)


def in_danger(telephone: str) -> str:
    """Return what an answer says when a child is in danger now.

    Args:
        telephone: the hub's.
    """
    return BEFORE_SENDING.safety.danger.replace("{telephone}", telephone)


def after_refusal(telephone: str, *, immediate_danger: bool) -> str:
    """Return what the sender of a refused referral is told, once a copy of it is kept."""
    kept = (
        "The hub has kept what you sent and its staff will see it, but it has not been accepted:"
        " put it right and send it again."
    )
    if immediate_danger:
        return f"{in_danger(telephone)} {kept}"
    return f"{kept} If a child is in danger, ring 999, then ring {telephone}."


def nothing_kept(telephone: str) -> str:
    """Return what a sender is told when nobody can say that the hub has what was sent."""
    return (
        f"If a child is in danger, ring 999, then ring {telephone}."
        " Do not rely on the hub having what you sent: send it again until you get an answer of 201."
    )
