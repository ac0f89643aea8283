"""The partnership, as everyone in it may see it."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.access.actions import directory
from shared.platform.auth import ANY_ROLE, Caller, permit
from shared.platform.paging import Cursor, Limit
from shared.platform.requests import Tx
from shared.schemas.access import Agency, Colleague
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter(tags=["Agencies"])

Anyone = Annotated[
    Caller,
    permit(every_client=True, roles=ANY_ROLE, services={"intake", "triage", "notifications", "console"}),
]


Decider = Annotated[Caller, permit(roles={Role.DECISION_MAKER, Role.MANAGER})]
Readers = Annotated[
    bool,
    Query(
        description="Practice auditors and early help coordinators too: to name one for a restricted case."
    ),
]


@router.get("/v1/agencies", response_model=Page[Agency])
async def list_agencies(caller: Anyone, tx: Tx, limit: Limit = 100, cursor: Cursor = None) -> Page[Agency]:
    """See which agencies take part in the hub."""
    return await directory.list_agencies(tx, cursor=cursor, limit=limit)


@router.get("/v1/deciders", response_model=Page[Colleague], tags=["Staff"])
async def list_deciders(
    caller: Decider, tx: Tx, limit: Limit = 100, cursor: Cursor = None, readers: Readers = False
) -> Page[Colleague]:
    """See to whom a case can be given: the staff who decide, by name."""
    return await directory.list_deciders(tx, cursor=cursor, limit=limit, readers=readers)
