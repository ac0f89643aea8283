"""What the pages ask of triage, and of the machinery of every service."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from services.console.backend.places import PAGE_LENGTH, Asking, Services
from services.console.exchange import exchange
from shared.schemas.access import Agency
from shared.schemas.asking import InformationRequestView
from shared.schemas.cases import CaseLine, CaseView
from shared.schemas.chronology import Chronology
from shared.schemas.decision_records import FramePart
from shared.schemas.decisions import DecisionMade
from shared.schemas.depth import DepthView
from shared.schemas.ids import AgencyId, CaseId, ChildId, DecisionId, EventId, JoinId, RequestId
from shared.schemas.joining import CasesBeside, JoinMade
from shared.schemas.parked import ParkedEvent
from shared.schemas.shapes import Page
from shared.schemas.work_lists import WorkLists

_ALL_LINES = 1000


class Backend(Asking):
    """Cases and what is asked about them, as one signed-in person may see and change them."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.triage_url)

    async def agencies(self) -> Mapping[AgencyId, Agency]:
        """Return the partnership's agencies by id; what is known of them when access is away."""
        return await self._services.agencies.list_all(self._services, self._token)

    async def list_cases(
        self, *, queue: str, cursor: str | None = None, limit: int = PAGE_LENGTH
    ) -> Page[CaseLine]:
        """Return a page of the work list, in the order the hub wants it worked on."""
        asked = {"queue": queue, "limit": limit, "cursor": cursor}
        return await self._get("/v1/cases", Page[CaseLine], asked)

    async def count_work(self) -> WorkLists:
        """Return how much waits in each part of the work list."""
        return await self._get("/v1/work-lists", WorkLists)

    async def list_cases_of(self, reference: str) -> Page[CaseLine]:
        """Return the cases that a contact with this reference belongs to: one or none."""
        return await self._get("/v1/cases", Page[CaseLine], {"reference": reference})

    async def get_case(self, case_id: CaseId) -> CaseView:
        """Return a case as this person may see it."""
        return await self._get(f"/v1/cases/{case_id}", CaseView)

    async def get_chronology(
        self, case_id: CaseId, child_id: ChildId, cursor: str | None = None
    ) -> Chronology:
        """Return what has happened to a child, oldest first, as this person may see it."""
        asked = {"cursor": cursor, "limit": _ALL_LINES}
        return await self._get(f"/v1/cases/{case_id}/children/{child_id}/chronology", Chronology, asked)

    async def list_requests(self, *, answered: bool, cursor: str | None) -> Page[InformationRequestView]:
        """Return a page of the questions put to agencies that this person may see, the soonest due first."""
        asked = {"answered": answered, "limit": PAGE_LENGTH, "cursor": cursor}
        return await self._get("/v1/information-requests", Page[InformationRequestView], asked)

    async def give_grade(
        self, case_id: CaseId, child_id: ChildId, agency_id: AgencyId, body: dict[str, Any]
    ) -> None:
        """Record an agency's grade; the same grade again changes nothing."""
        await self._send("PUT", f"/v1/cases/{case_id}/children/{child_id}/grades/{agency_id}", body)

    async def ask_agencies(self, case_id: CaseId, body: dict[str, Any]) -> None:
        """Ask agencies what they know of people of a case."""
        await self._send("POST", f"/v1/cases/{case_id}/information-requests/several", body)

    async def record_basis(self, case_id: CaseId, body: Mapping[str, Any]) -> None:
        """Say on what ground agencies are asked; what waited for one goes out."""
        await self._send("POST", f"/v1/cases/{case_id}/lawful-basis", dict(body))

    async def answer_request(self, request_id: RequestId, body: dict[str, Any]) -> None:
        """Answer a question put to the person's own agency."""
        await self._send("POST", f"/v1/information-requests/{request_id}/answer", body)

    async def decide(
        self, case_id: CaseId, child_id: ChildId, body: dict[str, Any], *, version: str
    ) -> DecisionMade:
        """Record a decision made on one version of the case; Stale when it has changed since."""
        path = f"/v1/cases/{case_id}/children/{child_id}/decisions"
        response = await self._send("POST", path, body, {"If-Match": f'"{version}"'})
        return DecisionMade.model_validate_json(response.content)

    async def list_risk_frame(self) -> Sequence[FramePart]:
        """Return the headings under which a decision analyses risk."""
        return (await self._get("/v1/risk-frame", Page[FramePart])).items

    async def look_again(self, decision_id: DecisionId, body: dict[str, Any], *, version: str) -> None:
        """Record the second look at a decision; Stale when its case is past `version`."""
        await self._send("POST", f"/v1/decisions/{decision_id}/approval", body, {"If-Match": f'"{version}"'})

    async def get_depth(self, case_id: CaseId, child_id: ChildId) -> DepthView:
        """Return how deep the hub goes for a child, and every change of it."""
        return await self._get(f"/v1/cases/{case_id}/children/{child_id}/depth", DepthView)

    async def set_depth(
        self, case_id: CaseId, child_id: ChildId, body: dict[str, Any], *, version: str
    ) -> None:
        """Set how deep the hub goes for a child; Stale when its case is past `version`."""
        path = f"/v1/cases/{case_id}/children/{child_id}/depth"
        await self._send("PUT", path, body, {"If-Match": f'"{version}"'})

    async def get_beside(self, case_id: CaseId) -> CasesBeside:
        """Return the other cases of the same people, and whether anyone could look for them."""
        return await self._get(f"/v1/cases/{case_id}/beside", CasesBeside)

    async def join(self, case_id: CaseId, body: dict[str, Any], *, version: int) -> JoinMade:
        """Have a contact of another case join this one; Stale when this one is past `version`."""
        response = await self._send("POST", f"/v1/cases/{case_id}/joins", body, {"If-Match": f'"{version}"'})
        return JoinMade.model_validate_json(response.content)

    async def undo_join(self, join_id: JoinId, body: dict[str, Any], *, version: str) -> JoinMade:
        """Have a contact go back to the case it came from; Stale when its case is past `version`."""
        response = await self._send("POST", f"/v1/joins/{join_id}/undo", body, {"If-Match": f'"{version}"'})
        return JoinMade.model_validate_json(response.content)

    async def list_parked(self, service: str) -> Page[ParkedEvent]:
        """Return the first events that a service gave up."""
        return await self._get(f"{self._services.url_of(service)}/v1/parked-events", Page[ParkedEvent])

    async def release_parked(self, service: str, handler: str, event_id: EventId) -> None:
        """Have an event tried again; NotFound when it is not parked any more."""
        url = (
            f"{self._services.url_of(service)}/v1/parked-events/{quote(handler, safe='')}/{event_id}/release"
        )
        await exchange(self._services.http, "POST", url, self._token)
