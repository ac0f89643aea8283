"""Known persons put into the tables of intake by COPY: what a hub would take years to be sent."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import islice
from typing import Any

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.matching.crowd import Known
from services.intake.actions.judging import hashes_of
from services.intake.matching.frequencies import Frequencies, count_frequencies
from services.intake.matching.keys import keys_of
from services.intake.matching.person import as_stored
from services.intake.models import PersonKey, PersonRecord, PersonTerm
from services.intake.store.persons import Term
from shared.clock import utc_now
from shared.platform.database import plain_table
from shared.schemas.ids import new_id

_TABLES = [plain_table(model) for model in (PersonRecord, PersonKey, PersonTerm)]
_SHARDS = 16
_BATCH = 10_000
_RECORD = (
    "record_id", "referral_id", "version", "kind", "told", "compared",
    "person_id", "own_person_id", "link_state", "linked_at",
)  # fmt: skip


class Loader:
    """Puts persons into tables of its own, stage by stage, and counts their names as the hub does."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("+asyncpg", "")
        self._terms: Counter[Term] = Counter()
        self._counts: list[Frequencies] = []
        self.keys = 0

    @property
    def counted(self) -> Frequencies:
        """How common names, dates and homes are among all who were loaded."""
        kinds = {kind: Counter[str]() for kind in ("given", "family", "birth", "home")}
        for counts in self._counts:
            for kind, counter in kinds.items():
                counter.update(getattr(counts, kind))
        return Frequencies(sum(counts.persons for counts in self._counts), **kinds)

    async def make_tables(self, engine: AsyncEngine) -> None:
        """Make intake's tables of persons, empty, in a database that has none."""

        def make(connection: Connection) -> None:
            _TABLES[0].metadata.create_all(connection, tables=_TABLES)

        async with engine.begin() as connection:
            await connection.exec_driver_sql("CREATE SCHEMA intake")
            await connection.run_sync(make)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Any]:
        """Open a connection with nothing around it."""
        connection = await asyncpg.connect(self._url)
        try:
            yield connection
        finally:
            await connection.close()

    async def load(self, people: Iterable[Known]) -> None:
        """Add persons, each with one record; indexes are built after, as they are where data is moved."""
        async with self.connected() as connection:
            await self._load(connection, people)

    async def _load(self, connection: Any, people: Iterable[Known]) -> None:
        await connection.execute("ALTER TABLE intake.person_key DROP CONSTRAINT IF EXISTS pk_person_key")
        waiting = iter(people)
        while batch := list(islice(waiting, _BATCH)):
            await self._copy(connection, batch)
        await connection.execute("TRUNCATE intake.person_term")
        terms = [(kind, key, count) for (kind, key), count in self._terms.items()]
        await _copy_rows(connection, "person_term", ("kind", "k", "persons_count"), terms)
        await connection.execute("SET maintenance_work_mem = '1GB'")
        await connection.execute(
            "ALTER TABLE intake.person_key ADD CONSTRAINT pk_person_key PRIMARY KEY (k, record_id)"
        )
        for table in _TABLES:
            await connection.execute(f"VACUUM ANALYZE {table.fullname}")

    async def _copy(self, connection: Any, batch: list[Known]) -> None:
        records, keys, now = [], [], utc_now()
        self._counts.append(count_frequencies(known.person for known in batch))
        for known in batch:
            record_id = new_id()
            compared = json.dumps(as_stored(known.person))
            told = (record_id, new_id(), 1, "child", "{}", compared)
            records.append((*told, known.person_id, known.person_id, "own", now))
            keys += [(key, record_id) for tier in keys_of(known.person) for key in tier]
            self._terms.update([*hashes_of(known.person), ("all", known.person_id.int % _SHARDS)])
        await _copy_rows(connection, "person_record", _RECORD, records)
        await _copy_rows(connection, "person_key", ("k", "record_id"), keys)
        self.keys += len(keys)


async def _copy_rows(connection: Any, table: str, columns: tuple[str, ...], rows: list[Any]) -> None:
    await connection.copy_records_to_table(table, schema_name="intake", columns=columns, records=rows)
