"""The counters of an agency's feeds."""

from enum import StrEnum
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.models import Feed
from shared.schemas.ids import AgencyId


class FeedName(StrEnum):
    """The feeds that each agency has, every one with a counter of its own."""

    OUTCOMES = "outcomes"
    NOTICES = "notices"


_COUNTERS: Final = {
    FeedName.OUTCOMES: Feed.last_number,
    FeedName.NOTICES: Feed.last_notice_number,
}


async def lock_feed(tx: AsyncSession, agency_id: AgencyId, feed: FeedName) -> int:
    """Return the last number given in an agency's feed; nobody else takes one until this transaction ends.

    Both feeds of an agency are locked at once: whoever tells it anything is waited for.
    """
    empty = {"agency_id": agency_id, "last_number": 0, "last_notice_number": 0}
    await tx.execute(insert(Feed).values(empty).on_conflict_do_nothing())
    found = await tx.scalars(select(_COUNTERS[feed]).where(Feed.agency_id == agency_id).with_for_update())
    return found.one()


async def set_last_number(tx: AsyncSession, agency_id: AgencyId, feed: FeedName, number: int) -> None:
    """Note the last number given; the feed is locked by this transaction."""
    await tx.execute(update(Feed).where(Feed.agency_id == agency_id).values({_COUNTERS[feed]: number}))
