"""Put questions to agencies: each with its ground, its due time and the timer that watches over it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions.clock.timing import start
from services.triage.evidence.basis import Basis, basis_for
from services.triage.evidence.people import adults_around
from services.triage.models import MAILBOX, CaseChild, InformationRequest
from services.triage.rules import Times
from services.triage.settings import Settings
from services.triage.store import cases, requests
from shared.platform.outbox import publish
from shared.schemas.events import InformationRequested
from shared.schemas.ids import AgencyId, RequestId, new_id
from shared.schemas.timers import TimerKind
from shared.schemas.words import Level, Pathway, Rag, Sector
from shared.schemas.words_asking import ConsentPolicy, Source

_WHY_CORE = "Every case is checked with the core agencies before it is decided."


@dataclass(frozen=True, slots=True)
class Question:
    """What is put to an agency: about whom, why, on what ground, and until when.

    Attributes:
        sector: only where the answer counts as that of a core sector.
        sources: where the agency is to look, of the sector's several sources; none: as a whole.
        adults: whom it is about beside the child, as `evidence.people` keeps them.
        asked_by: None where the hub asks by itself.
    """

    agency_id: AgencyId
    sector: Sector | None
    reason: str
    due_at: datetime
    basis: Basis
    sources: Sequence[Source] = ()
    adults: Sequence[dict[str, Any]] = ()
    about_child: bool = True
    asked_by: str | None = None


async def ask(
    tx: AsyncSession, child: CaseChild, questions: Iterable[Question], *, now: datetime
) -> list[InformationRequest]:
    """Put questions to agencies, each with a timer that watches over its answer, and let them hear of it."""
    asked = [_request(child, question, now=now) for question in questions]
    for request in asked:
        timer = start(child, TimerKind.AGENCY_RETURN, request.due_at)
        timer.request_id = request.request_id
        tx.add_all([request, timer])
    await tx.flush()
    await publish(tx, MAILBOX.outbox, *(_said(request) for request in asked))
    return asked


def _said(request: InformationRequest) -> InformationRequested:
    return InformationRequested(
        case_id=request.case_id,
        child_id=request.child_id,
        request_id=request.request_id,
        agency_id=request.agency_id,
        occurred_at=request.asked_at,
    )


def _request(child: CaseChild, question: Question, *, now: datetime) -> InformationRequest:
    return InformationRequest(
        request_id=RequestId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        agency_id=question.agency_id,
        sector=question.sector,
        reason=question.reason,
        asked_at=now,
        due_at=question.due_at,
        about_child=question.about_child,
        adults=list(question.adults),
        sources=list(question.sources),
        sources_checked=None,
        earlier=None,
        asked_by=question.asked_by,
        lawful_basis=question.basis.basis,
        lawful_basis_reason=question.basis.reason,
        lawful_basis_by=question.basis.by,
        reminded_at=None,
        reminders=0,
    )


async def hurry(
    tx: AsyncSession, child: CaseChild, asked: Sequence[InformationRequest], *, now: datetime, times: Times
) -> None:
    """Have open questions about a child answered sooner, since it has become more urgent; never later.

    Their agencies hear of it by the next reminder, which comes sooner as well.
    """
    due_at = rules.return_by(now, Rag(child.rag), times, decide_by=child.decide_by)
    later = [one for one in asked if one.answered_at is None and one.due_at > due_at]
    await requests.bring_forward(tx, later, due_at)


async def ground_of(tx: AsyncSession, child: CaseChild, *, policy: ConsentPolicy) -> Basis | None:
    """Return the ground on which agencies may be asked about a child; None: a person records one first."""
    contact = await cases.get_contact(tx, child.referral_id)
    recorded = await requests.list_bases(tx, child.case_id)
    is_grave = await _is_grave(tx, child)
    return basis_for(child, contact, recorded, is_grave=is_grave, policy=policy)


async def _is_grave(tx: AsyncSession, child: CaseChild) -> bool:
    if child.decision_id is not None:
        decision = await cases.find_decision(tx, child.decision_id)
        if decision is not None and decision.pathway == Pathway.STRATEGY_DISCUSSION:
            return True
    if child.recommendation_id is None:
        return False
    recommended = await cases.get_recommendation(tx, child)
    return bool(recommended.view["level"] == Level.SPECIALIST)


async def ask_core_agencies(
    tx: AsyncSession, child: CaseChild, *, now: datetime, settings: Settings
) -> Sequence[InformationRequest]:
    """Ask every core agency about a child and the adults around it, or keep the questions for a ground.

    Returns:
        The questions that went out.

    Source:
        docs/adr/0031-who-is-asked-and-on-what-ground.md
    """
    prepared = [
        {"agency_id": str(agency_id), "sector": sector, "sources": list(sources)}
        for (sector, agency_id), sources in settings.core_sources().items()
    ]
    basis = await ground_of(tx, child, policy=settings.consent_policy)
    if basis is None:
        child.prepared = prepared or None
        return ()
    return await _ask_prepared(tx, child, prepared, basis, now=now, times=settings.times)


async def ask_what_waits(
    tx: AsyncSession, child: CaseChild, *, now: datetime, times: Times
) -> Sequence[InformationRequest]:
    """Ask what waited for a ground, where there is one now; return the questions that went out."""
    if child.prepared is None:
        return ()
    basis = await ground_of(tx, child, policy=ConsentPolicy.ASK_FIRST)
    if basis is None:
        return ()
    prepared, child.prepared = child.prepared, None
    return await _ask_prepared(tx, child, prepared, basis, now=now, times=times)


async def _ask_prepared(
    tx: AsyncSession,
    child: CaseChild,
    prepared: Sequence[dict[str, Any]],
    basis: Basis,
    *,
    now: datetime,
    times: Times,
) -> list[InformationRequest]:
    adults = adults_around(await cases.get_contact(tx, child.referral_id), child)
    due_at = rules.return_by(now, Rag(child.rag), times, decide_by=child.decide_by)
    questions = (
        Question(
            AgencyId(UUID(each["agency_id"])),
            Sector(each["sector"]),
            _WHY_CORE,
            due_at,
            basis,
            sources=[Source(source) for source in each["sources"]],
            adults=adults,
        )
        for each in prepared
    )
    return await ask(tx, child, questions, now=now)
