"""What triage reads from its environment."""

from datetime import timedelta

from pydantic_settings import SettingsConfigDict

from services.triage.rules import Times
from shared.platform.settings import ServiceSettings
from shared.schemas.ids import AgencyId
from shared.schemas.words import Sector


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
