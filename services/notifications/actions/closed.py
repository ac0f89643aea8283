"""What was said of a restricted referral: closed to the hub's staff but managers, and whom they name."""

from collections.abc import Collection

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from services.notifications import rules
from services.notifications.errors import RestrictedOutcome
from services.notifications.store import outcomes as store
from shared.platform.auth import Caller
from shared.platform.peers import AWAY, Peer
from shared.problems import Unavailable
from shared.schemas.ids import EventId, ReferralId
from shared.schemas.reference import read_reference
from shared.schemas.restricted import ReaderOfReferral
from shared.schemas.words import Role


def is_kept_from(reader: Caller) -> bool:
    """Say whether what was said of restricted referrals is closed to a caller until a manager names them."""
    return reader.is_staff and bool(reader.roles & rules.SEES_ALL) and Role.MANAGER not in reader.roles


async def list_meant(
    tx: AsyncSession, *, event_id: EventId | None, reference: str | None
) -> Collection[ReferralId]:
    """Return the referrals about which a request asks what was said, by an outcome or by a reference."""
    try:
        heard = read_reference(reference) if reference else None
    except ValueError:
        heard = None
    return await store.list_referrals(tx, event_id=event_id, reference=heard)


async def require_open(triage: Peer, referral_ids: Collection[ReferralId], reader: Caller) -> None:
    """Ask triage, which knows who is named, whether these referrals are open to a reader.

    Raises:
        RestrictedOutcome: one of them is not.
        Unavailable: triage is away, so that nobody can say.
    """
    for referral_id in referral_ids:
        try:
            path = f"/internal/referrals/{referral_id}/readers/{reader.subject}"
            found = await triage.get(path, ReaderOfReferral)
        except (*AWAY, httpx.HTTPStatusError) as error:
            raise Unavailable from error
        if found.restricted and not found.open:
            raise RestrictedOutcome
