"""Count how deep the hub went, and what was done in time: by month or week, and by agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.errors.deciding import NotASpan
from services.triage.store import decisions, measures
from services.triage.store.decisions import Covered
from services.triage.store.measures import BreachesCounted, Span
from shared.clock import LONDON, london_date
from shared.platform.auth import Caller
from shared.schemas.depth import Coverage, CoverageLine
from shared.schemas.ids import AgencyId
from shared.schemas.measures import AgencyMeasure, AgencyPeriod, BreachCount, Period
from shared.schemas.timers import TimerKind
from shared.schemas.words_deciding import Depth

_DAY: Final = timedelta(days=1)
_USUAL_DAYS: Final = 365
#: No months of other centuries, and no more than ten years at a time.
_YEARS: Final = range(2000, 2101)
_LONGEST_DAYS: Final = 3660


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
        items=[_coverage_line(month, depth, list(covered)) for (month, depth), covered in lines],
    )


def _coverage_line(month: str, depth: str, covered: Sequence[Covered]) -> CoverageLine:
    return CoverageLine(
        month=month,
        depth=Depth(depth),
        children=sum(one.children for one in covered),
        core_answers={
            "unknown" if one.core_answers is None else str(one.core_answers): one.children for one in covered
        },
        proceeded_now=sum(one.proceeded_now for one in covered),
    )


async def measure_agencies(
    tx: AsyncSession,
    reader: Caller,
    by: Period,
    from_on: date | None,
    to_on: date | None,
    *,
    now: datetime,
) -> AgencyMeasure:
    """Return what came of what each agency sent and was asked, from one London date to another.

    Raises:
        NotASpan: as `days_asked` does.
    """
    days = days_asked(from_on, to_on, now=now)
    span = Span(days.since, days.before, by)
    # Numbers, and no child: there is no record to name, but who looked is known.
    await LEDGER.record(tx, reader, "agencies.measured", at=now, subjects=[])
    lines: dict[tuple[str, AgencyId], dict[str, Any]] = {}
    for made in await measures.count_decided(tx, span):
        line = _line_of(lines, made.period, made.agency_id)
        line["decided"] += made.decided
        line["decided_in_time"] += made.in_time
        line["health_missing"] += made.health_missing
        line["by_depth"][made.depth] = made.decided
    for asked in await measures.count_returns(tx, span, now=now):
        line = _line_of(lines, asked.period, asked.agency_id)
        line["questions"], line["returned_in_time"] = asked.questions, asked.in_time
        line["returned_late"] = asked.late
        line["not_returned"] = asked.questions - asked.in_time - asked.late
    breaches = _breaches(await measures.count_breaches(tx, span))
    items = [AgencyPeriod(**lines[key]) for key in sorted(lines)]
    return AgencyMeasure(by=by, from_on=days.first, to_on=days.last, items=items, breaches=breaches)


def _breaches(counted: Sequence[BreachesCounted]) -> list[BreachCount]:
    """Return what was found late, the reasons of one kind and agency put together."""
    found = []
    for (period, kind, agency_id), each in groupby(counted, key=lambda one: one[:3]):
        of_kind = list(each)
        by_reason = {one.reason: one.found for one in of_kind if one.reason is not None}
        found.append(
            BreachCount(
                period=period,
                kind=TimerKind(kind),
                agency_id=agency_id,
                found=sum(one.found for one in of_kind),
                with_reason=sum(by_reason.values()),
                by_reason=by_reason,
            )
        )
    return found


def _line_of(
    lines: dict[tuple[str, AgencyId], dict[str, Any]], period: str, agency_id: AgencyId
) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(AgencyPeriod.model_fields, 0)
    own = {"period": period, "agency_id": agency_id, "by_depth": {}}
    return lines.setdefault((period, agency_id), nothing | own)
