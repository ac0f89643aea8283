"""Who listens to what in notifications."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications.actions.deliveries import Bell
from services.notifications.actions.giving_notice import (
    Announcement,
    Correction,
    announce_request,
    announce_withdrawal,
    give_notice,
    give_notice_of_correction,
    tell_of_decision,
)
from services.notifications.actions.inviting import announce_discussion, announce_question, announce_reminder
from services.notifications.actions.telling import Addressee, News, Terms
from shared.clock import utc_now
from shared.platform.peers import Peer
from shared.platform.subscriptions import Handler, Subscriptions
from shared.schemas.access import Agency
from shared.schemas.decisions import DecisionOutcome
from shared.schemas.events import (
    AgencyReminded,
    CaseCorrected,
    ChildDecided,
    Event,
    FurtherInformationRequested,
    InformationRequested,
    InvitationsChanged,
    WithdrawalDecided,
)
from shared.schemas.ids import AgencyId, DecisionId, ReferralId, RequestId
from shared.schemas.progress import FurtherInformationAsked, ReferralSender, WithdrawalAsked
from shared.schemas.reminders import DiscussionAnnounced, QuestionWaiting
from shared.schemas.words import Sector

#: A sector chooses words, and hardly ever changes: access is asked for it now and then, not for each event.
_SECTOR_KEPT = timedelta(minutes=1)


@dataclass(frozen=True)
class Here:
    """What notifications' handlers work with.

    Attributes:
        sectors: by agency, when access was last asked for its sector, and what it said.
    """

    triage: Peer
    intake: Peer
    access: Peer
    terms: Terms
    bell: Bell
    now: Callable[[], datetime] = utc_now
    sectors: dict[AgencyId, tuple[datetime, Sector]] = field(init=False, default_factory=dict)


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
    sender = await _fetch_sender(here, referral_id)
    return Addressee(sender, await _fetch_sector(here, sender.agency_id))


async def _fetch_sender(here: Here, referral_id: ReferralId) -> ReferralSender:
    return await here.intake.get(f"/internal/referrals/{referral_id}/sender", ReferralSender)


async def _fetch_sector(here: Here, agency_id: AgencyId) -> Sector:
    asked_at, sector = here.sectors.get(agency_id, (None, None))
    if asked_at is None or sector is None or here.now() - asked_at > _SECTOR_KEPT:
        sector = (await here.access.get(f"/internal/agencies/{agency_id}", Agency)).sector
        here.sectors[agency_id] = here.now(), sector
    return sector


async def _make_outcomes(tx: AsyncSession, event: ChildDecided, news: News, here: Here) -> None:
    here.bell.ring_after(tx)
    await tell_of_decision(tx, event, news, here.terms, now=here.now())


async def _fetch_request(here: Here, event: FurtherInformationRequested) -> Announcement:
    path = f"/internal/further-information/{event.request_id}"
    asked = await here.intake.get(path, FurtherInformationAsked)
    return announce_request(event.event_id, asked, await _fetch_sector(here, asked.agency_id))


async def _fetch_withdrawal(here: Here, event: WithdrawalDecided) -> Announcement:
    wish = await here.intake.get(f"/internal/withdrawals/{event.withdrawal_id}", WithdrawalAsked)
    return announce_withdrawal(event.event_id, wish, await _fetch_sector(here, wish.agency_id))


async def _fetch_correction(here: Here, event: CaseCorrected) -> Correction:
    agency_ids = list(dict.fromkeys(event.asked_agency_ids))
    sender, sectors = await asyncio.gather(
        _fetch_sender(here, event.referral_id),
        asyncio.gather(*(_fetch_sector(here, agency_id) for agency_id in agency_ids)),
    )
    return Correction(event, sender, list(zip(agency_ids, sectors, strict=True)))


async def _fetch_question(here: Here, event: InformationRequested) -> Announcement:
    return announce_question(event.event_id, *await _fetch_asked(here, event.request_id))


async def _fetch_reminder(here: Here, event: AgencyReminded) -> Announcement:
    return announce_reminder(event.event_id, *await _fetch_asked(here, event.request_id))


async def _fetch_asked(here: Here, request_id: RequestId) -> tuple[QuestionWaiting, ReferralSender, Sector]:
    question = await here.triage.get(f"/internal/information-requests/{request_id}", QuestionWaiting)
    about, audience = await asyncio.gather(
        _fetch_sender(here, question.referral_id), _fetch_sector(here, question.agency_id)
    )
    return question, about, audience


async def _fetch_invitations(here: Here, event: InvitationsChanged) -> Announcement:
    agency_ids = (*event.invited_agency_ids, *event.moved_agency_ids, *event.withdrawn_agency_ids)
    found = await here.triage.get(f"/internal/discussions/{event.discussion_id}", DiscussionAnnounced)
    about, sectors = await asyncio.gather(
        _fetch_sender(here, found.referral_id),
        asyncio.gather(*(_fetch_sector(here, agency_id) for agency_id in agency_ids)),
    )
    return announce_discussion(event, found, about, dict(zip(agency_ids, sectors, strict=True)))


async def _give_notice(tx: AsyncSession, _event: Event, announcement: Announcement, here: Here) -> None:
    here.bell.ring_after(tx)
    await give_notice(tx, announcement, here.terms, now=here.now())


async def _give_notice_of_correction(
    tx: AsyncSession, _event: CaseCorrected, correction: Correction, here: Here
) -> None:
    here.bell.ring_after(tx)
    await give_notice_of_correction(tx, correction, here.terms, now=here.now())


# All from the start: what was asked, decided or corrected before this first ran is owed a notice too.
_telling: Handler[Here, ChildDecided, News] = Handler(
    "make_outcomes", fetch=_fetch_news, apply=_make_outcomes, from_the_start=True
)
_asking: Handler[Here, FurtherInformationRequested, Announcement] = Handler(
    "notice_of_request", fetch=_fetch_request, apply=_give_notice, from_the_start=True
)
_withdrawing: Handler[Here, WithdrawalDecided, Announcement] = Handler(
    "notice_of_withdrawal", fetch=_fetch_withdrawal, apply=_give_notice, from_the_start=True
)
_correcting: Handler[Here, CaseCorrected, Correction] = Handler(
    "notice_of_correction", fetch=_fetch_correction, apply=_give_notice_of_correction, from_the_start=True
)
_questioning: Handler[Here, InformationRequested, Announcement] = Handler(
    "notice_of_question", fetch=_fetch_question, apply=_give_notice, from_the_start=True
)
_reminding: Handler[Here, AgencyReminded, Announcement] = Handler(
    "notice_of_reminder", fetch=_fetch_reminder, apply=_give_notice, from_the_start=True
)
_inviting: Handler[Here, InvitationsChanged, Announcement] = Handler(
    "notice_of_invitation", fetch=_fetch_invitations, apply=_give_notice, from_the_start=True
)

SUBSCRIPTIONS: Subscriptions = {
    ChildDecided: (_telling,),
    FurtherInformationRequested: (_asking,),
    WithdrawalDecided: (_withdrawing,),
    CaseCorrected: (_correcting,),
    InformationRequested: (_questioning,),
    AgencyReminded: (_reminding,),
    InvitationsChanged: (_inviting,),
}
