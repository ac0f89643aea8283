"""Crowds of known persons that are kept between runs, each in a database of its own."""

import asyncio
import json
import shutil
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path

import asyncpg

from bench.figures import say
from bench.matching.crowd import Comer, Crowd, Known, read_comers, write_comers, write_known_rows
from bench.matching.loading import load, make_tables, read_through
from deploy.local.postgres import PostgresServer, running_postgres
from services.intake.matching.keys import keys_of
from services.intake.matching.person import as_stored
from services.intake.matching.terms import hashes_of, terms_of

SIZES = (10_000, 100_000, 1_000_000)
#: So many rows come in; the latency is of some of them, the memory of all.
COMERS = 22_000
_SEED, _SAMPLE = 21, 500
_FINGERPRINT = "fingerprint"
#: Room for the keys and records of a million: in the 128 MB that are usual most would not be there.
_MEMORY = "2GB"


@dataclass(frozen=True)
class Stored:
    """A crowd that is loaded.

    Attributes:
        url: of its database.
        known: a file of it, for Splink.
    """

    size: int
    url: str
    comers: list[Comer]
    known: Path


@contextmanager
def stored(folder: Path, sizes: Sequence[int]) -> Iterator[Iterator[Stored]]:
    """Run a server and yield each crowd as soon as it is there; those loaded by an earlier run are kept.

    Lookups only read, so that the server need not be one that survives a crash: it loads faster so.
    """
    if _is_stale(folder):
        say(f"Persons are stored otherwise now than in {folder}; it is made anew.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _FINGERPRINT).write_text(_fingerprint(), encoding="ascii")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running_postgres(folder, port, durable=False, shared_buffers=_MEMORY) as server:
        yield _each(folder, server, sorted(sizes))


def _is_stale(folder: Path) -> bool:
    file = folder / _FINGERPRINT
    return file.exists() and file.read_text(encoding="ascii") != _fingerprint()


def _fingerprint() -> str:
    """Return what tells stores apart: the first persons as they are stored, and their keys."""
    people = [known.person for known in Crowd(_SEED, max(SIZES), 1).grow(_SAMPLE)]
    said = [
        # In which tier a key is asked for makes no difference to what is stored.
        [as_stored(one), sorted(chain(*keys_of(one))), sorted(hashes_of(terms_of(one)))]
        for one in people
    ]
    return sha256(json.dumps([COMERS, said]).encode()).hexdigest()


def _each(folder: Path, server: PostgresServer, sizes: Sequence[int]) -> Iterator[Stored]:
    crowd, there = None, 0
    for size in sizes:
        comers, known = folder / f"comers-{size}.csv", folder / f"known-{size}.csv"
        if not comers.exists():
            crowd = crowd or Crowd(_SEED, max(SIZES), COMERS)
            _load(server, crowd, (there, size), known)
            there = size
            write_comers(comers, crowd.comers)
        asyncio.run(read_through(_url(server, size)))
        yield Stored(size, _url(server, size), read_comers(comers), known)


def _url(server: PostgresServer, size: int) -> str:
    return server.url.rpartition("/")[0] + f"/crowd_{size}"


def _load(server: PostgresServer, crowd: Crowd, grown: tuple[int, int], known: Path) -> None:
    """Make a database of so many persons: what the smaller crowd has, and those who came since."""
    there, size = grown
    say(f"Loading {size - there:,} persons more, to be {size:,}; they are kept for the next run.")
    began = time.perf_counter()
    known.unlink(missing_ok=True)
    if there:
        shutil.copyfile(known.with_name(f"known-{there}.csv"), known)
    people = write_known_rows(known, crowd.grow(size - there))
    asyncio.run(_fill(server, there, size, people))
    say(f"  Loaded in {time.perf_counter() - began:.0f} s.")


async def _fill(server: PostgresServer, there: int, size: int, people: Iterator[Known]) -> None:
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    try:
        await connection.execute("SET statement_timeout = 0")
        await connection.execute(f"DROP DATABASE IF EXISTS crowd_{size} WITH (FORCE)")
        template = f" TEMPLATE crowd_{there} STRATEGY FILE_COPY" if there else ""
        await connection.execute(f"CREATE DATABASE crowd_{size}{template}")
    finally:
        await connection.close()
    if not there:
        await make_tables(_url(server, size))
    await load(_url(server, size), people, size - there)
