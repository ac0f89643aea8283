"""Who has spoken for a child until the hub opens next: pure, by working days and what was said."""

from dataclasses import dataclass
from datetime import datetime

from services.triage.errors.day import WaitNotWhole, WaitOutOfReach
from services.triage.models import Wait
from shared.calendar import OFFICE_HOURS, add_working_time, last_opening, next_opening
from shared.schemas.board import Spoken, WaitForm, WaitKind

_OF_SAFE, _OF_DUTY = ("safe_until", "why"), ("handed_to", "read_back_by", "at")


@dataclass(frozen=True, slots=True)
class Night:
    """The time in which nobody decides, as it stands before somebody: a night, a weekend, a holiday.

    Attributes:
        began: when the newest working day opened; what was handed over before it counts no more.
        opens_at: when the next working day opens.
        ends: when that day closes: further ahead nobody can say that a child may wait.
    """

    began: datetime
    opens_at: datetime
    ends: datetime


def night_of(now: datetime) -> Night:
    """Return the night ahead of `now`, or the one that `now` is in; aware."""
    opens_at = next_opening(now)
    return Night(last_opening(now), opens_at, add_working_time(opens_at, OFFICE_HOURS.day))


def kind_of(form: WaitForm, night: Night, *, now: datetime) -> WaitKind:
    """Return which of the two a form says, whole.

    Raises:
        WaitNotWhole: it says neither, only a part of one, or something of both.
        WaitOutOfReach: safe until a time that is past or beyond the next working day; read back in the future
            or before the newest working day began.
    """
    given = {name for name in (*_OF_SAFE, *_OF_DUTY) if getattr(form, name) not in (None, "")}
    if given & {"handed_to", "read_back_by", "at"}:
        if form.safe_until is not None or not given >= set(_OF_DUTY):
            raise WaitNotWhole([name for name in _OF_DUTY if name not in given])
        _require_just_now(form.at, night, now)
        return WaitKind.EMERGENCY_DUTY
    if not given >= set(_OF_SAFE):
        raise WaitNotWhole([name for name in _OF_SAFE if name not in given])
    _require_near(form.safe_until, night, now)
    return WaitKind.SAFE_UNTIL


def _require_near(until: datetime | None, night: Night, now: datetime) -> None:
    if until is None or until <= now:
        raise WaitOutOfReach("safe_until", "in_the_past", "Say a time that is still to come.")
    if until > night.ends:
        raise WaitOutOfReach(
            "safe_until",
            "too_far_ahead",
            "No further than the close of the next working day: then somebody looks again.",
        )


def _require_just_now(at: datetime | None, night: Night, now: datetime) -> None:
    if at is None or at > now:
        raise WaitOutOfReach("at", "in_the_future", "Say when it was read back.")
    if at < night.began:
        raise WaitOutOfReach("at", "too_long_ago", "Read back before this working day: hand it over again.")


def spoken_for(newest: Wait | None, heard_at: datetime | None, night: Night) -> Spoken:
    """Return whether the newest word about a child lasts until the hub opens.

    Args:
        heard_at: when the policy last looked at the child anew.

    Source:
        docs/adr/0034-the-day.md
    """
    if newest is None or not _lasts(newest, night):
        return Spoken.NOBODY
    if heard_at is not None and heard_at > newest.said_at:
        return Spoken.HEARD_SINCE
    return Spoken.SPOKEN_FOR


def _lasts(word: Wait, night: Night) -> bool:
    if word.safe_until is not None:
        return word.safe_until >= night.opens_at
    return word.read_back_at is not None and word.read_back_at >= night.began
