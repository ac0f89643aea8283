"""Cursors: opaque to the reader, bound to what they were given for, refused when forged."""

import base64
import binascii
import json
from typing import Annotated, Any

from fastapi import Query

from shared.problems import FieldError, ProtocolMisuse

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
    document = json.dumps([list_name, *place], separators=(",", ":"))
    return base64.urlsafe_b64encode(document.encode()).decode().rstrip("=")


def read_cursor(list_name: str, cursor: str, *, places: tuple[type, ...]) -> list[Any]:
    """Return the place that `cursor` names.

    Args:
        places: the type of each part, in order.

    Raises:
        BadCursor: not a cursor, or of another list or reader.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        name, *place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise BadCursor from None
    if name != list_name or [type(part) for part in place] != list(places):
        raise BadCursor
    return list(place)
