"""A child's history under every name: in short on the case page, whole on a page of its own to print."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from shared.problems import NotFound, Unavailable
from shared.schemas.chronology import Chronology
from shared.schemas.ids import CaseId, ChildId

router = APIRouter(include_in_schema=False)

Histories = Mapping[ChildId, Chronology | None]
_MOST_PAGES: Final = 10


@router.get("/cases/{case_id}/children/{child_id}/chronology")
async def get_chronology(person: SignedIn, request: Request, case_id: UUID, child_id: UUID) -> Response:
    """Show everything that has happened to a child, oldest first."""
    return show(
        request,
        "chronology.html",
        person=person,
        names=await person.backend.agencies(),
        history=await _whole(person, CaseId(case_id), ChildId(child_id)),
    )


async def histories_of(
    person: Person, case_id: CaseId, children: Sequence[ChildId], *, only_begun: Sequence[ChildId] = ()
) -> Histories:
    """Return each child's history; None for one that cannot be read just now, which is not an empty one.

    Args:
        only_begun: of these the figures and the sources are enough, with as many lines as one answer holds.
    """
    found = await asyncio.gather(
        *(_or_none(person, case_id, child_id, whole=child_id not in only_begun) for child_id in children)
    )
    return dict(zip(children, found, strict=True))


async def _or_none(person: Person, case_id: CaseId, child_id: ChildId, *, whole: bool) -> Chronology | None:
    try:
        if whole:
            return await _whole(person, case_id, child_id)
        return await person.backend.get_chronology(case_id, child_id)
    except (NotFound, Unavailable):
        # A case is never held back because a history cannot be read; the page says so.
        return None


async def _whole(person: Person, case_id: CaseId, child_id: ChildId) -> Chronology:
    """Return a history with all its lines, as far as a page can hold them: `has_more` says what is left."""
    history = await person.backend.get_chronology(case_id, child_id)
    lines, part = list(history.items), history
    for _ in range(_MOST_PAGES):
        if not part.has_more:
            break
        part = await person.backend.get_chronology(case_id, child_id, part.next_cursor)
        lines += part.items
    return history.model_copy(update={"items": lines, "has_more": part.has_more})
