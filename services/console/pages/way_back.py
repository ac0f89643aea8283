"""The way back to a case after something was done: to the child that was being looked at."""

import re
from typing import Final
from uuid import UUID

from starlette.responses import RedirectResponse

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def address_of_case(case_id: UUID, done: str, child: UUID | str = "") -> str:
    """Return the address of a case's page that says what was done.

    Args:
        child: whom it is to show; what is no id is left out, and the page chooses the most urgent.
    """
    shown = f"child={child}&" if _ID.fullmatch(str(child)) else ""
    return f"/cases/{case_id}?{shown}done={done}"


def to_case(case_id: UUID, done: str, child: UUID | str = "") -> RedirectResponse:
    """Lead there."""
    return RedirectResponse(address_of_case(case_id, done, child), 303)
