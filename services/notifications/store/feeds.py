"""The counters of an agency's feeds."""

from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import Feed
from shared.platform.database import plain_table
from shared.schemas.ids import AgencyId


class FeedName(StrEnum):
    """The feeds that each agency has, every one with a counter of its own."""

    OUTCOMES = "outcomes"
    NOTICES = "notices"


_FEED: Final = plain_table(Feed)
_COUNTERS: Final = {
    FeedName.OUTCOMES: _FEED.c.last_number,
    FeedName.NOTICES: _FEED.c.last_notice_number,
}
# Made once, not at each call: building a statement costs about as much as asking it.
_ADD_FEED: Final = insert(_FEED).on_conflict_do_nothing()
_OF_AGENCY: Final = _FEED.c.agency_id == bindparam("agency")
_LAST_NUMBER: Final = {
    feed: select(counter).where(_OF_AGENCY).with_for_update() for feed, counter in _COUNTERS.items()
}
_SET_LAST_NUMBER: Final = {
    feed: update(_FEED).where(_OF_AGENCY).values({counter: bindparam("number")})
    for feed, counter in _COUNTERS.items()
}


async def lock_feed(tx: AsyncSession, agency_id: AgencyId, feed: FeedName) -> int:
    """Return the last number given in an agency's feed; nobody else takes one until this transaction ends.

    Both feeds of an agency are locked at once: whoever tells it anything is waited for.
    """
    empty = {"agency_id": agency_id, "last_number": 0, "last_notice_number": 0}
    await tx.execute(_ADD_FEED, empty)
    number: int = (await tx.scalars(_LAST_NUMBER[feed], {"agency": agency_id})).one()
    return number


async def set_last_number(tx: AsyncSession, agency_id: AgencyId, feed: FeedName, number: int) -> None:
    """Note the last number given; the feed is locked by this transaction."""
    await tx.execute(_SET_LAST_NUMBER[feed], {"agency": agency_id, "number": number})
