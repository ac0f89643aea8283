"""What access reads from its environment."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.platform.settings import ServiceSettings


class Settings(ServiceSettings):
    """No default is a secret, and every default is safe in production."""

    model_config = SettingsConfigDict(env_prefix="HUB_ACCESS_", frozen=True, extra="ignore")

    signing_key_file: Path = Field(
        description="The private JWK (P-256, with a kid) that signs the hub's tokens."
    )
    public_url: str = Field(description="Where partners and browsers reach access.")
    console_url: str = Field(description="Where browsers reach the console: the only place sign-in leads to.")
    max_body_bytes: int = 64_000
    session_lifetime: timedelta = timedelta(hours=8)
    #: A session nobody has used for this long has ended.
    session_idle_limit: timedelta = timedelta(hours=1)
    #: Only `hub up --demo` turns this on: it lets the console's identity start a session without a password.
    demo: bool = False

    @property
    def issuer(self) -> str:
        """The `iss` of every token: access's address as the other services know it."""
        return self.access_url

    @property
    def audiences(self) -> frozenset[str]:
        """What a client's assertion may be meant for: the issuer or its token endpoint, by either address."""
        roots = {self.access_url, self.public_url}
        return frozenset(roots | {f"{root}/oauth2/token" for root in roots})
