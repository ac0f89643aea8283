"""Telling those who referred a child what was decided for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import rules
from services.notifications.actions import LEDGER
from services.notifications.actions.deliveries import make_due
from services.notifications.messages import write_message
from services.notifications.store import outcomes as store
from services.notifications.store.feeds import FeedName, lock_feed, set_last_number
from shared.calendar import add_working_days
from shared.platform.audit import system
from shared.schemas.decisions import DecisionOutcome
from shared.schemas.ids import EventId, new_id
from shared.schemas.outcomes import OUTCOME_DECIDED, Team
from shared.schemas.progress import ReferralSender
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
    last_number = await lock_feed(tx, sender.agency_id, FeedName.OUTCOMES)
    before = await store.list_told(tx, sender.referral_id, child_id)
    news = rules.still_to_tell(decisions, [told for _, told in before], received_at=sender.received_at)
    supersedes = before[-1][0] if before else None
    event_ids: list[EventId] = []
    for number, decision in enumerate(news, last_number + 1):
        row = _write(decision, addressee, terms, now=now) | {"number": number, "supersedes": supersedes}
        await store.add_outcome(tx, row)
        supersedes = row["event_id"]
        event_ids.append(row["event_id"])
    await set_last_number(tx, sender.agency_id, FeedName.OUTCOMES, last_number + len(news))
    await make_due(tx, sender.agency_id, OUTCOME_DECIDED, event_ids, now=now)
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
