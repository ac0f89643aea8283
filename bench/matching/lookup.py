"""How long it takes to find who somebody is among all who are known, beside one SELECT by primary key."""

import asyncio
import resource
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bench.figures import Figure, percentile, say
from bench.matching import splink_model
from bench.matching.asking import Answer, Ask, as_the_hub, barely
from bench.matching.crowd import Comer, Crowd, write_comers, write_rows
from bench.matching.loading import Loader
from deploy.local.postgres import running_postgres
from services.intake.models import PersonRecord
from shared.platform.database import Sessions, create_engine, create_sessions, transaction
from shared.platform.settings import DatabaseSettings

SIZES = (10_000, 100_000, 1_000_000)
_SEED, _COMERS, _WARM_UP, _OF_SPLINK = 21, 2_000, 200, 20
_PAGE_BYTES = resource.getpagesize()


@dataclass
class _Times:
    """What was measured, in milliseconds, and how often the right person was found."""

    lookups: list[float] = field(default_factory=list)
    selects: list[float] = field(default_factory=list)
    known: int = 0
    found: int = 0
    linked: int = 0
    wrongly_linked: int = 0
    grown_bytes: int = 0

    def note(self, comer: Comer, answer: Answer) -> None:
        """Count how good an answer is."""
        self.known += comer.person_id is not None
        self.found += comer.person_id in answer.possible
        self.linked += answer.sure is not None
        self.wrongly_linked += answer.sure is not None and answer.sure != comer.person_id


def measure_lookup_alone(tell: Callable[[Figure], None], sizes: tuple[int, ...] = SIZES) -> None:
    """Start a database for it, and tell each figure as it comes."""

    async def measure(url: str, folder: Path) -> None:
        async for figure in measure_lookup(url, folder, sizes):
            tell(figure)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        tempfile.TemporaryDirectory(prefix="hub-bench-") as folder,
        running_postgres(Path(folder), port) as server,
    ):
        asyncio.run(measure(server.url, Path(folder)))


async def measure_lookup(url: str, folder: Path, sizes: tuple[int, ...] = SIZES) -> AsyncIterator[Figure]:
    """Yield the figures of each size, growing one database from the smallest to the largest.

    Args:
        url: an empty database.
        folder: where the rows are written for Splink.
    """
    engine = create_engine(DatabaseSettings(database_url=url), application_name="bench")
    sessions, loader, crowd = create_sessions(engine), Loader(url), Crowd(_SEED, max(sizes), _COMERS)
    await loader.make_tables(engine)
    there = 0
    for size in sorted(sizes):
        say(f"Loading {size - there} more persons.")
        began = time.perf_counter()
        await loader.load(write_rows(folder, crowd.grow(size - there)))
        there = size
        say(f"  {there} persons under {loader.keys} keys after {time.perf_counter() - began:.0f} s.")
        async with loader.connected() as connection:
            ways = {"lookup": as_the_hub, "bare_lookup": barely(connection, loader.counted)}
            for name, ask in ways.items():
                times = await _time(ask, sessions, crowd.comers)
                for figure in _figures(f"matching_{name}_{size}", times):
                    yield figure
        for figure in _of_splink(folder, crowd.comers, size):
            yield figure
    await engine.dispose()


async def _time(ask: Ask, sessions: Sessions, comers: list[Comer]) -> _Times:
    async with transaction(sessions, "bench") as tx:
        records = (await tx.scalars(select(PersonRecord.record_id).limit(len(comers)))).all()
    times, before = _Times(), 0
    for place, comer in enumerate(comers):
        if place == _WARM_UP:
            before = _memory()
        # Each has a transaction of its own, opened before the clock runs: it ends after so many seconds.
        async with transaction(sessions, "bench") as tx:
            await tx.execute(select(1))
            began = time.perf_counter()
            answer = await ask(tx, comer.person)
            looked_up = time.perf_counter()
            await _select_one(tx, records[place % len(records)])
            selected = time.perf_counter()
        if place >= _WARM_UP:
            times.lookups.append(1000 * (looked_up - began))
            times.selects.append(1000 * (selected - looked_up))
            times.note(comer, answer)
    times.grown_bytes = _memory() - before
    return times


async def _select_one(tx: AsyncSession, record_id: UUID) -> None:
    (await tx.execute(select(PersonRecord.compared).where(PersonRecord.record_id == record_id))).one()


def _of_splink(folder: Path, comers: list[Comer], size: int) -> list[Figure]:
    if not splink_model.is_installed():
        say(f"Splink is not installed here, so its lookup does not stand beside. {splink_model.INSTALL}")
        return []
    say(f"Splink learns {size} persons.")
    times = splink_model.time_lookups(*write_comers(folder, comers), count=_OF_SPLINK)
    return [
        Figure(f"matching_splink_lookup_{size}_p50", percentile(times, 0.5), "ms", None, None, len(times))
    ]


def _memory() -> int:
    with open("/proc/self/statm", encoding="ascii") as pages:
        return int(pages.read().split()[1]) * _PAGE_BYTES


def _figures(name: str, times: _Times) -> list[Figure]:
    count, figures = len(times.lookups), []
    for share in (50, 99):
        ours, theirs = (percentile(values, share / 100) for values in (times.lookups, times.selects))
        yardstick = f"one SELECT by primary key: {theirs:.3f} ms"
        figures.append(Figure(f"{name}_p{share}", ours, "ms", yardstick, ours / theirs, count))
    right = 100 * (1 - times.wrongly_linked / max(times.linked, 1))
    return [
        *figures,
        Figure(f"{name}_found", 100 * times.found / max(times.known, 1), "percent", None, None, times.known),
        Figure(f"{name}_linked_rightly", right, "percent", None, None, times.linked),
        Figure(f"{name}_memory_growth", times.grown_bytes / 2**20, "MiB", None, None, count),
    ]
