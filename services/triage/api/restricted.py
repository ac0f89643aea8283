"""Restricted cases over HTTP: whom a manager names for one, and who opened one in an emergency."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from services.triage.actions.showing import restricted
from services.triage.api.permits import permit
from services.triage.errors.restricted import ReadsNoCases
from shared.platform.auth import Caller
from shared.platform.auth import permit as permit_anywhere
from shared.platform.openapi import json_body, problems
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.access import Colleague
from shared.schemas.ids import AccessId, CaseId, ReferralId, StaffId
from shared.schemas.restricted import (
    AccessForm,
    AccessLookForm,
    AccessView,
    CaseAccesses,
    EmergencyForm,
    ReaderOfReferral,
)
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter(tags=["Restricted cases"])

Manager = Annotated[Caller, permit(roles={Role.MANAGER})]
#: The one caller of triage who comes by a case that is closed to them: to say why it cannot wait.
Opener = Annotated[Caller, permit_anywhere(roles={Role.DECISION_MAKER})]
Showing = Annotated[Caller, permit_anywhere(services={"intake", "notifications"})]
AccessBody = Annotated[AccessForm, json_body(AccessForm)]
EmergencyBody = Annotated[EmergencyForm, json_body(EmergencyForm)]
LookBody = Annotated[AccessLookForm, json_body(AccessLookForm)]
LookedAt = Annotated[bool | None, Query(description="Only those a manager looked at, or only the others.")]


async def _named(request: Request, _manager: Manager, form: AccessBody) -> Colleague:
    """Ask access who is named, before the transaction opens."""
    found: Colleague | None = await request.app.state.staff.find_reader(UUID(str(form.staff_id)))
    if found is None:
        raise ReadsNoCases
    return found


@router.get(
    "/internal/referrals/{referral_id}/readers/{staff_id}",
    response_model=ReaderOfReferral,
    include_in_schema=False,
)
async def get_reader(
    service: Showing, referral_id: PathId, staff_id: PathId, tx: Tx, now: Now
) -> ReaderOfReferral:
    """Tell the services that show what came with a referral whether somebody may read it."""
    return await restricted.read_reader(tx, ReferralId(referral_id), StaffId(staff_id), service, now=now)


@router.get("/v1/cases/{case_id}/accesses", response_model=CaseAccesses)
async def list_accesses(manager: Manager, case_id: PathId, tx: Tx, now: Now) -> CaseAccesses:
    """Read whether a case is restricted, and to whom besides managers it is or was open."""
    return await restricted.list_accesses(tx, CaseId(case_id), manager, now=now)


@router.post(
    "/v1/cases/{case_id}/accesses", status_code=201, response_model=AccessView, responses=problems(409)
)
async def post_access(
    manager: Manager,
    case_id: PathId,
    form: AccessBody,
    named: Annotated[Colleague, Depends(_named)],
    tx: Tx,
    now: Now,
) -> AccessView:
    """Name somebody for a restricted case: to them it is like any other, until you take that back."""
    return await restricted.name(tx, CaseId(case_id), form, named, manager, now=now)


@router.post("/v1/accesses/{access_id}/end", response_model=AccessView, responses=problems(409))
async def post_access_end(manager: Manager, access_id: PathId, tx: Tx, now: Now) -> AccessView:
    """Close a restricted case to somebody it was open to. What they did there stays."""
    return await restricted.take_back(tx, AccessId(access_id), manager, now=now)


@router.post(
    "/v1/cases/{case_id}/emergency-access",
    status_code=201,
    response_model=AccessView,
    responses=problems(409),
)
async def post_emergency_access(
    opener: Opener, case_id: PathId, form: EmergencyBody, tx: Tx, now: Now
) -> AccessView:
    """Open a restricted case to yourself for an hour, because it cannot wait for a manager. They are told."""
    return await restricted.open_in_emergency(tx, CaseId(case_id), form, opener, now=now)


@router.get("/v1/emergency-accesses", response_model=Page[AccessView])
async def list_emergency_accesses(
    manager: Manager, tx: Tx, now: Now, looked_at: LookedAt = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[AccessView]:
    """List the openings of restricted cases in an emergency, the oldest first."""
    name = "emergency accesses"
    after = read_time_and_id(name, cursor)
    found = await restricted.list_emergencies(
        tx, manager, looked_at=looked_at, after=after, limit=limit, now=now
    )
    return make_page(name, found, cursor=cursor, place=lambda last: (last.given_at, last.access_id))


@router.post("/v1/emergency-accesses/{access_id}/look", response_model=AccessView, responses=problems(409))
async def post_emergency_look(
    manager: Manager, access_id: PathId, form: LookBody, tx: Tx, now: Now
) -> AccessView:
    """Say what you found when looking at an opening in an emergency; never at your own."""
    return await restricted.look_at_emergency(tx, AccessId(access_id), form, manager, now=now)
