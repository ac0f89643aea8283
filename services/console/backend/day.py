"""What the pages ask of triage about the hub's day: the board, who holds a case, leases and drafts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.console.backend.places import Asking, Services
from shared.problems import NotFound
from shared.schemas.access import Colleague
from shared.schemas.board import Board, BoardChanges, BoardChild, ChildChanges
from shared.schemas.holding import DraftName, DraftView, Holding
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.restricted import RestrictedWaiting
from shared.schemas.shapes import Page

_CASES_AT_ONCE = 200
_ALL = 1000


class Day(Asking):
    """The hub's day, as one signed-in person may see and shape it."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.triage_url)

    async def read_board(self) -> Board:
        """Return the whole board: every child not yet decided, the most urgent case first."""
        items: list[BoardChild] = []
        closed: list[RestrictedWaiting] = []
        cursor = None
        while True:
            page = await self._get("/v1/board", Board, {"limit": _CASES_AT_ONCE, "cursor": cursor})
            items += page.items
            closed += page.closed
            if not page.has_more:
                return page.model_copy(update={"items": items, "closed": closed})
            cursor = page.next_cursor

    async def read_changes(self, since: datetime | None) -> BoardChanges:
        """Return all that is new about every child since an instant, or since the hub closed."""
        items: list[ChildChanges] = []
        cursor = None
        from_at = since.isoformat() if since else None
        while True:
            asked = {"since": from_at, "limit": _CASES_AT_ONCE, "cursor": cursor}
            page = await self._get("/v1/board/changes", BoardChanges, asked)
            items += page.items
            if not page.has_more:
                return page.model_copy(update={"items": items})
            cursor = page.next_cursor

    async def say_wait(self, case_id: CaseId, child_id: ChildId, body: dict[str, Any]) -> None:
        """Say that a child may wait, or who of the emergency duty team has it; Conflict when decided."""
        await self._send("POST", f"/v1/cases/{case_id}/children/{child_id}/waits", body)

    async def get_holding(self, case_id: CaseId) -> Holding:
        """Return who holds a case, who held it, and who has it open."""
        return await self._get(f"/v1/cases/{case_id}/holding", Holding)

    async def allocate(self, case_id: CaseId, body: dict[str, Any]) -> None:
        """Give a case to somebody or to nobody."""
        await self._send("PUT", f"/v1/cases/{case_id}/allocation", body)

    async def list_deciders(self, *, readers: bool = False) -> list[Colleague]:
        """Return the staff to whom a case can be given, by name; with `readers`, who only reads cases too."""
        url = f"{self._services.access_url}/v1/deciders"
        page = await self._get(url, Page[Colleague], {"limit": _ALL, "readers": readers})
        return sorted(page.items, key=lambda each: each.name)

    async def take_lease(self, case_id: CaseId) -> Holding:
        """Say that this person has a case open, and return who else has."""
        response = await self._send("PUT", f"/v1/cases/{case_id}/lease", {})
        return Holding.model_validate_json(response.content)

    async def end_lease(self, case_id: CaseId) -> None:
        """Say that this person is done with a case."""
        await self._send("DELETE", f"/v1/cases/{case_id}/lease", {})

    async def find_draft(self, name: DraftName, subject_id: UUID) -> DraftView | None:
        """Return the person's own draft of a form; None where none is kept."""
        try:
            return await self._get(f"/v1/drafts/{name}/{subject_id}", DraftView)
        except NotFound:
            return None

    async def keep_draft(self, name: DraftName, subject_id: UUID, fields: dict[str, str]) -> DraftView:
        """Keep a draft in the place of an earlier one."""
        response = await self._send("PUT", f"/v1/drafts/{name}/{subject_id}", {"fields": fields})
        return DraftView.model_validate_json(response.content)

    async def forget_draft(self, name: DraftName, subject_id: UUID) -> None:
        """Delete the person's own draft."""
        await self._send("DELETE", f"/v1/drafts/{name}/{subject_id}", {})
