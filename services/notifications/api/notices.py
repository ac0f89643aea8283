"""Notices over HTTP: what an agency is told of referrals beside their outcomes."""

from typing import Annotated

from fastapi import APIRouter

from services.notifications.actions import notices
from shared.platform.auth import Caller, permit
from shared.platform.paging import Cursor, Limit
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.ids import EventId
from shared.schemas.notices import Notice
from shared.schemas.shapes import Page
from shared.schemas.words import Scope

router = APIRouter(tags=["Notices"])

System = Annotated[Caller, permit(scope=Scope.REFERRAL_READ)]


@router.get("/v1/notices", response_model=Page[Notice])
async def list_notices(
    client: System, tx: Tx, now: Now, after: Cursor = None, limit: Limit = 100
) -> Page[Notice]:
    """Read what your agency was told beside outcomes, in the order it was told: your second feed.

    You are asked for more about a referral, the hub has decided on your wish to take one back, or something
    you were told or asked about was corrected. Keep `next_cursor` and pass it as `after` next time; an empty
    page gives it back. Nothing leaves the feed, and nothing in it is to be acknowledged.
    """
    return await notices.list_notices(tx, client, after=after, limit=limit, now=now)


@router.get("/v1/notices/{event_id}", response_model=Notice)
async def get_notice(client: System, event_id: PathId, tx: Tx, now: Now) -> Notice:
    """Read one notice; a webhook names it.

    It says how things stood when you were told. What was asked of you, and where your wish to take a
    referral back stands now, is in the referral itself.
    """
    return await notices.read_notice(tx, client, EventId(event_id), now=now)
