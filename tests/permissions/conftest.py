"""Everyone who asks, and everything they ask for."""

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
