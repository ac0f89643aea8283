"""Rows of several tables in one trip, and claims that keep them out."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Column, MetaData, Table, Text, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateSchema

from deploy.local.postgres import PostgresServer
from shared.platform.database import Sessions, create_engine, create_sessions, transaction
from shared.platform.settings import DatabaseSettings
from shared.platform.writing import NewRow, add_together

_TABLES = MetaData(schema="writing")
KEY, NAME, STORY = (
    Table(table, _TABLES, Column("id", Text, primary_key=True), Column("said", Text, nullable=False))
    for table in ("key", "name", "story")
)


@pytest.fixture
async def sessions(server: PostgresServer) -> AsyncIterator[Sessions]:
    engine = create_engine(DatabaseSettings(database_url=server.url), application_name="test")
    async with engine.begin() as connection:
        await connection.execute(CreateSchema("writing"))
        await connection.run_sync(_TABLES.create_all)
    yield create_sessions(engine)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA writing CASCADE"))
    await engine.dispose()


def row(table: Table, id_: str, said: str | None = "something") -> NewRow:
    return NewRow(table, {"id": id_, "said": said})


async def write(sessions: Sessions, *rows: NewRow, claims: tuple[NewRow, ...] = ()) -> NewRow | None:
    async with transaction(sessions, "test") as tx:
        return await add_together(tx, *rows, claims=claims)


async def kept(sessions: Sessions) -> dict[str, list[str]]:
    async with transaction(sessions, "test") as tx:
        return {
            table.name: list(await tx.scalars(text(f"SELECT id FROM writing.{table.name} ORDER BY id")))
            for table in (KEY, NAME, STORY)
        }


async def test_rows_of_several_tables_are_added_together(sessions: Sessions) -> None:
    await write(sessions, row(KEY, "a"), row(NAME, "b"), row(STORY, "c"))
    assert await kept(sessions) == {"key": ["a"], "name": ["b"], "story": ["c"]}


async def test_a_row_that_does_not_fit_keeps_the_others_out(sessions: Sessions) -> None:
    with pytest.raises(IntegrityError):
        await write(sessions, row(KEY, "a"), row(STORY, "c", said=None))
    assert await kept(sessions) == {"key": [], "name": [], "story": []}


async def test_with_every_claim_free_all_is_added(sessions: Sessions) -> None:
    assert await write(sessions, row(STORY, "c"), claims=(row(KEY, "a"), row(NAME, "b"))) is None
    assert await kept(sessions) == {"key": ["a"], "name": ["b"], "story": ["c"]}


async def test_a_claim_that_is_taken_is_named_and_nothing_after_it_is_added(sessions: Sessions) -> None:
    await write(sessions, row(KEY, "a"))
    taken, next_claim = row(KEY, "a", said="something else"), row(NAME, "b")
    assert await write(sessions, row(STORY, "c"), claims=(taken, next_claim)) is taken
    assert await kept(sessions) == {"key": ["a"], "name": [], "story": []}


async def test_a_claim_before_the_one_that_is_taken_is_kept(sessions: Sessions) -> None:
    await write(sessions, row(NAME, "b"))
    taken = row(NAME, "b")
    assert await write(sessions, row(STORY, "c"), claims=(row(KEY, "a"), taken)) is taken
    assert await kept(sessions) == {"key": ["a"], "name": ["b"], "story": []}


async def test_a_claim_can_be_taken_by_itself(sessions: Sessions) -> None:
    assert await write(sessions, claims=(row(KEY, "a"),)) is None
    assert await write(sessions, claims=(row(KEY, "a"),)) is not None
