"""What intake reads from its environment."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from shared.platform.settings import ServiceSettings


class Settings(ServiceSettings):
    """No default is a secret, and every default is safe in production."""

    model_config = SettingsConfigDict(env_prefix="HUB_INTAKE_", frozen=True, extra="ignore")

    #: Fernet keys that seal the copies of refused referrals, one a line: the first seals, all open.
    held_copy_key_file: Path
    #: What a sender is told to ring when a child is in danger, after 999.
    hub_telephone: str = "the hub's duty line"
