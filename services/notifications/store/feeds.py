"""The counters of an agency's feeds."""

from enum import StrEnum
from typing import Final

from sqlalchemy import BigInteger, bindparam, update
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
_TAKE: Final = {
    feed: insert(_FEED)
    .on_conflict_do_update(
        index_elements=[_FEED.c.agency_id], set_={counter: counter + bindparam("more", type_=BigInteger)}
    )
    .returning(counter)
    for feed, counter in _COUNTERS.items()
}
_OF_AGENCY: Final = _FEED.c.agency_id == bindparam("agency")
_SET_LAST_NUMBER: Final = {
    feed: update(_FEED).where(_OF_AGENCY).values({counter: bindparam("number")})
    for feed, counter in _COUNTERS.items()
}


async def lock_feed(tx: AsyncSession, agency_id: AgencyId, feed: FeedName) -> int:
    """Return the last number given in an agency's feed; nobody else takes one until this transaction ends.

    Both feeds of an agency are locked at once: whoever tells it anything is waited for.
    """
    return await _take(tx, agency_id, feed, 0)


async def take_number(tx: AsyncSession, agency_id: AgencyId, feed: FeedName) -> int:
    """Return the next number of an agency's feed, locked as `lock_feed` says, and note it as given."""
    return await _take(tx, agency_id, feed, 1)


async def _take(tx: AsyncSession, agency_id: AgencyId, feed: FeedName, more: int) -> int:
    first = {"agency_id": agency_id, "last_number": 0, "last_notice_number": 0} | {_COUNTERS[feed].key: more}
    number: int = (await tx.scalars(_TAKE[feed], first | {"more": more})).one()
    return number


async def set_last_number(tx: AsyncSession, agency_id: AgencyId, feed: FeedName, number: int) -> None:
    """Note the last number given; the feed is locked by this transaction."""
    await tx.execute(_SET_LAST_NUMBER[feed], {"agency": agency_id, "number": number})
