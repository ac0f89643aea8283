"""What the receiver reads from its environment."""

from pathlib import Path
from typing import Final

from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.files import Folder

#: The partner's system that the receiver stands for.
CLIENT_ID: Final = "northshire-police"


class Settings(BaseSettings):
    """Where the hub is, where the receiver is, and where it keeps what it records."""

    model_config = SettingsConfigDict(env_prefix="HUB_RECEIVER_", frozen=True, extra="ignore")

    host: str
    port: int
    public_url: str
    access_url: str
    notifications_url: str
    data_dir: Path

    @property
    def called_at(self) -> str:
        """The address the hub is asked to call."""
        return f"{self.public_url}/hub/outcomes"

    @property
    def key_file(self) -> Path:
        """The private key of the partner's system."""
        return Folder(self.data_dir).key_of(CLIENT_ID)

    @property
    def own_folder(self) -> Path:
        """Where the receiver keeps its webhook's secret and its records."""
        return Folder(self.data_dir).receiver
