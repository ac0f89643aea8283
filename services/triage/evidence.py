"""What is known of a child, in the shape the policy reads: pure, and silence is kept as silence."""

from collections.abc import Sequence
from datetime import datetime

from services.triage.models import CaseChild, Grade, InformationRequest
from services.triage.policy.facts import AgencyGrade, ChildFacts, known_age
from shared.clock import london_date
from shared.codes import split_known
from shared.schemas.ids import AgencyId
from shared.schemas.words import AnswerStatus, GradeStatus, Sector

#: How a grade came: with the referral, by its sender; or when the agency was asked.
WITH_REFERRAL, WHEN_ASKED = "with_referral", "when_asked"

_COULD_NOT_SAY = {AnswerStatus.UNABLE, AnswerStatus.DECLINED, AnswerStatus.RING_ME}


def facts_of(
    child: CaseChild, graded: Sequence[Grade], asked: Sequence[InformationRequest], *, now: datetime
) -> ChildFacts:
    """Return all that a rule may ask about a child. Silence is kept as silence."""
    known, unknown = split_known(concern["indicator"] for concern in child.concerns)
    age_years, unborn = known_age(
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        today=london_date(now),
    )
    sectors = {request.agency_id: Sector(request.sector) for request in asked if request.sector}
    grades = [(grade.given, _agency_grade(grade, sectors)) for grade in graded]
    core = [request for request in asked if request.sector]
    waiting = waiting_for(asked, graded)
    could_not = {Sector(str(request.sector)) for request in core if request.status in _COULD_NOT_SAY}
    return ChildFacts(
        indicators=known,
        unknown_indicators=unknown,
        immediate_danger=child.immediate_danger,
        age_years=age_years,
        unborn=unborn,
        grades=tuple(grade for given, grade in grades if given == WHEN_ASKED),
        sender_grade=next((grade for given, grade in grades if given == WITH_REFERRAL), None),
        not_answered=waiting,
        answered=tuple(sorted(set(sectors.values()) - set(waiting) - could_not)),
        could_not_say=tuple(sorted(could_not - set(waiting))),
    )


def waiting_for(asked: Sequence[InformationRequest], graded: Sequence[Grade]) -> tuple[Sector, ...]:
    """Return the core sectors that have said nothing since they were asked: no answer and no grade."""
    spoke = {grade.agency_id for grade in graded if grade.given == WHEN_ASKED}
    silent = {
        Sector(request.sector)
        for request in asked
        if request.sector and request.answered_at is None and request.agency_id not in spoke
    }
    return tuple(sorted(silent))


def _agency_grade(grade: Grade, sectors: dict[AgencyId, Sector]) -> AgencyGrade:
    return AgencyGrade(
        agency_id=str(grade.agency_id),
        sector=sectors.get(grade.agency_id),
        status=GradeStatus(grade.status),
        grade=grade.grade,
    )
