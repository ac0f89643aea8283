"""Write the next migration from what the models say and the history does not yet."""

import asyncio
import re
import socket
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import migrations
from deploy.local.postgres import running_postgres
from migrations.metadata import SCHEMAS
from migrations.run import alembic_config, bring_up_tables

#: What Alembic's own table holds.
_LONGEST_REVISION = 32
_VERSIONS = Path(str(files(migrations))) / "versions"


def write_migration(message: str) -> Path:
    """Write the migration that `message` announces, for the one schema it starts with, and return its file.

    Args:
        message: `triage add decision reason`; becomes `0007_triage_add_decision_reason`.

    Raises:
        ValueError: the message does not start with a schema of ours, or is too long for a revision id.
    """
    words = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")
    schema = words.partition("_")[0]
    if schema not in SCHEMAS:
        raise ValueError(f"start with the schema it changes: {', '.join(SCHEMAS)}")
    revision = f"{len(list(_VERSIONS.glob('[0-9]*.py'))) + 1:04d}_{words}"
    if len(revision) > _LONGEST_REVISION:
        raise ValueError(f"say it shorter: {revision} has more than {_LONGEST_REVISION} characters")
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder) / "pg", _free_port(), durable=False) as server,
    ):
        asyncio.run(_write(server.url, message, revision, schema))
    return _VERSIONS / f"{revision}.py"


async def _write(url: str, message: str, revision: str, schema: str) -> None:
    def compare(connection: Connection) -> None:
        config = alembic_config(connection)
        config.attributes["schema"] = schema
        command.revision(config, message, autogenerate=True, rev_id=revision)

    engine = create_async_engine(url)
    async with engine.connect() as connection:
        await bring_up_tables(connection)
        await connection.run_sync(compare)
    await engine.dispose()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    try:
        print(f"Written: {write_migration(' '.join(sys.argv[1:]))}. Read it before you commit it.")
    except ValueError as error:
        sys.exit(f'make migration m="triage add decision reason": {error}')
