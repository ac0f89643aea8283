"""Set how deep the hub goes for a child, and count how deep it went for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.errors import CaseChanged
from services.triage.errors.deciding import DepthReasonRequired, ManagerNeeded, NotASpan
from services.triage.models import Case, CaseChild, DepthChange
from services.triage.store import cases, decisions
from services.triage.store.cases import ChildPlace
from services.triage.store.decisions import Covered
from shared.clock import LONDON, london_date
from shared.platform.auth import Caller
from shared.schemas.depth import Coverage, CoverageLine, DepthForm, DepthView
from shared.schemas.depth import DepthChange as DepthChangeView
from shared.schemas.ids import DepthChangeId, new_id
from shared.schemas.measures import Period
from shared.schemas.words import Role
from shared.schemas.words_deciding import Depth

_DAY: Final = timedelta(days=1)
_USUAL_DAYS: Final = 365
#: No months of other centuries, and no more than ten years at a time.
_YEARS: Final = range(2000, 2101)
_LONGEST_DAYS: Final = 3660


async def set_depth(
    tx: AsyncSession, place: ChildPlace, form: DepthForm, setter: Caller, *, version: int, now: datetime
) -> DepthView:
    """Set how deep the hub goes for a child, under every referral about it. The same again writes nothing.

    Raises:
        NotFound: no such child in such a case.
        MovedMeanwhile: it was moved to another case while this waited.
        ManagerNeeded: straight to its worker, and the setter is no manager.
        DepthReasonRequired: less than the full process, without a reason.
        CaseChanged: someone changed the case since it was read.
    """
    case, child = await cases.hold_child(tx, place)
    if form.depth is Depth.STRAIGHT and Role.MANAGER not in setter.roles:
        raise ManagerNeeded
    if form.depth is not Depth.FULL and form.reason is None:
        raise DepthReasonRequired
    if version != case.version:
        raise CaseChanged
    before = await decisions.list_depth_changes(tx, child.child_id)
    if _is_same(child, before, form):
        return _view(case, child, before)
    group = await cases.list_group(tx, child)
    for one in group:
        _change(tx, one, form, setter, now=now)
    case.version += 1
    await tx.flush()
    subjects = [case.case_id, *(one.child_id for one in group)]
    facts = {"depth": form.depth}
    await LEDGER.record(tx, setter, "child.depth_set", at=now, subjects=subjects, facts=facts)
    return _view(case, child, await decisions.list_depth_changes(tx, child.child_id))


def _is_same(child: CaseChild, before: Sequence[DepthChange], form: DepthForm) -> bool:
    reason = before[-1].reason if before else None
    return (child.depth, reason) == (form.depth, form.reason)


def _change(tx: AsyncSession, child: CaseChild, form: DepthForm, setter: Caller, *, now: datetime) -> None:
    child.depth = form.depth
    change = DepthChange(
        change_id=DepthChangeId(new_id()),
        case_id=child.case_id,
        child_id=child.child_id,
        depth=form.depth,
        reason=form.reason,
        changed_by=setter.name,
        changed_by_id=setter.subject,
        changed_at=now,
    )
    tx.add(change)


async def read_depth(tx: AsyncSession, place: ChildPlace, reader: Caller, *, now: datetime) -> DepthView:
    """Return how deep the hub goes for a child, and every change of it.

    Raises:
        NotFound: no such child in such a case.
    """
    stands = await cases.find_place(tx, place)
    case = await tx.get_one(Case, stands.case_id)
    child = await tx.get_one(CaseChild, stands.child_id)
    subjects = [case.case_id, child.child_id]
    await LEDGER.record(tx, reader, "child.depth_read", at=now, subjects=subjects)
    return _view(case, child, await decisions.list_depth_changes(tx, child.child_id))


def _view(case: Case, child: CaseChild, changes: Sequence[DepthChange]) -> DepthView:
    return DepthView(
        case_id=case.case_id,
        child_id=child.child_id,
        depth=Depth(child.depth),
        version=case.version,
        history=[DepthChangeView.model_validate(one, from_attributes=True) for one in changes],
    )


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are counted, both included, and from which instant until before which they last."""

    first: date
    last: date
    since: datetime
    before: datetime


def days_asked(from_on: date | None, to_on: date | None, *, now: datetime) -> Days:
    """Return the days from one London date to another.

    Args:
        from_on: left out, a year up to the last day.
        to_on: left out, today.

    Raises:
        NotASpan: the first day comes after the last, or they are too far away or apart.
    """
    last = to_on or london_date(now)
    if last.year not in _YEARS or (from_on is not None and from_on.year not in _YEARS):
        raise NotASpan("not_possible", "The hub counts no days so far away.")
    first = from_on or last - (_USUAL_DAYS - 1) * _DAY
    if first > last:
        raise NotASpan("after_the_last", "The first day comes after the last.")
    if last - first >= _LONGEST_DAYS * _DAY:
        raise NotASpan("too_long", f"At most {_LONGEST_DAYS} days at a time.")
    since, before = (datetime.combine(day, time(), LONDON).astimezone(UTC) for day in (first, last + _DAY))
    return Days(first, last, since, before)


async def measure_coverage(
    tx: AsyncSession,
    reader: Caller,
    by: Period,
    from_on: date | None,
    to_on: date | None,
    *,
    now: datetime,
) -> Coverage:
    """Count children decided for the first time from one London date to another, both included.

    Raises:
        NotASpan: as `days_asked` does.
    """
    days = days_asked(from_on, to_on, now=now)
    # Numbers, and no child: there is no record to name, but who looked is known.
    await LEDGER.record(tx, reader, "coverage.read", at=now, subjects=[])
    counted = await decisions.count_covered(tx, days.since, days.before, by)
    lines = groupby(counted, key=lambda one: (one.month, one.depth))
    return Coverage(
        from_on=days.first,
        to_on=days.last,
        items=[_line(month, depth, list(covered)) for (month, depth), covered in lines],
    )


def _line(month: str, depth: str, covered: Sequence[Covered]) -> CoverageLine:
    return CoverageLine(
        month=month,
        depth=Depth(depth),
        children=sum(one.children for one in covered),
        core_answers={
            "unknown" if one.core_answers is None else str(one.core_answers): one.children for one in covered
        },
        proceeded_now=sum(one.proceeded_now for one in covered),
    )
