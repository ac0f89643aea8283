"""Keep what managers direct, sign off and review, and count how many children had any of it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.clock.reviewing import watch_over
from services.triage.actions.discussions.discussion_refusals import ChildNotInCase
from services.triage.actions.showing.measuring import days_asked
from services.triage.errors.timers import ReviewNotToCome
from services.triage.models import Oversight
from services.triage.store import cases, oversight, relations
from services.triage.store.measures import Span
from shared.clock import london_date
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import CaseId, OversightId, new_id
from shared.schemas.measures import Period
from shared.schemas.oversight import (
    OversightForm,
    OversightMeasure,
    OversightOf,
    OversightPeriod,
    OversightView,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants counted: by which periods, apart for whom, and from which day to which."""

    by: Period
    of: OversightOf
    from_on: date | None
    to_on: date | None


async def oversee(
    tx: AsyncSession, case_id: CaseId, form: OversightForm, manager: Caller, *, now: datetime
) -> OversightView:
    """Add an entry of management oversight to a case or to one child of it.

    The case moves on with it, so that whoever is deciding reads it first. The day of a review that it names
    is watched; a review or a sign-off meets what was to be reviewed before.

    Raises:
        NotFound: there is no such case.
        ChildNotInCase: the child named is not one of it.
        ReviewNotToCome: the day to look again is over.
    """
    if form.review_on is not None and form.review_on < london_date(now):
        raise ReviewNotToCome
    case = await cases.get_case_to_change(tx, case_id)
    children = await cases.list_children(tx, case_id)
    here = {child.child_id for child in children}
    if form.child_id is not None and form.child_id not in here:
        raise ChildNotInCase(["#/child_id"])
    entry = Oversight(
        oversight_id=OversightId(new_id()),
        case_id=case_id,
        child_id=form.child_id,
        kind=form.kind,
        words=form.words,
        review_on=form.review_on,
        entered_at=now,
        entered_by=manager.name,
        entered_by_id=manager.subject,
    )
    tx.add(entry)
    case.version += 1
    await tx.flush()
    await watch_over(tx, entry, children, now=now)
    subjects = [entry.oversight_id, case_id, *([form.child_id] if form.child_id else here)]
    await LEDGER.record(
        tx, manager, "oversight.entered", at=now, subjects=subjects, facts={"kind": form.kind}
    )
    return OversightView.model_validate(entry, from_attributes=True)


async def list_of_case(
    tx: AsyncSession,
    case_id: CaseId,
    reader: Caller,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[OversightView], bool]:
    """Return a part of what was entered about a case and its children, and whether there is more.

    Raises:
        NotFound: there is no such case.
    """
    if await relations.find_case(tx, case_id) is None:
        raise NotFound
    own = await relations.list_with_emptied(tx, case_id)
    found = await oversight.page_of_case(tx, own, after=after, limit=limit)
    views = [OversightView.model_validate(each, from_attributes=True) for each in found[:limit]]
    subjects = [case_id, *(each for view in views for each in (view.oversight_id, view.child_id) if each)]
    await LEDGER.record(tx, reader, "oversight.listed", at=now, subjects=list(dict.fromkeys(subjects)))
    return views, len(found) > limit


async def measure(tx: AsyncSession, reader: Caller, wanted: Wanted, *, now: datetime) -> OversightMeasure:
    """Return the share of decided children with management oversight, for each period.

    Raises:
        NotASpan: as `days_asked` does.
    """
    days = days_asked(wanted.from_on, wanted.to_on, now=now)
    span = Span(days.since, days.before, wanted.by)
    counted = await oversight.count_overseen(tx, span, wanted.of)
    await LEDGER.record(tx, reader, "oversight.measured", at=now, subjects=[])
    return OversightMeasure(
        by=wanted.by,
        of=wanted.of,
        from_on=days.first,
        to_on=days.last,
        items=[
            OversightPeriod(**each._asdict(), share=round(each.overseen / each.decided, 4))
            for each in counted
        ],
    )
