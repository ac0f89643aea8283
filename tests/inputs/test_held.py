"""Whatever an agency we know sends about a child and we refuse: a copy of it is held, every time."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.local.postgres import PostgresServer
from tests.hub import Hub
from tests.inputs.bodies import BAD_BODIES
from tests.inputs.doors import WORRIES, Door
from tests.inputs.places import places, put
from tests.inputs.test_fields import WRONG_TYPES

Note = Callable[[str, object], None]
_HELD = "SELECT coalesce(sum(times_sent), 0) FROM intake.held_copy"


@pytest.fixture(scope="module")
async def owner(server: PostgresServer, hub: Hub) -> AsyncIterator[asyncpg.Connection]:
    """A connection that may count intake's held copies."""
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


@pytest.mark.parametrize("name", WORRIES)
async def test_of_every_refused_body_a_copy_is_held(
    name: str, doors: dict[str, Door], owner: asyncpg.Connection, record_property: Note
) -> None:
    door, before = doors[name], await owner.fetchval(_HELD)
    answers = [await door.send(bad.make(door.good), bad.headers) for bad in BAD_BODIES]
    await _require_held(answers, before, owner, record_property)


@pytest.mark.parametrize("name", WORRIES)
async def test_of_every_refused_field_a_copy_is_held(
    name: str, doors: dict[str, Door], owner: asyncpg.Connection, record_property: Note
) -> None:
    door, before = doors[name], await owner.fetchval(_HELD)
    wrong: list[Any] = [
        put(door.good, at, WRONG_TYPES[type(value)][0])
        for at, value in places(door.good)
        if type(value) in WRONG_TYPES
    ]
    answers = [await door.send_json(document) for document in wrong]
    await _require_held(answers, before, owner, record_property)


@pytest.mark.parametrize("name", WORRIES)
async def test_what_came_without_a_good_key_is_held(
    name: str, doors: dict[str, Door], owner: asyncpg.Connection, record_property: Note
) -> None:
    door, before = doors[name], await owner.fetchval(_HELD)
    answers = [
        await door.send(f'{{"actions_taken": "try {place}"}}', {"Idempotency-Key": key})
        for place, key in enumerate(("", '""', "a b", "x" * 300))
    ]
    assert {answer.status_code for answer in answers} == {400}
    await _require_held(answers, before, owner, record_property)


async def _require_held(
    answers: list[httpx.Response], before: int, owner: asyncpg.Connection, note: Note
) -> None:
    assert {answer.status_code for answer in answers} <= {400, 409, 415, 422}
    assert all("kept what you sent" in answer.json()["advice"] for answer in answers)
    assert await owner.fetchval(_HELD) - before == len(answers)
    note("held_copies", len(answers))
