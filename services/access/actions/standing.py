"""Whether whoever stands behind a token may still come in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.access import rules, store
from services.access.actions.callers import client_caller, held_scopes, staff_caller
from services.access.models import Agency, Session, Staff
from shared.platform.auth import Caller
from shared.schemas.ids import SessionId


async def still_stands(tx: AsyncSession, caller: Caller, *, idle: timedelta, now: datetime) -> bool:
    """Say whether the caller of a good token may still come in, with all that the token says of it.

    A client or person who lost an agency, a scope or a role since the token was issued does not stand: the
    next token says what they have now.

    Args:
        idle: how long a session may go unused.
    """
    if caller.is_staff:
        if caller.session_id is None:
            return False
        found = await find_standing(tx, caller.session_id, idle=idle, now=now)
        return found is not None and staff_caller(found.staff, found.session.session_id) == caller
    client = await store.find_client(tx, caller.subject)
    if client is None or not caller.scopes <= held_scopes(client):
        return False
    return client_caller(client, caller.scopes) == caller


@dataclass(frozen=True, slots=True)
class Standing:
    """A session that may be used, with whose it is."""

    session: Session
    staff: Staff
    agency: Agency


async def find_standing(
    tx: AsyncSession, session_id: SessionId, *, idle: timedelta, now: datetime
) -> Standing | None:
    """Return a session that may be used at `now`, by someone who may still come in."""
    found = await store.find_session(tx, session_id)
    if found is None:
        return None
    session, staff, agency = found
    stands = rules.session_stands(
        ended_at=session.ended_at,
        last_seen_at=session.last_seen_at,
        expires_at=session.expires_at,
        idle=idle,
        now=now,
    )
    return Standing(session, staff, agency) if stands else None
