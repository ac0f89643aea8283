"""What all tests share: one PostgreSQL for each worker, and a hub in process on it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import uvloop
from hypothesis import HealthCheck, settings

from deploy.local.files import Folder
from deploy.local.keys import make_missing_keys
from deploy.local.postgres import PostgresServer, running_postgres
from deploy.local.seed import load
from migrations.run import migrate
from shared.platform.process import leave_what_is_loaded_alone
from tests import carrying
from tests.counts import pytest_terminal_summary
from tests.hub import Hub, hub_in_process
from tests.order import pytest_collection_modifyitems
from tests.recomputing import check_decisions

__all__ = ["pytest_collection_modifyitems", "pytest_terminal_summary"]

# What is drawn is looked at for what it says, not for how soon: a busy machine takes long over an example.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Have the tests run on the loop that the services run on: it takes a tenth less of the processor."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_finish() -> None:
    """Have the garbage collector look as seldom as it does in a service: thousands of tests stay loaded."""
    leave_what_is_loaded_alone()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say whose events are carried from now on, before anything is set up for the first test of a file."""
    carrying.begin(str(item.path))


def a_free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL for this worker; it may forget what it acknowledged."""
    folder = tmp_path_factory.mktemp("postgres")
    with running_postgres(folder / "pg", a_free_port(), durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def seeded(server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A migrated database with the demo's agencies and people; their keys and secrets are in the folder."""
    folder = Folder(tmp_path_factory.mktemp("hub"))
    folder.prepare()
    make_missing_keys(folder)
    migrate(server.url, folder.secrets)
    load(server.url, folder.root, demo=True)
    return folder


@pytest.fixture(scope="session")
async def hub(server: PostgresServer, seeded: Folder) -> AsyncIterator[Hub]:
    """Every service of the hub in this process, on the real database; tests bring their own referrals."""
    async with hub_in_process(server.url, seeded) as running:
        yield running
        # Once all is done, whatever the tests of this worker were about.
        await check_decisions(running)
