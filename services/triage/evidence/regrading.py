"""Whether an agency is invited to grade again: pure; the earlier grade stays, and the higher one routes."""

from collections.abc import Sequence
from typing import Final

from services.triage.models import Grade
from shared.schemas.ids import AgencyId

#: Agencies that differ by so many steps are asked to look again at each other's reasons.
FAR_APART: Final = 3

OTHERS_SPOKE: Final = "Other agencies have said how worried they are since yours graded without seeing it."
_FAR: Final = "Another agency's grade is {steps} steps from yours."


def regrade_because(graded: Sequence[Grade], agency_id: AgencyId | None) -> list[str]:
    """Return why an agency is invited to grade again, now that it sees what the others said; none: it is not.

    It is invited until it has graded once with the others' newest grades before it; the same figure with a
    reason of its own is such a grade.

    Args:
        graded: every grade of a child, oldest first.
    """
    own = [grade for grade in graded if grade.agency_id == agency_id]
    if not own:
        return []
    newest = {grade.agency_id: grade for grade in graded if grade.agency_id != agency_id}
    unseen = [grade for grade in newest.values() if not _was_before(grade, own)]
    if not unseen:
        return []
    steps = max((_apart(grade, own[-1]) for grade in unseen), default=0)
    return [OTHERS_SPOKE, *([_FAR.format(steps=steps)] if steps >= FAR_APART else [])]


def _was_before(other: Grade, own: Sequence[Grade]) -> bool:
    """Say whether the agency has graded with this grade before it: not by its first, which is given blind."""
    return len(own) > 1 and own[-1].graded_at > other.graded_at


def _apart(one: Grade, other: Grade) -> int:
    # Nothing known is no figure, and so no distance.
    if one.grade is None or other.grade is None:
        return 0
    return abs(one.grade - other.grade)
