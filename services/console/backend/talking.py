"""What the pages ask of triage about discussions, their actions and management oversight."""

from typing import Any

from services.console.backend.places import PAGE_LENGTH, Asking, Services
from shared.schemas.depth import Coverage
from shared.schemas.discussion_actions import DiscussionActionView
from shared.schemas.discussions import DiscussionView
from shared.schemas.ids import AttendeeId, CaseId, DiscussionActionId, DiscussionId
from shared.schemas.invitations import CaseDiscussions, Invitation, Pack
from shared.schemas.measures import AgencyMeasure, Period
from shared.schemas.oversight import OversightMeasure, OversightView
from shared.schemas.shapes import Page

_ALL = 1000


class Talking(Asking):
    """Discussions and oversight, as one signed-in person may see and change them."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.triage_url)

    async def list_of(self, case_id: CaseId) -> CaseDiscussions:
        """Return the discussions about a case's children, and those that are owed."""
        return await self._get(f"/v1/cases/{case_id}/discussions", CaseDiscussions, {"limit": _ALL})

    async def call(self, case_id: CaseId, body: dict[str, Any]) -> DiscussionView:
        """Call a discussion."""
        response = await self._send("POST", f"/v1/cases/{case_id}/discussions", body)
        return DiscussionView.model_validate_json(response.content)

    async def get(self, discussion_id: DiscussionId, record_number: int | None = None) -> DiscussionView:
        """Return a discussion, with its record as it stands or as an earlier version says."""
        asked = {"record_number": record_number}
        return await self._get(f"/v1/discussions/{discussion_id}", DiscussionView, asked)

    async def take(self, discussion_id: DiscussionId, step: str, body: dict[str, Any], version: str) -> None:
        """Record, conclude, call off or issue on the version that was read; Stale when it has moved on."""
        headers = {"If-Match": f'"{version}"'}
        await self._send("POST", f"/v1/discussions/{discussion_id}/{step}", body, headers)

    async def get_pack(self, discussion_id: DiscussionId, attendee_id: AttendeeId) -> Pack:
        """Return what one attendee may read."""
        asked = {"attendee": str(attendee_id)}
        return await self._get(f"/v1/discussions/{discussion_id}/pack", Pack, asked)

    async def list_invitations(self) -> list[Invitation]:
        """Return the discussions that the person's own agency is invited to."""
        return (await self._get("/v1/discussions", Page[Invitation], {"limit": _ALL})).items

    async def add_action(self, discussion_id: DiscussionId, body: dict[str, Any]) -> None:
        """Add an action with its owner and its day."""
        await self._send("POST", f"/v1/discussions/{discussion_id}/actions", body)

    async def list_actions(
        self, *, is_open: bool, mine: bool, cursor: str | None
    ) -> Page[DiscussionActionView]:
        """Return a page of actions, the soonest due first."""
        asked = {"open": is_open, "mine": mine, "limit": PAGE_LENGTH, "cursor": cursor}
        return await self._get("/v1/discussion-actions", Page[DiscussionActionView], asked)

    async def mark(self, action_id: DiscussionActionId, body: dict[str, Any]) -> None:
        """Say whether an action is done."""
        await self._send("POST", f"/v1/discussion-actions/{action_id}/marks", body)

    async def list_oversight(self, case_id: CaseId) -> list[OversightView]:
        """Return what managers entered about a case and its children, the oldest first."""
        path = f"/v1/cases/{case_id}/oversight"
        return (await self._get(path, Page[OversightView], {"limit": _ALL})).items

    async def oversee(self, case_id: CaseId, body: dict[str, Any]) -> None:
        """Sign an entry of management oversight."""
        await self._send("POST", f"/v1/cases/{case_id}/oversight", body)

    async def measure_coverage(self, from_on: str | None, to_on: str | None, by: Period) -> Coverage:
        """Return how deep the hub went for the children decided between two days; Invalid for no span."""
        return await self._get("/v1/measures/coverage", Coverage, {"from": from_on, "to": to_on, "by": by})

    async def measure_agencies(self, from_on: str | None, to_on: str | None, by: Period) -> AgencyMeasure:
        """Return what was decided, answered and found late between two days, by agency."""
        asked = {"from": from_on, "to": to_on, "by": by}
        return await self._get("/v1/measures/agencies", AgencyMeasure, asked)

    async def measure_oversight(self) -> OversightMeasure:
        """Return the share of decided children with oversight, month by month."""
        return await self._get("/v1/measures/oversight", OversightMeasure)
