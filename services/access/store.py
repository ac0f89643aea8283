"""Every query of access."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.access.models import Agency, Assertion, Client, Session, SignInAttempt, SignInCode, Staff
from shared.schemas.ids import AgencyId, SessionId, StaffId
from shared.schemas.words import Role

_DECIDING: Final = (Role.DECISION_MAKER.value, Role.MANAGER.value)
#: Whoever only reads cases of others; an agency's representative has a part of their own in each.
_READING: Final = (Role.PRACTICE_AUDITOR.value, Role.EARLY_HELP_COORDINATOR.value)


async def find_client(tx: AsyncSession, client_id: str) -> Client | None:
    """Return a client that may come in: active itself, and its agency too."""
    may_come = Client.active & (Client.agency_id.is_(None) | Agency.active)
    query = select(Client).outerjoin(Agency).where(Client.client_id == client_id, may_come)
    return (await tx.execute(query)).scalar_one_or_none()


async def remember_assertion(tx: AsyncSession, client_id: str, jti: str, *, expires_at: datetime) -> bool:
    """Take note of an assertion; False when the client used the same one before."""
    row = insert(Assertion).values(client_id=client_id, jti=jti, expires_at=expires_at)
    inserted = await tx.execute(row.on_conflict_do_nothing().returning(Assertion.jti))
    return inserted.first() is not None


async def find_staff(tx: AsyncSession, username: str) -> tuple[Staff, Agency] | None:
    """Return a member of staff who may come in, with their agency."""
    query = select(Staff, Agency).join(Agency).where(Staff.username == username, Staff.active, Agency.active)
    return (await tx.execute(query)).one_or_none()


async def find_session(tx: AsyncSession, session_id: SessionId) -> tuple[Session, Staff, Agency] | None:
    """Return a session of someone who may come in; whether the session itself stands is for the rules."""
    query = (
        select(Session, Staff, Agency)
        .join(Staff, Session.staff_id == Staff.staff_id)
        .join(Agency)
        .where(Session.session_id == session_id, Staff.active, Agency.active)
    )
    return (await tx.execute(query)).one_or_none()


async def touch_session(tx: AsyncSession, session_id: SessionId, *, now: datetime) -> None:
    """Note that a session is in use."""
    await tx.execute(update(Session).where(Session.session_id == session_id).values(last_seen_at=now))


async def end_session(tx: AsyncSession, session_id: SessionId, *, now: datetime) -> Session | None:
    """End a session, and return it; the first end stands. None when there never was one."""
    ended = func.coalesce(Session.ended_at, now)
    query = update(Session).where(Session.session_id == session_id).values(ended_at=ended).returning(Session)
    return (await tx.execute(query)).scalar_one_or_none()


async def use_code(tx: AsyncSession, code_digest: bytes, *, now: datetime) -> SessionId | None:
    """Use up a code and return its session; None when it is unknown, too old or used. Two cannot both win."""
    good = (SignInCode.code_digest == code_digest, SignInCode.used_at.is_(None), SignInCode.expires_at > now)
    query = update(SignInCode).where(*good).values(used_at=now).returning(SignInCode.session_id)
    return (await tx.execute(query)).scalar_one_or_none()


async def count_attempts(tx: AsyncSession, username_digest: bytes, *, since: datetime) -> int:
    """Return how often this username was tried in vain since then, tries under way among them."""
    tried = (SignInAttempt.username_digest == username_digest, SignInAttempt.at > since)
    return await tx.scalar(select(func.count()).select_from(SignInAttempt).where(*tried)) or 0


async def withdraw_attempt(tx: AsyncSession, attempt_id: UUID) -> None:
    """Forget one try: its password was not looked at."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.attempt_id == attempt_id))


async def forget_attempts(tx: AsyncSession, username_digest: bytes) -> None:
    """Forget the failures of a username: its owner has come in."""
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.username_digest == username_digest))


async def list_agencies(tx: AsyncSession, *, after: AgencyId | None, limit: int) -> Sequence[Agency]:
    """Return active agencies by id, from behind `after` on, one more than `limit` if there are more."""
    query = select(Agency).where(Agency.active).order_by(Agency.agency_id).limit(limit + 1)
    if after is not None:
        query = query.where(Agency.agency_id > after)
    return (await tx.execute(query)).scalars().all()


async def find_agency(tx: AsyncSession, agency_id: AgencyId) -> Agency | None:
    """Return an agency, also one that has left: its past still bears its name."""
    return await tx.get(Agency, agency_id)


async def list_deciders(
    tx: AsyncSession, *, after: StaffId | None, limit: int, readers: bool
) -> Sequence[Staff]:
    """Return staff who may come in and decide, by id, one more than `limit` if there are more.

    Args:
        readers: those who only read the cases of others too.
    """
    query = _deciders(readers=readers).order_by(Staff.staff_id).limit(limit + 1)
    if after is not None:
        query = query.where(Staff.staff_id > after)
    return (await tx.execute(query)).scalars().all()


async def find_decider(tx: AsyncSession, staff_id: StaffId, *, readers: bool) -> Staff | None:
    """Return a member of staff who may come in and decides; with `readers`, or only reads cases."""
    query = _deciders(readers=readers).where(Staff.staff_id == staff_id)
    return (await tx.execute(query)).scalar_one_or_none()


def _deciders(*, readers: bool) -> Select[Staff]:
    roles = [*_DECIDING, *_READING] if readers else [*_DECIDING]
    return select(Staff).join(Agency).where(Staff.active, Agency.active, Staff.roles.overlap(roles))


async def forget_before(tx: AsyncSession, *, now: datetime, window: timedelta) -> None:
    """Delete what served its purpose: used and expired codes and assertions, attempts older than `window`."""
    await tx.execute(delete(SignInCode).where(SignInCode.expires_at < now - window))
    await tx.execute(delete(Assertion).where(Assertion.expires_at < now - window))
    await tx.execute(delete(SignInAttempt).where(SignInAttempt.at < now - window))
