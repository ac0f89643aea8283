"""Telling agencies what was decided, and letting them read and confirm it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import rules, store
from services.notifications.actions import LEDGER
from services.notifications.errors import CursorNotKnown, ReferenceNeeded, TimeNotPossible
from services.notifications.messages import write_message
from services.notifications.rules import DeliveryState
from services.notifications.store import OutcomeRow, Wanted
from shared.calendar import add_working_days
from shared.platform.audit import system
from shared.platform.auth import Caller
from shared.platform.paging import BadCursor, read_cursor, write_cursor
from shared.problems import NotFound
from shared.schemas.cases import DecisionOutcome
from shared.schemas.ids import AgencyId, ChildId, DeliveryId, EventId, new_id
from shared.schemas.outcomes import OUTCOME_DECIDED, Acknowledgement, AcknowledgementForm, Outcome, Team
from shared.schemas.reference import read_reference
from shared.schemas.referrals import ReferralSender
from shared.schemas.shapes import Page
from shared.schemas.words import Pathway, Sector


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deployment tells its partners.

    Attributes:
        teams: who to ring about each outcome.
        challenge_days: working days in which a decision may be challenged.
    """

    teams: dict[Pathway, Team]
    challenge_days: int


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is to be told, and what kind of agency that is."""

    sender: ReferralSender
    audience: Sector


@dataclass(frozen=True, slots=True)
class News:
    """What was decided for a child, and who referred it.

    Attributes:
        decisions: the decision that was announced, after those it replaced, the first of all first.
    """

    decisions: Sequence[DecisionOutcome]
    addressees: Sequence[Addressee]


async def make_outcomes(tx: AsyncSession, news: News, terms: Terms, *, now: datetime) -> list[EventId]:
    """Tell everyone who referred a child what was decided for it, each once, and return what was told.

    The numbers of an agency's feed are taken one transaction after the other, so a reader who has seen a
    number has seen every smaller one. Decisions are told in the order they were made, whatever order they
    were announced in.
    """
    told: list[EventId] = []
    # In one order everywhere: two decisions that tell the same agencies would else wait for each other.
    for addressee in sorted(
        news.addressees, key=lambda each: (each.sender.agency_id, each.sender.referral_id)
    ):
        told += await _tell(tx, news.decisions, addressee, terms, now=now)
    return told


async def _tell(
    tx: AsyncSession,
    decisions: Sequence[DecisionOutcome],
    addressee: Addressee,
    terms: Terms,
    *,
    now: datetime,
) -> list[EventId]:
    sender, child_id = addressee.sender, decisions[-1].child_id
    if not rules.is_owed_an_answer(sender, child_id):
        await _record(tx, "outcome.not_owed", addressee, decisions[-1], [], now=now)
        return []
    # Before looking what was told: whoever tells this agency at the same moment is waited for.
    last_number = await store.lock_feed(tx, sender.agency_id)
    before = await store.list_told(tx, sender.referral_id, child_id)
    news = rules.still_to_tell(decisions, [told for _, told in before], received_at=sender.received_at)
    supersedes = before[-1][0] if before else None
    event_ids: list[EventId] = []
    for number, decision in enumerate(news, last_number + 1):
        row = _write(decision, addressee, terms, now=now) | {"number": number, "supersedes": supersedes}
        await store.add_outcome(tx, row)
        supersedes = row["event_id"]
        event_ids.append(row["event_id"])
    await store.set_last_number(tx, sender.agency_id, last_number + len(news))
    await _make_due(tx, sender.agency_id, event_ids, now=now)
    # Told before: a newer decision was announced first, and this one was told with it or is overtaken.
    action = "outcome.told" if event_ids else "outcome.told_before"
    await _record(tx, action, addressee, decisions[-1], event_ids, now=now)
    return event_ids


async def _record(
    tx: AsyncSession,
    action: str,
    addressee: Addressee,
    decision: DecisionOutcome,
    event_ids: Sequence[EventId],
    *,
    now: datetime,
) -> None:
    sender = addressee.sender
    await LEDGER.record(
        tx,
        system("notifications"),
        action,
        at=now,
        subjects=[sender.referral_id, decision.child_id, decision.decision_id, *event_ids],
        facts={"audience": addressee.audience, "agency_id": str(sender.agency_id)},
    )


def _write(decision: DecisionOutcome, addressee: Addressee, terms: Terms, *, now: datetime) -> dict[str, Any]:
    sender, audience = addressee.sender, addressee.audience
    team = terms.teams[decision.pathway]
    names = {child.child_id: child.sender_child_reference for child in sender.children}
    known = {
        "reference": sender.reference,
        "sender_reference": sender.sender_reference,
        "child_id": decision.child_id,
        "sender_child_reference": names.get(decision.child_id),
        "outcome": decision.pathway,
        "level": decision.level,
        "decided_at": decision.decided_at,
        "team": team.model_dump(),
        "message": write_message(decision.pathway, audience, team),
        "threshold_feedback": list(decision.threshold_feedback),
        # From when it is told, not from when it was decided: a delay of ours takes nothing from the partner.
        "challenge_by": add_working_days(now, terms.challenge_days),
    }
    return rules.limit_to_audience(audience, known) | {
        "event_id": EventId(new_id()),
        "agency_id": sender.agency_id,
        "referral_id": sender.referral_id,
        "case_id": decision.case_id,
        "decision_id": decision.decision_id,
        "audience": audience,
        "occurred_at": now,
    }


async def _make_due(
    tx: AsyncSession, agency_id: AgencyId, event_ids: Sequence[EventId], *, now: datetime
) -> None:
    webhooks = await store.list_subscribed(tx, agency_id, OUTCOME_DECIDED)
    rows = [
        {
            "delivery_id": DeliveryId(new_id()),
            "webhook_id": webhook_id,
            "event_id": event_id,
            "created_at": now,
            "state": DeliveryState.DUE,
            "attempts": 0,
            "next_attempt_at": now,
        }
        for webhook_id in webhooks
        for event_id in event_ids
    ]
    await store.add_deliveries(tx, rows)


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
    found = await store.list_outcomes(tx, wanted, after=_place(wanted, after), limit=limit)
    shown = found[:limit]
    await _record_read(tx, reader, shown, now=now)
    last = write_cursor(wanted.list_name, shown[-1][0].number) if shown else after or None
    return Page(items=[_show(outcome) for outcome in shown], next_cursor=last, has_more=len(found) > limit)


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
        TimeNotPossible: `recorded_at` cannot be kept.
    """
    found = await store.find_outcome(tx, event_id, client.own_agency())
    if found is None:
        raise NotFound
    row = {
        "event_id": event_id,
        "recorded_reference": form.recorded_reference,
        "recorded_at": _in_utc(form.recorded_at),
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


def _place(wanted: Wanted, after: str | None) -> int | None:
    if not after:
        return None
    try:
        (number,) = read_cursor(wanted.list_name, after, places=(int,))
    except BadCursor:
        raise CursorNotKnown from None
    # Larger than any number there can be: nothing the hub gave out, and nothing the database can compare.
    if not 0 < number < 2**63:
        raise CursorNotKnown
    return int(number)


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise TimeNotPossible from None


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
