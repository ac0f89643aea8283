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
    linked_children,
    restricted_children,
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
_NAMES_KEPT_BACK: Final = "Not searched under names that only managers may read."
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
    name goes out that stands on a link nobody has confirmed, nor a restricted one for who is no manager:
    what came back by it would tell.

    Args:
        child_id: of a child that the reader has been found to have business with.
    """
    if not any(source.is_connected for source in sources):
        return Search(None, NOT_CONNECTED)
    if sight_of(reader.roles, reader.agency_id).view is not View.ALL:
        return Search(None, _NOT_YOURS)
    [child] = await history.list_children(tx, [child_id])
    records, kept_back = await _records(tx, child, links, reads_all=Role.MANAGER in reader.roles)
    sought = sought_child(records, request_id=new_id(), as_at=now)
    if sought is None:
        return Search(None, _NOTHING_TO_GO_BY)
    subjects = [child.case_id, *(one.child_id for one in records)]
    facts = {"asked": str(sought.request_id)}
    await LEDGER.record(tx, reader, "history.searched_elsewhere", at=now, subjects=subjects, facts=facts)
    note = _NAMES_KEPT_BACK if kept_back else None if links else _LINKS_NOT_KNOWN
    return Search(sought, note=note)


async def _records(
    tx: AsyncSession, child: CaseChild, links: ChildLinks | None, *, reads_all: bool
) -> tuple[list[CaseChild], bool]:
    """Return the child and those confirmed to be it, and whether some of them were kept back."""
    same = {one.child_id: one for one in await cases.list_group(tx, child)}
    confirmed = [ChildId(one) for one, is_confirmed in linked_children(links).items() if is_confirmed]
    if links is not None:
        # What stands confirmed is what the index says now, not what a case went by when it was last told.
        same = {one: same[one] for one in same if one in confirmed}
    others = same | {one.child_id: one for one in await history.list_children(tx, confirmed)}
    others.pop(child.child_id, None)
    closed = set() if reads_all else restricted_children(links)
    open_ = [one for one in others.values() if one.child_id not in closed or one.case_id == child.case_id]
    return [child, *open_], len(open_) < len(others)


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
