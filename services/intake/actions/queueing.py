"""The queue of what representatives look at, and how often they ask their own agencies for more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions.looking_up import only_agency
from services.intake.actions.quality import describe
from services.intake.actions.sealed import list_kept_from
from services.intake.errors import NotASpan
from services.intake.store import quality, quality_queue
from services.intake.store.quality_queue import Line, Place, Span, Wanted
from shared.clock import LONDON, london_date
from shared.platform.auth import Caller
from shared.schemas.ids import AgencyId
from shared.schemas.quality import QualityCheck, QualityCount
from shared.schemas.words import QualityState

_DAY: Final = timedelta(days=1)
_USUAL_DAYS: Final = 28
_LONGEST_DAYS: Final = 366
_YEARS: Final = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Queue:
    """Which part of the queue a reader asks for.

    Attributes:
        agency_id: only this agency's.
        after: the place of the last line already read.
    """

    state: QualityState
    agency_id: AgencyId | None
    after: Place | None
    limit: int


async def list_queue(
    tx: AsyncSession, reader: Caller, queue: Queue, *, window: timedelta, now: datetime
) -> tuple[list[QualityCheck], Place | None, bool]:
    """Return a page of the queue, the place of its last line, and whether there is more.

    Args:
        window: how long a version waits for a look.
    """
    own = only_agency(reader)
    closed = await list_kept_from(tx, reader)
    wanted = Wanted(queue.state, own or queue.agency_id, now - window, queue.after, queue.limit, closed)
    # Another agency's queue is empty to a representative, as if there were no such agency.
    hidden = own is not None and queue.agency_id not in {None, own}
    found = [] if hidden else await quality_queue.list_queue(tx, wanted)
    page = found[: queue.limit]
    referrals = [referral.referral_id for referral, _ in page]
    await LEDGER.record(tx, reader, "quality_check.read", at=now, subjects=referrals)
    place = _place_of(page[-1], queue.state) if page else None
    return await _shown(tx, page, queue.state), place, len(found) > queue.limit


async def _shown(tx: AsyncSession, page: Sequence[Line], state: QualityState) -> list[QualityCheck]:
    asked = await quality.list_for_referral(tx, {referral.referral_id for referral, _ in page})
    shown = []
    for referral, check in page:
        of_version = (
            request for request in asked.get(referral.referral_id, ()) if request.version == referral.version
        )
        shown.append(describe(referral, check, next(of_version, None), unseen=state))
    return shown


def _place_of(line: Line, state: QualityState) -> Place:
    referral, check = line
    rank = int(not referral.immediate_danger) if state is QualityState.WAITING else 0
    at = check.made_at if check else referral.received_at
    return rank, at, referral.referral_id, referral.version


async def count(
    tx: AsyncSession, reader: Caller, from_on: date | None, to_on: date | None, *, now: datetime
) -> list[QualityCount]:
    """Return how agencies' referrals fared from one London date to another, both included.

    A representative's own agency is always among them, all others only where anything happened.

    Args:
        from_on: left out, four weeks up to the last day.
        to_on: left out, today.

    Raises:
        NotASpan: the first day comes after the last, or they are too far apart.
    """
    own = only_agency(reader)
    begun_at, ended_at = _instants_of(*_days(from_on, to_on, today=london_date(now)))
    counts = await quality_queue.count(tx, Span(begun_at, ended_at, own))
    if own is not None:
        counts.setdefault(own, {})
    # Numbers about agencies and no child: there is no record to name, but who looked is known.
    await LEDGER.record(tx, reader, "quality_counts.read", at=now, subjects=sorted(counts))
    return [_counted(agency_id, counts[agency_id]) for agency_id in sorted(counts)]


def _days(from_on: date | None, to_on: date | None, *, today: date) -> tuple[date, date]:
    last = to_on or today
    if last.year not in _YEARS:
        raise NotASpan("not_possible", "The hub counts no days so far away.", "to_on")
    first = from_on or last - (_USUAL_DAYS - 1) * _DAY
    if first > last:
        raise NotASpan("after_the_last", "The first day comes after the last.", "from_on")
    if last - first >= _LONGEST_DAYS * _DAY:
        raise NotASpan("too_long", f"At most {_LONGEST_DAYS} days at a time.", "from_on")
    return first, last


def _instants_of(first: date, last: date) -> tuple[datetime, datetime]:
    begins, ends = (datetime.combine(day, time(), LONDON).astimezone(UTC) for day in (first, last + _DAY))
    return begins, ends


def _counted(agency_id: AgencyId, counts: dict[str, int]) -> QualityCount:
    nothing = dict.fromkeys(("referrals", "looked_at", "requests", "answered", "not_answered"), 0)
    return QualityCount(agency_id=agency_id, **nothing | counts)
