"""What the console reads from its environment."""

from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from shared.platform.web_settings import WebSettings


class Settings(WebSettings):
    """No default is a secret, and every default is safe in production."""

    model_config = SettingsConfigDict(env_prefix="HUB_CONSOLE_", frozen=True, extra="ignore")

    public_url: str = Field(description="Where browsers find the console, without a slash at the end.")
    access_public_url: str = Field(
        default_factory=lambda given: str(given["access_url"]),
        description="Where browsers find access's sign-in page.",
    )
    triage_url: str
    intake_url: str
    notifications_url: str

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over https alone: always, but on one machine's loopback."""
        return urlsplit(self.public_url).scheme == "https"

    @model_validator(mode="after")
    def _nothing_in_the_clear(self) -> Self:
        for url in (self.public_url, self.access_public_url):
            parts = urlsplit(url)
            if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
                raise ValueError("pages for staff are served by https; plain http is for loopback addresses")
        return self


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
