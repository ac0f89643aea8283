"""Everyone who asks, and everything they ask for."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from deploy.local.postgres import PostgresServer
from tests.hub import Hub
from tests.permissions.scenes import Scenes
from tests.permissions.subjects import Crowd, introduce


@pytest.fixture(scope="session")
async def crowd(server: PostgresServer, hub: Hub) -> Crowd:
    """Everyone of the table of permissions."""
    return await introduce(server, hub)


@pytest.fixture(scope="session")
def scenes(hub: Hub) -> Scenes:
    """The records that are asked for."""
    return Scenes(hub)


@pytest.fixture(scope="session")
async def owner(server: PostgresServer) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the database's owner, who alone may read the audit."""
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    yield connection
    await connection.close()
