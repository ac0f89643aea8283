"""Triage over HTTP: staff work with cases, asked agencies answer and grade, deciders decide."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from services.triage.actions.contacts.links import find_links_or_say_why
from services.triage.actions.contacts.noting_council import note_council
from services.triage.actions.decisions import evaluating
from services.triage.actions.showing import chronicling, reading
from services.triage.actions.showing.chronicling import Part, Searched
from services.triage.actions.showing.searching_elsewhere import prepare_search, search_elsewhere
from services.triage.api.parts import Config, Queue, cursor_of, held_by, place_in
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from services.triage.store.cases import ChildPlace
from services.triage.store.work_list import Wanted
from services.triage.views.chronology import order_of
from shared.platform.auth import Caller
from shared.platform.database import transaction
from shared.platform.openapi import headers, json_body
from shared.platform.paging import (
    Cursor,
    Limit,
    read_cursor,
    write_cursor,
)
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.platform.web import etag
from shared.schemas.cases import CaseLine, CaseView
from shared.schemas.checks import Evaluation, EvaluationForm
from shared.schemas.chronology import Chronology
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.reference import read_reference
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter()

READERS = DECIDERS | {Role.AGENCY_REPRESENTATIVE, Role.EARLY_HELP_COORDINATOR}
Reader = Annotated[Caller, permit(roles=READERS)]
Looker = Annotated[Caller, permit(roles=READERS, to_look=True)]
#: Managers decide what needs one, and whatever else nobody should wait for.
ForChild = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Answering = Annotated[Caller, permit(services={"notifications"})]
Checking = Annotated[Caller, permit(services={"intake"})]

DraftBody = Annotated[EvaluationForm, json_body(EvaluationForm)]


async def _search(
    request: Request, reader: Reader, case_id: PathId, child_id: PathId, now: Now, config: Config
) -> Searched:
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
    found = await search_elsewhere(sources, search)
    said = [one.view for one in found if one.view.searched]
    if not said:
        return Searched(links, why_none, found)
    async with transaction(request.app.state.sessions, reader.subject) as tx:
        await note_council(tx, place, said, links, now=now, times=config.times)
    return Searched(links, why_none, found)


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

    `second_look` lists those with a decision that waits for a second person; `mine`, `my_team` and
    `unallocated` are of those to decide. All four are for whoever sees all.
    An asked agency sees what it was asked about, by its own due time.
    """
    list_name = f"cases {queue} of {reader.subject}"
    place, held = place_in(list_name, cursor), held_by(queue, reader, config)
    wanted = Wanted(queue == "decided", _heard(reference), place, limit, queue == "second_look", held)
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
    reader: Looker, case_id: PathId, tx: Tx, now: Now, config: Config, response: Response
) -> CaseView:
    """Read a case. Whoever is still blind to grades gets no `ETag`: it moves with every grade."""
    view = await reading.read_case(
        tx,
        reader,
        CaseId(case_id),
        now=now,
        incident_window=config.incident_window,
        duty_manager=config.duty_manager,
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


@router.post("/internal/evaluations", response_model=Evaluation, include_in_schema=False)
async def post_evaluation(service: Checking, form: DraftBody, tx: Tx, now: Now) -> Evaluation:
    """Give the service that checks drafts what the policy makes of one. Nothing of it is kept."""
    return await evaluating.evaluate_draft(tx, form, service, now=now)
