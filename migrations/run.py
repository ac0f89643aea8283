"""Bring roles, schemas, tables and grants up to date; safe when two do it at once."""

import asyncio
import secrets
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from migrations.grants import grant_all
from migrations.metadata import ROLES, SCHEMAS

#: Any number will do, as long as every migrator of the hub takes the same.
_ONE_AT_A_TIME = 7_345_001
_POWERLESS = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"


def migrate(database_url: str, secrets_dir: Path) -> None:
    """Make the roles with their passwords, run every migration that is missing, set the grants.

    Args:
        database_url: the migrator's; it may create roles and schemas.
        secrets_dir: `hub_<service>.password` files; a missing one is made up.

    Raises:
        sqlalchemy.exc.DBAPIError: the database is away, or a lock could not be had within two seconds.
    """
    passwords = {role: _password(secrets_dir / f"{role}.password") for role in ROLES}
    asyncio.run(_migrate(database_url, passwords))


def alembic_config(connection: Connection) -> Config:
    """Return the configuration under which Alembic works on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    return config


async def _migrate(database_url: str, passwords: dict[str, str]) -> None:
    url = make_url(database_url).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ONE_AT_A_TIME})
            await connection.commit()
            await _make_roles(connection, passwords)
            await bring_up_tables(connection)
            await grant_all(connection)
            await connection.commit()
    finally:
        await engine.dispose()


async def _make_roles(connection: AsyncConnection, passwords: dict[str, str]) -> None:
    for role, password in passwords.items():
        known = await connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role})
        verb = "ALTER" if known else "CREATE"
        # A statement like this takes no parameters; names and passwords are ours: letters, digits, - and _.
        await connection.exec_driver_sql(f"{verb} ROLE {role} {_POWERLESS} PASSWORD '{_plain(password)}'")
    await connection.commit()


def _plain(password: str) -> str:
    if not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in password):
        raise ValueError("a role's password may hold only letters, digits, - and _")
    return password


async def bring_up_tables(connection: AsyncConnection) -> None:
    """Make the schemas and run every migration that is missing."""
    for schema in SCHEMAS:
        await connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    await connection.run_sync(lambda inner: command.upgrade(alembic_config(inner), "head"))
    await connection.commit()


def _password(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(32))
    return file.read_text().strip()
