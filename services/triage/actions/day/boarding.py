"""The board of children not yet decided, the word of whoever says that one may wait, the morning after."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.showing.restricted import list_closed
from services.triage.errors.day import NothingWaits, SinceOutOfReach
from services.triage.evidence.facts import awaits_decision
from services.triage.evidence.night import kind_of, night_of
from services.triage.models import Allocation, Wait
from services.triage.rules import URGENCY, closes_after
from services.triage.store import board, cases, holding, oversight, work_list
from services.triage.store.cases import ChildPlace, WholeCase
from services.triage.store.work_list import Line, Wanted
from services.triage.views.board import board_children, wait_view
from services.triage.views.changes import Heard, changes_of
from shared.calendar import last_closing
from shared.platform.auth import Caller
from shared.schemas.board import BoardChild, ChildChanges, WaitForm, WaitView
from shared.schemas.ids import WaitId, new_id
from shared.schemas.restricted import RestrictedWaiting

#: Looked back no further: the morning asks for a night, the day after Christmas for some days.
_FURTHEST_BACK = timedelta(days=31)


class BoardPart(NamedTuple):
    """The children of the next cases that wait, and the cases among these that are closed to the reader."""

    items: list[BoardChild]
    closed: list[RestrictedWaiting]
    last: Line | None
    has_more: bool


class Part(NamedTuple):
    """One part of a list in the order of the work list, by cases."""

    after: tuple[int, datetime, UUID] | None
    limit: int


async def read_board(tx: AsyncSession, reader: Caller, part: Part, *, now: datetime) -> BoardPart:
    """Return the children of the next cases that wait, the last case's place, and whether there are more.

    Of a restricted case that is closed to the reader nothing is told but how much it presses: a child that
    waits must not be missing on the board.
    """
    found = await work_list.list_for_deciders(tx, Wanted(False, None, part.after, part.limit))
    shown = found[: part.limit]
    closed = (await list_closed(tx, reader, now=now)).cases
    wholes = await cases.get_whole_cases(tx, [line[0] for line in shown if line[0] not in closed])
    waits = await _waits_of(tx, wholes)
    held = await holding.list_standing(tx, [line[0] for line in shown])
    night = night_of(now)
    items = [
        child
        for whole in wholes
        for child in board_children(whole, waits, night, _holder(held.get(whole.case.case_id)))
    ]
    subjects = [subject for child in items for subject in (child.case_id, *child.child_ids)]
    waiting = [_closed(line) for line in shown if line[0] in closed]
    subjects += [one.case_id for one in waiting]
    await LEDGER.record(tx, reader, "board.read", at=now, subjects=list(dict.fromkeys(subjects)))
    return BoardPart(items, waiting, shown[-1] if shown else None, len(found) > part.limit)


def _closed(line: Line) -> RestrictedWaiting:
    case_id, urgency, decide_by = line
    rag = next(rag for rag, rank in URGENCY.items() if rank == urgency)
    return RestrictedWaiting(case_id=case_id, rag=rag, decide_by=decide_by)


async def read_changes(
    tx: AsyncSession, reader: Caller, since: datetime | None, part: Part, *, now: datetime
) -> tuple[list[ChildChanges], Line | None, bool]:
    """Return what is new about the children of the next cases, as `read_board` does.

    Args:
        since: aware; None: since the hub last closed.

    Raises:
        SinceOutOfReach: that is to come, or more than a month ago.
    """
    from_at = since_when(since, now=now)
    closed = await list_closed(tx, reader, now=now)
    reviews = closes_after(from_at), closes_after(now)
    found = await board.list_changed_cases(
        tx, from_at, reviews=reviews, after=part.after, limit=part.limit, without=closed.cases
    )
    shown = found[: part.limit]
    case_ids = [line[0] for line in shown]
    wholes = await cases.get_whole_cases(tx, case_ids)
    contacts = [contact.referral_id for whole in wholes for contact in whole.contacts]
    heard = Heard(
        from_at,
        await board.list_versions(tx, contacts, since=from_at),
        await board.list_colours(tx, case_ids),
        await _waits_of(tx, wholes),
        await oversight.list_promised(tx, case_ids, after=reviews[0], until=reviews[1]),
    )
    items = [child for whole in wholes for child in changes_of(whole, heard)]
    subjects = [subject for child in items for subject in (child.case_id, child.child_id)]
    await LEDGER.record(tx, reader, "board.changes_read", at=now, subjects=list(dict.fromkeys(subjects)))
    return items, shown[-1] if shown else None, len(found) > part.limit


def since_when(since: datetime | None, *, now: datetime) -> datetime:
    """Return since when to tell what changed: what was asked for, or when the hub last closed.

    Raises:
        SinceOutOfReach: that is to come, or more than a month ago.
    """
    from_at = since or last_closing(now)
    if not now - _FURTHEST_BACK <= from_at <= now:
        raise SinceOutOfReach
    return from_at


async def say_wait(
    tx: AsyncSession, place: ChildPlace, form: WaitForm, by: Caller, *, now: datetime
) -> WaitView:
    """Keep who says that a child may wait, or who took it over for the night. Earlier words are kept.

    No due time moves and the case's version stays: nothing is known of the child that was not.

    Raises:
        NotFound: no such child in such a case.
        NothingWaits: it is decided.
        WaitNotWhole, WaitOutOfReach: as `kind_of` says.

    Source:
        docs/adr/0034-the-day.md
    """
    case, child = await cases.hold_child(tx, place)
    group = await cases.list_group(tx, child)
    waiting = [row for row in group if awaits_decision(row)]
    if not waiting:
        raise NothingWaits
    wait = Wait(
        wait_id=WaitId(new_id()),
        child_id=child.child_id,
        kind=kind_of(form, night_of(now), now=now),
        safe_until=form.safe_until,
        why=form.why,
        handed_to=form.handed_to,
        read_back_by=form.read_back_by,
        read_back_at=form.at,
        decide_by=min(row.decide_by for row in waiting),
        said_at=now,
        said_by=by.name,
        said_by_id=by.subject,
    )
    tx.add(wait)
    await tx.flush()
    subjects = [case.case_id, child.child_id, wait.wait_id]
    await LEDGER.record(tx, by, "wait.said", at=now, subjects=subjects, facts={"kind": wait.kind})
    return wait_view(wait)


async def _waits_of(tx: AsyncSession, wholes: Sequence[WholeCase]) -> Sequence[Wait]:
    return await board.list_waits(tx, [child.child_id for whole in wholes for child in whole.children])


def _holder(held: Allocation | None) -> str | None:
    return held.staff_name if held else None
