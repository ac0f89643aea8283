"""Many who are described alike: what it costs to match one more of them, and what a person is told."""

import time
from typing import Any

import asyncpg

from deploy.local.postgres import PostgresServer
from tests.hub import Hub
from tests.intake.known_people import a_known_child, an_nhs_number, record_of, send, task_about, told

#: The second is a crowd too: a key of the narrow tier may have fewer.
_CROWD, _FEWER = 10_000, 300
_TOO_MANY = "Too many alike to compare: only the newest of them were."
#: Of this process, for the whole way of a referral through all services; that of one child takes a tenth.
_MOST_SECONDS = 1.5
_COPIES = """
    WITH copies AS MATERIALIZED (
        SELECT gen_random_uuid() AS record_id, gen_random_uuid() AS person_id FROM generate_series(1, $1::int)
    ), made AS (
        INSERT INTO intake.person SELECT person_id, now() FROM copies
    ), written AS (
        INSERT INTO intake.person_record (
            record_id, referral_id, version, kind, told, compared, person_id, own_person_id, link_state,
            linked_at
        )
        SELECT copies.record_id, gen_random_uuid(), 1, kind, told, compared, copies.person_id,
               copies.person_id, 'own', now()
        FROM copies, intake.person_record AS known WHERE known.record_id = $2
    )
    INSERT INTO intake.person_key SELECT k, copies.record_id
    FROM copies, intake.person_key AS key WHERE key.record_id = $2
"""


async def _crowd_about(hub: Hub, server: PostgresServer, child: dict[str, Any], count: int) -> None:
    """Have a child known, and so many persons who are described just so."""
    known = await record_of(hub, await send(hub, child))
    # Not as a service, which is never given so long.
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    try:
        await connection.execute(_COPIES, count, known.record_id)
    finally:
        await connection.close()


async def test_one_more_of_a_crowd_costs_little_and_a_person_is_told_that_not_all_were_compared(
    hub: Hub, server: PostgresServer
) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    await _crowd_about(hub, server, child, _CROWD)
    began = time.process_time()
    said = await send(hub, child)
    assert time.process_time() - began < _MOST_SECONDS
    assert (await record_of(hub, said)).link_state == "own"
    task = await task_about(hub, said)
    assert task is not None
    shown = await told(hub, "GET", f"/v1/matches/{task.match_id}")
    assert 1 < len(shown["candidates"]) <= 6
    assert all(_TOO_MANY in candidate["likeness"]["hazards"] for candidate in shown["candidates"])


async def test_who_differs_from_a_crowd_is_found_beyond_it(hub: Hub, server: PostgresServer) -> None:
    child = a_known_child()
    await _crowd_about(hub, server, child, _FEWER)
    other = child | {"given_name": "Ottilie", "date_of_birth": "2013-09-27", "nhs_number": an_nhs_number()}
    first, again = await send(hub, other), await send(hub, other)
    assert (await record_of(hub, again)).person_id == (await record_of(hub, first)).person_id


async def test_many_records_of_one_child_are_likened_to_the_first_of_them(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first = await record_of(hub, await send(hub, child))
    later = [await record_of(hub, await send(hub, child)) for _ in range(3)]
    assert {record.likened_to for record in later} == {first.record_id}
