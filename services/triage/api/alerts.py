"""Alerts over HTTP: a Red child reaches a person, who says that they have seen it."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.triage.actions.clock import alerting
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from shared.platform.auth import Caller
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.alerts import AlertView
from shared.schemas.ids import AlertId
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter(tags=["Alerts"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Acknowledged = Annotated[
    bool | None, Query(description="Only those somebody has seen, or only those nobody has; left out: all.")
]


@router.get("/v1/alerts", response_model=Page[AlertView])
async def list_alerts(
    reader: Reader,
    tx: Tx,
    now: Now,
    acknowledged: Acknowledged = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[AlertView]:
    """List the children graded Red that a person must see, the oldest first."""
    list_name = "alerts"
    after = read_time_and_id(list_name, cursor)
    found = await alerting.list_alerts(
        tx, reader, acknowledged=acknowledged, after=after, limit=limit, now=now
    )
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.raised_at, last.alert_id))


@router.post("/v1/alerts/{alert_id}/acknowledgement", response_model=AlertView)
async def post_acknowledgement(by: Decider, alert_id: PathId, tx: Tx, now: Now) -> AlertView:
    """Say that you have seen a Red child. The first who does stands; the child's clock goes on."""
    return await alerting.acknowledge(tx, AlertId(alert_id), by, now=now)
