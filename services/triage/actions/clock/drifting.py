"""Find children that wait for a decision and for whom nothing happens, each spell once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage import rules
from services.triage.actions import LEDGER
from services.triage.actions.showing.restricted import list_closed
from services.triage.rules import Times
from services.triage.store import drift, timers
from services.triage.store.drift import Quiet
from services.triage.views.timers import drift_view
from shared.platform.audit import system
from shared.platform.auth import Caller
from shared.schemas.ids import DriftId, new_id
from shared.schemas.timers import DriftView


async def list_to_note(tx: AsyncSession, *, now: datetime, times: Times) -> list[Quiet]:
    """Return the children for whom nothing has happened for too many working days; nothing is written."""
    quiet = await drift.list_quiet(tx, since=rules.may_have_drifted(now, times))
    return [one for one in quiet if rules.has_drifted(one.quiet_since, now, times)]


async def note_drift(tx: AsyncSession, quiet: Quiet, *, now: datetime) -> bool:
    """Keep that nothing has happened for a child, and say whether nobody had found it yet.

    What is done for it next ends the spell, and another may begin.
    """
    values = {"drift_id": DriftId(new_id()), "found_at": now, **quiet._asdict()}
    if not await drift.add_drift(tx, values):
        return False
    subjects = [quiet.case_id, quiet.child_id, values["drift_id"]]
    await LEDGER.record(tx, system("triage"), "child.drift_found", at=now, subjects=subjects)
    return True


async def list_drifting(
    tx: AsyncSession, reader: Caller, *, after: tuple[datetime, UUID] | None, limit: int, now: datetime
) -> tuple[list[DriftView], bool]:
    """Return a page of the children for whom nothing happens still, the longest quiet first."""
    closed = (await list_closed(tx, reader, now=now)).cases
    found = await drift.page_of_drift(tx, after=after, limit=limit, without=closed)
    names = await timers.name_children(tx, {one.child_id for one in found[:limit]})
    shown = [drift_view(one, names) for one in found[:limit]]
    subjects = [each for view in shown for each in (view.drift_id, view.case_id, view.child_id)]
    await LEDGER.record(tx, reader, "drift.listed", at=now, subjects=subjects)
    return shown, len(found) > limit
