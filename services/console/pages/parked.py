"""What the hub itself could not do and waits for a person: for whoever looks after the machinery."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.console.forms import OwnForm
from services.console.pages.showing import show
from services.console.session import SignedIn
from shared.schemas.ids import EventId

router = APIRouter(include_in_schema=False)

Service = Literal["intake", "triage", "notifications"]
SERVICES: tuple[Service, ...] = ("intake", "triage", "notifications")


@router.get("/parked-events")
async def get_parked_events(person: SignedIn, request: Request, released: bool = False) -> Response:
    """Show every event that a service gave up, the oldest first; none of them names a child."""
    lists = {service: await person.backend.list_parked(service) for service in SERVICES}
    parked = [(service, event) for service, page in lists.items() for event in page.items]
    return show(
        request,
        "parked_events.html",
        person=person,
        parked=parked,
        more=any(page.has_more for page in lists.values()),
        released=released,
    )


@router.post("/parked-events/{service}/{handler}/{event_id}/release")
async def post_release(
    _form: OwnForm, person: SignedIn, service: Service, handler: str, event_id: UUID
) -> Response:
    """Have an event tried again, once what was wrong has been mended."""
    await person.backend.release_parked(service, handler, EventId(event_id))
    return RedirectResponse("/parked-events?released=true", 303)
