"""The partnership, as everyone in it may see it."""

from typing import Annotated

from fastapi import APIRouter

from services.access.actions import directory
from shared.platform.auth import ANY_ROLE, Caller, permit
from shared.platform.paging import Cursor, Limit
from shared.platform.requests import Tx
from shared.schemas.access import Agency
from shared.schemas.shapes import Page

router = APIRouter(tags=["Agencies"])

Anyone = Annotated[
    Caller,
    permit(every_client=True, roles=ANY_ROLE, services={"intake", "triage", "notifications", "console"}),
]


@router.get("/v1/agencies", response_model=Page[Agency])
async def list_agencies(caller: Anyone, tx: Tx, limit: Limit = 100, cursor: Cursor = None) -> Page[Agency]:
    """See which agencies take part in the hub."""
    return await directory.list_agencies(tx, cursor=cursor, limit=limit)
