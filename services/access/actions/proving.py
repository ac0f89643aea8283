"""Who proved who they are. Whether that starts a session is another matter, and another file.

A password is one way; a second one, such as OpenID Connect, needs nothing but to return `Proven`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from services.access import rules, store
from services.access.actions import LEDGER
from services.access.models import SignInAttempt, Staff
from services.access.passwords import PasswordCheck, digest_of
from shared.platform import log
from shared.platform.audit import system
from shared.platform.database import Sessions, transaction
from shared.platform.refusals import Refusal
from shared.schemas.ids import StaffId, new_id

_US = "access"


@dataclass(frozen=True, slots=True)
class Proven:
    """This member of staff is here.

    Attributes:
        method: how they proved it, for the audit.
    """

    staff_id: StaffId
    username: str
    method: str


class NotProven(Enum):
    """Why nobody is here; neither says whether there is such a person."""

    WRONG = "sign_in_failed"
    TOO_MANY = "too_many_failures"


@dataclass(frozen=True, slots=True)
class Password:
    """What was typed into the sign-in page."""

    username: str
    password: str


async def prove_by_password(
    sessions: Sessions, typed: Password, check: PasswordCheck, *, now: datetime
) -> Proven | NotProven:
    """Return who typed their own password. An unknown username takes the same way as a known one.

    No transaction is open while the slow hash is made.
    """
    username = typed.username.strip().casefold()
    digest = digest_of(username)
    may_try = await _claim_attempt(sessions, digest, now)
    async with transaction(sessions, _US) as tx:
        found = await store.find_staff(tx, username)
    staff = found[0] if found else None
    if not may_try:
        return await _refuse(sessions, staff, NotProven.TOO_MANY)
    if not await check.matches(typed.password, staff.password_hash if staff else None) or staff is None:
        return await _refuse(sessions, staff, NotProven.WRONG)
    async with transaction(sessions, _US) as tx:
        await store.forget_attempts(tx, digest)
    return Proven(staff.staff_id, username, "password")


async def _claim_attempt(sessions: Sessions, digest: bytes, now: datetime) -> bool:
    """Count a try, and say whether its password may be looked at.

    Written and committed first, counted after: of any number of guesses sent at once, whoever counts
    eleventh finds eleven. No lock is needed, so nobody can hold up the door by knocking.
    """
    attempt_id = new_id()
    async with transaction(sessions, _US) as tx:
        tx.add(SignInAttempt(attempt_id=attempt_id, username_digest=digest, at=now))
    async with transaction(sessions, _US) as tx:
        tries = await store.count_attempts(tx, digest, since=now - rules.FAILURE_WINDOW)
        if tries <= rules.FAILURES_ALLOWED:
            return True
        # Not looked at, so not a failure: knocking on does not make the wait longer.
        await store.withdraw_attempt(tx, attempt_id)
        return False


async def _refuse(sessions: Sessions, staff: Staff | None, reason: NotProven) -> NotProven:
    ids = {"staff_id": str(staff.staff_id)} if staff else {}
    status = 429 if reason is NotProven.TOO_MANY else 422
    # The person named did not do this: someone at the door did.
    refusal = Refusal(system(_US), "POST /sign-in", ids, status, reason.value, log.request_id.get())
    await LEDGER.on_refusal(sessions)(refusal)
    return reason
