"""Unborn children past their due date over HTTP, and what was found out about them."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from services.intake.actions import births
from services.intake.api.parts import Decider, Watcher
from services.intake.store.births import Place
from shared.platform.openapi import json_body, problems
from shared.platform.paging import BadCursor, Cursor, Limit, make_page, read_cursor
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.births import BirthNote, BirthNoteForm, OverdueBirth
from shared.schemas.ids import PersonId
from shared.schemas.shapes import Page

router = APIRouter(tags=["People"])

_NAME = "overdue births"
OfReferral = Annotated[
    str | None,
    Query(
        max_length=60,
        description="None but children of this referral; as it was given, typed or said.",
        examples=["SH-7K3QX9MA-9"],
    ),
]


async def _grace(request: Request) -> timedelta:
    grace: timedelta = request.app.state.birth_grace
    return grace


Grace = Annotated[timedelta, Depends(_grace)]


@router.get("/v1/people/overdue-births", response_model=Page[OverdueBirth], responses=problems(404))
async def list_overdue_births(
    watcher: Watcher,
    tx: Tx,
    now: Now,
    grace: Grace,
    reference: OfReferral = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[OverdueBirth]:
    """List the unborn children whose due date has passed with no birth linked, the oldest due first.

    A birth takes a child off the list once a person has confirmed the link, and so does a note that none
    is to be waited for.
    """
    after = _place(cursor) if cursor else None
    wanted = births.Wanted(grace, reference)
    found = await births.list_overdue(tx, watcher, wanted, after=after, limit=limit, now=now)
    return make_page(
        _NAME, found, cursor=cursor, place=lambda last: (last.due_on.toordinal(), last.person_id)
    )


def _place(cursor: str) -> Place:
    number, person_id = read_cursor(_NAME, cursor, places=(int, UUID))
    try:
        return date.fromordinal(number), PersonId(person_id)
    except (ValueError, OverflowError):
        raise BadCursor from None


@router.post("/v1/people/{person_id}/birth-note", response_model=BirthNote, responses=problems(404, 409))
async def post_birth_note(
    decider: Decider,
    person_id: PathId,
    form: Annotated[BirthNoteForm, json_body(BirthNoteForm)],
    tx: Tx,
    now: Now,
) -> BirthNote:
    """Say what you found out about a child who was expected: your words are kept, the family may read them.

    Born elsewhere, or the pregnancy not continued, ends the waiting until somebody sends the hub word of the
    child again; a wrong date moves it.
    """
    return await births.note_birth(tx, PersonId(person_id), form, decider, now=now)
