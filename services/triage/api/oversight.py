"""Management oversight over HTTP: managers sign entries, all who decide read them, and the measure of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.triage.actions.discussions import overseeing
from services.triage.actions.discussions.overseeing import Wanted
from services.triage.api.measures import By, From, To
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from shared.platform.auth import Caller
from shared.platform.openapi import json_body
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import CaseId
from shared.schemas.oversight import OversightForm, OversightMeasure, OversightOf, OversightView
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter(tags=["Management oversight"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Manager = Annotated[Caller, permit(roles={Role.MANAGER})]
Counting = Annotated[Caller, permit(roles={Role.MANAGER, Role.PRACTICE_AUDITOR})]
Of = Annotated[
    OversightOf,
    Query(description="Count apart for the hub as a whole, for each sending agency or for each team."),
]
OversightBody = Annotated[OversightForm, json_body(OversightForm)]


@router.post("/v1/cases/{case_id}/oversight", status_code=201, response_model=OversightView)
async def post_oversight(
    manager: Manager, case_id: PathId, form: OversightBody, tx: Tx, now: Now
) -> OversightView:
    """Sign a direction, a sign-off or a review. It is never changed, so no version is asked."""
    return await overseeing.oversee(tx, CaseId(case_id), form, manager, now=now)


@router.get("/v1/cases/{case_id}/oversight", response_model=Page[OversightView])
async def list_oversight(
    reader: Reader, case_id: PathId, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 50
) -> Page[OversightView]:
    """List what managers entered about a case and its children, the oldest first."""
    name = f"oversight of {case_id}"
    after = read_time_and_id(name, cursor)
    found = await overseeing.list_of_case(tx, CaseId(case_id), reader, after=after, limit=limit, now=now)
    return make_page(name, found, cursor=cursor, place=lambda last: (last.entered_at, last.oversight_id))


@router.get("/v1/measures/oversight", response_model=OversightMeasure)
async def get_oversight_measure(
    counting: Counting,
    tx: Tx,
    now: Now,
    by: By = "month",
    of: Of = "hub",
    from_on: From = None,
    to_on: To = None,
) -> OversightMeasure:
    """Read how many of the children decided had an entry, by month or week: of the hub, an agency or a team.

    Both days are counted. It is sorted by time, then by id or key, and ranks nobody.
    """
    return await overseeing.measure(tx, counting, Wanted(by, of, from_on, to_on), now=now)
