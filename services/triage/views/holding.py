"""Put who holds a case, and who has it open, into the shapes that deciders read; pure."""

from collections.abc import Sequence

from services.triage.models import Allocation, Lease
from services.triage.settings import Team
from shared.schemas.holding import AllocationView, Holding, HoldingLine, LeaseView, TeamName
from shared.schemas.ids import CaseId


def holding_view(
    case_id: CaseId, history: Sequence[Allocation], leases: Sequence[Lease], teams: Sequence[Team]
) -> Holding:
    """Return who holds a case and has it open.

    Args:
        history: every allocation, the newest first.
    """
    views = [_allocation_view(each, teams) for each in history]
    return Holding(
        case_id=case_id,
        holder=next((view for view in views if view.ended_at is None), None),
        history=views,
        leases=[lease_view(lease) for lease in leases],
        teams=[TeamName(key=team.key, name=team.name) for team in teams],
    )


def holding_line(held: Allocation | None, leases: Sequence[Lease]) -> HoldingLine:
    """Return the same for a line of the work list."""
    return HoldingLine(
        held_by=held.staff_name if held else None,
        team=held.team if held else None,
        leases=[lease_view(lease) for lease in leases],
    )


def lease_view(lease: Lease) -> LeaseView:
    """Return a lease as it is shown."""
    return LeaseView.model_validate(lease, from_attributes=True)


def _allocation_view(each: Allocation, teams: Sequence[Team]) -> AllocationView:
    names = {team.key: team.name for team in teams}
    # A team that is no longer in the configuration keeps its key: the history is not rewritten.
    team = TeamName(key=each.team, name=names.get(each.team, each.team)) if each.team else None
    return AllocationView(
        allocation_id=each.allocation_id,
        staff_id=each.staff_id,
        staff_name=each.staff_name,
        team=team,
        reason=each.reason,
        made_at=each.made_at,
        made_by=each.made_by,
        ended_at=each.ended_at,
    )
