"""Settings of a process that answers HTTP; apart from the database's, since the console has none."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class WebSettings(BaseSettings):
    """What a process that answers HTTP needs."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    host: str = "127.0.0.1"
    port: int
    access_url: str = Field(description="Where access answers inside the deployment.")
    key_file: Path = Field(description="This service's own private JWK.")
    max_body_bytes: int = 2_000_000
