"""The list of parked events over HTTP: each service that hears events shows its own to who looks after it."""

from typing import Annotated

from fastapi import APIRouter, Path

from shared.platform import parking
from shared.platform.audit import Ledger
from shared.platform.auth import Caller, permit
from shared.platform.mailbox import Mailbox
from shared.platform.paging import Cursor, Limit
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.problems import NotFound
from shared.schemas.ids import EventId
from shared.schemas.parked import ParkedEvent
from shared.schemas.shapes import Page
from shared.schemas.words import Role

Handler = Annotated[str, Path(pattern="^[a-z_]{1,60}$", description="As the list names it.")]
Keeper = Annotated[Caller, permit(roles={Role.ADMINISTRATOR, Role.MANAGER})]


def parked_router(mailbox: Mailbox) -> APIRouter:
    """Return the routes that show what a service could not handle, and have it tried again."""
    router = APIRouter(tags=["Parked events"])
    ledger = Ledger(mailbox.service)

    @router.get("/v1/parked-events", response_model=Page[ParkedEvent])
    async def list_parked_events(
        keeper: Keeper, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 100
    ) -> Page[ParkedEvent]:
        """List what this service could not handle and waits for a person. It names no child."""
        page = await parking.list_parked(tx, mailbox, cursor=cursor, limit=limit)
        subjects = [event.event_id for event in page.items]
        await ledger.record(tx, keeper, "parked_events.listed", at=now, subjects=subjects)
        return page

    @router.post("/v1/parked-events/{handler}/{event_id}/release", status_code=204)
    async def release_parked_event(
        keeper: Keeper, handler: Handler, event_id: PathId, tx: Tx, now: Now
    ) -> None:
        """Have a parked event tried again, once what was wrong has been mended."""
        if not await parking.release(tx, mailbox, handler, EventId(event_id), now=now):
            raise NotFound
        await ledger.record(
            tx, keeper, "parked_event.released", at=now, subjects=[event_id], facts={"handler": handler}
        )

    return router
