"""Keep what a version of a referral says: its contact, and a child that joins the case with all it needs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions.agencies.questions import ask_core_agencies
from services.triage.actions.clock.timing import start
from services.triage.actions.decisions.recommending import recommend_anew
from services.triage.actions.decisions.reopening import decision_timer
from services.triage.evidence.people import NOT_NAMED
from services.triage.evidence.said import (
    as_sent,
    child_at,
    concerns_about,
    first_concerns,
    grade_given,
    values_of,
)
from services.triage.evidence.silence import WITH_REFERRAL
from services.triage.models import Case, CaseChild, Grade
from services.triage.settings import Settings
from services.triage.store.household import get_household
from shared.codes.grades import GRADES_VERSION
from shared.schemas.children import ReferredChild
from shared.schemas.ids import GradeId, new_id
from shared.schemas.people import ReferredAdult, Relationship
from shared.schemas.progress import ReferralDocument
from shared.schemas.referrals import ReferralIn
from shared.schemas.timers import TimerKind
from shared.schemas.words import ChildState, Rag
from shared.schemas.words_deciding import Depth


def contact_values(document: ReferralIn) -> dict[str, Any]:
    """Return what a contact keeps of a version, by column."""
    referrer = document.referrer
    said = [part for part in (referrer.name, referrer.role) if part] if referrer else []
    return {
        "kind": document.kind,
        "referrer": ", ".join(said) or None,
        "said_by": as_sent(referrer),
        "immediate_danger": document.immediate_danger,
        "consent": as_sent(document.consent),
        "family_told": as_sent(document.family_told),
        "actions_taken": document.actions_taken,
        "adults": [_adult(adult, document) for adult in document.adults],
        "professionals": [as_sent(professional) for professional in document.professionals],
        "police": as_sent(document.police),
    }


def _adult(adult: ReferredAdult, document: ReferralIn) -> dict[str, Any]:
    names: dict[str | None, str] = {
        child.sender_child_reference: child.given_name or f"the {_ordinal(place)} child, who has no name here"
        for place, child in enumerate(document.children)
    }
    return adult.model_dump(mode="json") | {
        "relationships": [
            # Never the sender's own key: it says nothing to whoever reads the case.
            tie.model_dump(mode="json") | {"child": _child_meant(tie, names)}
            for tie in adult.relationships
        ]
    }


def _child_meant(tie: Relationship, names: dict[str | None, str]) -> str | None:
    return names.get(tie.child, NOT_NAMED) if tie.child else None


def _ordinal(place: int) -> str:
    """Return a place counted from 0 in words, as far as families go."""
    spoken = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return spoken[place] if place < len(spoken) else f"{place + 1}th"


async def join_child(
    tx: AsyncSession, case: Case, referral: ReferralDocument, place: int, *, now: datetime, settings: Settings
) -> CaseChild:
    """Add a child to a held case with its timer and its sender's grade; ask the core agencies about it."""
    child = _child(case, referral, place)
    if referral.version > 1:
        child.clock_from = referral.received_at
        child.decide_by = rules.decide_by(referral.received_at, Rag.GREEN, settings.times)
    screen_by = rules.screen_by(referral.received_at, Rag.GREEN, settings.times)
    tx.add_all([child, decision_timer(child), start(child, TimerKind.SCREENING, screen_by)])
    await tx.flush()
    keep_sender_grade(tx, referral, child, place, graded=[])
    await _ask_and_recommend(tx, case, child, now=now, settings=settings)
    return child


async def _ask_and_recommend(
    tx: AsyncSession, case: Case, child: CaseChild, *, now: datetime, settings: Settings
) -> None:
    """Recommend on what the sender said, ask with the due time of that colour, then recommend again:
    now who has not answered is known too.
    """
    household = await get_household(tx, child)
    await recommend_anew(tx, case, child, now=now, times=settings.times, household=household)
    household.of(child).asked.extend(await ask_core_agencies(tx, child, now=now, settings=settings))
    await recommend_anew(tx, case, child, now=now, times=settings.times, household=household)


def _child(case: Case, referral: ReferralDocument, place: int) -> CaseChild:
    said = child_at(referral.document, place)
    return CaseChild(
        child_id=referral.children[place].child_id,
        case_id=case.case_id,
        referral_id=referral.referral_id,
        same_child_as=None,
        confirmed_as=None,
        linked_at=None,
        before_grouped=None,
        place=place,
        state=ChildState.GATHERING,
        **values_of(said or ReferredChild()),
        immediate_danger=referral.document.immediate_danger,
        concerns=first_concerns(concerns_about(referral.document, said), referral.version),
        taken_back=[],
        left_out_in=None,
        changed_at=None,
        clock_from=None,
        decide_by=case.decide_by,
        rag=Rag.GREEN,
        recommendation_id=None,
        decision_id=None,
        depth=Depth.FULL,
        reopened_because=None,
        contacts_12m=1,
        re_referral_12m=False,
        returns_12m=0,
        earlier_plan=False,
        council_said=None,
        hot_spot=False,
        places=[],
        history_at=None,
        prepared=None,
    )


def keep_sender_grade(
    tx: AsyncSession, referral: ReferralDocument, child: CaseChild, place: int, *, graded: Sequence[Grade]
) -> bool:
    """Keep the grade that came with a version beside those of `graded`; say whether it is a new one."""
    said = child_at(referral.document, place)
    given = grade_given(said.grade if said else None)
    if said is None or said.grade is None or given is None:
        return False
    content = (*given, said.grade.rationale)
    before = [grade for grade in graded if grade.given == WITH_REFERRAL]
    if before and (before[-1].status, before[-1].grade, before[-1].rationale) == content:
        return False
    status, number, rationale = content
    tx.add(
        Grade(
            grade_id=GradeId(new_id()),
            case_id=child.case_id,
            child_id=child.child_id,
            agency_id=referral.agency_id,
            given=WITH_REFERRAL,
            status=status,
            grade=number,
            rationale=rationale,
            graded_by=_sender_name(referral.document),
            graded_at=referral.received_at,
            scale_version=GRADES_VERSION,
        )
    )
    return True


def _sender_name(document: ReferralIn) -> str:
    referrer = document.referrer
    return (referrer and (referrer.name or referrer.role)) or "the sender"
