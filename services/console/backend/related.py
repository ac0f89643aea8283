"""What the pages ask of triage about cases of several households that belong together."""

from typing import Any

from services.console.backend.places import Asking, Services
from shared.schemas.ids import CaseId, RelationId
from shared.schemas.relating import RelationView
from shared.schemas.shapes import Page

_ALL = 1000


class Related(Asking):
    """Related cases, as one signed-in person may see and change them."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.triage_url)

    async def list_of(self, case_id: CaseId) -> Page[RelationView]:
        """Return the relations of a case, those undone included, the oldest first."""
        return await self._get(f"/v1/cases/{case_id}/related", Page[RelationView], {"limit": _ALL})

    async def relate(self, case_id: CaseId, body: dict[str, Any]) -> None:
        """Relate a case to another; Conflict where they are related in this way already."""
        await self._send("POST", f"/v1/cases/{case_id}/related", body)

    async def undo(self, relation_id: RelationId, body: dict[str, Any]) -> None:
        """Undo a relation; Conflict where somebody has."""
        await self._send("POST", f"/v1/relations/{relation_id}/undo", body)
