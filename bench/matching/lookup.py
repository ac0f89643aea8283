"""How long it takes to find who somebody is among all who are known, beside one SELECT by primary key."""

import asyncio
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from sqlalchemy import func, select, tablesample
from sqlalchemy.ext.asyncio import AsyncSession

from bench.figures import Figure, percentile, say
from bench.matching import splink_model
from bench.matching.asking import Answer, ask
from bench.matching.crowd import Comer, write_comers
from bench.matching.kept import SIZES, Stored, stored
from services.intake.matching.person import Person
from services.intake.models import PersonRecord
from shared.platform.database import Sessions, create_engine, create_sessions, plain_table, transaction
from shared.platform.process import leave_what_is_loaded_alone
from shared.platform.settings import DatabaseSettings

_WARM_UP, _TIMED, _OF_SPLINK = 300, 2_000, 10
#: Some 4 GB with the largest crowd; `make clean` takes it away with all else.
STORE = Path("var/bench/crowds")
#: So many are looked up for what the process holds, told ten times.
FOR_MEMORY, _TIMES = 100_000, 10
#: It is warm after two tenths, and flat if by the end it holds no more than so many times that.
_WARM, _FLAT = 1, 1.02
_PAGE_BYTES = resource.getpagesize()
#: Beyond so many processes waiting for a processor, milliseconds are the neighbours' too.
_QUIET_LOAD = 1.5


@dataclass
class Times:
    """What was measured, in milliseconds, and how often the right person was found."""

    lookups: list[float] = field(default_factory=list)
    selects: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    known: int = 0
    found: int = 0
    linked: int = 0
    wrongly_linked: int = 0

    def note(self, comer: Comer, answer: Answer) -> None:
        """Count how good an answer is."""
        self.answers.append(answer)
        self.known += comer.person_id is not None
        self.found += comer.person_id in answer.possible
        self.linked += answer.sure is not None
        self.wrongly_linked += answer.sure is not None and answer.sure != comer.person_id


@dataclass(frozen=True)
class Wanted:
    """What is measured.

    Attributes:
        folder: where crowds are kept between runs.
        of_splink: so many lookups of Splink's; at nought it is left out.
        for_memory: so many ever new people are looked up, at the largest size, for the memory it takes; none
            at nought.
        answers: where to write who was answered at the largest size, to hold two versions against each other.
    """

    folder: Path
    sizes: tuple[int, ...] = SIZES
    of_splink: int = _OF_SPLINK
    for_memory: int = FOR_MEMORY
    answers: Path | None = None


def measure_lookup(wanted: Wanted) -> Iterator[Figure]:
    """Yield the figures of each size, the smallest first; a crowd that is not there yet is loaded."""
    with stored(wanted.folder, wanted.sizes) as crowds:
        for crowd in crowds:
            yield from asyncio.run(_measure(crowd, wanted))
            if wanted.of_splink:
                yield from _of_splink(wanted.folder, crowd, wanted.of_splink)


async def _measure(crowd: Stored, wanted: Wanted) -> list[Figure]:
    is_last = crowd.size == max(wanted.sizes)
    engine = create_engine(DatabaseSettings(database_url=crowd.url), application_name="bench")
    sessions = create_sessions(engine)
    # As every process of intake does when it has started; what comes in is here already, and no part of it.
    leave_what_is_loaded_alone()
    try:
        times = await _time(sessions, crowd)
        figures = _figures(f"matching_lookup_{crowd.size}", times)
        if is_last and wanted.answers:
            _write(wanted.answers, times.answers)
        if is_last and wanted.for_memory:
            figures.append(await _remember(sessions, crowd, wanted.for_memory))
        return figures
    finally:
        await engine.dispose()


async def _time(sessions: Sessions, crowd: Stored) -> Times:
    comers = crowd.comers[: _WARM_UP + _TIMED]
    records = await _draw_records(sessions, crowd.size, len(comers))
    times = Times()
    for place, comer in enumerate(comers):
        if place == _WARM_UP:
            times, load = Times(), os.getloadavg()[0]
        # Each has a transaction of its own, opened before the clock runs: it ends after so many seconds.
        async with transaction(sessions, "bench") as tx:
            await tx.execute(select(1))
            worked, began = time.process_time(), time.perf_counter()
            answer = await ask(tx, comer.person)
            looked_up, done = time.perf_counter(), time.process_time()
            await _select_one(tx, records[place % len(records)])
            selected = time.perf_counter()
        times.lookups.append(1000 * (looked_up - began))
        times.processor.append(1000 * (done - worked))
        times.selects.append(1000 * (selected - looked_up))
        times.note(comer, answer)
    _say_load(load)
    return times


async def _draw_records(sessions: Sessions, size: int, count: int) -> list[UUID]:
    """Return the numbers of records from all over the table."""
    sample = tablesample(plain_table(PersonRecord), func.system(min(100.0, 300.0 * count / size)))
    async with transaction(sessions, "bench") as tx:
        drawn = await tx.scalars(select(sample.c.record_id).order_by(func.random()).limit(count))
        return list(drawn.all())


async def _select_one(tx: AsyncSession, record_id: UUID) -> None:
    (await tx.execute(select(PersonRecord.compared).where(PersonRecord.record_id == record_id))).one()


async def _remember(sessions: Sessions, crowd: Stored, wanted: int) -> Figure:
    """Look up ever new people and return what the process holds at the end, beside what it held once warm."""
    say(f"Looking up {wanted:,} for the memory it takes.")
    held: list[int] = []
    every = max(wanted // _TIMES, 1)
    for count, person in enumerate(_ever_new(crowd.comers, every * _TIMES), start=1):
        async with transaction(sessions, "bench") as tx:
            await ask(tx, person)
        if count % every == 0:
            held.append(_memory())
            say(f"  {count:,} looked up: {held[-1] / 2**20:.1f} MiB.")
    warm, last = held[_WARM], held[-1]
    verdict = "flat" if last <= warm * _FLAT else "NOT flat"
    say(f"  Memory is {verdict}: {last / warm:.3f} times what it was after {(_WARM + 1) * every:,}.")
    yardstick = f"{warm / 2**20:.1f} MiB after {(_WARM + 1) * every:,}: {verdict}"
    name = f"matching_lookup_{crowd.size}_memory"
    return Figure(name, last / 2**20, "MiB", yardstick, last / warm, every * _TIMES)


def _ever_new(comers: list[Comer], wanted: int) -> Iterator[Person]:
    """Yield the people who come in, each name, date and home with others: what is remembered helps least."""
    dice = Random(len(comers))
    for _ in range(wanted):
        one, other, third = (dice.choice(comers).person for _ in range(3))
        name = one.name._replace(family=other.name.family)
        yield one._replace(name=name, born=third.born, is_due=third.is_due, address=other.address)


def _of_splink(folder: Path, crowd: Stored, count: int) -> Iterator[Figure]:
    if not splink_model.is_installed():
        say(f"Splink is not installed here, so its lookup does not stand beside. {splink_model.INSTALL}")
        return
    say(f"Splink learns {crowd.size:,} persons.")
    incoming = folder / "incoming.csv"
    write_comers(incoming, crowd.comers[:_TIMED])
    times = splink_model.time_lookups(incoming, crowd.known, count)
    yield Figure(
        f"matching_splink_lookup_{crowd.size}_p50", percentile(times, 0.5), "ms", None, None, len(times)
    )


def _memory() -> int:
    with open("/proc/self/statm", encoding="ascii") as pages:
        return int(pages.read().split()[1]) * _PAGE_BYTES


def _say_load(load: float) -> None:
    told = f"  Load of the machine: {load:.1f}."
    say(told if load <= _QUIET_LOAD else f"{told} Others work here: the ratios count, not the milliseconds.")


def _write(file: Path, answers: list[Answer]) -> None:
    with file.open("w", encoding="utf-8") as out:
        for answer in answers:
            out.write(f"{answer.sure or ''};{' '.join(map(str, answer.possible))}\n")


def _figures(name: str, times: Times) -> list[Figure]:
    count, figures = len(times.lookups), []
    for share in (50, 95, 99):
        ours, theirs = (percentile(values, share / 100) for values in (times.lookups, times.selects))
        yardstick = f"one SELECT by primary key: {theirs:.3f} ms"
        figures.append(Figure(f"{name}_p{share}", ours, "ms", yardstick, ours / theirs, count))
    right = 100 * (1 - times.wrongly_linked / max(times.linked, 1))
    return [
        *figures,
        Figure(f"{name}_processor", sum(times.processor) / count, "ms", None, None, count),
        Figure(f"{name}_found", 100 * times.found / max(times.known, 1), "percent", None, None, times.known),
        Figure(f"{name}_linked_rightly", right, "percent", None, None, times.linked),
    ]
