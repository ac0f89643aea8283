"""Count what was done in time, by month or week and by agency."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.decisions.deepening import days_asked
from services.triage.store import measures
from services.triage.store.measures import Span
from shared.platform.auth import Caller
from shared.schemas.ids import AgencyId
from shared.schemas.measures import AgencyMeasure, AgencyPeriod, BreachCount, Period
from shared.schemas.timers import TimerKind


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
        NotASpan: the first day comes after the last, or they are too far away or apart.
    """
    days = days_asked(from_on, to_on, now=now)
    span = Span(days.since, days.before, by)
    # Numbers, and no child: there is no record to name, but who looked is known.
    await LEDGER.record(tx, reader, "agencies.measured", at=now, subjects=[])
    lines: dict[tuple[str, AgencyId], dict[str, Any]] = {}
    for made in await measures.count_decided(tx, span):
        line = _line(lines, made.period, made.agency_id)
        line["decided"] += made.decided
        line["decided_in_time"] += made.in_time
        line["health_missing"] += made.health_missing
        line["by_depth"][made.depth] = made.decided
    for asked in await measures.count_returns(tx, span, now=now):
        line = _line(lines, asked.period, asked.agency_id)
        line["questions"], line["returned_in_time"] = asked.questions, asked.in_time
        line["returned_late"] = asked.late
        line["not_returned"] = asked.questions - asked.in_time - asked.late
    breaches = [
        BreachCount(**one._asdict() | {"kind": TimerKind(one.kind)})
        for one in await measures.count_breaches(tx, span)
    ]
    items = [AgencyPeriod(**lines[key]) for key in sorted(lines)]
    return AgencyMeasure(by=by, from_on=days.first, to_on=days.last, items=items, breaches=breaches)


def _line(
    lines: dict[tuple[str, AgencyId], dict[str, Any]], period: str, agency_id: AgencyId
) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(AgencyPeriod.model_fields, 0)
    own = {"period": period, "agency_id": agency_id, "by_depth": {}}
    return lines.setdefault((period, agency_id), nothing | own)
