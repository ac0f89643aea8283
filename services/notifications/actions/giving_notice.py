"""Giving agencies notice of what happened to a referral beside its outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import rules
from services.notifications.actions import LEDGER
from services.notifications.actions.deliveries import make_due
from services.notifications.actions.telling import News, Terms, make_outcomes
from services.notifications.messages import write_notice
from services.notifications.models import Outcome
from services.notifications.rules import NOTICE_TYPES, Occasion, Recipient
from services.notifications.store import corrections
from services.notifications.store import notices as store
from services.notifications.store.feeds import FeedName, take_number
from services.notifications.store.outcomes import list_last_told
from shared.platform.audit import system
from shared.schemas.events import CaseCorrected, ChildDecided
from shared.schemas.ids import AgencyId, EventId, ReferralId, new_id
from shared.schemas.progress import (
    FurtherInformation,
    FurtherInformationAsked,
    ReferralSender,
    Withdrawal,
    WithdrawalAsked,
)
from shared.schemas.words import Pathway, Sector


@dataclass(frozen=True, slots=True)
class Announcement:
    """What happened, and who is given notice of it.

    Attributes:
        announced_by: the event; each agency is given one notice of it.
        referral_id: the referral that has news.
        shown: the fields of the notice that only its kind has.
    """

    announced_by: EventId
    referral_id: ReferralId
    recipients: Sequence[Recipient]
    shown: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction, who sent it, and who was asked about the case before it."""

    event: CaseCorrected
    sender: ReferralSender
    asked: Sequence[tuple[AgencyId, Sector]]


def announce_request(event_id: EventId, asked: FurtherInformationAsked, audience: Sector) -> Announcement:
    """Return the notice to a sender that it is asked for more."""
    recipient = Recipient(
        agency_id=asked.agency_id,
        audience=audience,
        occasion=Occasion.FURTHER_INFORMATION_REQUESTED,
        reference=asked.reference,
        sender_reference=asked.sender_reference,
    )
    shown = FurtherInformation.model_validate(asked.model_dump()).model_dump(mode="json")
    return Announcement(event_id, asked.referral_id, [recipient], {"further_information": shown})


def announce_withdrawal(event_id: EventId, wish: WithdrawalAsked, audience: Sector) -> Announcement:
    """Return the notice to a sender of what the hub decided on its wish to take a referral back.

    Raises:
        KeyError: nobody has decided on it.
    """
    recipient = Recipient(
        agency_id=wish.agency_id,
        audience=audience,
        occasion=rules.AFTER_WITHDRAWAL[wish.state],
        reference=wish.reference,
        sender_reference=wish.sender_reference,
    )
    shown = Withdrawal.model_validate(wish.model_dump()).model_dump(mode="json")
    return Announcement(event_id, wish.referral_id, [recipient], {"withdrawal": shown})


async def give_notice(
    tx: AsyncSession, announcement: Announcement, terms: Terms, *, now: datetime
) -> list[EventId]:
    """Give each recipient its notice, make it due to its webhooks, and return what was given."""
    # In the order in which outcomes are told too: else two that tell the same agencies could wait for each
    # other.
    recipients = sorted(announcement.recipients, key=lambda each: each.agency_id)
    return [await _give(tx, announcement, recipient, terms, now=now) for recipient in recipients]


async def give_notice_of_correction(
    tx: AsyncSession, correction: Correction, terms: Terms, *, now: datetime
) -> list[EventId]:
    """Let everyone hear of a correction who was told an outcome of the case, or asked about it, before."""
    event, sender = correction.event, correction.sender
    await corrections.lock_case(tx, event.case_id)
    row = {
        "announced_by": event.event_id,
        "case_id": event.case_id,
        "case_version": event.version,
        "referral_id": event.referral_id,
        "agency_id": sender.agency_id,
    }
    await corrections.add_correction(tx, row)
    asked = [
        Recipient(
            agency_id=agency_id,
            audience=audience,
            occasion=Occasion.CORRECTED_SINCE_ASKED,
            reference=sender.reference,
            case_id=event.case_id,
        )
        for agency_id, audience in correction.asked
    ]
    told = [_told(outcome) for outcome in await list_last_told(tx, event.case_id)]
    heard = rules.who_hears_of_a_correction(told, asked, sender=sender.agency_id)
    announcement = Announcement(event.event_id, event.referral_id, heard)
    return await give_notice(tx, announcement, terms, now=now)


async def tell_of_decision(
    tx: AsyncSession, decided: ChildDecided, news: News, terms: Terms, *, now: datetime
) -> None:
    """Make the outcomes of a decision; whoever is told only now hears what was corrected since, too.

    Events come in any order. The case is held first, so that a correction either finds the outcome, or is
    found here.
    """
    await corrections.lock_case(tx, decided.case_id)
    told = await make_outcomes(tx, news, terms, now=now)
    if not told:
        return
    for each in await corrections.list_corrections(tx, decided.case_id, after_version=decided.version):
        heard = {each.agency_id, *await store.list_given(tx, each.announced_by)}
        late = [
            _told(outcome)
            for outcome in await list_last_told(tx, decided.case_id)
            if outcome.event_id in told and outcome.agency_id not in heard
        ]
        await give_notice(tx, Announcement(each.announced_by, each.referral_id, late), terms, now=now)


def _told(outcome: Outcome) -> Recipient:
    return Recipient(
        agency_id=outcome.agency_id,
        audience=Sector(outcome.audience),
        occasion=Occasion.CORRECTED_SINCE_TOLD,
        reference=outcome.reference,
        sender_reference=outcome.sender_reference,
    )


async def _give(
    tx: AsyncSession, announcement: Announcement, recipient: Recipient, terms: Terms, *, now: datetime
) -> EventId:
    agency_id = recipient.agency_id
    event_id = EventId(new_id())
    row = {
        "event_id": event_id,
        "agency_id": agency_id,
        "number": await take_number(tx, agency_id, FeedName.NOTICES),
        "announced_by": announcement.announced_by,
        "referral_id": announcement.referral_id,
        "case_id": recipient.case_id,
        "occasion": recipient.occasion,
        "audience": recipient.audience,
        "occurred_at": now,
        "reference": recipient.reference,
        "sender_reference": recipient.sender_reference,
        # Whoever gives advice answers questions about notices too.
        "message": write_notice(recipient.occasion, recipient.audience, terms.teams[Pathway.ADVICE]),
    }
    await store.add_notice(tx, row | announcement.shown)
    await make_due(tx, agency_id, NOTICE_TYPES[recipient.occasion], [event_id], now=now)
    await LEDGER.record(
        tx,
        system("notifications"),
        "notice.given",
        at=now,
        subjects=[announcement.referral_id, event_id],
        facts={"occasion": recipient.occasion, "agency_id": str(agency_id)},
    )
    return event_id
