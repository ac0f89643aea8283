"""Give cases to people, and show who has one open. Neither ever keeps anybody from acting."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.errors.day import NotATeam
from services.triage.models import Allocation
from services.triage.settings import Settings, Team
from services.triage.store import cases, holding
from services.triage.views.holding import holding_line, holding_view
from shared.platform.auth import Caller
from shared.problems import NotFound, NotPermitted
from shared.schemas.access import Colleague
from shared.schemas.cases import CaseLine
from shared.schemas.holding import AllocationForm, Holding
from shared.schemas.ids import AllocationId, CaseId, StaffId, new_id
from shared.schemas.words import Role


class Given(NamedTuple):
    """An allocation as it was asked for, and whom it names, as access knows them; None: nobody by name."""

    form: AllocationForm
    holder: Colleague | None


async def allocate(
    tx: AsyncSession,
    case_id: CaseId,
    given: Given,
    by: Caller,
    *,
    now: datetime,
    settings: Settings,
) -> Holding:
    """Give a case, with its children, to somebody or to nobody. Who held it before stays in its history.

    The case's version stays: nothing is known of its children that was not, and whoever is deciding goes on.

    Raises:
        NotFound: there is no such case.
        NotPermitted: only a manager gives a case to somebody else, or takes it from them.
        NotATeam: the configuration has no such team.

    Source:
        docs/adr/0034-the-day.md
    """
    await cases.get_case_to_change(tx, case_id)
    standing = (await holding.list_standing(tx, [case_id])).get(case_id)
    form, holder = given
    _require_own(standing, holder, by)
    team = _team_of(form, holder, settings)
    new = Allocation(
        allocation_id=AllocationId(new_id()),
        case_id=case_id,
        staff_id=holder.staff_id if holder else None,
        staff_name=holder.name if holder else None,
        team=team,
        reason=form.reason,
        made_at=now,
        made_by=by.name,
        made_by_id=by.subject,
    )
    if standing is None or not _is_same(standing, new):
        if standing is not None:
            standing.ended_at = now
            await tx.flush()
        tx.add(new)
        await tx.flush()
    else:
        new = standing
    facts = {"team": new.team, "holder": str(new.staff_id) if new.staff_id else None}
    await LEDGER.record(tx, by, "case.allocated", at=now, subjects=[case_id, new.allocation_id], facts=facts)
    return await _show(tx, case_id, settings.teams, now=now)


def _require_own(standing: Allocation | None, holder: Colleague | None, by: Caller) -> None:
    """Let a decision-maker take a case and give their own back; a manager gives it to anyone."""
    if Role.MANAGER in by.roles or (holder is not None and str(holder.staff_id) == by.subject):
        return
    held_by = standing.staff_id if standing else None
    if holder is not None or (held_by is not None and str(held_by) != by.subject):
        raise NotPermitted("Only a manager gives a case to somebody else, or takes it from them.")


def _team_of(form: AllocationForm, holder: Colleague | None, settings: Settings) -> str | None:
    if form.team is not None:
        if form.team not in {team.key for team in settings.teams}:
            raise NotATeam
        return form.team
    own = settings.teams_of(holder.staff_id) if holder else frozenset()
    return next((team.key for team in settings.teams if team.key in own), None)


def _is_same(one: Allocation, other: Allocation) -> bool:
    return (one.staff_id, one.team, one.reason) == (other.staff_id, other.team, other.reason)


async def read_holding(
    tx: AsyncSession, case_id: CaseId, reader: Caller, *, now: datetime, teams: Sequence[Team]
) -> Holding:
    """Return who holds a case, who held it, and who has it open.

    Raises:
        NotFound: there is no such case.
    """
    if await holding.find_case(tx, case_id) is None:
        raise NotFound
    await LEDGER.record(tx, reader, "case.holding_read", at=now, subjects=[case_id])
    return await _show(tx, case_id, teams, now=now)


async def take_lease(
    tx: AsyncSession, case_id: CaseId, by: Caller, *, now: datetime, settings: Settings
) -> Holding:
    """Say that somebody has a case open: for others to see, never to hold them off. It runs out by itself.

    Raises:
        NotFound: there is no such case.
    """
    if await holding.find_case(tx, case_id) is None:
        raise NotFound
    lease = {
        "case_id": case_id,
        "staff_id": StaffId(UUID(by.subject)),
        "staff_name": by.name,
        "opened_at": now,
        "expires_at": now + settings.lease,
    }
    await holding.take_lease(tx, lease)
    await holding.forget_leases(tx, case_id, now=now)
    await LEDGER.record(tx, by, "lease.taken", at=now, subjects=[case_id])
    return await _show(tx, case_id, settings.teams, now=now)


async def end_lease(tx: AsyncSession, case_id: CaseId, by: Caller, *, now: datetime) -> None:
    """Say that somebody is done with a case; where they had none open, nothing changes.

    Raises:
        NotFound: there is no such case.
    """
    if await holding.find_case(tx, case_id) is None:
        raise NotFound
    await holding.end_lease(tx, case_id, StaffId(UUID(by.subject)))
    await LEDGER.record(tx, by, "lease.ended", at=now, subjects=[case_id])


async def with_holding(tx: AsyncSession, lines: Sequence[CaseLine], *, now: datetime) -> list[CaseLine]:
    """Return lines of the work list with who holds each case and has it open."""
    case_ids = [line.case_id for line in lines]
    held = await holding.list_standing(tx, case_ids)
    leases = await holding.list_leases(tx, case_ids, now=now)
    return [
        line.model_copy(
            update={
                "holding": holding_line(
                    held.get(line.case_id), [lease for lease in leases if lease.case_id == line.case_id]
                )
            }
        )
        for line in lines
    ]


async def _show(tx: AsyncSession, case_id: CaseId, teams: Sequence[Team], *, now: datetime) -> Holding:
    history = await holding.list_allocations(tx, case_id)
    leases = await holding.list_leases(tx, [case_id], now=now)
    return holding_view(case_id, history, leases, teams)
