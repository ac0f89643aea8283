"""What the pages ask of triage about the threshold policy and its trials."""

from typing import Any

from services.console.backend.places import PAGE_LENGTH, Asking, Services
from shared.schemas.ids import PolicyReplayId
from shared.schemas.policies import PolicyLine, PolicyView, ReplayedChild, ReplayView
from shared.schemas.shapes import Page


class Policies(Asking):
    """The threshold policy, as one signed-in person may read and change it."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.triage_url)

    async def list_all(self) -> list[PolicyLine]:
        """Return every version: in force, put forward, past."""
        return (await self._get("/v1/policies", Page[PolicyLine])).items

    async def get(self, version: str) -> PolicyView:
        """Return a version as tables."""
        return await self._get(f"/v1/policies/{version}", PolicyView)

    async def submit(self, body: dict[str, Any]) -> None:
        """Put a policy forward; Invalid with a fault for each line, Conflict where its version is taken."""
        await self._send("POST", "/v1/policies", body)

    async def settle(self, version: str, body: dict[str, Any], *, row_version: str) -> None:
        """Approve or refuse a policy that another person put forward."""
        headers = {"If-Match": f'"{row_version}"'}
        await self._send("POST", f"/v1/policies/{version}/approval", body, headers)

    async def withdraw(self, version: str, body: dict[str, Any], *, row_version: str) -> None:
        """Take back a policy of one's own."""
        headers = {"If-Match": f'"{row_version}"'}
        await self._send("POST", f"/v1/policies/{version}/withdrawal", body, headers)

    async def replay(self, version: str, body: dict[str, Any]) -> PolicyReplayId:
        """Have a version tried over past children; Conflict while it is being tried."""
        answer = await self._send("POST", f"/v1/policies/{version}/replays", body)
        return ReplayView.model_validate_json(answer.content).replay_id

    async def list_replays(self, version: str) -> list[ReplayView]:
        """Return the trials of a version, the newest first."""
        return (await self._get(f"/v1/policies/{version}/replays", Page[ReplayView])).items

    async def get_replay(self, replay_id: PolicyReplayId) -> ReplayView:
        """Return a trial as far as it is."""
        return await self._get(f"/v1/policy-replays/{replay_id}", ReplayView)

    async def list_moved(self, replay_id: PolicyReplayId, wanted: dict[str, str]) -> Page[ReplayedChild]:
        """Return a page of the children who would move."""
        path = f"/v1/policy-replays/{replay_id}/children"
        return await self._get(path, Page[ReplayedChild], wanted | {"limit": PAGE_LENGTH})
