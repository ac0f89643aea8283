"""Who calls, and records to call for."""

import pytest

from deploy.local.postgres import PostgresServer
from tests.hub import Hub
from tests.permissions.scenes import Scenes
from tests.permissions.subjects import Crowd, introduce


@pytest.fixture(scope="session")
def scenes(hub: Hub) -> Scenes:
    return Scenes(hub)


@pytest.fixture(scope="session")
async def crowd(hub: Hub, server: PostgresServer) -> Crowd:
    return await introduce(server, hub)
