"""What follows decisions over HTTP: what is still to be done, and who has done it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from services.triage.actions.decisions import moving_on
from services.triage.api.permits import permit
from services.triage.sight import DECIDERS
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.platform.openapi import json_body, problems
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.onward import OnwardForm, OnwardRecorded
from shared.schemas.shapes import Page
from shared.schemas.timers import DueView, TimerKind
from shared.schemas.words import Role

router = APIRouter(tags=["Timers"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
StepBody = Annotated[OnwardForm, json_body(OnwardForm)]
Following = Literal[
    TimerKind.SECOND_LOOK,
    TimerKind.HANDOVER,
    TimerKind.ASSESSMENT,
    TimerKind.CONFERENCE,
    TimerKind.OVERSIGHT_REVIEW,
]
Kind = Annotated[Following | None, Query(description="Only these; left out: all that stands on this list.")]


@router.get("/v1/due", response_model=Page[DueView])
async def list_due(
    reader: Reader, tx: Tx, now: Now, kind: Kind = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[DueView]:
    """List what follows decisions or is to be reviewed and is not done, the soonest due first.

    A second look at a decision that waits, a hand-over that nobody has accepted, an assessment, a child
    protection conference, and the day on which a manager looks again: their clocks never pause.
    """
    list_name = f"due {kind}"
    after = read_time_and_id(list_name, cursor)
    found = await moving_on.list_due(tx, reader, kind=kind, after=after, limit=limit, now=now)
    return make_page(list_name, found, cursor=cursor, place=lambda last: (last.due_at, last.timer_id))


@router.post(
    "/v1/cases/{case_id}/children/{child_id}/onward-steps",
    status_code=201,
    response_model=OnwardRecorded,
    responses=problems(409),
)
async def post_onward_step(
    recorder: Decider, case_id: PathId, child_id: PathId, form: StepBody, tx: Tx, now: Now
) -> OnwardRecorded:
    """Record that a hand-over was accepted, an assessment completed or a conference held.

    Say by whom and when. It ends the clock that watched over it; a breach that was raised stays, with its
    reason. That no conference is needed after all is a manager's word, with a reason (403
    `conference_manager_needed`). Where no such clock runs for the child there is nothing to record (409
    `nothing_waits`).
    """
    place = ChildPlace(CaseId(case_id), ChildId(child_id))
    return await moving_on.record_step(tx, place, form, recorder, now=now)
