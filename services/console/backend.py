"""What the pages ask of the services, always with the signed-in person's own token."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from services.console.exchange import exchange
from shared.problems import Problem
from shared.schemas.access import Agency
from shared.schemas.cases import CaseLine, CaseView, DecisionMade, InformationRequestView
from shared.schemas.ids import AgencyId, CaseId, ChildId, EventId, RequestId
from shared.schemas.parked import ParkedEvent
from shared.schemas.progress import ReferralProgress
from shared.schemas.shapes import Page

Model = TypeVar("Model", bound=BaseModel)

AGENCIES_SECONDS = 60
PAGE_LENGTH = 25
_ALL = 1000


@dataclass(frozen=True, slots=True)
class Services:
    """Where the services answer, and the agencies' names, which are nobody's secret."""

    http: httpx.AsyncClient
    access_url: str
    triage_url: str
    intake_url: str
    notifications_url: str
    agencies: "Agencies"

    def url_of(self, service: str) -> str:
        """Return where a service answers; KeyError for one that has no pages here."""
        return {
            "intake": self.intake_url,
            "triage": self.triage_url,
            "notifications": self.notifications_url,
        }[service]


class Agencies:
    """The agencies of the partnership, asked for at most once a minute; old names outlive an outage."""

    def __init__(self) -> None:
        self._known: dict[AgencyId, Agency] = {}
        self._good_until = 0.0

    async def list_all(self, services: Services, token: str) -> Mapping[AgencyId, Agency]:
        """Return every agency by its id, in the order of names."""
        if time.monotonic() >= self._good_until:
            try:
                url = f"{services.access_url}/v1/agencies"
                response = await exchange(services.http, "GET", url, token, params={"limit": _ALL})
            except Problem:
                # A page about a child is not held back for want of an agency's name.
                return self._known
            found = Page[Agency].model_validate_json(response.content).items
            self._known = {agency.agency_id: agency for agency in sorted(found, key=lambda each: each.name)}
            self._good_until = time.monotonic() + AGENCIES_SECONDS
        return self._known


class Backend:
    """The services, as one signed-in person may use them.

    Every method raises what `exchange` does: SignedOut, the service's own Problem, or Unavailable.
    """

    def __init__(self, services: Services, token: str) -> None:
        self._services = services
        self._token = token

    async def agencies(self) -> Mapping[AgencyId, Agency]:
        """Return the partnership's agencies by id; what is known of them when access is away."""
        return await self._services.agencies.list_all(self._services, self._token)

    async def list_cases(
        self, *, queue: str, cursor: str | None = None, limit: int = PAGE_LENGTH
    ) -> Page[CaseLine]:
        """Return a page of the work list, in the order the hub wants it worked on."""
        asked = {"queue": queue, "limit": limit} | ({"cursor": cursor} if cursor else {})
        return await self._get(f"{self._services.triage_url}/v1/cases", Page[CaseLine], asked)

    async def list_cases_of(self, reference: str) -> Page[CaseLine]:
        """Return the cases that a contact with this reference belongs to: one or none."""
        return await self._get(
            f"{self._services.triage_url}/v1/cases", Page[CaseLine], {"reference": reference}
        )

    async def get_progress(self, reference: str) -> ReferralProgress:
        """Return where a contact is; NotFound when the hub has none that this person may see."""
        return await self._get(f"{self._services.intake_url}/v1/referrals/{reference}", ReferralProgress)

    async def get_case(self, case_id: CaseId) -> CaseView:
        """Return a case as this person may see it."""
        return await self._get(f"{self._services.triage_url}/v1/cases/{case_id}", CaseView)

    async def list_requests(self, *, answered: bool, cursor: str | None) -> Page[InformationRequestView]:
        """Return a page of the questions put to agencies that this person may see, the soonest due first."""
        asked = {"answered": str(answered).lower(), "limit": PAGE_LENGTH} | (
            {"cursor": cursor} if cursor else {}
        )
        url = f"{self._services.triage_url}/v1/information-requests"
        return await self._get(url, Page[InformationRequestView], asked)

    async def give_grade(
        self, case_id: CaseId, child_id: ChildId, agency_id: AgencyId, body: dict[str, Any]
    ) -> None:
        """Record an agency's grade; the same grade again changes nothing."""
        await self._send("PUT", f"/v1/cases/{case_id}/children/{child_id}/grades/{agency_id}", body)

    async def ask_agency(self, case_id: CaseId, body: dict[str, Any]) -> None:
        """Ask an agency what it knows."""
        await self._send("POST", f"/v1/cases/{case_id}/information-requests", body)

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

    async def list_parked(self, service: str) -> Page[ParkedEvent]:
        """Return the first events that a service gave up."""
        return await self._get(f"{self._services.url_of(service)}/v1/parked-events", Page[ParkedEvent])

    async def release_parked(self, service: str, handler: str, event_id: EventId) -> None:
        """Have an event tried again; NotFound when it is not parked any more."""
        url = (
            f"{self._services.url_of(service)}/v1/parked-events/{quote(handler, safe='')}/{event_id}/release"
        )
        await exchange(self._services.http, "POST", url, self._token)

    async def _get(self, url: str, answer: type[Model], asked: Mapping[str, Any] | None = None) -> Model:
        response = await exchange(self._services.http, "GET", url, self._token, params=dict(asked or {}))
        return answer.model_validate_json(response.content)

    async def _send(
        self, method: str, path: str, body: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        url = self._services.triage_url + path
        return await exchange(
            self._services.http, method, url, self._token, json=body, headers=dict(headers or {})
        )
