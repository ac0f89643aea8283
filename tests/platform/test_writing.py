"""Rows of several tables in one trip, and claims that keep them out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import Column, MetaData, Table, Text, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateSchema

from deploy.local.postgres import PostgresServer
from shared.platform.database import (
    LOCK_NOT_AVAILABLE,
    Sessions,
    create_engine,
    create_sessions,
    sqlstate,
    transaction,
)
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


WHO = text("SELECT current_setting('hub.subject', true), current_setting('lock_timeout')")


async def test_who_acts_is_said_with_the_first_statement_and_forgotten_at_the_end(
    sessions: Sessions,
) -> None:
    async with transaction(sessions, "alex", lock_wait=timedelta(milliseconds=250)) as tx:
        await add_together(tx, row(STORY, "c"), claims=(row(KEY, "a"),))
        assert tuple((await tx.execute(WHO)).one()) == ("alex", "250ms")
    async with transaction(sessions, "sam") as tx:
        assert tuple((await tx.execute(WHO)).one()) == ("sam", "2s")
    async with sessions() as plain:
        assert tuple((await plain.execute(WHO)).one()) in {("", "2s"), (None, "2s")}


async def test_a_rule_of_the_database_sees_who_acts_in_the_statement_that_says_it(sessions: Sessions) -> None:
    rules = (
        "CREATE FUNCTION writing.who() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN NEW.said := current_setting('hub.subject'); RETURN NEW; END$$",
        "CREATE TRIGGER who BEFORE INSERT ON writing.key FOR EACH ROW EXECUTE FUNCTION writing.who()",
    )
    async with transaction(sessions, "owner") as tx:
        for rule in rules:
            await tx.execute(text(rule))
    async with transaction(sessions, "alex") as tx:
        await add_together(tx, claims=(row(KEY, "a"),))
        assert await tx.scalar(text("SELECT said FROM writing.key")) == "alex"


async def test_a_claim_that_somebody_holds_is_waited_for_no_longer_than_was_said(sessions: Sessions) -> None:
    brief = timedelta(milliseconds=50)
    async with transaction(sessions, "alex") as tx:
        await add_together(tx, claims=(row(KEY, "a"),))
        with pytest.raises(DBAPIError) as refused:
            async with asyncio.timeout(30.0), transaction(sessions, "sam", lock_wait=brief) as other:
                await add_together(other, claims=(row(KEY, "a"),))
        assert sqlstate(refused.value) == LOCK_NOT_AVAILABLE
