"""Asking over HTTP: questions to agencies and their grounds, answers, grades and the words of the scale."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.triage.actions.agencies import asking, grading, recording_basis
from services.triage.api.parts import Config
from services.triage.api.permits import permit
from services.triage.errors import NotAnAgency
from services.triage.store.cases import ChildPlace
from services.triage.views.scale import scale_view
from shared.platform.auth import ANY_ROLE, Caller
from shared.platform.openapi import headers, json_body, problems
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.platform.web import etag
from shared.problems import NotFound
from shared.schemas.asking import (
    InformationAnswerForm,
    InformationRequestForm,
    InformationRequestsForm,
    InformationRequestsMade,
    InformationRequestView,
    LawfulBasisForm,
    LawfulBasisRecorded,
)
from shared.schemas.children import GradeForm
from shared.schemas.grades import GradeGiven, GradeScale
from shared.schemas.ids import CaseId, ChildId, RequestId
from shared.schemas.shapes import Page
from shared.schemas.words import Role, Scope

router = APIRouter()

Anyone = Annotated[
    Caller,
    permit(every_client=True, roles=ANY_ROLE, services={"intake", "triage", "notifications", "console"}),
]
Grader = Annotated[Caller, permit(scope=Scope.GRADE_WRITE, roles={Role.AGENCY_REPRESENTATIVE})]
Asked = Annotated[Caller, permit(scope=Scope.INFORMATION_WRITE, roles={Role.AGENCY_REPRESENTATIVE})]
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER})]
Grounder = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]

Answered = Annotated[bool | None, Query(description="Only those answered, or only those not; left out: all.")]
GradeBody = Annotated[GradeForm, json_body(GradeForm)]
AskBody = Annotated[InformationRequestForm, json_body(InformationRequestForm)]
AskSeveralBody = Annotated[InformationRequestsForm, json_body(InformationRequestsForm)]
AnswerBody = Annotated[InformationAnswerForm, json_body(InformationAnswerForm)]
_STANDS_NOW = {"ETag": "The version that stands now."}
BasisBody = Annotated[LawfulBasisForm, json_body(LawfulBasisForm)]


async def _known_agency(request: Request, _asker: Decider, form: AskBody) -> None:
    """Ask access whether the agency exists, before the transaction opens."""
    if not await request.app.state.agencies.knows(form.agency_id):
        raise NotAnAgency


async def _known_agencies(request: Request, _asker: Decider, form: AskSeveralBody) -> None:
    """Ask access whether the agencies exist, before the transaction opens."""
    for place, agency in enumerate(form.agencies):
        if not await request.app.state.agencies.knows(agency.agency_id):
            raise NotAnAgency(f"#/agencies/{place}/agency_id")


@router.get("/v1/grade-scale", response_model=GradeScale, responses=problems(404), tags=["Grades"])
async def get_grade_scale(
    _reader: Anyone,
    version: Annotated[str | None, Query(max_length=60, description="Left out: the one in use.")] = None,
) -> GradeScale:
    """Read the words of each step, 0 to 5, and of the two answers that are none."""
    return scale_view(version)


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
    responses=problems(409),
    tags=["Information"],
)
async def post_information_request(
    asker: Decider, case_id: PathId, form: AskBody, tx: Tx, now: Now, config: Config
) -> InformationRequestView:
    """Ask an agency what it knows of a child, and why it is necessary."""
    return await asking.ask_agency(tx, CaseId(case_id), form, asker, now=now, settings=config)


@router.post(
    "/v1/cases/{case_id}/information-requests/several",
    status_code=201,
    response_model=InformationRequestsMade,
    dependencies=[Depends(_known_agencies)],
    responses=problems(409) | {201: headers(_STANDS_NOW)},
    tags=["Information"],
)
async def post_information_requests(
    asker: Decider,
    case_id: PathId,
    form: AskSeveralBody,
    tx: Tx,
    now: Now,
    config: Config,
    response: Response,
) -> InformationRequestsMade:
    """Ask several agencies about several people at once: one request for each agency and child."""
    made = await asking.ask_agencies(tx, CaseId(case_id), form, asker, now=now, settings=config)
    response.headers["ETag"] = etag(made.version)
    return made


@router.post(
    "/v1/cases/{case_id}/lawful-basis",
    status_code=201,
    response_model=LawfulBasisRecorded,
    responses={201: headers(_STANDS_NOW)},
    tags=["Information"],
)
async def post_lawful_basis(
    decider: Grounder,
    case_id: PathId,
    form: BasisBody,
    tx: Tx,
    now: Now,
    config: Config,
    response: Response,
) -> LawfulBasisRecorded:
    """Say on what ground agencies are asked. Nothing that stands is changed, so no version is asked.

    What waited for a ground goes out at once.
    """
    made = await recording_basis.record_basis(tx, CaseId(case_id), form, decider, now=now, times=config.times)
    response.headers["ETag"] = etag(made.version)
    return made


@router.get("/v1/information-requests", response_model=Page[InformationRequestView], tags=["Information"])
async def list_information_requests(
    reader: Asked, tx: Tx, now: Now, answered: Answered = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[InformationRequestView]:
    """List what your agency was asked, the soonest due first."""
    list_name = f"information requests of {reader.agency_id}"
    after = read_time_and_id(list_name, cursor)
    found = await asking.list_requests(tx, reader, answered=answered, after=after, limit=limit, now=now)
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.due_at, last.request_id))


@router.get(
    "/v1/information-requests/{request_id}",
    response_model=InformationRequestView,
    tags=["Information"],
)
async def get_information_request(
    reader: Asked, request_id: PathId, tx: Tx, now: Now
) -> InformationRequestView:
    """Read one question that your agency was asked, as a notice names it."""
    return await asking.read_request(tx, RequestId(request_id), reader, now=now)


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
