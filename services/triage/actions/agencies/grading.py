"""Keep an agency's level of concern for a child, every earlier one with it."""

from bisect import insort
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.day.drafting import DraftPlace, settle
from services.triage.actions.decisions.recommending import recommend_anew
from services.triage.evidence.silence import WHEN_ASKED
from services.triage.models import MAILBOX, Grade
from services.triage.rules import Times
from services.triage.store.cases import ChildPlace
from services.triage.store.household import Known, hold_household
from shared.codes.grades import GRADES_VERSION
from shared.platform.auth import Caller
from shared.platform.database import plain_table
from shared.platform.outbox import announcement
from shared.platform.writing import NewRow
from shared.problems import NotFound
from shared.schemas.children import GradeForm
from shared.schemas.events import GradeRecorded
from shared.schemas.grades import GradeGiven
from shared.schemas.holding import DraftName
from shared.schemas.ids import AgencyId, GradeId, new_id

_GRADES: Final = plain_table(Grade)


async def record_grade(
    tx: AsyncSession,
    place: ChildPlace,
    form: GradeForm,
    grader: Caller,
    *,
    now: datetime,
    times: Times,
) -> GradeGiven:
    """Keep a grade, work out the recommendation anew, and announce it. The same grade again writes nothing.

    Raises:
        NotFound: no such child in such a case, or nobody asked this agency about it.
    """
    agency_id = grader.own_agency()
    case, child, household = await hold_household(tx, place)
    case_id, child_id = case.case_id, child.child_id
    known = household.of(child)
    if not _has_business(known, agency_id):
        raise NotFound
    await settle(tx, DraftPlace(DraftName.GRADE, child_id), grader, now=now)
    own = [grade for grade in known.graded if grade.agency_id == agency_id and grade.given == WHEN_ASKED]
    if own and _is_same(own[-1], form):
        return GradeGiven.model_validate(own[-1], from_attributes=True)
    row = {
        "grade_id": GradeId(new_id()),
        "case_id": case_id,
        "child_id": child_id,
        "agency_id": agency_id,
        "given": WHEN_ASKED,
        "status": form.status,
        "grade": form.grade,
        "rationale": form.rationale,
        "graded_by": grader.name,
        "graded_at": now,
        "scale_version": GRADES_VERSION,
    }
    # Not added to the session: it is written with what is told of it, in one trip to the database.
    grade = Grade(**row)
    insort(known.graded, grade, key=lambda one: (one.graded_at, one.grade_id))
    case.version += 1
    await recommend_anew(tx, case, child, now=now, times=times, household=household)
    subjects = [case_id, child_id, grade.grade_id]
    entry = LEDGER.entry(grader, "grade.recorded", at=now, subjects=subjects)
    event = GradeRecorded(
        case_id=case_id,
        child_id=child_id,
        agency_id=agency_id,
        grade_id=grade.grade_id,
        version=case.version,
        occurred_at=now,
    )
    await LEDGER.write(tx, entry, NewRow(_GRADES, row), announcement(tx, MAILBOX.outbox, event))
    return GradeGiven.model_validate(grade, from_attributes=True)


def _has_business(known: Known, agency_id: AgencyId) -> bool:
    return agency_id in {known.contact.agency_id, *(request.agency_id for request in known.asked)}


def _is_same(grade: Grade, form: GradeForm) -> bool:
    return (grade.status, grade.grade, grade.rationale) == (form.status, form.grade, form.rationale)
