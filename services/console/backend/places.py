"""Where the services answer, and how one of them is asked."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel

from services.console.exchange import exchange
from shared.problems import Problem
from shared.schemas.access import Agency
from shared.schemas.ids import AgencyId
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


class Asking:
    """One service, as one signed-in person may use it.

    Every method raises what `exchange` does: SignedOut, the service's own Problem, or Unavailable.
    """

    def __init__(self, services: Services, token: str, url: str) -> None:
        self._services = services
        self._token = token
        self._url = url

    async def _get(self, path: str, answer: type[Model], asked: Mapping[str, Any] | None = None) -> Model:
        """Return what stands at a path, or at a whole URL of another service."""
        url = path if path.startswith("http") else self._url + path
        response = await exchange(self._services.http, "GET", url, self._token, params=said(asked or {}))
        return answer.model_validate_json(response.content)

    async def _send(
        self, method: str, path: str, body: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return await exchange(
            self._services.http, method, self._url + path, self._token, json=body, headers=dict(headers or {})
        )


def said(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return those parameters that say something, as an address carries them."""
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in asked.items()
        if value is not None
    }
