"""The first guard against sending twice: a key is answered once, and the same answer is given again."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.errors import KeyReused
from services.intake.store import keys
from shared.platform.auth import Caller
from shared.platform.json import Sent, dump
from shared.platform.writing import NewRow
from shared.schemas.ids import ReferralId


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is kept for a key: its HTTP status and its body, ready for JSON."""

    status: int
    body: dict[str, Any]


async def claim(
    tx: AsyncSession, sender: Caller, key: str, fingerprint: str, kept: Kept, *, now: datetime
) -> Kept | None:
    """Take `key` for this request and its answer; return the answer it was given before, if it was.

    Args:
        fingerprint: of the content, and of what it was sent to do where that is not plain from the content.

    Raises:
        KeyReused: the key was used for other content.
        KeyInFlight: the first request with it is still under way.
    """
    if await keys.claim_key(tx, claim_of(sender, key, fingerprint, kept, now=now)):
        return None
    return await get_earlier(tx, sender, key, fingerprint)


def claim_of(sender: Caller, key: str, fingerprint: str, kept: Kept, *, now: datetime) -> NewRow:
    """Return the row that takes `key`, for those who take it together with what they write."""
    answer = {"fingerprint": fingerprint, "status": kept.status, "answer": kept.body, "created_at": now}
    return keys.new_key(_name(sender, key) | answer)


async def get_earlier(tx: AsyncSession, sender: Caller, key: str, fingerprint: str) -> Kept:
    """Return the answer that a key was given before.

    Raises:
        KeyReused: the key was used for other content.
    """
    earlier = await keys.get_key(tx, _name(sender, key))
    if earlier.fingerprint != fingerprint:
        raise KeyReused
    return Kept(earlier.status, earlier.answer)


def fingerprint_for(purpose: str, referral_id: ReferralId, sent: Sent[Any]) -> str:
    """Return the fingerprint of what is sent to one referral: sent to another, it is other content."""
    return hashlib.sha256(dump([purpose, str(referral_id), sent.document])).hexdigest()


async def answer_otherwise(tx: AsyncSession, sender: Caller, key: str, kept: Kept) -> None:
    """Give a key that was just claimed another answer than the one it was claimed with."""
    await keys.answer_key_with(tx, _name(sender, key), status=kept.status, answer=kept.body)


def _name(sender: Caller, key: str) -> dict[str, Any]:
    return {"agency_id": sender.own_agency(), "client_id": sender.subject, "key": key}
