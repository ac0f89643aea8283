"""How deep the hub goes for a child over HTTP, and the measure of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.triage.actions.decisions import deepening
from services.triage.actions.showing import measuring
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.platform.headers import IfMatch
from shared.platform.openapi import headers, json_body, problems
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.platform.web import etag
from shared.schemas.depth import Coverage, DepthForm, DepthView
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.measures import Period
from shared.schemas.times import Day
from shared.schemas.words import Role

router = APIRouter(tags=["Depth"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Setter = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Measuring = Annotated[
    Caller, permit(roles={Role.MANAGER, Role.PRACTICE_AUDITOR, Role.INFORMATION_GOVERNANCE})
]
DepthBody = Annotated[DepthForm, json_body(DepthForm)]

_PATH = "/v1/cases/{case_id}/children/{child_id}/depth"


@router.get(_PATH, response_model=DepthView)
async def get_depth(reader: Reader, case_id: PathId, child_id: PathId, tx: Tx, now: Now) -> DepthView:
    """Read how deep the hub goes for a child, and every change with who made it and why."""
    return await deepening.read_depth(tx, ChildPlace(CaseId(case_id), ChildId(child_id)), reader, now=now)


@router.put(
    _PATH,
    response_model=DepthView,
    responses=problems(412, 428) | {200: headers({"ETag": "The version that stands now."})},
)
async def put_depth(
    setter: Setter,
    case_id: PathId,
    child_id: PathId,
    version: IfMatch,
    form: DepthBody,
    tx: Tx,
    now: Now,
    response: Response,
) -> DepthView:
    """Set how deep the hub goes for a child: `full`, `light` with a reason, or `straight` to its worker.

    Straight needs a manager (403 `manager_needed`). Every contact goes through the hub all the same: what
    is asked already is still answered, and the child is decided like any other.
    """
    place = ChildPlace(CaseId(case_id), ChildId(child_id))
    view = await deepening.set_depth(tx, place, form, setter, version=version, now=now)
    response.headers["ETag"] = etag(view.version)
    return view


@router.get("/v1/measures/coverage", response_model=Coverage, tags=["Measures"])
async def get_coverage(
    reader: Measuring,
    tx: Tx,
    now: Now,
    by: Annotated[Period, Query(description="Count by month, or by ISO week; both in London.")] = "month",
    from_on: Annotated[
        Day | None, Query(alias="from", description="First day, in London. Left out: a year.")
    ] = None,
    to_on: Annotated[
        Day | None, Query(alias="to", description="Last day, in London. Left out: today.")
    ] = None,
) -> Coverage:
    """Count the children decided for the first time, by period, depth and how many agencies were heard.

    Both days are counted. A child of several referrals in one case counts once.
    """
    return await measuring.measure_coverage(tx, reader, by, from_on, to_on, now=now)
