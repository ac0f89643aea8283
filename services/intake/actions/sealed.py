"""A referral in which somebody restricted stands: closed to staff but managers, and whom they name."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake import rules
from services.intake.actions.looking_up import as_heard
from services.intake.actions.sight import is_opened_to
from services.intake.store import restrictions
from shared.platform.auth import Caller
from shared.platform.peers import AWAY, Peer
from shared.problems import NotFound, Unavailable
from shared.schemas.ids import ReferralId, WithdrawalId
from shared.schemas.restricted import ReaderOfReferral


def is_kept_from(reader: Caller) -> bool:
    """Say whether sealed referrals are closed to a caller until a manager names them.

    Its sender reads its own, and so does whoever represents the sender: nothing in it is news to them.
    """
    return reader.is_staff and bool(reader.roles & rules.SEES_ALL) and not is_opened_to(reader)


async def find_sealed(tx: AsyncSession, path: Mapping[str, Any]) -> ReferralId | None:
    """Return the referral that an address names, by its reference or by a wish to take it back, if it is
    sealed; what is not there is told so later.
    """
    try:
        if "reference" in path:
            return await restrictions.find_sealed(tx, as_heard(str(path["reference"])))
        if "withdrawal_id" in path:
            withdrawal_id = WithdrawalId(UUID(str(path["withdrawal_id"])))
            return await restrictions.find_sealed_by_withdrawal(tx, withdrawal_id)
    except (NotFound, ValueError):
        pass
    return None


async def is_open_by_name(triage: Peer, referral_id: ReferralId, reader: Caller) -> bool:
    """Say whether triage, which keeps whom managers name, has a sealed referral open to somebody.

    Raises:
        Unavailable: triage is away, so that nobody can say.
    """
    path = f"/internal/referrals/{referral_id}/readers/{reader.subject}"
    try:
        return (await triage.get(path, ReaderOfReferral)).open
    except (TimeoutError, *AWAY, httpx.HTTPStatusError) as error:
        raise Unavailable from error


async def list_kept_from(tx: AsyncSession, reader: Caller) -> list[ReferralId]:
    """Return the referrals that a list leaves out for a reader: those named come to them by their case."""
    return await restrictions.list_all_sealed(tx) if is_kept_from(reader) else []
