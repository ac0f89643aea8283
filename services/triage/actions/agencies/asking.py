"""Ask agencies what they know of the people of a case, and keep their answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.agencies.questions import Question, ask, ground_of
from services.triage.actions.clock.timing import attend
from services.triage.actions.day.drafting import DraftPlace, settle
from services.triage.actions.decisions.recommending import recommend_anew
from services.triage.actions.decisions.reopening import hear_answer
from services.triage.errors import AlreadyAnswered
from services.triage.errors.asking import ContactCorrected, LawfulBasisRequired, NotAnAdultOfTheCase
from services.triage.evidence.basis import Basis
from services.triage.evidence.people import adult_asked
from services.triage.models import CaseChild, InformationRequest
from services.triage.settings import Settings
from services.triage.store import cases, requests
from services.triage.store.cases import ChildPlace
from services.triage.views.requests import People, request_view
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.asking import (
    AgencyAsked,
    Asking,
    InformationAnswerForm,
    InformationRequestForm,
    InformationRequestsForm,
    InformationRequestsMade,
    InformationRequestView,
)
from shared.schemas.holding import DraftName
from shared.schemas.ids import CaseId, ChildId, RequestId
from shared.schemas.words import Rag
from shared.schemas.words_asking import sector_of


async def ask_agency(
    tx: AsyncSession,
    case_id: CaseId,
    form: InformationRequestForm,
    asker: Caller,
    *,
    now: datetime,
    settings: Settings,
) -> InformationRequestView:
    """Ask one agency about a child of a case, and about adults of it; raises as `ask_agencies` does."""
    agency = AgencyAsked(agency_id=form.agency_id, sources=form.sources)
    wanted = _Wanted(case_id, [form.child_id], [agency], form)
    made = await _ask_each(tx, wanted, asker, now=now, settings=settings)
    return made.items[0]


async def ask_agencies(
    tx: AsyncSession,
    case_id: CaseId,
    form: InformationRequestsForm,
    asker: Caller,
    *,
    now: datetime,
    settings: Settings,
) -> InformationRequestsMade:
    """Ask several agencies about several people of a case: one request for each agency and child.

    Raises:
        NotFound: no such case, or a child is not in it.
        NotAnAdultOfTheCase: it names an adult whom no contact of the case names.
        ContactCorrected: a contact that it names adults of was corrected since.
        LawfulBasisRequired: nobody has laid a ground, and the form lays none.
        MovedMeanwhile: a child was moved to another case while this waited.
    """
    wanted = _Wanted(case_id, form.child_ids, form.agencies, form)
    return await _ask_each(tx, wanted, asker, now=now, settings=settings)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Who is asked about whom."""

    case_id: CaseId
    child_ids: Sequence[ChildId]
    agencies: Sequence[AgencyAsked]
    form: Asking


async def _ask_each(
    tx: AsyncSession, wanted: _Wanted, asker: Caller, *, now: datetime, settings: Settings
) -> InformationRequestsMade:
    made: list[InformationRequest] = []
    adults: list[dict[str, Any]] | None = None
    for child_id in dict.fromkeys(wanted.child_ids):
        case, child = await cases.hold_child(tx, ChildPlace(wanted.case_id, child_id))
        if adults is None:
            adults = await _adults(tx, case.case_id, wanted.form)
        basis = await _ground(tx, child, wanted.form, asker, settings)
        usual = rules.return_by(now, Rag(child.rag), settings.times, decide_by=child.decide_by)
        agencies = {one.agency_id: one for one in wanted.agencies}.values()
        questions = [_question(one, wanted.form, basis, usual, adults, asker) for one in agencies]
        asked = await ask(tx, child, questions, now=now)
        await attend(tx, child, asker, now=now)
        await tx.flush()
        if any(request.sector for request in asked):
            await recommend_anew(tx, case, child, now=now, times=settings.times)
        made += asked
    case.version += 1
    subjects = [
        case.case_id,
        *dict.fromkeys(request.child_id for request in made),
        *(request.request_id for request in made),
    ]
    await LEDGER.record(tx, asker, "information.requested", at=now, subjects=subjects)
    return InformationRequestsMade(items=[request_view(request) for request in made], version=case.version)


def _question(
    agency: AgencyAsked,
    form: Asking,
    basis: Basis,
    usual: datetime,
    adults: Sequence[dict[str, Any]],
    asker: Caller,
) -> Question:
    return Question(
        agency.agency_id,
        sector_of(agency.sources[0]) if agency.sources else None,
        form.reason,
        form.due_at or usual,
        basis,
        sources=agency.sources,
        adults=adults,
        about_child=form.about_child,
        asked_by=asker.name,
    )


async def _adults(tx: AsyncSession, case_id: CaseId, form: Asking) -> list[dict[str, Any]]:
    contacts = {contact.referral_id: contact for contact in await cases.list_contacts(tx, case_id)}
    found = []
    for number, adult in enumerate(form.adults):
        contact = contacts.get(adult.referral_id)
        if contact is None or adult.place >= len(contact.adults):
            raise NotAnAdultOfTheCase(number)
        if adult.version is not None and adult.version != contact.version:
            raise ContactCorrected(number)
        found.append(adult_asked(contact, adult.place))
    return found


async def _ground(
    tx: AsyncSession, child: CaseChild, form: Asking, asker: Caller, settings: Settings
) -> Basis:
    if form.lawful_basis is not None and form.lawful_basis_reason is not None:
        return Basis(form.lawful_basis, form.lawful_basis_reason, asker.name)
    basis = await ground_of(tx, child, policy=settings.consent_policy)
    if basis is None:
        raise LawfulBasisRequired
    return basis


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
    people = People(*await requests.list_people(tx, found[:limit]))
    shown = [request_view(request, people=people) for request in found[:limit]]
    subjects = [request_id for view in shown for request_id in (view.request_id, view.child_id)]
    await LEDGER.record(tx, reader, "information.listed", at=now, subjects=subjects)
    return shown, len(found) > limit


async def read_request(
    tx: AsyncSession, request_id: RequestId, reader: Caller, *, now: datetime
) -> InformationRequestView:
    """Return one question put to the reader's agency; raise NotFound for one that was not."""
    request = await requests.find_request(tx, request_id)
    if request is None or request.agency_id != reader.own_agency():
        raise NotFound
    subjects = [request_id, request.case_id, request.child_id]
    await LEDGER.record(tx, reader, "information.read", at=now, subjects=subjects)
    return request_view(request, people=People(*await requests.list_people(tx, [request])))


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
        NotAnAdultOfTheCase: it speaks of an adult whom the question is not about.
    """
    request = await requests.find_request(tx, request_id)
    if request is None or request.agency_id != answerer.own_agency():
        raise NotFound
    case, child = await cases.hold_child(tx, ChildPlace(request.case_id, request.child_id))
    await tx.refresh(request)
    if request.answered_at is not None:
        raise AlreadyAnswered
    _keep_answer(request, form)
    request.answered_at, request.answered_by = now, answerer.name
    for timer in await cases.list_timers(tx, child.child_id, "agency_return"):
        if timer.request_id == request_id:
            timer.met_at = now
    await tx.flush()
    await hear_answer(tx, await cases.list_group(tx, child), request, settings.times)
    await tx.flush()
    await recommend_anew(tx, case, child, now=now, times=settings.times)
    case.version += 1
    await settle(tx, DraftPlace(DraftName.ANSWER, request_id), answerer, now=now)
    subjects = [request_id, case.case_id, child.child_id]
    await LEDGER.record(tx, answerer, "information.answered", at=now, subjects=subjects)
    return request_view(request)


def _keep_answer(request: InformationRequest, form: InformationAnswerForm) -> None:
    request.status, request.answer, request.handling = form.status, form.text, form.handling
    if form.sources_checked is not None:
        request.sources_checked = list(dict.fromkeys(form.sources_checked))
    request.earlier = form.earlier.model_dump() if form.earlier else None
    adults = [dict(adult) for adult in request.adults]
    places = {(adult["referral_id"], adult["place"]): adult for adult in adults}
    for number, said in enumerate(form.adults):
        adult = places.get((str(said.referral_id), said.place))
        if adult is None:
            raise NotAnAdultOfTheCase(number)
        adult |= {"status": said.status, "text": said.text, "handling": said.handling}
    request.adults = adults
