"""Sessions of staff: started, swapped for a token, ended."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.access import rules, store
from services.access.actions import LEDGER
from services.access.actions.callers import staff_caller
from services.access.actions.proving import Proven
from services.access.actions.standing import find_standing
from services.access.errors import CodeRefused
from services.access.models import Agency, Session, SignInCode, Staff
from services.access.passwords import digest_of, new_secret
from services.access.tokens import Signer
from shared.platform.database import Sessions, transaction
from shared.problems import NotFound
from shared.schemas import access as answers
from shared.schemas.access import TokenAnswer
from shared.schemas.ids import SessionId, new_id
from shared.schemas.words import Role

#: The system that asks for the tokens of staff.
_CONSOLE = "console"


async def start_session(tx: AsyncSession, proven: Proven, *, lifetime: timedelta, now: datetime) -> SessionId:
    """Start a session for someone who proved who they are.

    Raises:
        NotFound: they have been shut out in the meantime.
    """
    found = await store.find_staff(tx, proven.username)
    if found is None:
        raise NotFound
    session = Session(
        session_id=SessionId(new_id()),
        staff_id=proven.staff_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + lifetime,
    )
    tx.add(session)
    await tx.flush()
    caller = staff_caller(found[0], session.session_id)
    facts = {"proof": proven.method}
    await LEDGER.record(tx, caller, "staff.signed_in", at=now, subjects=[proven.staff_id], facts=facts)
    return session.session_id


async def write_code(tx: AsyncSession, session_id: SessionId, *, now: datetime) -> str:
    """Return a code, good once and for 30 seconds, that the console swaps for the session."""
    code = new_secret()
    expires_at = now + rules.CODE_LIFETIME
    tx.add(SignInCode(code_digest=digest_of(code), session_id=session_id, expires_at=expires_at))
    await tx.flush()
    return code


async def open_door(sessions: Sessions, proven: Proven, *, lifetime: timedelta, now: datetime) -> str:
    """Start a session for someone who proved who they are; return the code the browser takes along."""
    async with transaction(sessions, str(proven.staff_id)) as tx:
        session_id = await start_session(tx, proven, lifetime=lifetime, now=now)
        return await write_code(tx, session_id, now=now)


async def swap_code(tx: AsyncSession, code: str, *, idle: timedelta, now: datetime) -> answers.Session:
    """Return the session that a code stands for, and use the code up.

    Raises:
        CodeRefused: unknown, used, too old, or its session has ended already.
    """
    session_id = await store.use_code(tx, digest_of(code), now=now)
    if session_id is None:
        raise CodeRefused
    found = await find_standing(tx, session_id, idle=idle, now=now)
    if found is None:
        raise CodeRefused
    member = _member(found.staff, found.agency)
    return answers.Session(session_id=session_id, staff=member, expires_at=found.session.expires_at)


async def issue_staff_token(
    tx: AsyncSession, session_id: SessionId, *, signer: Signer, idle: timedelta, now: datetime
) -> TokenAnswer:
    """Return a token of five minutes for the person behind a session, and note that it is in use.

    Raises:
        NotFound: the session was never there, or has ended.
    """
    found = await find_standing(tx, session_id, idle=idle, now=now)
    if found is None:
        raise NotFound
    await store.touch_session(tx, session_id, now=now)
    caller = staff_caller(found.staff, session_id)
    await LEDGER.record(tx, caller, "token.issued", at=now, subjects=[session_id])
    return signer.token_for(caller, client_id=_CONSOLE, now=now)


async def end_session(tx: AsyncSession, session_id: SessionId, *, now: datetime) -> None:
    """Sign out: the session's tokens are refused from now on. Ending it again changes nothing.

    Raises:
        NotFound: there never was such a session.
    """
    session = await store.end_session(tx, session_id, now=now)
    if session is None:
        raise NotFound
    staff = await tx.get_one(Staff, session.staff_id)
    caller = staff_caller(staff, session_id)
    await LEDGER.record(tx, caller, "staff.signed_out", at=now, subjects=[staff.staff_id])


async def issue_demo_token(
    tx: AsyncSession, username: str, *, signer: Signer, lifetime: timedelta, now: datetime
) -> TokenAnswer:
    """Start a session of a person of the local demo without their password, and return a token for it.

    Raises:
        NotFound: the demo has nobody of that name.
    """
    found = await store.find_staff(tx, username.strip().casefold())
    if found is None:
        raise NotFound
    staff, _ = found
    proven = Proven(staff.staff_id, staff.username, "demo")
    session_id = await start_session(tx, proven, lifetime=lifetime, now=now)
    return await issue_staff_token(tx, session_id, signer=signer, idle=lifetime, now=now)


def _member(staff: Staff, agency: Agency) -> answers.StaffMember:
    return answers.StaffMember(
        staff_id=staff.staff_id,
        username=staff.username,
        name=staff.name,
        roles=[Role(role) for role in staff.roles],
        agency_id=agency.agency_id,
        agency_name=agency.name,
    )
