"""Triage's rules: when things fall due, where a child may go, when a decision is a different one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from services.triage.errors import StepNotAllowed
from services.triage.policy.facts import ChildFacts
from shared.calendar import add_working_days, add_working_time
from shared.schemas.cases import DecisionForm
from shared.schemas.policy import RecommendationView
from shared.schemas.words import ChildState, Rag, Sector

#: Where a child may go from where it stands. Decided to decided is a decision that replaces another.
STEPS: dict[ChildState, frozenset[ChildState]] = {
    ChildState.GATHERING: frozenset({ChildState.READY, ChildState.DECIDED}),
    ChildState.READY: frozenset({ChildState.GATHERING, ChildState.DECIDED}),
    ChildState.DECIDED: frozenset({ChildState.DECIDED}),
}

URGENCY = {Rag.RED: 0, Rag.AMBER: 1, Rag.GREEN: 2}


class Times(BaseModel):
    """How long agencies and deciders have. Red runs through the night; the others count working time."""

    model_config = ConfigDict(frozen=True)

    red_decision: timedelta = timedelta(hours=4)
    red_return: timedelta = timedelta(hours=2)
    amber_return_working: timedelta = timedelta(hours=6)
    green_return_working: timedelta = timedelta(hours=24)


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
        # No rule about who is silent may speak: that somebody was asked at all is not for the sender.
        "answered": tuple(Sector),
        "contacts_12m": 0,
        "re_referral_12m": False,
        "previous_plan": None,
    }
    return facts.model_copy(update=alone)
