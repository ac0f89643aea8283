"""What triage reads from its environment."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

import httpx
from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from services.triage.rules import Times
from shared.platform.settings import ServiceSettings
from shared.schemas.discussions import DiscussionKind
from shared.schemas.ids import AgencyId
from shared.schemas.words import Sector

_LOOPBACK = {"127.0.0.1", "::1"}


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
    #: Who has to be there for a strategy discussion to have a quorum, and beside the hub's manager for a
    #: threshold discussion; as a JSON list of sectors.
    strategy_quorum: frozenset[Sector] = frozenset({Sector.SOCIAL_CARE, Sector.POLICE, Sector.HEALTH})
    threshold_quorum: frozenset[Sector] = frozenset({Sector.POLICE})
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

    @property
    def quorums(self) -> Mapping[DiscussionKind, frozenset[Sector]]:
        """Who has to be at a discussion, by its kind."""
        return {
            DiscussionKind.STRATEGY: self.strategy_quorum,
            DiscussionKind.THRESHOLD: self.threshold_quorum,
        }

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
