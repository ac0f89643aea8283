"""Keep an agency's level of concern for a child, every earlier one with it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.recommending import recommend_anew
from services.triage.evidence.silence import WHEN_ASKED
from services.triage.models import MAILBOX, CaseChild, Grade
from services.triage.rules import Times
from services.triage.store import cases, requests
from services.triage.store.cases import ChildPlace
from shared.codes.grades import GRADES_VERSION
from shared.platform.auth import Caller
from shared.platform.outbox import publish
from shared.problems import NotFound
from shared.schemas.asking import GradeGiven
from shared.schemas.children import GradeForm
from shared.schemas.events import GradeRecorded
from shared.schemas.ids import AgencyId, GradeId, new_id


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
    case, child = await cases.hold_child(tx, place)
    case_id, child_id = case.case_id, child.child_id
    if not await _has_business(tx, child, agency_id):
        raise NotFound
    graded = await cases.list_grades(tx, child_id)
    own = [grade for grade in graded if grade.agency_id == agency_id and grade.given == WHEN_ASKED]
    if own and _is_same(own[-1], form):
        return GradeGiven.model_validate(own[-1], from_attributes=True)
    grade = Grade(
        grade_id=GradeId(new_id()),
        case_id=case_id,
        child_id=child_id,
        agency_id=agency_id,
        given=WHEN_ASKED,
        status=form.status,
        grade=form.grade,
        rationale=form.rationale,
        graded_by=grader.name,
        graded_at=now,
        scale_version=GRADES_VERSION,
    )
    tx.add(grade)
    await tx.flush()
    await recommend_anew(tx, case, child, now=now, times=times)
    case.version += 1
    await LEDGER.record(tx, grader, "grade.recorded", at=now, subjects=[case_id, child_id, grade.grade_id])
    event = GradeRecorded(
        case_id=case_id,
        child_id=child_id,
        agency_id=agency_id,
        grade_id=grade.grade_id,
        version=case.version,
        occurred_at=now,
    )
    await publish(tx, MAILBOX.outbox, event)
    return GradeGiven.model_validate(grade, from_attributes=True)


async def _has_business(tx: AsyncSession, child: CaseChild, agency_id: AgencyId) -> bool:
    asked = await requests.list_requests(tx, child.child_id)
    if any(request.agency_id == agency_id for request in asked):
        return True
    return (await cases.get_contact(tx, child.referral_id)).agency_id == agency_id


def _is_same(grade: Grade, form: GradeForm) -> bool:
    return (grade.status, grade.grade, grade.rationale) == (form.status, form.grade, form.rationale)
