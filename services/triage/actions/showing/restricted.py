"""To whom a restricted case is open: managers, whom they name, and whoever says why it cannot wait."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.errors.restricted import (
    AccessEnded,
    CaseNotRestricted,
    NotYourOwnOpening,
    OpeningLookedAt,
    RestrictedCase,
)
from services.triage.models import Case, CaseAccess
from services.triage.sight import View, sight_of
from services.triage.store import cases, restricted
from services.triage.store.restricted import Sealed
from shared.platform.auth import Caller
from shared.problems import NotFound, NotPermitted
from shared.schemas.access import Colleague
from shared.schemas.ids import AccessId, CaseId, ReferralId, StaffId, new_id
from shared.schemas.restricted import (
    AccessForm,
    AccessKind,
    AccessLookForm,
    AccessView,
    CaseAccesses,
    EmergencyForm,
    ReaderOfReferral,
)
from shared.schemas.words import Role

#: A case that somebody opened in an emergency is open to them for so long.
OPEN_FOR: Final = timedelta(minutes=60)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closed:
    """What is closed to one reader: restricted cases, and the referrals that make them so."""

    cases: frozenset[CaseId] = frozenset()
    referrals: frozenset[ReferralId] = frozenset()


NOTHING: Final = Closed()


def is_kept_from(reader: Caller) -> bool:
    """Say whether restricted cases are closed to a caller until somebody lets them in.

    They are open to managers. An agency has a part in a case by what it sent or was asked, and answers for
    its own people: whom a colleague's family is kept from is the hub's staff.
    """
    if not reader.is_staff or Role.MANAGER in reader.roles:
        return False
    try:
        return sight_of(reader.roles, reader.agency_id).view is not View.ASKED
    except NotPermitted:
        return False


async def list_closed(
    tx: AsyncSession, reader: Caller, *, now: datetime, case_ids: Collection[CaseId] | None = None
) -> Closed:
    """Return what is closed to a reader, of some cases or of all."""
    if not is_kept_from(reader):
        return NOTHING
    sealed = await restricted.list_sealed(tx, case_ids)
    if not sealed:
        return NOTHING
    opened = await restricted.list_opened_to(tx, _own_id(reader), now=now)
    kept = [one for one in sealed if one.referral_id not in opened]
    return Closed(frozenset(one.case_id for one in kept), frozenset(one.referral_id for one in kept))


async def require_open(
    tx: AsyncSession, reader: Caller, case_ids: Collection[CaseId], *, now: datetime
) -> None:
    """Raise RestrictedCase where one of these cases is closed to the reader.

    Source:
        docs/adr/0039-restricted-cases.md
    """
    if case_ids and (await list_closed(tx, reader, now=now, case_ids=case_ids)).cases:
        # A coordinator is on no list of such cases: to them it is not there.
        raise NotFound if sight_of(reader.roles, reader.agency_id).view is View.ROUTED else RestrictedCase


async def require_open_for(
    tx: AsyncSession, reader: Caller, ids: Mapping[str, UUID], *, now: datetime
) -> None:
    """Raise as `require_open` does for the cases to which the ids of an address lead."""
    if is_kept_from(reader):
        await require_open(tx, reader, await restricted.list_cases_meant(tx, ids), now=now)


async def note_restrictions(tx: AsyncSession, said: Mapping[ReferralId, bool], *, asked_at: datetime) -> None:
    """Keep which referrals intake says are restricted; one may have no case yet."""
    if said:
        await restricted.keep_restriction(tx, said, asked_at)


async def read_reader(
    tx: AsyncSession, referral_id: ReferralId, staff_id: StaffId, service: Caller, *, now: datetime
) -> ReaderOfReferral:
    """Say whether a referral is restricted, and open to somebody by name or in an emergency that goes on."""
    is_open = referral_id in await restricted.list_opened_to(tx, staff_id, now=now)
    await LEDGER.record(tx, service, "reader.asked", at=now, subjects=[referral_id, staff_id])
    is_restricted = bool(await restricted.list_restricted(tx, [referral_id]))
    return ReaderOfReferral(restricted=is_restricted, open=is_open)


async def list_accesses(tx: AsyncSession, case_id: CaseId, reader: Caller, *, now: datetime) -> CaseAccesses:
    """Return whether a case is restricted, and to whom besides managers it is or was open.

    Raises:
        NotFound: there is no such case.
    """
    if await tx.get(Case, case_id) is None:
        raise NotFound
    here = await _referrals(tx, case_id)
    rows = await restricted.list_of_case(tx, case_id, here)
    ids = [case_id, *(row.access_id for row in rows)]
    await LEDGER.record(tx, reader, "case.accesses_read", at=now, subjects=ids)
    sealed = await restricted.list_sealed(tx, [case_id])
    return CaseAccesses(
        case_id=case_id, restricted=bool(sealed), items=[await _view(tx, row) for row in rows]
    )


async def name(
    tx: AsyncSession, case_id: CaseId, form: AccessForm, who: Colleague, manager: Caller, *, now: datetime
) -> AccessView:
    """Let somebody work on a restricted case, until it is taken back.

    It opens the referrals that the case has now: another that joins it is named for again.

    Raises:
        NotFound: there is no such case.
        CaseNotRestricted: it is open to everybody who decides.
    """
    await _require_restricted(tx, case_id)
    row = _row(case_id, await _referrals(tx, case_id), manager, form.reason, now=now)
    row.staff_id, row.staff_name = who.staff_id, who.name
    return await _add(tx, row, manager, "case.access_given")


async def open_in_emergency(
    tx: AsyncSession, case_id: CaseId, form: EmergencyForm, opener: Caller, *, now: datetime
) -> AccessView:
    """Open a restricted case to oneself for an hour. It is never refused for being the fourth that day.

    Raises:
        NotFound: there is no such case.
        CaseNotRestricted: it is open to the caller already.
    """
    await _require_restricted(tx, case_id)
    if case_id not in (await list_closed(tx, opener, now=now, case_ids=[case_id])).cases:
        raise CaseNotRestricted
    row = _row(case_id, await _referrals(tx, case_id), opener, form.reason, now=now)
    row.kind, row.expires_at = AccessKind.EMERGENCY, now + OPEN_FOR
    return await _add(tx, row, opener, "case.opened_in_emergency")


async def take_back(tx: AsyncSession, access_id: AccessId, manager: Caller, *, now: datetime) -> AccessView:
    """Close a restricted case again to somebody it was open to.

    Raises:
        NotFound: nobody was let in by this id.
        AccessEnded: it is closed to them again.
    """
    row = await restricted.get_access_to_change(tx, access_id)
    if row.ended_at is not None:
        raise AccessEnded
    row.ended_at, row.ended_by, row.ended_by_id = now, manager.name, manager.subject
    await _record(tx, manager, "case.access_ended", row, now=now)
    return await _view(tx, row)


async def look_at_emergency(
    tx: AsyncSession, access_id: AccessId, form: AccessLookForm, manager: Caller, *, now: datetime
) -> AccessView:
    """Keep what a manager found when looking at an opening in an emergency; the first who looked stands.

    Raises:
        NotFound: there is no such opening.
        NotYourOwnOpening: the manager made it.
        OpeningLookedAt: another manager has looked.
    """
    row = await restricted.get_access_to_change(tx, access_id)
    if row.kind != AccessKind.EMERGENCY:
        raise NotFound
    if row.given_by_id == manager.subject:
        raise NotYourOwnOpening
    if row.looked_at is not None:
        raise OpeningLookedAt
    row.looked_at, row.looked_words = now, form.words
    row.looked_by, row.looked_by_id = manager.name, manager.subject
    await _record(tx, manager, "case.emergency_looked_at", row, now=now)
    return await _view(tx, row)


async def list_emergencies(
    tx: AsyncSession,
    reader: Caller,
    *,
    looked_at: bool | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[AccessView], bool]:
    """Return a page of the openings in an emergency, the oldest first, and whether there are more."""
    found = await restricted.page_of_emergencies(tx, looked_at=looked_at, after=after, limit=limit)
    shown = [await _view(tx, row) for row in found[:limit]]
    subjects = [each for one in shown for each in (one.access_id, one.case_id)]
    await LEDGER.record(
        tx, reader, "emergency_accesses.listed", at=now, subjects=list(dict.fromkeys(subjects))
    )
    return shown, len(found) > limit


async def _require_restricted(tx: AsyncSession, case_id: CaseId) -> list[Sealed]:
    await cases.get_case_to_change(tx, case_id)
    sealed = await restricted.list_sealed(tx, [case_id])
    if not sealed:
        raise CaseNotRestricted
    return sealed


async def _referrals(tx: AsyncSession, case_id: CaseId) -> set[ReferralId]:
    """Return the referrals of a case, and of one that is left empty those that made it what it is."""
    here = {contact.referral_id for contact in await cases.list_contacts(tx, case_id)}
    return here | {one.referral_id for one in await restricted.list_sealed(tx, [case_id])}


def _row(
    case_id: CaseId, referrals: Iterable[ReferralId], by: Caller, reason: str, *, now: datetime
) -> CaseAccess:
    return CaseAccess(
        access_id=AccessId(new_id()),
        case_id=case_id,
        referral_ids=sorted(str(one) for one in referrals),
        kind=AccessKind.NAMED,
        staff_id=_own_id(by),
        staff_name=by.name,
        reason=reason,
        given_at=now,
        given_by=by.name,
        given_by_id=by.subject,
    )


async def _add(tx: AsyncSession, row: CaseAccess, by: Caller, action: str) -> AccessView:
    tx.add(row)
    await tx.flush()
    await _record(tx, by, action, row, now=row.given_at)
    return await _view(tx, row)


async def _record(tx: AsyncSession, who: Caller, action: str, row: CaseAccess, *, now: datetime) -> None:
    subjects = [row.access_id, row.case_id, row.staff_id]
    await LEDGER.record(tx, who, action, at=now, subjects=subjects, facts={"kind": row.kind})


async def _view(tx: AsyncSession, row: CaseAccess) -> AccessView:
    in_a_day = None
    if row.kind == AccessKind.EMERGENCY:
        in_a_day = await restricted.count_emergencies(tx, row.staff_id, to=row.given_at, within=_DAY)
    view = AccessView.model_validate(row, from_attributes=True)
    return view.model_copy(update={"in_a_day": in_a_day})


def _own_id(staff: Caller) -> StaffId:
    return StaffId(UUID(staff.subject))
