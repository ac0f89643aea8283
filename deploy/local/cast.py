"""Who takes part in the demo: its agencies, their systems and its people, all of them invented."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml


@dataclass(frozen=True, slots=True)
class DemoAgency:
    """An agency of the demo's partnership."""

    agency_id: UUID
    name: str
    sector: str


@dataclass(frozen=True, slots=True)
class DemoClient:
    """An agency's system; `auth` is how it proves itself to access."""

    client_id: str
    agency: DemoAgency
    name: str
    auth: str

    @property
    def has_key(self) -> bool:
        """Whether it proves itself with a private key rather than with a secret."""
        return self.auth == "private_key_jwt"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Someone who may sign in."""

    staff_id: UUID
    username: str
    name: str
    agency: DemoAgency
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """Everyone in the demo.

    Attributes:
        asked: by sector, the agency that the hub asks on its behalf.
        sources: by source, an agency that holds what it knows, beside the one that is asked for the sector.
        teams: the hub's teams, as triage's settings take them.
    """

    agencies: tuple[DemoAgency, ...]
    clients: tuple[DemoClient, ...]
    staff: tuple[DemoPerson, ...]
    asked: dict[str, DemoAgency]
    sources: dict[str, DemoAgency]
    teams: tuple[dict[str, Any], ...]


@cache
def demo_cast() -> Cast:
    """Return the cast, as demo_data.yaml lists it."""
    listed = yaml.safe_load(files(__package__).joinpath("demo_data.yaml").read_text(encoding="utf-8"))
    agencies = {key: DemoAgency(**_with_id(said, "agency_id")) for key, said in listed["agencies"].items()}
    return Cast(
        agencies=tuple(agencies.values()),
        clients=tuple(
            DemoClient(**{**said, "agency": agencies[said["agency"]]}) for said in listed["clients"]
        ),
        staff=tuple(_person(said, agencies) for said in listed["staff"]),
        asked={sector: agencies[key] for sector, key in listed["asked"].items()},
        sources={source: agencies[key] for source, key in listed["sources"].items()},
        teams=tuple(listed["teams"]),
    )


def _person(said: dict[str, Any], agencies: dict[str, DemoAgency]) -> DemoPerson:
    known = {"agency": agencies[said["agency"]], "roles": tuple(said["roles"])}
    return DemoPerson(**{**_with_id(said, "staff_id"), **known})


def _with_id(said: dict[str, Any], name: str) -> dict[str, Any]:
    return {**said, name: UUID(said[name])}
