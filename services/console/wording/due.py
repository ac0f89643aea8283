"""What falls due, in words: whose turn it is, and that nothing pauses."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from services.console.wording.times import span, when
from shared.schemas.onward import OnwardStep
from shared.schemas.timers import BreachView, TargetPurpose, TimerEnd, TimerKind, TimerView

#: What was not done, at the head of a line.
NOT_DONE: Final = {
    TimerKind.SCREENING: "Nobody had looked at the contact",
    TimerKind.DECISION: "Not decided in time",
    TimerKind.AGENCY_RETURN: "Not answered in time",
    TimerKind.TARGET: "A manager's target passed",
    TimerKind.TARGET_REVIEW: "A manager's target was not looked at again",
    TimerKind.SECOND_LOOK: "No second look in time",
    TimerKind.HANDOVER: "Hand-over not accepted in time",
    TimerKind.ASSESSMENT: "Assessment not complete in time",
    TimerKind.CONFERENCE: "No child protection conference in time",
    TimerKind.OVERSIGHT_REVIEW: "No manager looked again on the day that was set",
}
#: What follows a decision and is still to be done, in the order in which it comes; and managers' reviews.
TO_DO: Final = {
    TimerKind.SECOND_LOOK: "Second look",
    TimerKind.HANDOVER: "Hand-over accepted",
    TimerKind.ASSESSMENT: "Assessment complete",
    TimerKind.CONFERENCE: "Child protection conference",
    TimerKind.OVERSIGHT_REVIEW: "Manager looks again",
}
STEPS: Final = {
    OnwardStep.HANDOVER_ACCEPTED: "Hand-over accepted",
    OnwardStep.ASSESSMENT_COMPLETED: "Assessment completed",
    OnwardStep.CONFERENCE_HELD: "Child protection conference held",
    OnwardStep.CONFERENCE_NOT_NEEDED: "No conference needed",
}
#: Which clock each of them ends.
_ENDS: Final = {
    OnwardStep.HANDOVER_ACCEPTED: TimerKind.HANDOVER,
    OnwardStep.ASSESSMENT_COMPLETED: TimerKind.ASSESSMENT,
    OnwardStep.CONFERENCE_HELD: TimerKind.CONFERENCE,
    OnwardStep.CONFERENCE_NOT_NEEDED: TimerKind.CONFERENCE,
}
NO_LONGER: Final = {
    TimerEnd.DONE: "done",
    TimerEnd.SUPERSEDED: "ended by a later decision",
    TimerEnd.NOT_NEEDED: "no longer needed",
    TimerEnd.TAKEN_OVER: "taken over by another authority",
    TimerEnd.CLOSED: "ended with the hub's part",
}
PURPOSES: Final = {
    TargetPurpose.DECISION: "Decide by",
    TargetPurpose.ASSESSMENT: "Assessment complete by",
}


def unexplained(breaches: list[BreachView]) -> list[BreachView]:
    """Return those for which nobody has said why."""
    return [breach for breach in breaches if not breach.reasons]


def ended_words(breach: BreachView, now: datetime) -> str:
    """Return whether and when what was late was done in the end, and by how much late."""
    if breach.met_at is None:
        return "not done yet"
    at = when(breach.met_at, now)
    if breach.late_by_seconds is None:
        return f"{NO_LONGER[breach.ended_because or TimerEnd.DONE]} {at}"
    if breach.late_by_seconds == 0:
        return f"done in time, {at}, and recorded late"
    return f"done late, {at}: {span(timedelta(seconds=breach.late_by_seconds))} after it was due"


def following(timers: Iterable[TimerView]) -> list[TimerView]:
    """Return what runs of what follows a decision, of each kind the one that is due first."""
    running = sorted((timer for timer in timers if timer.met_at is None), key=lambda timer: timer.due_at)
    first = {timer.kind: timer for timer in reversed(running)}
    return [first[kind] for kind in TO_DO if kind in first]


def steps_for(running: Iterable[TimerView], *, is_manager: bool) -> list[OnwardStep]:
    """Return what may be recorded while these run; that no conference is needed is a manager's word."""
    kinds = {timer.kind for timer in running}
    steps = [step for step, kind in _ENDS.items() if kind in kinds]
    return [step for step in steps if is_manager or step is not OnwardStep.CONFERENCE_NOT_NEEDED]
