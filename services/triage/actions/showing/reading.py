"""Show cases and the work list to whoever may see them; every look is accounted for."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.day.holding import with_holding
from services.triage.actions.day.prompting import for_deciders
from services.triage.actions.showing.explaining import without_what_is_kept_back
from services.triage.actions.showing.restricted import Closed, list_closed
from services.triage.sight import Sight, View, sight_of
from services.triage.store import cases, work_list
from services.triage.store.work_list import Held, Line, Wanted
from services.triage.views.cases import case_line, case_view, children_shown, referrals_of
from services.triage.views.decisions import with_accountable
from services.triage.views.incidents import incidents_of_case
from services.triage.views.restricted import closed_line, without_joins
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.cases import CaseLine, CaseView
from shared.schemas.ids import CaseId
from shared.schemas.work_lists import WorkLists


async def read_case(
    tx: AsyncSession,
    reader: Caller,
    case_id: CaseId,
    *,
    now: datetime,
    incident_window: timedelta,
    duty_manager: str,
) -> CaseView:
    """Return a case as the reader may see it.

    Args:
        incident_window: within which time contacts may tell of one incident.
        duty_manager: who answers for a child until it is decided.

    Raises:
        NotFound: there is none, or the reader has no business in it.
    """
    whole = await cases.get_whole_case(tx, case_id)
    restricted = whole.restricted
    sight = sight_of(reader.roles, reader.agency_id).within(restricted=restricted)
    if not has_business(await _where_it_went(tx, whole), sight):
        raise NotFound
    # A referral that was here by mistake may be closed where this case is not.
    whole = without_joins(whole, (await list_closed(tx, reader, now=now)).referrals if whole.joins else ())
    view = with_accountable(case_view(whole, sight), whole, duty_manager)
    subjects = [case_id, *(child.child_id for child in view.children)]
    await LEDGER.record(tx, reader, "case.read", at=now, subjects=subjects)
    incidents = incidents_of_case(whole.contacts, view, window=incident_window)
    if sight.view is View.ASKED:
        view = await without_what_is_kept_back(tx, whole, view, sight)
    update: dict[str, Any] = {"incidents": incidents}
    if sight.view is View.ALL:
        update |= {"restricted": restricted}
        update |= await for_deciders(tx, whole, view)
    return view.model_copy(update=update)


async def _where_it_went(tx: AsyncSession, whole: cases.WholeCase) -> cases.WholeCase:
    """Return the case that a case's referrals have joined, if none is left in it: whoever has business there
    may still come by the id they know.
    """
    while whole.joined_into is not None:
        whole = await cases.get_whole_case(tx, whole.joined_into)
    return whole


def has_business(whole: cases.WholeCase, sight: Sight) -> bool:
    """Say whether a reader may see a case: deciders all, an agency with a part in it, early help by route."""
    match sight.view:
        case View.ALL:
            return True
        case View.ASKED:
            return bool(referrals_of(whole, sight))
        case View.ROUTED:
            return bool(children_shown(whole, sight))


async def list_cases(
    tx: AsyncSession, reader: Caller, wanted: Wanted, *, now: datetime
) -> tuple[list[CaseLine], Line | None, bool]:
    """Return the reader's work list, the place of its last line, and whether there is more."""
    sight = sight_of(reader.roles, reader.agency_id)
    closed = await list_closed(tx, reader, now=now)
    if not wanted.shows_closed or sight.view is not View.ALL:
        wanted = replace(wanted, without=closed.cases)
    found = await _lines(tx, sight, wanted)
    shown = found[: wanted.limit]
    lines = await _shown(tx, sight, [line[0] for line in shown], closed, now=now)
    subjects = [subject for line in lines for subject in (line.case_id, *_children(line))]
    await LEDGER.record(tx, reader, "cases.listed", at=now, subjects=subjects)
    return lines, shown[-1] if shown else None, len(found) > wanted.limit


async def _shown(
    tx: AsyncSession, sight: Sight, case_ids: list[CaseId], closed: Closed, *, now: datetime
) -> list[CaseLine]:
    """Return the lines of cases; of one that is closed to the reader only that it is there, and waits."""
    # What joined another case between the two reads is on that case's line.
    wholes = [whole for whole in await cases.get_whole_cases(tx, case_ids) if whole.contacts]
    restricted = {whole.case.case_id for whole in wholes if whole.restricted}
    lines = [case_line(one, sight.within(restricted=one.restricted)) for one in wholes]
    if sight.view is not View.ALL:
        return lines
    lines = [
        line.model_copy(update={"restricted": line.case_id in restricted})
        for line in await with_holding(tx, lines, now=now)
    ]
    return [closed_line(line) if line.case_id in closed.cases else line for line in lines]


async def count_work(
    tx: AsyncSession, reader: Caller, parts: Mapping[str, Held | None], *, now: datetime
) -> WorkLists:
    """Return how much waits in each part of the work list; it names nobody."""
    counted = await work_list.count_for_deciders(tx, parts)
    await LEDGER.record(tx, reader, "work_lists.counted", at=now, subjects=[])
    return WorkLists(**counted)


def _children(line: CaseLine) -> list[UUID]:
    return [child.child_id for child in line.children]


async def _lines(tx: AsyncSession, sight: Sight, wanted: Wanted) -> list[Line]:
    if wanted.held is not None and sight.view is not View.ALL:
        return []
    match sight.view:
        case View.ALL:
            return list(await work_list.list_for_deciders(tx, wanted))
        case _ if wanted.second_look:
            # What waits tells what was recommended and decided.
            return []
        case View.ASKED if sight.agency_id is not None:
            return list(await work_list.list_for_agency(tx, sight.agency_id, wanted))
        case View.ROUTED:
            return list(await work_list.list_routed_to_early_help(tx, wanted))
        case _:
            return []
