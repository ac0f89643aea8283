"""The board over HTTP: children not yet decided, who speaks for each, and what changed overnight."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from services.triage.actions.day import boarding
from services.triage.actions.day.boarding import Part, since_when
from services.triage.api.parts import cursor_of, place_in
from services.triage.api.permits import permit
from services.triage.evidence.night import night_of
from services.triage.sight import DECIDERS
from services.triage.store.cases import ChildPlace
from shared.platform.auth import Caller
from shared.platform.openapi import json_body, problems
from shared.platform.paging import Cursor, Limit
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.board import Board, BoardChanges, WaitForm, WaitView
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.words import Role

router = APIRouter(tags=["Safe to wait?"])

Reader = Annotated[Caller, permit(roles=DECIDERS)]
Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
WaitBody = Annotated[WaitForm, json_body(WaitForm)]
Since = Annotated[
    AwareDatetime | None,
    Query(description="An instant of the last 31 days, with its offset; left out: since the hub closed."),
]


@router.get("/v1/board", response_model=Board)
async def get_board(reader: Reader, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 200) -> Board:
    """Read every child not yet decided, with what is unknown and who speaks for it until the hub opens.

    `limit` counts cases: all children of a case stand on one page.
    """
    name = f"board of {reader.subject}"
    read = await boarding.read_board(tx, reader, Part(place_in(name, cursor), limit), now=now)
    return Board(
        items=read.items,
        closed=read.closed,
        next_cursor=cursor_of(name, read.last) or cursor,
        has_more=read.has_more,
        as_of=now,
        opens_at=night_of(now).opens_at,
    )


@router.get("/v1/board/changes", response_model=BoardChanges, responses=problems(422))
async def get_board_changes(
    reader: Reader, tx: Tx, now: Now, since: Since = None, cursor: Cursor = None, limit: Limit = 200
) -> BoardChanges:
    """Read what is new about each child since the hub closed: who wrote, answered, graded or decided."""
    name = f"changes for {reader.subject} since {_written(since)}"
    part = Part(place_in(name, cursor), limit)
    items, last, more = await boarding.read_changes(tx, reader, since, part, now=now)
    return BoardChanges(
        items=items,
        next_cursor=cursor_of(name, last) or cursor,
        has_more=more,
        as_of=now,
        since=since_when(since, now=now),
    )


def _written(since: datetime | None) -> str:
    return since.isoformat() if since else "closing"


@router.post(
    "/v1/cases/{case_id}/children/{child_id}/waits",
    status_code=201,
    response_model=WaitView,
    responses=problems(409),
)
async def post_wait(
    decider: Decider, case_id: PathId, child_id: PathId, form: WaitBody, tx: Tx, now: Now
) -> WaitView:
    """Say that a child may wait and until when, or that the emergency duty team has it and read it back.

    No due time moves: a child that falls due before is late all the same, and the answer says so.
    """
    return await boarding.say_wait(tx, ChildPlace(CaseId(case_id), ChildId(child_id)), form, decider, now=now)
