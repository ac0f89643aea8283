"""Triage over HTTP: staff work with cases, asked agencies answer and grade, deciders decide."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.triage.actions import asking, chronicling, closing, deciding, evaluating, grading, reading
from services.triage.actions.chronicling import Part, Searched
from services.triage.actions.links import find_links_of, find_links_or_say_why
from services.triage.actions.searching_elsewhere import prepare_search, search_elsewhere
from services.triage.api.parts import Config, Queue, cursor_of, held_by, place_in
from services.triage.errors import NotAnAgency
from services.triage.sight import DECIDERS
from services.triage.store.cases import ChildPlace
from services.triage.store.work_list import Wanted
from services.triage.views.chronology import order_of
from shared.platform.auth import Caller, permit
from shared.platform.database import transaction
from shared.platform.headers import IfMatch
from shared.platform.openapi import headers, json_body, problems
from shared.platform.paging import (
    Cursor,
    Limit,
    make_page,
    read_cursor,
    read_time_and_id,
    write_cursor,
)
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.platform.web import etag
from shared.problems import NotFound
from shared.schemas.cases import (
    CaseLine,
    CaseView,
    DecisionForm,
    DecisionMade,
    DecisionOutcome,
    GradeGiven,
    InformationAnswerForm,
    InformationRequestForm,
    InformationRequestView,
)
from shared.schemas.checks import Evaluation, EvaluationForm
from shared.schemas.children import GradeForm
from shared.schemas.chronology import Chronology
from shared.schemas.ids import CaseId, ChildId, DecisionId, RequestId
from shared.schemas.reference import read_reference
from shared.schemas.shapes import Page
from shared.schemas.words import Role, Scope

router = APIRouter()

Reader = Annotated[Caller, permit(roles=DECIDERS | {Role.AGENCY_REPRESENTATIVE, Role.EARLY_HELP_COORDINATOR})]
Grader = Annotated[Caller, permit(scope=Scope.GRADE_WRITE, roles={Role.AGENCY_REPRESENTATIVE})]
Asked = Annotated[Caller, permit(scope=Scope.INFORMATION_WRITE, roles={Role.AGENCY_REPRESENTATIVE})]
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER})]
#: Managers decide what needs one, and whatever else nobody should wait for.
ForChild = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Answering = Annotated[Caller, permit(services={"notifications"})]
Checking = Annotated[Caller, permit(services={"intake"})]

Answered = Annotated[bool | None, Query(description="Only those answered, or only those not; left out: all.")]
DecisionBody = Annotated[DecisionForm, json_body(DecisionForm)]
GradeBody = Annotated[GradeForm, json_body(GradeForm)]
AskBody = Annotated[InformationRequestForm, json_body(InformationRequestForm)]
DraftBody = Annotated[EvaluationForm, json_body(EvaluationForm)]
AnswerBody = Annotated[InformationAnswerForm, json_body(InformationAnswerForm)]


async def _known_agency(request: Request, _asker: Decider, form: AskBody) -> None:
    """Ask access whether the agency exists, before the transaction opens."""
    if not await request.app.state.agencies.knows(form.agency_id):
        raise NotAnAgency


async def _search(request: Request, reader: Reader, case_id: PathId, child_id: PathId, now: Now) -> Searched:
    """Ask intake for a child's links, and other sources for its history, with no transaction open.

    Nothing is asked about a child for somebody who may not see it: a look leaves its mark elsewhere too.
    """
    place = ChildPlace(CaseId(case_id), ChildId(child_id))
    async with transaction(request.app.state.sessions, reader.subject) as tx:
        await chronicling.get_child_shown(tx, place, reader)
    links, why_none = await find_links_or_say_why(request.app.state.intake, place.child_id)
    sources = request.app.state.history_sources
    async with transaction(request.app.state.sessions, reader.subject) as tx:
        search = await prepare_search(tx, place.child_id, reader, links, sources, now=now)
    return Searched(links, why_none, await search_elsewhere(sources, search))


async def _may_close(
    request: Request, decider: ForChild, case_id: PathId, child_id: PathId, form: DecisionBody
) -> None:
    """Ask intake who the child is, before the transaction opens, where the hub's part would end with it."""
    if not closing.rests_on_links(form.pathway, decider):
        return
    async with transaction(request.app.state.sessions, decider.subject) as tx:
        same = await closing.list_same_child(tx, ChildPlace(CaseId(case_id), ChildId(child_id)))
    found = await find_links_of(request.app.state.intake, same)
    closing.require_may_close(found, form.pathway, decider)


History = Annotated[Searched, Depends(_search)]


@router.get("/v1/cases", response_model=Page[CaseLine], tags=["Cases"])
async def list_cases(
    reader: Reader,
    tx: Tx,
    now: Now,
    config: Config,
    queue: Queue = "to_decide",
    reference: Annotated[
        str | None, Query(max_length=40, description="A referral's reference, as heard.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[CaseLine]:
    """List cases as a work list: most urgent first, then the soonest due.

    `mine`, `my_team` and `unallocated` are of those to decide, for whoever sees all.
    An asked agency sees what it was asked about, by its own due time.
    """
    list_name = f"cases {queue} of {reader.subject}"
    held = held_by(queue, reader, config)
    wanted = Wanted(queue == "decided", _heard(reference), place_in(list_name, cursor), limit, held=held)
    items, last, has_more = await reading.list_cases(tx, reader, wanted, now=now)
    return Page(items=items, next_cursor=cursor_of(list_name, last) or cursor, has_more=has_more)


def _heard(reference: str | None) -> str | None:
    try:
        return read_reference(reference) if reference else None
    except ValueError:
        # Not a reference at all: like one that is not there, it finds nothing.
        return "none"


@router.get(
    "/v1/cases/{case_id}",
    response_model=CaseView,
    responses={200: headers({"ETag": "The version; a reader who is blind to grades gets none."})},
    tags=["Cases"],
)
async def get_case(
    reader: Reader, case_id: PathId, tx: Tx, now: Now, config: Config, response: Response
) -> CaseView:
    """Read a case. Whoever is still blind to grades gets no `ETag`: it moves with every grade."""
    view = await reading.read_case(
        tx, reader, CaseId(case_id), now=now, incident_window=config.incident_window
    )
    if view.version is not None:
        response.headers["ETag"] = etag(view.version)
    return view


@router.get("/v1/cases/{case_id}/children/{child_id}/chronology", response_model=Chronology, tags=["Cases"])
async def get_chronology(
    reader: Reader,
    case_id: PathId,
    child_id: PathId,
    searched: History,
    tx: Tx,
    now: Now,
    config: Config,
    cursor: Cursor = None,
    limit: Limit = 200,
) -> Chronology:
    """Read what has happened to a child, oldest first, under every name that it is linked to.

    `sources` names what was searched and what was not: no lines are not the same as no history.
    """
    name = f"chronology of {child_id} for {reader.subject}"
    at_place = read_cursor(name, cursor, places=(datetime, int, str)) if cursor else None
    after = (at_place[0], at_place[1], at_place[2]) if at_place else None
    part = Part(after, limit, config.incident_window)
    place = ChildPlace(CaseId(case_id), ChildId(child_id))
    read = await chronicling.read_chronology(tx, place, reader, searched, part, now=now)
    last = read.items[-1] if read.items else None
    return read.model_copy(update={"next_cursor": write_cursor(name, *order_of(last)) if last else cursor})


@router.put(
    "/v1/cases/{case_id}/children/{child_id}/grades/{agency_id}",
    response_model=GradeGiven,
    tags=["Grades"],
)
async def put_grade(
    grader: Grader,
    case_id: PathId,
    child_id: PathId,
    agency_id: PathId,
    form: GradeBody,
    tx: Tx,
    now: Now,
    config: Config,
) -> GradeGiven:
    """Say how worried your agency is about a child, 0 to 5, and why. Earlier grades are kept."""
    if agency_id != grader.own_agency():
        raise NotFound
    return await grading.record_grade(
        tx, ChildPlace(CaseId(case_id), ChildId(child_id)), form, grader, now=now, times=config.times
    )


@router.post(
    "/v1/cases/{case_id}/information-requests",
    status_code=201,
    response_model=InformationRequestView,
    dependencies=[Depends(_known_agency)],
    tags=["Information"],
)
async def post_information_request(
    asker: Decider, case_id: PathId, form: AskBody, tx: Tx, now: Now, config: Config
) -> InformationRequestView:
    """Ask an agency what it knows of a child, and why it is necessary."""
    return await asking.ask_agency(tx, CaseId(case_id), form, asker, now=now, settings=config)


@router.get("/v1/information-requests", response_model=Page[InformationRequestView], tags=["Information"])
async def list_information_requests(
    reader: Asked, tx: Tx, now: Now, answered: Answered = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[InformationRequestView]:
    """List what your agency was asked, the soonest due first."""
    list_name = f"information requests of {reader.agency_id}"
    after = read_time_and_id(list_name, cursor)
    found = await asking.list_requests(tx, reader, answered=answered, after=after, limit=limit, now=now)
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.due_at, last.request_id))


@router.post(
    "/v1/information-requests/{request_id}/answer",
    response_model=InformationRequestView,
    responses=problems(409),
    tags=["Information"],
)
async def post_answer(
    answerer: Asked, request_id: PathId, form: AnswerBody, tx: Tx, now: Now, config: Config
) -> InformationRequestView:
    """Say what your agency knows, and how far it may travel. The first answer stands."""
    return await asking.answer_request(tx, RequestId(request_id), form, answerer, now=now, settings=config)


@router.post(
    "/v1/cases/{case_id}/children/{child_id}/decisions",
    status_code=201,
    response_model=DecisionMade,
    dependencies=[Depends(_may_close)],
    responses=problems(409, 412, 428) | {201: headers({"ETag": "The version that stands now."})},
    tags=["Decisions"],
)
async def post_decision(
    decider: ForChild,
    case_id: PathId,
    child_id: PathId,
    version: IfMatch,
    form: DecisionBody,
    tx: Tx,
    now: Now,
    response: Response,
) -> DecisionMade:
    """Decide for one child. Everyone who referred the child is answered from it.

    No advice and no universal services while a question who the child is waits (409 `possible_match_open`);
    some decisions are a manager's (409 `needs_second_decider`).
    """
    made = await deciding.decide(
        tx, ChildPlace(CaseId(case_id), ChildId(child_id)), form, decider, version=version, now=now
    )
    response.headers["ETag"] = etag(made.version)
    return made


@router.get("/internal/decisions/{decision_id}", response_model=DecisionOutcome, include_in_schema=False)
async def get_decision_outcome(service: Answering, decision_id: PathId, tx: Tx, now: Now) -> DecisionOutcome:
    """Give the service that answers senders what was decided, never why or by whom."""
    return await deciding.read_outcome(tx, service, DecisionId(decision_id), now=now)


@router.post("/internal/evaluations", response_model=Evaluation, include_in_schema=False)
async def post_evaluation(service: Checking, form: DraftBody, tx: Tx, now: Now) -> Evaluation:
    """Give the service that checks drafts what the policy makes of one. Nothing of it is kept."""
    return await evaluating.evaluate_draft(tx, form, service, now=now)
