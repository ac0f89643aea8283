"""Ask an agency what it knows of a child, and keep its answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.recommending import recommend_anew
from services.triage.actions.timing import attend, start
from services.triage.errors import AlreadyAnswered
from services.triage.models import CaseChild, InformationRequest
from services.triage.settings import Settings
from services.triage.store import cases, requests
from services.triage.store.cases import ChildPlace
from services.triage.views.requests import request_view
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.cases import InformationAnswerForm, InformationRequestForm, InformationRequestView
from shared.schemas.ids import AgencyId, CaseId, RequestId, new_id
from shared.schemas.timers import TimerKind
from shared.schemas.words import Rag, Sector


@dataclass(frozen=True, slots=True)
class Question:
    """What is put to an agency: why, and until when. `sector` only where it is asked as a core agency."""

    agency_id: AgencyId
    sector: Sector | None
    reason: str
    due_at: datetime


def ask(tx: AsyncSession, child: CaseChild, question: Question, *, now: datetime) -> InformationRequest:
    """Put a question to an agency, with the timer that watches over its answer."""
    request = InformationRequest(
        request_id=RequestId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        agency_id=question.agency_id,
        sector=question.sector,
        reason=question.reason,
        asked_at=now,
        due_at=question.due_at,
    )
    tx.add(request)
    timer = start(child, TimerKind.AGENCY_RETURN, question.due_at)
    timer.request_id = request.request_id
    tx.add(timer)
    return request


async def ask_agency(
    tx: AsyncSession,
    case_id: CaseId,
    form: InformationRequestForm,
    asker: Caller,
    *,
    now: datetime,
    settings: Settings,
) -> InformationRequestView:
    """Ask an agency about a child of a case.

    Raises:
        NotFound: no such case, or the child is not in it.
        MovedMeanwhile: it was moved to another case while this waited.
    """
    case, child = await cases.hold_child(tx, ChildPlace(case_id, form.child_id))
    due_at = form.due_at or rules.return_by(now, Rag(child.rag), settings.times, decide_by=child.decide_by)
    request = ask(tx, child, Question(form.agency_id, None, form.reason, due_at), now=now)
    await attend(tx, child, asker, now=now)
    await tx.flush()
    case.version += 1
    subjects = [case.case_id, child.child_id, request.request_id]
    await LEDGER.record(tx, asker, "information.requested", at=now, subjects=subjects)
    return request_view(request)


async def list_requests(
    tx: AsyncSession,
    reader: Caller,
    *,
    answered: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[InformationRequestView], bool]:
    """Return the questions put to the reader's agency, the soonest due first, and whether there are more."""
    found = await requests.page_of_requests(
        tx, reader.own_agency(), answered=answered, after=after, limit=limit
    )
    shown = [request_view(request) for request in found[:limit]]
    subjects = [request_id for view in shown for request_id in (view.request_id, view.child_id)]
    await LEDGER.record(tx, reader, "information.listed", at=now, subjects=subjects)
    return shown, len(found) > limit


async def answer_request(
    tx: AsyncSession,
    request_id: RequestId,
    form: InformationAnswerForm,
    answerer: Caller,
    *,
    now: datetime,
    settings: Settings,
) -> InformationRequestView:
    """Keep an agency's answer; what the policy recommends is worked out anew with it.

    Raises:
        NotFound: there is no such question, or it was put to another agency.
        AlreadyAnswered: the first answer stands.
    """
    request = await requests.find_request(tx, request_id)
    if request is None or request.agency_id != answerer.own_agency():
        raise NotFound
    case, child = await cases.hold_child(tx, ChildPlace(request.case_id, request.child_id))
    await tx.refresh(request)
    if request.answered_at is not None:
        raise AlreadyAnswered
    request.answered_at, request.answered_by = now, answerer.name
    request.status, request.answer, request.handling = form.status, form.text, form.handling
    for timer in await cases.list_timers(tx, child.child_id, "agency_return"):
        if timer.request_id == request_id:
            timer.met_at = now
    await tx.flush()
    await recommend_anew(tx, case, child, now=now, times=settings.times)
    case.version += 1
    subjects = [request_id, case.case_id, child.child_id]
    await LEDGER.record(tx, answerer, "information.answered", at=now, subjects=subjects)
    return request_view(request)
