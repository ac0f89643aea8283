"""Who holds a case and who has it open, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.triage.actions.day import holding
from services.triage.actions.day.holding import Given
from services.triage.api.parts import Config, staff_id_of
from services.triage.api.permits import permit
from services.triage.errors.day import NotADecider
from services.triage.sight import DECIDERS
from shared.platform.auth import Caller
from shared.platform.openapi import json_body
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.access import Colleague
from shared.schemas.holding import AllocationForm, Holding
from shared.schemas.ids import CaseId
from shared.schemas.words import Role

router = APIRouter(tags=["Who holds a case"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
AllocationBody = Annotated[AllocationForm, json_body(AllocationForm)]


async def _holder(request: Request, decider: Decider, form: AllocationBody) -> Colleague | None:
    """Ask access who is to hold the case, before the transaction opens; whoever calls is known."""
    own = staff_id_of(decider)
    if form.staff_id is None:
        return None
    if isinstance(form.staff_id, str) or form.staff_id == own:
        return Colleague(staff_id=own, name=decider.name, roles=sorted(decider.roles))
    found: Colleague | None = await request.app.state.staff.find_decider(UUID(str(form.staff_id)))
    if found is None:
        raise NotADecider
    return found


@router.get("/v1/cases/{case_id}/holding", response_model=Holding)
async def get_holding(reader: Reader, case_id: PathId, tx: Tx, now: Now, config: Config) -> Holding:
    """Read who holds a case, who held it, and who has it open now."""
    return await holding.read_holding(tx, CaseId(case_id), reader, now=now, teams=config.teams)


@router.put("/v1/cases/{case_id}/allocation", response_model=Holding)
async def put_allocation(
    decider: Decider,
    case_id: PathId,
    form: AllocationBody,
    holder: Annotated[Colleague | None, Depends(_holder)],
    tx: Tx,
    now: Now,
    config: Config,
) -> Holding:
    """Give a case, with its children, to yourself or back; as a manager, to anyone. Who held it is kept."""
    return await holding.allocate(tx, CaseId(case_id), Given(form, holder), decider, now=now, settings=config)


@router.put("/v1/cases/{case_id}/lease", response_model=Holding)
async def put_lease(decider: Decider, case_id: PathId, tx: Tx, now: Now, config: Config) -> Holding:
    """Say that you have a case open, for some minutes. Others see it, and may act all the same."""
    return await holding.take_lease(tx, CaseId(case_id), decider, now=now, settings=config)


@router.delete("/v1/cases/{case_id}/lease", status_code=204)
async def delete_lease(decider: Decider, case_id: PathId, tx: Tx, now: Now) -> None:
    """Say that you are done with a case."""
    await holding.end_lease(tx, CaseId(case_id), decider, now=now)
