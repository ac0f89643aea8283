"""Red children that nobody has seen: on the work list until somebody says that they have."""

import asyncio
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.exchange import SignedOut
from services.console.forms import OwnForm
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from shared.problems import NotPermitted, Problem
from shared.schemas.alerts import AlertView
from shared.schemas.ids import AlertId

router = APIRouter(include_in_schema=False)

#: The work list is not held back for longer than this.
_PATIENCE_SECONDS: Final = 1.5


async def unseen_of(person: Person) -> list[AlertView] | None:
    """Return the Red children nobody has said they have seen; None where that cannot be read just now."""
    if not person.sees_all:
        return []
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return (await person.timers.list_unseen()).items
    except SignedOut:
        raise
    except (Problem, TimeoutError):
        return None


@router.get("/red")
async def get_red(person: SignedIn, request: Request) -> Response:
    """Show the banner alone, for a page that stands open."""
    if not person.sees_all:
        raise NotPermitted
    return show(request, "red.html", person=person, unseen=await unseen_of(person))


@router.post("/red/{alert_id}")
async def post_seen(form: OwnForm, person: SignedIn, alert_id: UUID) -> Response:
    """Say that a Red child has been seen, and go to its case."""
    if not person.settles:
        raise NotPermitted
    seen = await person.timers.say_seen(AlertId(alert_id))
    return RedirectResponse(f"/cases/{seen.case_id}", 303)
