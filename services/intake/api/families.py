"""Families over HTTP: children whom a referral leaves out, and who looked for a family, and why."""

from typing import Annotated

from fastapi import APIRouter

from services.intake.actions import other_children, search_log
from services.intake.api.parts import Heard, Watcher
from shared.platform.auth import Caller, permit
from shared.platform.openapi import problems
from shared.platform.paging import Cursor, Limit, make_page, read_time_and_id
from shared.platform.requests import Now, Tx
from shared.schemas.families import OtherChildren, PeopleSearchMade
from shared.schemas.shapes import Page
from shared.schemas.words import Role

router = APIRouter(tags=["People"])

Auditor = Annotated[Caller, permit(roles={Role.PRACTICE_AUDITOR, Role.INFORMATION_GOVERNANCE})]


@router.get("/v1/referrals/{reference}/other-children", response_model=OtherChildren, responses=problems(404))
async def get_other_children(watcher: Watcher, reference: Heard, tx: Tx, now: Now) -> OtherChildren:
    """Read which children the hub knows with the adults of a referral who are not in it.

    A tie that no person has confirmed is marked; nothing may leave the hub on it.
    """
    return await other_children.list_other_children(tx, reference, watcher, now=now)


@router.get("/v1/people/searches", response_model=Page[PeopleSearchMade])
async def list_searches(
    auditor: Auditor, tx: Tx, now: Now, cursor: Cursor = None, limit: Limit = 50
) -> Page[PeopleSearchMade]:
    """List who looked for families, by what and why, the newest first; never for whom.

    The reason is null for whoever sees metadata only.
    """
    before = read_time_and_id("searches", cursor)
    found = await search_log.list_searches(tx, auditor, before=before, limit=limit, now=now)
    return make_page("searches", found, cursor=cursor, place=lambda last: (last.searched_at, last.search_id))
