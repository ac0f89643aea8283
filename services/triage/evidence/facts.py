"""What is known of a child, in the shape the policy reads: pure, and silence is kept as silence."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.triage.evidence.earlier import was_on_a_plan
from services.triage.evidence.places import places_of
from services.triage.evidence.said import DATE_OF_BIRTH, UNBORN, Whole, as_sent, concerns_about, grade_given
from services.triage.evidence.silence import WHEN_ASKED, WITH_REFERRAL, unheard_of, waiting_for
from services.triage.evidence.standing import (
    council_standing,
    family_consent,
    signs_of,
    standing,
    with_taken_back,
)
from services.triage.models import CaseChild, Grade, InformationRequest
from services.triage.policy.facts import AgencyGrade, ChildFacts, known_age
from shared.clock import london_date
from shared.codes import split_known
from shared.schemas.children import ReferredChild
from shared.schemas.ids import AgencyId
from shared.schemas.words import AnswerStatus, ChildState, GradeStatus, Sector

_COULD_NOT_SAY = {AnswerStatus.UNABLE, AnswerStatus.DECLINED, AnswerStatus.RING_ME}


def facts_of(
    child: CaseChild,
    graded: Sequence[Grade],
    asked: Sequence[InformationRequest],
    *,
    consent: Mapping[str, Any] | None = None,
    now: datetime,
) -> ChildFacts:
    """Return all that a rule may ask about a child. Silence is kept as silence.

    What an earlier version of the referral said and a later one took back counts as if it still stood.

    Args:
        consent: what the sender says the family was asked and answered, as it was sent.

    Source:
        docs/adr/0014-a-correction-raises-alone.md
    """
    status = with_taken_back((child.details or {}).get("status"), child.taken_back)
    known, unknown = split_known((*(concern["indicator"] for concern in child.concerns), *signs_of(status)))
    age_years, unborn = _youngest_said(child, today=london_date(now))
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
        sender_grade=_highest([grade for given, grade in grades if given == WITH_REFERRAL]),
        not_answered=waiting,
        answered=tuple(sorted(set(sectors.values()) - set(waiting) - could_not)),
        could_not_say=tuple(sorted(could_not - set(waiting))),
        unheard=unheard_of(asked, graded),
        contacts_12m=child.contacts_12m,
        re_referral_12m=child.re_referral_12m,
        returns_12m=child.returns_12m or 0,
        hot_spot=True if child.hot_spot else (False if places_of(child.details) else None),
        council=council_standing(child.council_said),
        previous_plan=was_on_a_plan(child, asked),
        consent=family_consent(consent),
        child_seen=child.seen,
        **standing(status),
    )


def facts_of_draft(draft: Whole, child: ReferredChild | None, *, now: datetime) -> ChildFacts:
    """Return what a first version alone would tell of one child; None is a child the draft does not name."""
    status = as_sent(child.status) if child else None
    named = [concern["indicator"] for concern in concerns_about(draft, child)]
    known, unknown = split_known([*named, *signs_of(status)])
    age_years, unborn = known_age(
        date_of_birth=child.date_of_birth if child else None,
        expected_date_of_birth=child.expected_date_of_birth if child else None,
        today=london_date(now),
    )
    given = grade_given(child.grade) if child else None
    return ChildFacts(
        indicators=known,
        unknown_indicators=unknown,
        immediate_danger=draft.immediate_danger,
        age_years=age_years,
        unborn=unborn,
        sender_grade=AgencyGrade(agency_id="sender", status=given[0], grade=given[1]) if given else None,
        consent=family_consent(as_sent(draft.consent)),
        child_seen=child.voice.seen if child and child.voice else None,
        **standing(status),
    )


def awaits_decision(child: CaseChild) -> bool:
    """Say whether a person has to decide: for the first time, or anew since more was heard."""
    return child.state != ChildState.DECIDED or child.changed_at is not None


def _youngest_said(child: CaseChild, *, today: date) -> tuple[int | None, bool]:
    """Return the youngest age that any version gave; where the newest gives none it stays unknown."""
    age_years, unborn = known_age(
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        today=today,
    )
    if unborn or any(entry["fact"] == UNBORN for entry in child.taken_back):
        return None, True
    if age_years is None:
        return None, False
    dates = (
        date.fromisoformat(entry["said"]) for entry in child.taken_back if entry["fact"] == DATE_OF_BIRTH
    )
    others = (known_age(date_of_birth=said, expected_date_of_birth=None, today=today)[0] for said in dates)
    return min([age_years, *(other for other in others if other is not None)]), False


def _highest(given: Sequence[AgencyGrade]) -> AgencyGrade | None:
    """Return the highest of the grades that came with the versions of a referral; the newest of equals."""
    return max(reversed(given), key=lambda one: -1 if one.grade is None else one.grade, default=None)


def _agency_grade(grade: Grade, sectors: dict[AgencyId, Sector]) -> AgencyGrade:
    return AgencyGrade(
        agency_id=str(grade.agency_id),
        sector=sectors.get(grade.agency_id),
        status=GradeStatus(grade.status),
        grade=grade.grade,
    )
