"""Questions that go past SQLAlchemy stay in the session's transaction, and fail as its own do."""

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import ARRAY, BigInteger, Text, bindparam, func, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from deploy.local.postgres import PostgresServer
from shared.platform.database import Sessions, create_engine, create_sessions, sqlstate, transaction
from shared.platform.driver import Question
from shared.platform.settings import DatabaseSettings
from shared.problems import Unavailable

_SUBJECT = Question(select(func.current_setting("hub.subject")))
_GIVEN = Question(
    select(bindparam("second", type_=Text), func.cardinality(bindparam("first", type_=ARRAY(BigInteger))))
)
_FAULTY = Question(select(literal_column("1 / 0")))
_OWN_END = Question(select(func.pg_terminate_backend(func.pg_backend_pid())))


@pytest.fixture
async def sessions(server: PostgresServer) -> AsyncIterator[Sessions]:
    engine = create_engine(DatabaseSettings(database_url=server.url), application_name="test")
    yield create_sessions(engine)
    await engine.dispose()


async def test_the_first_question_of_a_transaction_says_who_acts(sessions: Sessions) -> None:
    async with transaction(sessions, "somebody") as tx:
        assert [row[0] for row in await _SUBJECT.ask(tx, {})] == ["somebody"]


async def test_a_question_sees_what_its_transaction_wrote(sessions: Sessions) -> None:
    async with transaction(sessions, "test") as tx:
        await tx.execute(text("CREATE TEMP TABLE note ON COMMIT DROP AS SELECT 'written' AS said"))
        assert [row[0] for row in await Question(select(text("said FROM note"))).ask(tx, {})] == ["written"]


async def test_values_find_their_places_by_name(sessions: Sessions) -> None:
    async with transaction(sessions, "test") as tx:
        (row,) = await _GIVEN.ask(tx, {"first": [1, 2, 3], "second": "said"})
    assert tuple(row) == ("said", 3)


async def test_a_fault_of_the_question_is_the_sessions_own_error(sessions: Sessions) -> None:
    async with transaction(sessions, "test") as tx:
        with pytest.raises(DBAPIError) as caught:
            await _FAULTY.ask(tx, {})
        await tx.rollback()
    assert sqlstate(caught.value) == "22012"


async def test_a_server_that_goes_away_makes_the_transaction_unavailable(sessions: Sessions) -> None:
    with pytest.raises(Unavailable):
        async with transaction(sessions, "test") as tx:
            await _OWN_END.ask(tx, {})
    async with transaction(sessions, "test") as tx:
        assert await _SUBJECT.ask(tx, {})


async def test_a_connection_that_is_closed_makes_the_transaction_unavailable(sessions: Sessions) -> None:
    async def ask_on() -> None:
        async with transaction(sessions, "test") as tx:
            with suppress(DBAPIError):
                await _OWN_END.ask(tx, {})
            await _SUBJECT.ask(tx, {})

    with pytest.raises(Unavailable):
        await ask_on()
