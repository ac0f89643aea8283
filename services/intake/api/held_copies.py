"""Copies of refused referrals over HTTP: a work list for staff."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from services.intake.actions import settling
from shared.platform.auth import Caller, permit
from shared.platform.openapi import json_body, problems
from shared.platform.paging import BadCursor, Cursor, Limit, read_cursor, write_cursor
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.held_copies import HeldCopy, OpenedCopy, OpeningForm, SettlementForm
from shared.schemas.ids import HeldCopyId
from shared.schemas.shapes import Page
from shared.schemas.words import HeldCopyState, Role

router = APIRouter(tags=["Held copies"])

#: Staff who deal with what was refused, and read it.
Dealer = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Watcher = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER, Role.PRACTICE_AUDITOR})]
State = Annotated[
    HeldCopyState | None, Query(description="Left out: all that nobody has dealt with, waiting or opened.")
]


@router.get("/v1/held-copies", response_model=Page[HeldCopy])
async def list_held_copies(
    watcher: Watcher, tx: Tx, now: Now, state: State = None, cursor: Cursor = None, limit: Limit = 100
) -> Page[HeldCopy]:
    """List the referrals that were refused: who sent them and why they were refused, not what they say.

    Those that speak of immediate danger come first, then those that have waited longest.
    """
    name = f"held copies {state or 'open'}"
    after = _place(name, cursor) if cursor else None
    items, has_more = await settling.list_copies(tx, watcher, state, after=after, limit=limit, now=now)
    return Page(items=items, next_cursor=_cursor(name, items[-1]) if items else cursor, has_more=has_more)


@router.post("/v1/held-copies/{held_copy_id}/opening", response_model=OpenedCopy)
async def open_held_copy(
    dealer: Dealer,
    held_copy_id: PathId,
    form: Annotated[OpeningForm, json_body(OpeningForm)],
    tx: Tx,
    now: Now,
    request: Request,
) -> OpenedCopy:
    """Read what was sent, with the reason why you do: both are written down."""
    vault = request.app.state.vault
    return await settling.open_copy(tx, HeldCopyId(held_copy_id), form.reason, dealer, vault, now=now)


@router.post("/v1/held-copies/{held_copy_id}/settlement", response_model=HeldCopy, responses=problems(409))
async def settle_held_copy(
    dealer: Dealer,
    held_copy_id: PathId,
    form: Annotated[SettlementForm, json_body(SettlementForm)],
    tx: Tx,
    now: Now,
) -> HeldCopy:
    """Say what became of a refused referral: the referral it lives on as, or why nothing is needed."""
    return await settling.settle_copy(tx, HeldCopyId(held_copy_id), form, dealer, now=now)


def _cursor(name: str, last: HeldCopy) -> str:
    return write_cursor(name, int(last.immediate_danger), last.first_sent_at, last.held_copy_id)


def _place(name: str, cursor: str) -> tuple[bool, datetime, UUID]:
    danger, at, held_copy_id = read_cursor(name, cursor, places=(int, datetime, UUID))
    if danger not in {0, 1}:
        raise BadCursor
    return bool(danger), at, held_copy_id
