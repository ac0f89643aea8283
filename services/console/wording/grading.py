"""What each agency thinks of one child, as one table: the grade that stands, or that there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.schemas.asking import InformationRequestView
from shared.schemas.grades import GradeView
from shared.schemas.ids import AgencyId


@dataclass(frozen=True, slots=True)
class AgencyView:
    """One agency's line.

    Attributes:
        grade: the grade that stands; None where it has given none, which is not a 0.
        waits: the question it has not answered, the soonest due one; None where it owes nothing.
    """

    agency_id: AgencyId
    grade: GradeView | None
    waits: InformationRequestView | None


def agency_views(grades: Sequence[GradeView], requests: Sequence[InformationRequestView]) -> list[AgencyView]:
    """Return a line for each standing grade, the highest first, then for whoever was asked and gave none."""
    standing = sorted((grade for grade in grades if not grade.superseded), key=_weight)
    waits: dict[AgencyId, InformationRequestView] = {}
    for request in sorted(requests, key=lambda each: each.due_at):
        if request.answered_at is None:
            waits.setdefault(request.agency_id, request)
    graded = {grade.agency_id for grade in standing}
    silent = dict.fromkeys(request.agency_id for request in requests if request.agency_id not in graded)
    lines = [AgencyView(grade.agency_id, grade, waits.get(grade.agency_id)) for grade in standing]
    return lines + [AgencyView(agency_id, None, waits.get(agency_id)) for agency_id in silent]


def earlier_grades(grades: Sequence[GradeView]) -> list[GradeView]:
    """Return what later grades replaced, newest first: kept, and never what counts."""
    replaced = (grade for grade in grades if grade.superseded)
    return sorted(replaced, key=lambda grade: grade.graded_at, reverse=True)


def newest_answers(
    answers: Sequence[InformationRequestView],
) -> tuple[list[InformationRequestView], list[InformationRequestView]]:
    """Return what each agency answered last, and what it had answered before; the newest first."""
    newest: list[InformationRequestView] = []
    earlier: list[InformationRequestView] = []
    for answer in sorted(answers, key=lambda each: each.answered_at or each.asked_at, reverse=True):
        known = {each.agency_id for each in newest}
        (earlier if answer.agency_id in known else newest).append(answer)
    return newest, earlier


def _weight(grade: GradeView) -> tuple[int, float]:
    return -(grade.grade if grade.grade is not None else -1), -grade.graded_at.timestamp()
