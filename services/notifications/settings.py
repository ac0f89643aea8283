"""What notifications reads from its environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import SettingsConfigDict

from shared.platform.settings import ServiceSettings
from shared.schemas.words import Pathway


class TeamSetting(BaseModel):
    """Who a partner rings about an outcome; what is left out is the hub's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str | None = None
    telephone: str | None = None


class Settings(ServiceSettings):
    """No default is a secret, and every default is safe in production."""

    model_config = SettingsConfigDict(env_prefix="HUB_NOTIFICATIONS_", frozen=True, extra="ignore")

    intake_url: str
    triage_url: str
    #: Where partners reach this service; the links in webhook bodies start with it.
    public_url: str
    #: Fernet keys that seal webhook secrets, one a line: the first seals, all open.
    webhook_key_file: Path
    #: For the demo on one machine alone: lets webhooks reach this machine, by plain http too.
    allow_loopback_webhooks: bool = False
    #: More certificate authorities to trust when calling webhooks, for partners on a private network.
    webhook_ca_file: Path | None = None

    #: What partners are told to ring where no team's own number is configured.
    hub_telephone: str = "the hub's duty line"
    #: Changes to the teams of `rules.TEAM_NAMES`, as JSON: {"early_help": {"name": ..., "telephone": ...}}.
    teams: dict[Pathway, TeamSetting] = {}
    #: Working days in which a partner may challenge a decision, from when it is told.
    challenge_days: Annotated[int, Field(ge=0, le=60)] = 10

    #: Seconds before the first try of a delivery and between one try and the next: ten tries in 75 hours and
    #: 35 minutes, as the Standard Webhooks specification recommends.
    attempt_delays_seconds: Annotated[tuple[float, ...], Field(min_length=1)] = (
        0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400
    )  # fmt: skip
    #: The longest one try may take, from looking up the name to the end of the answer.
    attempt_deadline: timedelta = timedelta(seconds=15)
    deliveries_at_once: Annotated[int, Field(ge=1, le=200)] = 16
    #: So that a receiver that never answers holds up nobody but itself.
    deliveries_at_once_per_webhook: Annotated[int, Field(ge=1, le=50)] = 2
