"""What an agency's feeds have in common: pages in order, and cursors that are good for one list alone."""

from collections.abc import Sequence
from typing import TypeVar

from services.notifications.errors import CursorNotKnown
from shared.platform.paging import BadCursor, read_cursor, write_cursor
from shared.schemas.shapes import Page

Item = TypeVar("Item")


def read_place(list_name: str, after: str | None) -> int | None:
    """Return the number that a cursor names, or None for the beginning.

    Args:
        list_name: which list it must be of, and whose.

    Raises:
        CursorNotKnown: it was not given for this list.
    """
    if not after:
        return None
    try:
        (number,) = read_cursor(list_name, after, places=(int,))
    except BadCursor:
        raise CursorNotKnown from None
    # Larger than any number there can be: nothing the hub gave out, and nothing the database can compare.
    if not 0 < number < 2**63:
        raise CursorNotKnown
    return int(number)


def make_page(
    list_name: str, found: Sequence[tuple[int, Item]], *, after: str | None, limit: int
) -> Page[Item]:
    """Return a page of a feed.

    Args:
        found: number and item, in order; one more than `limit` where there is more to be read.
        after: the cursor that was asked with; an empty page gives it back, so that it can always be kept.
    """
    shown = found[:limit]
    last = write_cursor(list_name, shown[-1][0]) if shown else after or None
    return Page(items=[item for _, item in shown], next_cursor=last, has_more=len(found) > limit)
