"""Cursors: opaque to the reader, bound to what they were given for, refused when forged."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query

from shared.problems import FieldError, ProtocolMisuse
from shared.schemas.shapes import Page
from shared.schemas.text import storable

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=1000, description="How many at the most.")]
Cursor = Annotated[str | None, Query(max_length=500, description="The `next_cursor` of the page before.")]


class BadCursor(ProtocolMisuse):
    """The cursor is not one the hub gave for this list."""

    code, title = "bad_cursor", "Cursor not recognised"

    def __init__(self) -> None:
        super().__init__(
            "This cursor was not given for this list. Start again without one.",
            errors=(FieldError("bad_cursor", "Not a cursor of this list.", parameter="cursor"),),
        )


def write_cursor(list_name: str, *place: Any) -> str:
    """Return the cursor for a place in a list; `list_name` says whose list, so that no other accepts it."""
    document = json.dumps([list_name, *(_written(part) for part in place)], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def _written(part: Any) -> Any:
    if isinstance(part, datetime):
        return part.isoformat()
    return str(part) if isinstance(part, UUID) else part


def read_cursor(list_name: str, cursor: str, *, places: tuple[type, ...]) -> list[Any]:
    """Return the place that `cursor` names.

    Args:
        places: the type of each part, in order: int, str, datetime or UUID.

    Raises:
        BadCursor: not a cursor, or of another list or reader.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, *parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != list_name:
            raise BadCursor
        return [_READERS[kind](part) for kind, part in zip(places, parts, strict=True)]
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError):
        raise BadCursor from None


def _number(part: Any) -> int:
    # Nothing the hub counts is larger, and the database could not compare it.
    if type(part) is not int or not abs(part) < 2**63:
        raise BadCursor
    return part


def _words(part: Any) -> str:
    if not isinstance(part, str):
        raise BadCursor
    return storable(part)


def _instant(part: Any) -> datetime:
    at = datetime.fromisoformat(_words(part))
    if at.utcoffset() is None:
        raise BadCursor
    return at.astimezone(UTC)


def _id(part: Any) -> UUID:
    return UUID(_words(part))


_READERS: dict[type, Callable[[Any], Any]] = {int: _number, str: _words, datetime: _instant, UUID: _id}


def read_time_and_id(list_name: str, cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the place of a list in order of time that `cursor` names; None to read from its start.

    Raises:
        BadCursor: not a cursor, or of another list or reader.
    """
    if cursor is None:
        return None
    at, row_id = read_cursor(list_name, cursor, places=(datetime, UUID))
    return at, row_id


def make_page(
    list_name: str,
    found: tuple[list[Item], bool],
    *,
    cursor: str | None,
    place: Callable[[Item], Sequence[Any]],
) -> Page[Item]:
    """Return one page of a list.

    Args:
        found: the items, and whether there are more after them.
        cursor: what was asked with; an empty page gives it back, so that it can always be kept.
        place: where an item stands in the list; the last one's is where the next page begins.
    """
    items, has_more = found
    next_cursor = write_cursor(list_name, *place(items[-1])) if items else cursor
    return Page(items=items, next_cursor=next_cursor, has_more=has_more)
