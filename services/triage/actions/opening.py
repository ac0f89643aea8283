"""Open a case for a referral: its children apart, the agencies asked, a first recommendation."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.asking import Question, ask
from services.triage.actions.recommending import recommend_anew
from services.triage.evidence import WITH_REFERRAL
from services.triage.models import MAILBOX, Case, CaseChild, Contact, Grade, Timer
from services.triage.settings import Settings
from services.triage.store import cases
from shared.platform.audit import system
from shared.platform.outbox import publish
from shared.schemas.children import ReferredChild
from shared.schemas.events import CaseOpened
from shared.schemas.ids import CaseId, GradeId, TimerId, new_id
from shared.schemas.people import ReferredAdult
from shared.schemas.progress import ReferralDocument
from shared.schemas.referrals import Concern
from shared.schemas.shapes import Form
from shared.schemas.words import ChildState, GradeStatus, Rag

_WHY_CORE = "Every case is checked with the core agencies before it is decided."


async def open_case(
    tx: AsyncSession, referral: ReferralDocument, *, now: datetime, settings: Settings
) -> CaseId | None:
    """Open a case for a referral, once.

    Here each referral has a case of its own; a person joins cases once the person index proposes it.

    Returns:
        The case, or None if the referral has one already.
    """
    if await cases.is_considered(tx, referral.referral_id):
        return None
    case = Case(
        case_id=CaseId(new_id()),
        version=1,
        opened_at=now,
        received_at=referral.received_at,
        is_open=True,
        urgency=rules.URGENCY[Rag.GREEN],
        decide_by=rules.decide_by(referral.received_at, Rag.GREEN, settings.times),
    )
    tx.add_all([case, _contact(case, referral)])
    await tx.flush()
    for place in range(len(referral.children)):
        child = _child(case, referral, place)
        tx.add(child)
        tx.add(
            Timer(
                timer_id=TimerId(new_id()),
                case_id=case.case_id,
                child_id=child.child_id,
                kind="decision",
                request_id=None,
                due_at=child.decide_by,
                met_at=None,
            )
        )
        await tx.flush()
        _keep_sender_grade(tx, referral, child, place)
        await _ask_core_agencies(tx, case, child, now=now, settings=settings)
    await _announce(tx, case, referral, now=now)
    return case.case_id


async def _announce(tx: AsyncSession, case: Case, referral: ReferralDocument, *, now: datetime) -> None:
    children = tuple(child.child_id for child in referral.children)
    await LEDGER.record(
        tx, system("triage"), "case.opened", at=now, subjects=[case.case_id, referral.referral_id, *children]
    )
    event = CaseOpened(
        case_id=case.case_id,
        referral_id=referral.referral_id,
        child_ids=children,
        version=case.version,
        occurred_at=now,
    )
    await publish(tx, MAILBOX.outbox, event)


async def _ask_core_agencies(
    tx: AsyncSession, case: Case, child: CaseChild, *, now: datetime, settings: Settings
) -> None:
    """Recommend on what the sender said, ask with the due time of that colour, then recommend again:
    now who has not answered is known too.
    """
    await recommend_anew(tx, case, child, now=now, times=settings.times)
    for sector, agency_id in settings.core_agencies.items():
        due_at = rules.return_by(now, Rag(child.rag), settings.times, decide_by=child.decide_by)
        ask(tx, child, Question(agency_id, sector, _WHY_CORE, due_at), now=now)
    await tx.flush()
    await recommend_anew(tx, case, child, now=now, times=settings.times)


def _contact(case: Case, referral: ReferralDocument) -> Contact:
    referrer = referral.document.referrer
    said = [part for part in (referrer.name, referrer.role) if part] if referrer else []
    return Contact(
        referral_id=referral.referral_id,
        case_id=case.case_id,
        reference=referral.reference,
        agency_id=referral.agency_id,
        referrer=", ".join(said) or None,
        received_at=referral.received_at,
        respond_by=referral.respond_by,
        immediate_danger=referral.document.immediate_danger,
        consent=_as_sent(referral.document.consent),
        family_told=_as_sent(referral.document.family_told),
        actions_taken=referral.document.actions_taken,
        adults=[_adult(adult, referral) for adult in referral.document.adults],
    )


def _as_sent(part: Form | None) -> dict[str, Any] | None:
    return part.model_dump(mode="json") if part is not None else None


def _adult(adult: ReferredAdult, referral: ReferralDocument) -> dict[str, Any]:
    names = {child.sender_child_reference: child.given_name for child in referral.document.children}
    return {
        "given_name": adult.given_name,
        "family_name": adult.family_name,
        "role_in_concern": adult.role_in_concern,
        "safe_to_contact": adult.safe_to_contact,
        "relationships": [
            # A name, where there is one: the sender's own key says nothing to whoever reads the case.
            tie.model_dump(mode="json") | {"child": names.get(tie.child) or tie.child}
            for tie in adult.relationships
        ],
    }


def _child(case: Case, referral: ReferralDocument, place: int) -> CaseChild:
    sent = referral.document.children
    said = sent[place] if place < len(sent) else ReferredChild()
    voice = said.voice
    return CaseChild(
        child_id=referral.children[place].child_id,
        case_id=case.case_id,
        place=place,
        state=ChildState.GATHERING,
        given_name=said.given_name,
        family_name=said.family_name,
        date_of_birth=said.date_of_birth,
        expected_date_of_birth=said.expected_date_of_birth,
        whereabouts=said.whereabouts,
        seen=voice.seen if voice else None,
        views=voice.views if voice else None,
        views_not_obtained_reason=voice.not_obtained_reason if voice else None,
        immediate_danger=referral.document.immediate_danger,
        concerns=[
            concern.model_dump(mode="json", include={"indicator", "narrative", "occurred_at"})
            for concern in referral.document.concerns
            if _is_about(concern, said)
        ],
        decide_by=case.decide_by,
        rag=Rag.GREEN,
        recommendation_id=None,
        decision_id=None,
    )


def _is_about(concern: Concern, child: ReferredChild) -> bool:
    # A concern that names no child is about all of them: better read twice than not at all.
    return not concern.children or child.sender_child_reference in concern.children


def _keep_sender_grade(tx: AsyncSession, referral: ReferralDocument, child: CaseChild, place: int) -> None:
    sent = referral.document.children
    given = sent[place].grade if place < len(sent) else None
    # A half-said grade is a finding that the sender hears of: it is neither a grade nor a 0.
    status = given and (given.status or (GradeStatus.GRADED if given.grade is not None else None))
    if given is None or status is None or (status is GradeStatus.GRADED and given.grade is None):
        return
    referrer = referral.document.referrer
    tx.add(
        Grade(
            grade_id=GradeId(new_id()),
            case_id=child.case_id,
            child_id=child.child_id,
            agency_id=referral.agency_id,
            given=WITH_REFERRAL,
            status=status,
            grade=given.grade,
            rationale=given.rationale,
            graded_by=(referrer.name or referrer.role or "the sender") if referrer else "the sender",
            graded_at=referral.received_at,
        )
    )
