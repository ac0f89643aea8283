"""Look for a child's history outside the hub, for those who decide: never unaccounted for, all at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.evidence.history import (
    NOT_CONNECTED,
    Found,
    HistorySource,
    is_restricted,
    linked_children,
)
from services.triage.evidence.sought import sought_child
from services.triage.models import CaseChild
from services.triage.sight import View, sight_of
from services.triage.store import cases, history
from shared.platform.auth import Caller
from shared.schemas.council_system import SoughtChild
from shared.schemas.families import ChildLinks
from shared.schemas.ids import ChildId, new_id
from shared.schemas.words import Role

_NOT_YOURS: Final = "Not shown to you: ask the hub."
_NOTHING_TO_GO_BY: Final = "Neither a name nor a number is known to look by: look there yourself."
_MANAGERS_ONLY: Final = "A record of this child is restricted: only a manager sees what is held there."
_LINKS_NOT_KNOWN: Final = "Searched only as this case names the child: its other records are not known now."


@dataclass(frozen=True, slots=True)
class Search:
    """What is to be asked elsewhere about one child.

    Attributes:
        sought: by what to look; None: nothing may be asked.
        why_not: why nothing may.
        note: what the search leaves out.
    """

    sought: SoughtChild | None
    why_not: str | None = None
    note: str | None = None


async def prepare_search(
    tx: AsyncSession,
    child_id: ChildId,
    reader: Caller,
    links: ChildLinks | None,
    sources: Sequence[HistorySource],
    *,
    now: datetime,
) -> Search:
    """Return what to ask about a child, and write down that it is asked, before it is.

    Only those who decide have a child looked for; an agency would learn nothing by it and leave a mark. No
    name goes out that stands on a link nobody has confirmed. Of a child with a restricted record only a
    manager has one looked for: nobody can tell which of its names an event came by.

    Args:
        child_id: of a child that the reader has been found to have business with.
    """
    if not any(source.is_connected for source in sources):
        return Search(None, NOT_CONNECTED)
    if sight_of(reader.roles, reader.agency_id).view is not View.ALL:
        return Search(None, _NOT_YOURS)
    if links is not None and Role.MANAGER not in reader.roles and is_restricted(links):
        return Search(None, _MANAGERS_ONLY)
    [child] = await history.list_children(tx, [child_id])
    records = await _records(tx, child, links)
    sought = sought_child(records, request_id=new_id(), as_at=now)
    if sought is None:
        return Search(None, _NOTHING_TO_GO_BY)
    subjects = [child.case_id, *(one.child_id for one in records)]
    facts = {"asked": str(sought.request_id)}
    await LEDGER.record(tx, reader, "history.searched_elsewhere", at=now, subjects=subjects, facts=facts)
    return Search(sought, note=None if links else _LINKS_NOT_KNOWN)


async def _records(tx: AsyncSession, child: CaseChild, links: ChildLinks | None) -> list[CaseChild]:
    """Return the child, and those that people have confirmed to be it: in its case where no more is known."""
    if links is None:
        others = await cases.list_group(tx, child)
    else:
        # What the index says now, not what the case went by when it was last told.
        confirmed = [one for one, is_confirmed in linked_children(links).items() if is_confirmed]
        others = await history.list_children(tx, confirmed)
    return [child, *(one for one in others if one.child_id != child.child_id)]


async def search_elsewhere(sources: Sequence[HistorySource], search: Search) -> list[Found]:
    """Ask every source at the same time, each within its own time; none hides what another found."""
    return await asyncio.gather(*(_search(source, search) for source in sources))


async def _search(source: HistorySource, search: Search) -> Found:
    if search.sought is None:
        return Found(source.not_searched(search.why_not or _NOTHING_TO_GO_BY))
    found = await source.search(search.sought)
    if found.view.searched and search.note:
        return Found(found.view.model_copy(update={"note": search.note}), found.lines)
    return found
