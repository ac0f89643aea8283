"""What triage reads from its environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import SettingsConfigDict

from services.triage.rules import Times
from shared.platform.settings import ServiceSettings
from shared.schemas.ids import AgencyId, StaffId
from shared.schemas.words import Sector

_LOOPBACK = {"127.0.0.1", "::1"}


class Team(BaseModel):
    """A team of the hub: its key stays, its name and its members may change."""

    model_config = ConfigDict(frozen=True)

    key: Annotated[str, Field(min_length=1, max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    members: frozenset[StaffId] = frozenset()


class Settings(ServiceSettings):
    """No default is a secret, and every default is safe in production."""

    model_config = SettingsConfigDict(env_prefix="HUB_TRIAGE_", frozen=True, extra="ignore")

    intake_url: str
    #: The agency that is asked on behalf of each sector; every case asks them all.
    core_agencies: dict[Sector, AgencyId]
    times: Times = Times()
    #: Different agencies' contacts tell of one incident where it happened within this long of the first;
    #: as ISO 8601, such as PT60M.
    incident_window: timedelta = timedelta(minutes=60)
    #: Where the council's adapter to its own case system takes questions; unset: not connected.
    council_system_url: str | None = None
    #: The secret that proves the hub to the adapter: printable ASCII, at least 32 characters.
    council_system_secret_file: Path | None = None
    #: One more certificate authority to trust there, for an adapter on a private network.
    council_system_ca_file: Path | None = None
    #: The longest one question may take; a page that shows a history waits as long, and no longer.
    council_system_patience: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(seconds=4))] = (
        timedelta(seconds=3)
    )
    #: For trying out on one machine alone: lets the adapter be asked at 127.0.0.1 by plain http.
    allow_loopback_council_system: bool = False

    #: The hub's teams, as JSON: [{"key": "north", "name": "North team", "members": ["<staff id>"]}].
    teams: tuple[Team, ...] = ()
    #: How long a case counts as open with somebody after they last opened its form, and how long a draft is
    #: kept after it was last saved.
    lease: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=8))] = timedelta(minutes=15)
    draft_kept: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=90))] = timedelta(days=14)

    def teams_of(self, staff_id: StaffId) -> frozenset[str]:
        """Return the keys of the teams that somebody is a member of."""
        return frozenset(team.key for team in self.teams if staff_id in team.members)

    @model_validator(mode="after")
    def _asks_the_council_safely(self) -> Self:
        if self.council_system_url is None:
            return self
        if self.council_system_secret_file is None:
            raise ValueError("the council's case system needs a secret file")
        url = httpx.URL(self.council_system_url)
        local = self.allow_loopback_council_system and url.host in _LOOPBACK
        if not url.host or url.userinfo or url.query or url.fragment:
            raise ValueError("the council's case system needs a plain URL: no user, query or fragment")
        if url.scheme != "https" and not (local and url.scheme == "http"):
            raise ValueError("the council's case system is asked by https only")
        return self
