"""What several of triage's endpoints ask for in their signatures, and the places of its work lists."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request

from services.triage.evidence.discussed import Agreed
from services.triage.rules import URGENCY
from services.triage.settings import Settings
from services.triage.store.work_list import Held, Line
from shared.platform.auth import Caller
from shared.platform.paging import BadCursor, read_cursor, write_cursor
from shared.schemas.ids import StaffId

Queue = Literal["to_decide", "decided", "second_look", "mine", "my_team", "unallocated"]


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


Config = Annotated[Settings, Depends(_settings)]


def agreed_in(config: Settings) -> Agreed:
    """Return what is configured about discussions."""
    return Agreed(config.quorums, config.times)


def place_in(list_name: str, cursor: str | None) -> tuple[int, datetime, UUID] | None:
    """Return the place in a list in the order of the work list that `cursor` names; None: its start."""
    if cursor is None:
        return None
    urgency, at, case_id = read_cursor(list_name, cursor, places=(int, datetime, UUID))
    if urgency not in URGENCY.values():
        raise BadCursor
    return urgency, at, case_id


def cursor_of(list_name: str, last: Line | None) -> str | None:
    """Return the cursor for what follows the last line; None where there is none."""
    return write_cursor(list_name, last[1], last[2], last[0]) if last else None


def held_by(queue: Queue, reader: Caller, settings: Settings) -> Held | None:
    """Return by whom the cases of a list are held; None where that makes no difference."""
    match queue:
        case "mine":
            return Held(staff_id=staff_id_of(reader))
        case "my_team":
            return Held(teams=settings.teams_of(staff_id_of(reader)))
        case "unallocated":
            return Held(nobody=True)
        case _:
            return None


def staff_id_of(staff: Caller) -> StaffId:
    """Return the id of a member of staff who calls."""
    return StaffId(UUID(staff.subject))
