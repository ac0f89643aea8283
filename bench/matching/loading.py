"""Known persons put into the tables of intake by COPY: what a hub would take years to be sent."""

import json
import time
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from bench.figures import say
from bench.matching.crowd import Known
from services.intake.matching.keys import keys_of
from services.intake.matching.person import as_stored
from services.intake.matching.terms import hashes_of, terms_of
from services.intake.models import PersonKey, PersonRecord, PersonTerm
from shared.clock import utc_now
from shared.platform.database import plain_table
from shared.schemas.ids import new_id

_TABLES = [plain_table(model) for model in (PersonRecord, PersonKey, PersonTerm)]
_SHARDS = 16
_BATCH = 10_000
_EVERY_SECONDS = 10
_READING = (
    "SELECT count(*) FROM intake.person_key",
    "SELECT max(version) FROM intake.person_record WHERE record_id > '00000000-0000-0000-0000-000000000000'",
    "SELECT max(persons_count) FROM intake.person_term WHERE kind > ''",
)
_RECORD = (
    "record_id", "referral_id", "version", "kind", "told", "compared",
    "person_id", "own_person_id", "link_state", "linked_at",
)  # fmt: skip


async def make_tables(url: str) -> None:
    """Make intake's tables of persons, empty, in a database that has none."""

    def make(connection: Connection) -> None:
        _TABLES[0].metadata.create_all(connection, tables=_TABLES)

    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("CREATE SCHEMA intake")
        await connection.run_sync(make)
    await engine.dispose()


async def load(url: str, people: Iterable[Known], count: int) -> None:
    """Add persons, each with one record; the index of keys is built after, as it is where data is moved.

    Args:
        count: how many there are, to say how long it will take.
    """
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        # The pool's own timeouts are for requests: nothing here is one.
        await connection.execute("SET statement_timeout = 0; SET maintenance_work_mem = '1GB'")
        await connection.execute("ALTER TABLE intake.person_key DROP CONSTRAINT IF EXISTS pk_person_key")
        terms = await _copy_all(connection, people, count)
        await _count_terms(connection, terms)
        say("  Building the index of keys.")
        await connection.execute(
            "ALTER TABLE intake.person_key ADD CONSTRAINT pk_person_key PRIMARY KEY (k, record_id)"
        )
        for table in _TABLES:
            await connection.execute(f"VACUUM ANALYZE {table.fullname}")
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def read_through(url: str) -> None:
    """Have the server read once what lookups read, as one that has been asked for a day has."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        # By the indexes: a scan of a whole table is kept out of the server's memory.
        await connection.execute(
            "SET statement_timeout = 0; SET enable_seqscan = off; SET enable_bitmapscan = off;"
            " SET max_parallel_workers_per_gather = 0"
        )
        for question in _READING:
            await connection.fetch(question)
    finally:
        await connection.close()


async def _copy_all(connection: Any, people: Iterable[Known], count: int) -> Counter[tuple[str, int]]:
    waiting, done, terms = iter(people), 0, Counter[tuple[str, int]]()
    began = told = time.perf_counter()
    while batch := list(islice(waiting, _BATCH)):
        await _copy(connection, batch)
        for known in batch:
            terms.update([*hashes_of(terms_of(known.person)), ("all", known.person_id.int % _SHARDS)])
        done += len(batch)
        if (now := time.perf_counter()) - told > _EVERY_SECONDS or done >= count:
            rate, told = done / (now - began), now
            left = (count - done) / rate
            say(f"  {done:,} of {count:,} persons, {rate:,.0f} a second, {left:.0f} s left.")
    return terms


async def _count_terms(connection: Any, terms: Counter[tuple[str, int]]) -> None:
    """Add to how common names, dates and homes are."""
    await connection.execute("CREATE TEMP TABLE fresh (LIKE intake.person_term)")
    rows = [(kind, key, count) for (kind, key), count in terms.items()]
    columns = ("kind", "k", "persons_count")
    await connection.copy_records_to_table("fresh", columns=columns, records=rows)
    await connection.execute(
        "INSERT INTO intake.person_term AS there SELECT * FROM fresh ON CONFLICT (kind, k)"
        " DO UPDATE SET persons_count = there.persons_count + excluded.persons_count"
    )


async def _copy(connection: Any, batch: list[Known]) -> None:
    records, keys, now = [], [], utc_now()
    for known in batch:
        record_id = new_id()
        compared = json.dumps(as_stored(known.person))
        told = (record_id, new_id(), 1, "child", "{}", compared)
        records.append((*told, known.person_id, known.person_id, "own", now))
        keys += [(key, record_id) for tier in keys_of(known.person) for key in tier]
    await _copy_rows(connection, "person_record", _RECORD, records)
    await _copy_rows(connection, "person_key", ("k", "record_id"), keys)


async def _copy_rows(connection: Any, table: str, columns: tuple[str, ...], rows: list[Any]) -> None:
    await connection.copy_records_to_table(table, schema_name="intake", columns=columns, records=rows)
