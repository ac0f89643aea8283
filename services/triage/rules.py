"""Triage's rules: when things fall due, where a child may go, when a decision is a different one."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.triage.errors import StepNotAllowed
from services.triage.errors.timers import TargetNotToCome, TargetNotWorkingDay
from services.triage.policy.facts import ChildFacts
from shared.calendar import OFFICE_HOURS, add_working_days, add_working_time, is_working_day
from shared.clock import LONDON, london_date
from shared.schemas.decisions import DecisionForm
from shared.schemas.policy import RecommendationView
from shared.schemas.words import ChildState, Rag, Sector

#: Where a child may go from where it stands. Decided to decided is a decision that replaces another.
STEPS: dict[ChildState, frozenset[ChildState]] = {
    ChildState.GATHERING: frozenset({ChildState.READY, ChildState.DECIDED}),
    ChildState.READY: frozenset({ChildState.GATHERING, ChildState.DECIDED}),
    ChildState.DECIDED: frozenset({ChildState.DECIDED}),
}

Days = Annotated[int, Field(ge=1, le=260)]

URGENCY = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREEN: 2}


class Times(BaseModel):
    """How long agencies and deciders have. Red runs through the night; the others count working time."""

    model_config = ConfigDict(frozen=True)

    red_decision: timedelta = timedelta(hours=4)
    red_return: timedelta = timedelta(hours=2)
    amber_return_working: timedelta = timedelta(hours=6)
    green_return_working: timedelta = timedelta(hours=24)
    #: By when a person has looked at a contact.
    red_screening: timedelta = timedelta(hours=1)
    screening_working: timedelta = timedelta(hours=4)
    #: By when a manager has looked at a decision that waits for a second person.
    red_second_look: timedelta = timedelta(hours=1)
    second_look_working: timedelta = timedelta(hours=4)
    #: By when whoever a child is handed over to has accepted it.
    red_acceptance: timedelta = timedelta(hours=1)
    acceptance_working_days: Days = 1
    assessment_working_days: Days = 45
    #: From the strategy discussion that began the enquiries to the child protection conference.
    conference_working_days: Days = 15
    #: After so many a manager looks again at a target that runs for longer.
    target_review_working_days: Days = 10
    #: A child that waits for a decision drifts when nothing has happened for so many.
    drift_working_days: Days = 3


def step(now: ChildState, to: ChildState) -> ChildState:
    """Return `to` if a child that is `now` may become it.

    Raises:
        StepNotAllowed: the table of steps says no.
    """
    if to not in STEPS[now]:
        raise StepNotAllowed(now, to)
    return to


def more_urgent(one: Rag, other: Rag) -> Rag:
    """Return the more urgent colour. A colour worked out anew never lowers the one in force: a person may."""
    return min(one, other, key=URGENCY.__getitem__)


def decide_by(received_at: datetime, rag: Rag, times: Times) -> datetime:
    """Return when a child must be decided.

    Args:
        received_at: when the referral arrived; aware.
        times: from configuration.

    Source:
        The hub's own rule: level of need and colour within one working day of receipt, whatever the
        colour; a Red sooner, and through the night.
    """
    within_a_day = add_working_days(received_at, 1)
    if rag is Rag.RED:
        return min(received_at + times.red_decision, within_a_day)
    return within_a_day


def return_by(asked_at: datetime, rag: Rag, times: Times, *, decide_by: datetime) -> datetime:
    """Return when an asked agency must have answered.

    Args:
        asked_at: aware.
        rag: the child's colour: elapsed time for Red, working time for the others.
        decide_by: when the child must be decided. An answer due after it would come too late to count,
            so it is due by then, unless that has passed already.
    """
    match rag:
        case Rag.RED:
            due_at = asked_at + times.red_return
        case Rag.AMBER:
            due_at = add_working_time(asked_at, times.amber_return_working)
        case Rag.GREEN:
            due_at = add_working_time(asked_at, times.green_return_working)
    return min(due_at, decide_by) if decide_by > asked_at else due_at


def screen_by(received_at: datetime, rag: Rag, times: Times) -> datetime:
    """Return when a person must have looked at a contact: a Red through the night, all in working time."""
    at_work = add_working_time(received_at, times.screening_working)
    return min(at_work, received_at + times.red_screening) if rag is Rag.RED else at_work


def accept_by(decided_at: datetime, rag: Rag, times: Times) -> datetime:
    """Return when whoever a child was handed over to must have accepted it: a Red through the night."""
    at_work = add_working_days(decided_at, times.acceptance_working_days)
    return min(at_work, decided_at + times.red_acceptance) if rag is Rag.RED else at_work


def look_by(decided_at: datetime, rag: Rag, times: Times) -> datetime:
    """Return when a second person must have looked at a decision that waits: a Red through the night."""
    at_work = add_working_time(decided_at, times.second_look_working)
    return min(at_work, decided_at + times.red_second_look) if rag is Rag.RED else at_work


def assess_by(received_at: datetime, times: Times) -> datetime:
    """Return when an assessment must be complete: as the last of its working days closes.

    Source:
        Working Together: no longer than 45 working days from the point of referral. Days are counted, not
        hours, and the day of the referral is not.
    """
    return _closing_of(working_day_after(received_at, times.assessment_working_days))


def confer_by(discussed_at: datetime, times: Times) -> datetime:
    """Return when the child protection conference must have met: as the last of its working days closes.

    Source:
        Working Together: within 15 working days of the strategy discussion that began the enquiries. The day
        of the discussion itself is not counted.
    """
    return _closing_of(working_day_after(discussed_at, times.conference_working_days))


def working_day_after(at: datetime, days: int) -> date:
    """Return the working day, in London, that comes so many after the day of an instant.

    Raises:
        ValueError: `at` has no timezone.
    """
    day = london_date(at)
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def _closing_of(day: date) -> datetime:
    return datetime.combine(day, OFFICE_HOURS.closes, LONDON).astimezone(UTC)


def target_due(target_on: date, *, set_at: datetime) -> datetime:
    """Return when a target falls due: as its working day closes in London.

    Raises:
        TargetNotWorkingDay: nobody is at work on that day.
        TargetNotToCome: it would be due already.
    """
    if not is_working_day(target_on):
        raise TargetNotWorkingDay
    due_at = _closing_of(target_on)
    if due_at <= set_at:
        raise TargetNotToCome
    return due_at


def review_by(set_at: datetime, due_at: datetime, times: Times) -> datetime | None:
    """Return when a manager looks again at a target; None where it falls due before that."""
    again_at = add_working_days(set_at, times.target_review_working_days)
    return again_at if again_at < due_at else None


def look_again_by(review_on: date, entered_at: datetime) -> datetime:
    """Return when a manager must have looked again: as the day that an entry names closes in London.

    A day on which nobody is at work, or that had closed when the entry was made, is the next working day.
    """
    day = review_on
    while not is_working_day(day) or _closing_of(day) <= entered_at:
        day += timedelta(days=1)
    return _closing_of(day)


#: From midnight to closing. No clock is changed on a working day, so that every one of them is as long.
_UNTIL_CLOSING = timedelta(hours=OFFICE_HOURS.closes.hour, minutes=OFFICE_HOURS.closes.minute)


def began_before(due_at: datetime) -> datetime:
    """Return when the working day began, at midnight in London, that closes at `due_at`."""
    return due_at - _UNTIL_CLOSING


def closes_after(began_at: datetime) -> datetime:
    """Return when a working day closes that began at `began_at`."""
    return began_at + _UNTIL_CLOSING


def has_drifted(quiet_since: datetime, now: datetime, times: Times) -> bool:
    """Say whether nothing has happened for so long that somebody should ask why."""
    return add_working_days(quiet_since, times.drift_working_days) <= now


def may_have_drifted(now: datetime, times: Times) -> datetime:
    """Return an instant after which nothing can have drifted yet, whatever the days between were.

    So many working days take at least as many London dates, less the one that they begin on.
    """
    return now - timedelta(days=times.drift_working_days - 1)


def is_different(decided: DecisionForm, recommended: RecommendationView) -> bool:
    """Say whether a decision differs from what was recommended. Where the policy cannot say, nothing does."""
    if recommended.level is None:
        return False
    return (decided.level, decided.pathway, decided.rag) != (
        recommended.level,
        recommended.pathway,
        recommended.rag,
    )


def most_urgent(colours: Iterable[Rag]) -> Rag:
    """Return the most urgent of some colours; green where there is none."""
    return min(colours, key=URGENCY.__getitem__, default=Rag.GREEN)


def of_the_referral_alone(facts: ChildFacts) -> ChildFacts:
    """Return only the facts that the sender gave: what it may be told must not speak of other agencies.

    How often others were worried is theirs too, and may stand on a link that nobody has confirmed.
    """
    alone = {
        "grades": (),
        "not_answered": (),
        "could_not_say": (),
        "unheard": (),
        # No rule about who is silent may speak: that somebody was asked at all is not for the sender.
        "answered": tuple(Sector),
        "contacts_12m": 0,
        "re_referral_12m": False,
        "returns_12m": 0,
        "hot_spot": False,
        "previous_plan": None,
        "council": None,
    }
    return facts.model_copy(update=alone)
