"""The agencies of the partnership, as the others may know them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.access import models, store
from shared.platform.paging import read_cursor, write_cursor
from shared.problems import NotFound
from shared.schemas.access import Agency
from shared.schemas.ids import AgencyId
from shared.schemas.shapes import Page
from shared.schemas.words import Sector

_LIST = "agencies"


async def list_agencies(tx: AsyncSession, *, cursor: str | None, limit: int) -> Page[Agency]:
    """Return one page of the active agencies, in the order they joined.

    Raises:
        BadCursor: the cursor was not given for this list.
    """
    found = await store.list_agencies(tx, after=_place(cursor), limit=limit)
    shown, more = found[:limit], len(found) > limit
    following = write_cursor(_LIST, shown[-1].agency_id) if more else None
    return Page(items=[_answer(agency) for agency in shown], next_cursor=following, has_more=more)


async def get_agency(tx: AsyncSession, agency_id: AgencyId) -> Agency:
    """Return an agency, also one that has left the partnership.

    Raises:
        NotFound: there never was such an agency.
    """
    agency = await store.find_agency(tx, agency_id)
    if agency is None:
        raise NotFound
    return _answer(agency)


def _place(cursor: str | None) -> AgencyId | None:
    if cursor is None:
        return None
    (agency_id,) = read_cursor(_LIST, cursor, places=(UUID,))
    return AgencyId(agency_id)


def _answer(agency: models.Agency) -> Agency:
    return Agency(agency_id=agency.agency_id, name=agency.name, sector=Sector(agency.sector))
