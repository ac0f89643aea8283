"""Is this the same child? The tasks of matching over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.intake.actions import linking, matches
from services.intake.api.parts import Decider, Watcher
from shared.platform.openapi import json_body, problems
from shared.platform.paging import Cursor, Limit, read_cursor, write_cursor
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import MatchId
from shared.schemas.people_index import (
    Match,
    MatchDecided,
    MatchDecisionForm,
    MatchSummary,
    OpenQuestionCounts,
)
from shared.schemas.shapes import Page
from shared.schemas.words import MatchState

router = APIRouter(tags=["People"])

InState = Annotated[MatchState, Query(description="Which tasks; those that wait, unless told otherwise.")]
References = Annotated[
    str,
    Query(
        description="Of which referrals, up to 200, with commas between.",
        pattern=r"^[0-9A-Z-]{13}(,[0-9A-Z-]{13}){0,199}$",
        examples=["SH-7K3QX9MA-9,SH-2222222A-2"],
    ),
]


@router.get("/v1/matches", response_model=Page[MatchSummary])
async def list_matches(
    watcher: Watcher,
    tx: Tx,
    now: Now,
    state: InState = MatchState.OPEN,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[MatchSummary]:
    """List the children and adults who may be known already, for a person to say.

    Those that wait come with the longest waiting first, the others with the newest.
    """
    name = f"matches {state}"
    after = _place(name, cursor) if cursor else None
    items, has_more = await matches.list_matches(tx, watcher, state, after=after, limit=limit, now=now)
    last = items[-1] if items else None
    next_cursor = write_cursor(name, last.raised_at, last.match_id) if last else cursor
    return Page(items=items, next_cursor=next_cursor, has_more=has_more)


def _place(name: str, cursor: str) -> tuple[datetime, UUID]:
    at, match_id = read_cursor(name, cursor, places=(datetime, UUID))
    return at, match_id


@router.get("/v1/matches/counts", response_model=OpenQuestionCounts)
async def count_open_questions(watcher: Watcher, tx: Tx, references: References) -> OpenQuestionCounts:
    """Count the questions that wait about the people of some referrals, without showing anybody."""
    return await matches.count_open(tx, references.split(","), watcher)


@router.get("/v1/matches/{match_id}", response_model=Match, responses=problems(404))
async def get_match(watcher: Watcher, match_id: PathId, tx: Tx, now: Now) -> Match:
    """Read a task: the record and each candidate side by side, what agrees in words, and their history."""
    return await matches.read_match(tx, MatchId(match_id), watcher, now=now)


@router.post("/v1/matches/{match_id}/decision", response_model=MatchDecided, responses=problems(404, 409))
async def post_match_decision(
    decider: Decider,
    match_id: PathId,
    form: Annotated[MatchDecisionForm, json_body(MatchDecisionForm)],
    tx: Tx,
    now: Now,
) -> MatchDecided:
    """Say what you make of one candidate: linked, not the same, or unsure; nobody is asked it again.

    A link joins the record, and whatever is linked to it, to the person; it can be undone at any time.
    """
    return await linking.decide_match(tx, MatchId(match_id), form, decider, now=now)
