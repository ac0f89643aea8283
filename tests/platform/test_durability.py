"""A database that may forget what it acknowledged is refused, whenever it is met."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local.postgres import PostgresServer
from shared.platform.database import (
    NotDurable,
    answers,
    create_engine,
    create_sessions,
    require_durability,
    transaction,
)
from shared.platform.settings import DatabaseSettings
from shared.problems import Unavailable
from tests.conftest import a_free_port


@pytest.fixture
async def engine(server: PostgresServer) -> AsyncIterator[AsyncEngine]:
    """An engine that insists on durability, before a server that has fsync off."""
    engine = create_engine(
        DatabaseSettings(database_url=server.url), application_name="test", must_be_durable=True
    )
    yield engine
    await engine.dispose()


async def test_a_service_does_not_start_on_a_database_that_may_forget(engine: AsyncEngine) -> None:
    with pytest.raises(NotDurable, match="fsync"):
        await require_durability(engine)


async def test_nothing_is_written_to_a_database_that_may_forget_even_if_it_came_later(
    engine: AsyncEngine,
) -> None:
    for _ in range(2):
        with pytest.raises(Unavailable):
            await _write_something(engine)
    assert not await answers(engine)


async def test_a_service_starts_while_the_database_is_away() -> None:
    nobody = DatabaseSettings(database_url=f"postgresql://nobody:none@127.0.0.1:{a_free_port()}/hub")
    engine = create_engine(nobody, application_name="test", must_be_durable=True)
    await require_durability(engine)
    await engine.dispose()


async def _write_something(engine: AsyncEngine) -> None:
    async with transaction(create_sessions(engine), "test") as tx:
        await tx.execute(text("CREATE TABLE written ()"))
