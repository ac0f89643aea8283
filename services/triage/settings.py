"""What triage reads from its environment."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import SettingsConfigDict

from services.triage.rules import Times
from shared.platform.settings import ServiceSettings
from shared.schemas.decision_records import FramePart
from shared.schemas.discussions import DiscussionKind
from shared.schemas.ids import AgencyId, StaffId
from shared.schemas.words import Sector
from shared.schemas.words_asking import SOURCES_OF, ConsentPolicy, Source

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
    #: The agency that is asked on behalf of each sector; every case asks them all. A sector that is several
    #: sources may name an agency for each of them; one agency alone is responsible for all of them.
    core_agencies: dict[Sector, AgencyId | dict[Source, AgencyId]]
    #: What happens where neither the family nor the sender gives the hub a ground to ask agencies on.
    consent_policy: ConsentPolicy = ConsentPolicy.PUBLIC_TASK
    times: Times = Times()
    #: Under which headings a decision analyses risk; as JSON, a list of {key, heading}.
    risk_frame: Annotated[tuple[FramePart, ...], Field(min_length=1, max_length=20)] = (
        FramePart(key="worried_about", heading="What are we worried about?"),
        FramePart(key="working_well", heading="What is working well?"),
        FramePart(key="needs_to_happen", heading="What needs to happen?"),
    )
    #: Who answers for a child until it is decided, by the name that people ask for.
    duty_manager: str = "The hub's duty manager"
    #: Different agencies' contacts tell of one incident where it happened within this long of the first;
    #: as ISO 8601, such as PT60M.
    incident_window: timedelta = timedelta(minutes=60)
    #: A place is a hot spot where, within this long, so many other families were told of with signs of
    #: exploitation, gangs, trafficking or going missing. A place is a postcode district, or a school.
    hot_spot_window: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=366))] = timedelta(days=90)
    hot_spot_families: Annotated[int, Field(ge=2, le=100)] = 3
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
    #: The hub's teams, as JSON: [{"key": "north", "name": "North team", "members": ["<staff id>"]}].
    teams: tuple[Team, ...] = ()
    #: How long a case counts as open with somebody after they last opened its form, and how long a draft is
    #: kept after it was last saved.
    lease: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=8))] = timedelta(minutes=15)
    draft_kept: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(days=90))] = timedelta(days=14)

    #: The longest rest of what runs by the clock: timers, and Red children nobody has acknowledged.
    schedule_every: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(minutes=1))] = timedelta(
        seconds=10
    )
    #: How often children for whom nothing happens are looked for.
    drift_every: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=1))] = timedelta(minutes=10)
    #: Where a page about a Red child goes (a webhook, or an adapter to text messages or e-mail), and where
    #: when nobody has acknowledged it in time; unset: on screen alone.
    red_page_url: str | None = None
    red_page_second_url: str | None = None
    #: The secret that proves the hub there: printable ASCII, at least 32 characters.
    red_page_secret_file: Path | None = None
    #: One more certificate authority to trust there, for a gateway on a private network.
    red_page_ca_file: Path | None = None
    #: The longest one try may take.
    red_page_patience: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(seconds=30))] = timedelta(
        seconds=10
    )
    red_escalate_after: Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=1))] = timedelta(
        minutes=10
    )
    #: Everybody is called again after so long, once nobody acknowledged in time and until somebody does.
    red_page_again_after: Annotated[timedelta, Field(ge=timedelta(minutes=1), le=timedelta(hours=4))] = (
        timedelta(minutes=15)
    )
    #: For trying out on one machine alone: lets pages go to 127.0.0.1 by plain http.
    allow_loopback_red_page: bool = False

    @model_validator(mode="after")
    def _names_sources_of_their_sector(self) -> Self:
        for sector, asked in self.core_agencies.items():
            if isinstance(asked, dict) and not (asked and set(asked) <= set(SOURCES_OF.get(sector, ()))):
                raise ValueError(f"the core agencies of {sector} name a source that is not one of its own")
        return self

    def core_sources(self) -> dict[tuple[Sector, AgencyId], tuple[Source, ...]]:
        """Return whom every case asks, by sector and agency, with the sources that each looks in."""
        found: dict[tuple[Sector, AgencyId], tuple[Source, ...]] = {}
        for sector, asked in self.core_agencies.items():
            named = asked if isinstance(asked, dict) else dict.fromkeys(SOURCES_OF.get(sector, ()), asked)
            if not isinstance(asked, dict):
                found[sector, asked] = ()
            for source, agency_id in named.items():
                found[sector, agency_id] = (*found.get((sector, agency_id), ()), source)
        return found

    def teams_of(self, staff_id: StaffId) -> frozenset[str]:
        """Return the keys of the teams that somebody is a member of."""
        return frozenset(team.key for team in self.teams if staff_id in team.members)

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
        local = self.allow_loopback_council_system
        _require_safe("the council's case system", self.council_system_url, allow_loopback=local)
        return self

    @model_validator(mode="after")
    def _pages_safely(self) -> Self:
        urls = [url for url in (self.red_page_url, self.red_page_second_url) if url is not None]
        if urls and self.red_page_secret_file is None:
            raise ValueError("pages about Red children need a secret file")
        for url in urls:
            _require_safe("a page about a Red child", url, allow_loopback=self.allow_loopback_red_page)
        return self


def _require_safe(what: str, address: str, *, allow_loopback: bool) -> None:
    """Refuse an address that a secret and the hub's words must not go to."""
    url = httpx.URL(address)
    local = allow_loopback and url.host in _LOOPBACK
    if not url.host or url.userinfo or url.query or url.fragment:
        raise ValueError(f"{what} needs a plain URL: no user, query or fragment")
    if url.scheme != "https" and not (local and url.scheme == "http"):
        raise ValueError(f"{what} is asked by https only")
