"""One history of the database, in order, that says what the models say."""

import asyncio
import importlib
import re
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.files import Folder
from deploy.local.postgres import PostgresServer
from migrations import metadata
from migrations.run import alembic_config
from tests.house.source import ROOT

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def test_migrations_are_numbered_and_their_file_is_their_name() -> None:
    numbers = [int(file.name[:4]) for file in VERSIONS]
    revisions = [importlib.import_module(f"migrations.versions.{file.stem}").revision for file in VERSIONS]
    assert numbers == list(range(1, len(VERSIONS) + 1))
    assert revisions == [file.stem for file in VERSIONS]


def test_the_history_has_one_end() -> None:
    assert ScriptDirectory(str(ROOT / "migrations")).get_heads() == [VERSIONS[-1].stem]


def test_the_history_says_what_the_models_say(server: PostgresServer, seeded: Folder) -> None:
    assert seeded.root.exists()

    async def compare() -> None:
        engine = create_async_engine(server.url)
        async with engine.connect() as connection:
            await connection.run_sync(_check)
        await engine.dispose()

    asyncio.run(compare())


def _check(connection: Connection) -> None:
    command.check(alembic_config(connection))


def test_every_table_says_what_it_is_for_and_how_long_it_is_kept() -> None:
    silent = [
        table.fullname
        for tables in metadata.METADATA
        for table in tables.tables.values()
        if not re.search(r"Retention: [a-z]+\.$", table.comment or "")
    ]
    assert silent == []


def test_every_schema_has_a_folder_of_its_own() -> None:
    assert all((Path(ROOT) / "services" / name).is_dir() for name in metadata.SERVICES)
