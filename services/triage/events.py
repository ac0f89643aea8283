"""Who listens to what in triage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions.opening import open_case
from services.triage.settings import Settings
from shared.clock import utc_now
from shared.platform.peers import Peer
from shared.platform.subscriptions import Handler, Subscriptions
from shared.schemas.events import ReferralReceived
from shared.schemas.progress import ReferralDocument


@dataclass(frozen=True)
class Here:
    """What triage's handlers work with."""

    settings: Settings
    intake: Peer
    now: Callable[[], datetime] = utc_now


async def _fetch_referral(here: Here, event: ReferralReceived) -> ReferralDocument:
    path = f"/internal/referrals/{event.referral_id}?version={event.version}"
    return await here.intake.get(path, ReferralDocument)


async def _open_case(
    tx: AsyncSession, _event: ReferralReceived, referral: ReferralDocument, here: Here
) -> None:
    await open_case(tx, referral, now=here.now(), settings=here.settings)


_opening: Handler[Here, ReferralReceived, ReferralDocument] = Handler(
    "open_case", fetch=_fetch_referral, apply=_open_case, from_the_start=True
)

SUBSCRIPTIONS: Subscriptions = {ReferralReceived: (_opening,)}
