"""What PostgreSQL itself refuses a service, whatever its code asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from deploy.local.environment import role_url
from deploy.local.files import Folder
from deploy.local.postgres import PostgresServer
from migrations.metadata import METADATA, ROLES, SERVICES

TABLES = [table.fullname for tables in METADATA for table in tables.sorted_tables]
Refused = asyncpg.InsufficientPrivilegeError


@asynccontextmanager
async def connected(role: str, server: PostgresServer, seeded: Folder) -> AsyncIterator[asyncpg.Connection]:
    password = seeded.password_of(role).read_text().strip()
    url = role_url(server.url, role, password).replace("+asyncpg", "")
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ROLES)
async def test_no_service_reads_or_changes_the_audit(
    role: str, server: PostgresServer, seeded: Folder
) -> None:
    async with connected(role, server, seeded) as connection:
        for statement in (
            "SELECT audit_id FROM audit.entry",
            "SELECT count(*) FROM audit.entry",
            "UPDATE audit.entry SET service = 'nobody'",
            "DELETE FROM audit.entry",
            "TRUNCATE audit.entry",
            "INSERT INTO audit.entry (audit_id) VALUES (uuidv7()) RETURNING audit_id",
            "DROP TABLE audit.entry",
            "ALTER TABLE audit.entry DISABLE TRIGGER ALL",
        ):
            with pytest.raises(Refused):
                await connection.execute(statement)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_reads_or_writes_another_services_tables(
    service: str, server: PostgresServer, seeded: Folder
) -> None:
    others = [table for table in TABLES if not table.startswith((f"{service}.", "audit."))]
    async with connected(f"hub_{service}", server, seeded) as connection:
        for table in others:
            for statement in (f"SELECT * FROM {table}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with pytest.raises(Refused):
                    await connection.execute(statement)


async def test_the_reconciler_reads_no_record(server: PostgresServer, seeded: Folder) -> None:
    events = {"outbox", "inbox", "consumer", "failure", "parked"}
    records = [table for table in TABLES if table.split(".")[1] not in events]
    async with connected("hub_reconciler", server, seeded) as connection:
        for table in records:
            if not table.startswith("reconciler."):
                with pytest.raises(Refused):
                    await connection.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_can_make_anything_or_become_anyone(
    role: str, server: PostgresServer, seeded: Folder
) -> None:
    async with connected(role, server, seeded) as connection:
        for statement in (
            "CREATE SCHEMA mine",
            "CREATE TABLE public.mine (one int)",
            f"CREATE TABLE {role.removeprefix('hub_')}.mine (one int)",
            "CREATE ROLE mine",
            "SET ROLE hub_migrator",
            "ALTER SYSTEM SET fsync = off",
            "COPY (SELECT 1) TO PROGRAM 'true'",
        ):
            with pytest.raises(Refused):
                await connection.execute(statement)


async def test_no_role_is_above_the_rules(server: PostgresServer, seeded: Folder) -> None:
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    above = await connection.fetch(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY($1)"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)",
        ROLES,
    )
    owned = await connection.fetch("SELECT tablename FROM pg_tables WHERE tableowner = ANY($1)", ROLES)
    await connection.close()
    assert (list(above), list(owned)) == ([], [])
