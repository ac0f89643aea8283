"""Who listens to what in intake."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import matching_people, progressing
from services.intake.actions.judging import Limits
from shared.clock import utc_now
from shared.platform.subscriptions import Handler, Subscriptions
from shared.schemas.events import CaseOpened, ChildDecided, Event, ReferralReceived


@dataclass(frozen=True, slots=True)
class Here:
    """What intake's handlers work with."""

    limits: Limits


async def _nothing_more(_here: Here, _event: Event) -> None:
    """Fetch nothing: the event says all that intake keeps."""


async def _case_opened(tx: AsyncSession, event: CaseOpened, _fetched: None, _here: Here) -> None:
    await progressing.note_case_opened(tx, event)


async def _child_decided(tx: AsyncSession, event: ChildDecided, _fetched: None, _here: Here) -> None:
    await progressing.note_child_decided(tx, event)


async def _referral_received(tx: AsyncSession, event: ReferralReceived, _fetched: None, here: Here) -> None:
    await matching_people.match_people(tx, event, here.limits, now=utc_now())


SUBSCRIPTIONS: Subscriptions = {
    # Intake hears itself: the sender has its answer long before anyone is compared.
    ReferralReceived: (
        Handler("match_people", fetch=_nothing_more, apply=_referral_received, from_the_start=True),
    ),
    CaseOpened: (Handler("note_case_opened", fetch=_nothing_more, apply=_case_opened, from_the_start=True),),
    ChildDecided: (
        Handler("note_child_decided", fetch=_nothing_more, apply=_child_decided, from_the_start=True),
    ),
}
