"""What triage reads from its environment."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict
from pydantic_settings import SettingsConfigDict

from shared.platform.settings import ServiceSettings
from shared.schemas.ids import AgencyId
from shared.schemas.words import Sector


class Times(BaseModel):
    """How long agencies and deciders have. Red runs through the night; the others count working time."""

    model_config = ConfigDict(frozen=True)

    red_decision: timedelta = timedelta(hours=4)
    red_return: timedelta = timedelta(hours=2)
    amber_return_working: timedelta = timedelta(hours=6)
    green_return_working: timedelta = timedelta(hours=24)


class Settings(ServiceSettings):
    """No default is a secret, and every default is safe in production."""

    model_config = SettingsConfigDict(env_prefix="HUB_TRIAGE_", frozen=True, extra="ignore")

    intake_url: str
    #: The agency that is asked on behalf of each sector; every case asks them all.
    core_agencies: dict[Sector, AgencyId]
    times: Times = Times()
