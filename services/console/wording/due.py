"""What falls due, in words: whose turn it is, and that nothing pauses."""

from typing import Final

from shared.schemas.timers import BreachView, TargetPurpose, TimerKind

#: What was not done, at the head of a line.
NOT_DONE: Final = {
    TimerKind.SCREENING: "Nobody had looked at the contact",
    TimerKind.DECISION: "Not decided in time",
    TimerKind.AGENCY_RETURN: "Not answered in time",
    TimerKind.TARGET: "A manager's target passed",
    TimerKind.TARGET_REVIEW: "A manager's target was not looked at again",
}
PURPOSES: Final = {
    TargetPurpose.DECISION: "Decide by",
    TargetPurpose.ASSESSMENT: "Assessment complete by",
}


def unexplained(breaches: list[BreachView]) -> list[BreachView]:
    """Return those for which nobody has said why."""
    return [breach for breach in breaches if not breach.reasons]
