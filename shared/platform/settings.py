"""Settings that every service reads: environment only, frozen, no default a secret."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from shared.platform.web_settings import WebSettings

__all__ = ["DatabaseSettings", "ServiceSettings", "WebSettings"]

_SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}


class DatabaseSettings(BaseSettings):
    """Where the one database is and how long anyone waits for it."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: str
    pool_size: int = 10
    pool_acquire_timeout: timedelta = timedelta(seconds=2)
    statement_timeout: timedelta = timedelta(seconds=5)
    lock_timeout: timedelta = timedelta(seconds=2)
    transaction_timeout: timedelta = timedelta(seconds=30)
    connect_timeout: timedelta = timedelta(seconds=3)
    #: Tests alone may turn this on: the database then may forget what it acknowledged.
    allow_unsafe_durability: bool = False

    @property
    def url(self) -> URL:
        """The URL with the asyncpg driver, whatever driver and `sslmode` it was written with."""
        url = make_url(self.database_url).set(drivername="postgresql+asyncpg")
        mode = url.query.get("sslmode")
        if mode is None:
            return url
        if mode not in _SSL_MODES:
            raise ValueError("sslmode of the database URL is not one PostgreSQL knows")
        return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": str(mode)})


class ServiceSettings(WebSettings, DatabaseSettings):
    """A service with a schema, a role and a worker of its own.

    `HUB_<SERVICE>_DATABASE_URL` wins; without it the migrator's `DATABASE_URL` is used with the role
    `hub_<service>` and the password in `HUB_<SERVICE>_PASSWORD_FILE`.
    """

    nats_url: str

    @model_validator(mode="before")
    @classmethod
    def _role_from_shared_url(cls, given: Any) -> Any:
        if isinstance(given, dict) and "database_url" not in given:
            given = given | _own_database_url(cls.model_config.get("env_prefix", ""))
        return given


def _own_database_url(prefix: str) -> dict[str, str]:
    shared = _SharedDatabase()
    if shared.database_url is None:
        return {}
    own = _PasswordFile(_env_prefix=prefix)
    if own.password_file is None:
        return {}
    role = prefix.removesuffix("_").lower()
    url = make_url(shared.database_url).set(username=role, password=own.password_file.read_text().strip())
    return {"database_url": url.render_as_string(hide_password=False)}


class _SharedDatabase(BaseSettings):
    database_url: str | None = None


class _PasswordFile(BaseSettings):
    password_file: Path | None = None
