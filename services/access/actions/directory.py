"""The agencies of the partnership, as the others may know them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.access import models, store
from shared.platform.paging import read_cursor, write_cursor
from shared.problems import NotFound
from shared.schemas.access import Agency, Colleague
from shared.schemas.ids import AgencyId, StaffId
from shared.schemas.shapes import Page
from shared.schemas.words import Role, Sector

_LIST, _DECIDERS, _READERS = "agencies", "deciders", "deciders and readers"


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


async def list_deciders(
    tx: AsyncSession, *, cursor: str | None, limit: int, readers: bool = False
) -> Page[Colleague]:
    """Return one page of the staff who decide, so that a case can be given to one.

    Args:
        readers: those who only read cases too, so that they can be named for a restricted one.

    Raises:
        BadCursor: the cursor was not given for this list.
    """
    name = _READERS if readers else _DECIDERS
    after = read_cursor(name, cursor, places=(UUID,))[0] if cursor else None
    found = await store.list_deciders(tx, after=after, limit=limit, readers=readers)
    shown, more = found[:limit], len(found) > limit
    following = write_cursor(name, shown[-1].staff_id) if more else None
    return Page(items=[_colleague(staff) for staff in shown], next_cursor=following, has_more=more)


async def get_decider(tx: AsyncSession, staff_id: StaffId, *, readers: bool = False) -> Colleague:
    """Return a member of staff who decides; with `readers`, or only reads cases.

    Raises:
        NotFound: there is none who may come in.
    """
    staff = await store.find_decider(tx, staff_id, readers=readers)
    if staff is None:
        raise NotFound
    return _colleague(staff)


def _colleague(staff: models.Staff) -> Colleague:
    return Colleague(staff_id=staff.staff_id, name=staff.name, roles=[Role(role) for role in staff.roles])


def _place(cursor: str | None) -> AgencyId | None:
    if cursor is None:
        return None
    (agency_id,) = read_cursor(_LIST, cursor, places=(UUID,))
    return AgencyId(agency_id)


def _answer(agency: models.Agency) -> Agency:
    return Agency(agency_id=agency.agency_id, name=agency.name, sector=Sector(agency.sector))
