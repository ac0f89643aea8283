"""Who listens to what in notifications."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.actions.deliveries import Bell
from services.notifications.actions.telling import Addressee, News, Terms, make_outcomes
from shared.clock import utc_now
from shared.platform.peers import Peer
from shared.platform.subscriptions import Handler, Subscriptions
from shared.schemas.access import Agency
from shared.schemas.cases import DecisionOutcome
from shared.schemas.events import ChildDecided
from shared.schemas.ids import DecisionId, ReferralId
from shared.schemas.progress import ReferralSender


@dataclass(frozen=True)
class Here:
    """What notifications' handlers work with."""

    triage: Peer
    intake: Peer
    access: Peer
    terms: Terms
    bell: Bell
    now: Callable[[], datetime] = utc_now


async def _fetch_news(here: Here, event: ChildDecided) -> News:
    decisions, addressees = await asyncio.gather(
        _fetch_decisions(here, event.decision_id),
        asyncio.gather(*(_fetch_addressee(here, referral_id) for referral_id in event.referral_ids)),
    )
    return News(decisions, addressees)


async def _fetch_decisions(here: Here, decision_id: DecisionId) -> Sequence[DecisionOutcome]:
    """Return a decision after all those it replaced: their events may still be on their way."""
    found: list[DecisionOutcome] = []
    wanted: DecisionId | None = decision_id
    while wanted is not None:
        found.append(await here.triage.get(f"/internal/decisions/{wanted}", DecisionOutcome))
        wanted = found[-1].supersedes
    return found[::-1]


async def _fetch_addressee(here: Here, referral_id: ReferralId) -> Addressee:
    sender = await here.intake.get(f"/internal/referrals/{referral_id}/sender", ReferralSender)
    agency = await here.access.get(f"/internal/agencies/{sender.agency_id}", Agency)
    return Addressee(sender, agency.sector)


async def _make_outcomes(tx: AsyncSession, _event: ChildDecided, news: News, here: Here) -> None:
    here.bell.ring_after(tx)
    await make_outcomes(tx, news, here.terms, now=here.now())


_telling: Handler[Here, ChildDecided, News] = Handler(
    "make_outcomes", fetch=_fetch_news, apply=_make_outcomes, from_the_start=True
)

SUBSCRIPTIONS: Subscriptions = {ChildDecided: (_telling,)}
