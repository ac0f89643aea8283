"""What falls due over HTTP: timers of a case, screening, targets, breaches with their reasons, drift."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.triage.actions.clock import breaching, drifting, targeting, timing
from services.triage.api.parts import Config
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.platform.openapi import json_body, problems
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import BreachId, CaseId, ChildId, TargetId
from shared.schemas.shapes import Page
from shared.schemas.timers import (
    BreachReasonForm,
    BreachView,
    CaseTimers,
    DriftView,
    Screened,
    TargetForm,
    TargetReviewForm,
    TargetView,
)
from shared.schemas.words import Role

router = APIRouter(tags=["Timers"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Manager = Annotated[Caller, permit(roles={Role.MANAGER})]
ReasonBody = Annotated[BreachReasonForm, json_body(BreachReasonForm)]
TargetBody = Annotated[TargetForm, json_body(TargetForm)]
ReviewBody = Annotated[TargetReviewForm, json_body(TargetReviewForm)]
Reasoned = Annotated[
    bool | None, Query(description="Only those with a reason, or only those without; left out: all.")
]


@router.get("/v1/cases/{case_id}/timers", response_model=CaseTimers)
async def get_timers(reader: Reader, case_id: PathId, tx: Tx, now: Now, config: Config) -> CaseTimers:
    """Read all that falls due in a case. Nothing pauses, whoever is waited for."""
    return await timing.read_timers(tx, CaseId(case_id), reader, now=now, times=config.times)


@router.post("/v1/cases/{case_id}/screened", response_model=Screened)
async def post_screened(screener: Decider, case_id: PathId, tx: Tx, now: Now) -> Screened:
    """Say that you have looked at every contact of a case. Whoever decides or asks for a child has, too."""
    return await timing.screen_case(tx, CaseId(case_id), screener, now=now)


@router.post("/v1/cases/{case_id}/children/{child_id}/targets", status_code=201, response_model=TargetView)
async def post_target(
    setter: Manager, case_id: PathId, child_id: PathId, form: TargetBody, tx: Tx, now: Now, config: Config
) -> TargetView:
    """Set a timescale for one child. What is configured for every child is never moved by it."""
    place = ChildPlace(CaseId(case_id), ChildId(child_id))
    return await targeting.set_target(tx, place, form, setter, now=now, times=config.times)


@router.post("/v1/targets/{target_id}/review", response_model=TargetView, responses=problems(409))
async def post_review(
    reviewer: Manager, target_id: PathId, form: ReviewBody, tx: Tx, now: Now, config: Config
) -> TargetView:
    """Say what you found when looking at a target again, and whether it is reached."""
    return await targeting.review_target(tx, TargetId(target_id), form, reviewer, now=now, times=config.times)


@router.get("/v1/breaches", response_model=Page[BreachView])
async def list_breaches(
    reader: Reader, tx: Tx, now: Now, reasoned: Reasoned = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[BreachView]:
    """List what was not done in time, each once, the oldest first."""
    list_name = "breaches"
    after = read_time_and_id(list_name, cursor)
    found = await breaching.list_breaches(tx, reader, reasoned=reasoned, after=after, limit=limit, now=now)
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.found_at, last.breach_id))


@router.post("/v1/breaches/{breach_id}/reason", status_code=201, response_model=BreachView)
async def post_reason(giver: Decider, breach_id: PathId, form: ReasonBody, tx: Tx, now: Now) -> BreachView:
    """Say why something was not done in time. The first reason stands; later ones are kept beside it."""
    return await breaching.give_reason(tx, BreachId(breach_id), form, giver, now=now)


@router.get("/v1/drifting", response_model=Page[DriftView])
async def list_drifting(
    reader: Reader, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 50
) -> Page[DriftView]:
    """List the children that wait and for whom nothing happens, the longest quiet first."""
    list_name = "drifting"
    after = read_time_and_id(list_name, cursor)
    found = await drifting.list_drifting(tx, reader, after=after, limit=limit, now=now)
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.quiet_since, last.drift_id))
