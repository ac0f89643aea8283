"""What the pages ask of triage about time: what falls due, what was not done, Red children to be seen."""

from typing import Any

from services.console.backend.places import PAGE_LENGTH, Asking, Services
from shared.schemas.alerts import AlertView
from shared.schemas.ids import AlertId, BreachId, CaseId, ChildId, TargetId
from shared.schemas.shapes import Page
from shared.schemas.timers import BreachView, CaseTimers, DriftView, DueView, TargetView, TimerKind

_ALL = 1000


class Timers(Asking):
    """What falls due, as one signed-in person may see and change it."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.triage_url)

    async def get_of_case(self, case_id: CaseId) -> CaseTimers:
        """Return all that falls due in a case."""
        return await self._get(f"/v1/cases/{case_id}/timers", CaseTimers)

    async def say_screened(self, case_id: CaseId) -> None:
        """Say that every contact of a case has been looked at."""
        await self._send("POST", f"/v1/cases/{case_id}/screened", {})

    async def record_step(self, case_id: CaseId, child_id: ChildId, body: dict[str, Any]) -> None:
        """Record what follows a decision; Conflict where no clock runs that it would end."""
        await self._send("POST", f"/v1/cases/{case_id}/children/{child_id}/onward-steps", body)

    async def list_due(self, *, kind: TimerKind | None, cursor: str | None) -> Page[DueView]:
        """Return a page of what follows decisions and is not done, the soonest due first."""
        asked = {"kind": kind, "limit": PAGE_LENGTH, "cursor": cursor}
        return await self._get("/v1/due", Page[DueView], asked)

    async def set_target(self, case_id: CaseId, child_id: ChildId, body: dict[str, Any]) -> None:
        """Set a timescale for one child."""
        await self._send("POST", f"/v1/cases/{case_id}/children/{child_id}/targets", body)

    async def review_target(self, target_id: TargetId, body: dict[str, Any]) -> TargetView:
        """Say what was found when looking at a target again; Conflict where it has ended."""
        answer = await self._send("POST", f"/v1/targets/{target_id}/review", body)
        return TargetView.model_validate_json(answer.content)

    async def list_breaches(self, *, reasoned: bool, cursor: str | None) -> Page[BreachView]:
        """Return a page of what was not done in time, with a reason or without, the oldest first."""
        asked = {"reasoned": reasoned, "limit": PAGE_LENGTH, "cursor": cursor}
        return await self._get("/v1/breaches", Page[BreachView], asked)

    async def give_reason(self, breach_id: BreachId, body: dict[str, Any]) -> BreachView:
        """Say why something was not done in time."""
        answer = await self._send("POST", f"/v1/breaches/{breach_id}/reason", body)
        return BreachView.model_validate_json(answer.content)

    async def list_drifting(self) -> Page[DriftView]:
        """Return the children that wait and for whom nothing happens, the longest quiet first."""
        return await self._get("/v1/drifting", Page[DriftView], {"limit": _ALL})

    async def list_unseen(self) -> Page[AlertView]:
        """Return the Red children that nobody has said they have seen, the oldest first."""
        return await self._get("/v1/alerts", Page[AlertView], {"acknowledged": False, "limit": PAGE_LENGTH})

    async def say_seen(self, alert_id: AlertId) -> AlertView:
        """Say that a Red child has been seen."""
        answer = await self._send("POST", f"/v1/alerts/{alert_id}/acknowledgement", {})
        return AlertView.model_validate_json(answer.content)
