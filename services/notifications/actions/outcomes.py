"""An agency's feed of outcomes: read in order, one at a time, and confirmed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import rules
from services.notifications.actions import LEDGER
from services.notifications.actions.feeds import make_page, read_place
from services.notifications.errors import ReferenceNeeded
from services.notifications.store import outcomes as store
from services.notifications.store.outcomes import OutcomeRow, Wanted
from shared.platform.auth import Caller
from shared.platform.paging import write_cursor
from shared.problems import NotFound
from shared.schemas.ids import AgencyId, ChildId, EventId
from shared.schemas.outcomes import OUTCOME_DECIDED, Acknowledgement, AcknowledgementForm, Outcome, Team
from shared.schemas.reference import read_reference
from shared.schemas.shapes import Page
from shared.schemas.words import Pathway


async def list_outcomes(
    tx: AsyncSession, reader: Caller, reference: str | None, *, after: str | None, limit: int, now: datetime
) -> Page[Outcome]:
    """Return a page of what the reader's agency was told, in the order it was told.

    Args:
        reference: only what is about one referral; the hub's reference or, for its sender, the sender's own.
        after: the cursor of the page before; an empty page gives it back, so that it can always be kept.

    Raises:
        CursorNotKnown: `after` was not given for this list.
        ReferenceNeeded: staff who see every agency's outcomes asked for none in particular.
    """
    wanted = _wanted(reader, reference)
    place = read_place(wanted.list_name, after)
    found = await store.list_outcomes(tx, wanted, after=place, limit=limit)
    await _record_read(tx, reader, found[:limit], now=now)
    numbered = [(row[0].number, _show(row)) for row in found]
    return make_page(wanted.list_name, numbered, after=after, limit=limit)


async def read_outcome(tx: AsyncSession, reader: Caller, event_id: EventId, *, now: datetime) -> Outcome:
    """Return one outcome.

    Raises:
        NotFound: there is none, or it is another agency's.
    """
    found = await store.find_outcome(tx, event_id, _only_agency(reader))
    if found is None:
        raise NotFound
    await _record_read(tx, reader, [found], now=now)
    return _show(found)


async def acknowledge(
    tx: AsyncSession, event_id: EventId, form: AcknowledgementForm, client: Caller, *, now: datetime
) -> Acknowledgement:
    """Note that an agency recorded an outcome, and return the note that stands: the first.

    Raises:
        NotFound: there is no such outcome, or it is another agency's.
    """
    found = await store.find_outcome(tx, event_id, client.own_agency())
    if found is None:
        raise NotFound
    row = {
        "event_id": event_id,
        "recorded_reference": form.recorded_reference,
        "recorded_at": form.recorded_at,
        "acknowledged_at": now,
        "client_id": client.subject,
    }
    stands = await store.acknowledge(tx, row)
    await LEDGER.record(tx, client, "outcome.acknowledged", at=now, subjects=_subjects([found]))
    return Acknowledgement.model_validate(stands, from_attributes=True)


def _wanted(reader: Caller, reference: str | None) -> Wanted:
    agency_id = _only_agency(reader)
    try:
        heard = read_reference(reference) if reference else None
    except ValueError:
        heard = None
    if agency_id is None:
        if heard is None:
            raise ReferenceNeeded
        return Wanted(None, heard)
    return Wanted(agency_id, heard, reference or None)


def _only_agency(reader: Caller) -> AgencyId | None:
    """Return the one agency whose outcomes `reader` may see, or None for staff who see every agency's."""
    if reader.is_staff and reader.roles & rules.SEES_ALL:
        return None
    return reader.own_agency()


async def _record_read(
    tx: AsyncSession, reader: Caller, outcomes: Sequence[OutcomeRow], *, now: datetime
) -> None:
    await LEDGER.record(tx, reader, "outcome.read", at=now, subjects=_subjects(outcomes))


def _subjects(outcomes: Sequence[OutcomeRow]) -> list[UUID]:
    ids = (
        each for outcome, _ in outcomes for each in (outcome.event_id, outcome.referral_id, outcome.child_id)
    )
    return list(dict.fromkeys(ids))


def _show(row: OutcomeRow) -> Outcome:
    outcome, acknowledged_at = row
    return Outcome(
        event_id=outcome.event_id,
        cursor=write_cursor(Wanted(outcome.agency_id).list_name, outcome.number),
        type=OUTCOME_DECIDED,
        occurred_at=outcome.occurred_at,
        reference=outcome.reference,
        sender_reference=outcome.sender_reference,
        child_id=ChildId(outcome.child_id),
        sender_child_reference=outcome.sender_child_reference,
        outcome=Pathway(outcome.outcome),
        level=outcome.level,
        decided_at=outcome.decided_at,
        team=Team.model_validate(outcome.team) if outcome.team else None,
        message=outcome.message,
        threshold_feedback=outcome.threshold_feedback or [],
        supersedes=outcome.supersedes,
        challenge_by=outcome.challenge_by,
        acknowledged_at=acknowledged_at,
    )
