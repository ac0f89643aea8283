"""Who listens to what in triage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions.correcting import correct_case
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


async def _fetch_first(here: Here, event: ReferralReceived) -> ReferralDocument | None:
    return await _fetch(here, event, 1) if event.version == 1 else None


async def _fetch_versions(here: Here, event: ReferralReceived) -> Sequence[ReferralDocument]:
    """Return a later version after all those before it: their events may still be on their way, and what
    they said stays in force.
    """
    if event.version == 1:
        return ()
    return [await _fetch(here, event, version) for version in range(1, event.version + 1)]


async def _fetch(here: Here, event: ReferralReceived, version: int) -> ReferralDocument:
    path = f"/internal/referrals/{event.referral_id}?version={version}"
    return await here.intake.get(path, ReferralDocument)


async def _open_case(
    tx: AsyncSession, _event: ReferralReceived, first: ReferralDocument | None, here: Here
) -> None:
    if first is not None:
        await open_case(tx, first, now=here.now(), settings=here.settings)


async def _correct_case(
    tx: AsyncSession, _event: ReferralReceived, versions: Sequence[ReferralDocument], here: Here
) -> None:
    if versions:
        now = here.now()
        await open_case(tx, versions[0], now=now, settings=here.settings)
        await correct_case(tx, versions, now=now, settings=here.settings)


_opening: Handler[Here, ReferralReceived, ReferralDocument | None] = Handler(
    "open_case", fetch=_fetch_first, apply=_open_case, from_the_start=True
)
# A handler of its own: a process of the release before, which knows no later versions, must not use them up.
_correcting: Handler[Here, ReferralReceived, Sequence[ReferralDocument]] = Handler(
    "correct_case", fetch=_fetch_versions, apply=_correct_case, from_the_start=True
)

SUBSCRIPTIONS: Subscriptions = {ReferralReceived: (_opening, _correcting)}
