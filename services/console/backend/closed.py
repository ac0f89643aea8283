"""What the pages ask of triage about restricted cases: whom managers name, and emergencies."""

from typing import Any

from services.console.backend.places import PAGE_LENGTH, Asking, Services
from shared.schemas.ids import AccessId, CaseId
from shared.schemas.restricted import AccessView, CaseAccesses
from shared.schemas.shapes import Page


class Closed(Asking):
    """Restricted cases, as one signed-in person may open them or let others in."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.triage_url)

    async def list_accesses(self, case_id: CaseId) -> CaseAccesses:
        """Return whether a case is restricted, and to whom besides managers it is or was open."""
        return await self._get(f"/v1/cases/{case_id}/accesses", CaseAccesses)

    async def name(self, case_id: CaseId, body: dict[str, Any]) -> None:
        """Name somebody for a restricted case; Conflict where it is open."""
        await self._send("POST", f"/v1/cases/{case_id}/accesses", body)

    async def take_back(self, access_id: AccessId) -> None:
        """Close a case again to somebody; Conflict where it is."""
        await self._send("POST", f"/v1/accesses/{access_id}/end", {})

    async def open_in_emergency(self, case_id: CaseId, reason: str) -> AccessView:
        """Open a restricted case to oneself for an hour; Conflict where it is open already."""
        answer = await self._send("POST", f"/v1/cases/{case_id}/emergency-access", {"reason": reason})
        return AccessView.model_validate_json(answer.content)

    async def list_emergencies(self, *, looked_at: bool, cursor: str | None = None) -> Page[AccessView]:
        """Return a page of the openings in an emergency, the oldest first."""
        asked = {"looked_at": str(looked_at).lower(), "limit": PAGE_LENGTH, "cursor": cursor}
        return await self._get("/v1/emergency-accesses", Page[AccessView], asked)

    async def look_at(self, access_id: AccessId, words: str) -> None:
        """Say what one found when looking at an opening; Conflict where another manager has."""
        await self._send("POST", f"/v1/emergency-accesses/{access_id}/look", {"words": words})
