"""What a start loads: once however often it is started, and nothing of the demo without the demo."""

import asyncio
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from deploy.local.cast import demo_cast
from deploy.local.files import Folder
from deploy.local.keys import make_missing_keys
from deploy.local.postgres import PostgresServer, running_postgres
from deploy.local.seed import directory, load
from migrations.run import migrate
from services.access.passwords import PasswordCheck
from shared.schemas.words import Role, Sector
from shared.schemas.words_asking import SOURCES_OF
from tests.deploy.conftest import a_free_port

TABLES = ("access.agency", "access.client", "access.staff", "triage.policy")
_NUMBERS = count()

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def own_server(made_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """Not the one that other tests share: roles belong to the whole server, and these get new passwords."""
    data_dir = Path(shutil.copytree(made_once, tmp_path_factory.mktemp("seed") / "var"))
    with running_postgres(data_dir, a_free_port(), durable=False) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.prepare()
    make_missing_keys(folder)
    return folder


@pytest.fixture
def database_url(own_server: PostgresServer, folder: Folder) -> str:
    """An empty database, migrated."""
    name = f"seed_{next(_NUMBERS)}"
    asyncio.run(_execute(own_server.url, f"CREATE DATABASE {name}"))
    url = f"{own_server.url.rpartition('/')[0]}/{name}"
    migrate(url, folder.secrets)
    return url


def test_a_second_start_doubles_nothing_and_changes_nothing(database_url: str, folder: Folder) -> None:
    load(database_url, folder.root, demo=True)
    rows, proofs = _rows(database_url), _files(folder)

    load(database_url, folder.root, demo=True)

    assert _rows(database_url) == rows
    assert _files(folder) == proofs
    counted = {table: len(found) for table, found in rows.items()}
    assert counted == {"access.agency": 7, "access.client": 7, "access.staff": 13, "triage.policy": 1}


def test_without_a_demo_there_are_services_and_a_policy_and_nobody_else(
    database_url: str, folder: Folder
) -> None:
    load(database_url, folder.root, demo=False)

    rows = _rows(database_url)
    assert {row[0] for row in rows["access.client"]} == {"intake", "triage", "notifications", "console"}
    assert rows["access.agency"] == rows["access.staff"] == []
    assert len(rows["triage.policy"]) == 1
    assert directory(folder.root) == {"clients": [], "staff": [], "password": None}


def test_a_policy_that_is_shipped_takes_the_place_of_the_one_that_was_shipped_before(
    database_url: str, folder: Folder
) -> None:
    _publish(database_url, "hub-2026-1", by="shipped with the hub")

    load(database_url, folder.root, demo=False)
    load(database_url, folder.root, demo=False)

    assert _policies(database_url) == ["hub-2026-1", "hub-2026-4"]


def test_what_a_partnership_published_stays_in_force(database_url: str, folder: Folder) -> None:
    _publish(database_url, "northshire-2026-1", by="Northshire Safeguarding Partnership")

    load(database_url, folder.root, demo=False)

    assert _policies(database_url) == ["northshire-2026-1"]


def test_after_a_step_back_and_forth_no_version_is_published_twice(database_url: str, folder: Folder) -> None:
    load(database_url, folder.root, demo=False)
    _publish(database_url, "hub-2026-1", by="shipped with the hub")

    load(database_url, folder.root, demo=False)

    assert _policies(database_url) == ["hub-2026-4", "hub-2026-1"]


def test_the_directory_tells_how_everyone_comes_in(database_url: str, folder: Folder) -> None:
    load(database_url, folder.root, demo=True)

    told = directory(folder.root)

    hashes = {row[5] for row in _rows(database_url)["access.staff"]}
    assert all(asyncio.run(PasswordCheck().matches(told["password"], str(each))) for each in hashes)
    proofs = [client.get("key_file") or client["secret_file"] for client in told["clients"]]
    assert all(Path(proof).stat().st_mode & 0o077 == 0 for proof in (*proofs, folder.demo_password))
    assert len({client["agency"] for client in told["clients"]}) == len(told["clients"]) == 3


def test_keys_and_password_made_anew_are_those_that_count(database_url: str, folder: Folder) -> None:
    load(database_url, folder.root, demo=True)
    before = _rows(database_url)
    for path in (folder.demo_password, folder.key_of("northshire-police"), folder.key_of("triage")):
        path.unlink()
    make_missing_keys(folder)

    load(database_url, folder.root, demo=True)

    after = _rows(database_url)
    assert {row[5] for row in after["access.staff"]}.isdisjoint({row[5] for row in before["access.staff"]})
    changed = {row[0] for row in after["access.client"]} - {
        row[0] for row in after["access.client"] if row in before["access.client"]
    }
    assert changed == {"northshire-police", "triage"}


def test_the_cast_has_every_role_and_someone_to_ask_for_each_core_sector() -> None:
    cast = demo_cast()
    assert {role for person in cast.staff for role in person.roles} == set(Role)
    assert set(cast.asked) == {Sector.POLICE, Sector.HEALTH, Sector.EDUCATION}
    represented = {person.agency for person in cast.staff if Role.AGENCY_REPRESENTATIVE in person.roles}
    assert represented == {*cast.asked.values(), *cast.sources.values()}
    assert set(cast.sources) <= {source.value for source in SOURCES_OF[Sector.HEALTH]}
    assert all(agency.agency_id.version == 7 for agency in cast.agencies)


def _publish(database_url: str, version: str, *, by: str) -> None:
    """Publish a policy as somebody did it before."""
    row = f"'{version}', 'version: {version}', now(), '{by}'"
    asyncio.run(_execute(database_url, f"INSERT INTO triage.policy VALUES ({row})"))


def _policies(database_url: str) -> list[object]:
    """Return the versions in the order in which they were published; the last is in force."""
    rows = sorted(_rows(database_url)["triage.policy"], key=lambda row: str(row[2]))
    return [row[0] for row in rows]


def _files(folder: Folder) -> dict[str, str]:
    return {
        path.name: path.read_text() for place in (folder.keys, folder.secrets) for path in place.iterdir()
    }


def _rows(database_url: str) -> Rows:
    return asyncio.run(_read(database_url))


async def _read(database_url: str) -> Rows:
    connection = await asyncpg.connect(_plain(database_url))
    try:
        return {
            table: [tuple(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY 1")]
            for table in TABLES
        }
    finally:
        await connection.close()


async def _execute(database_url: str, statement: str) -> None:
    connection = await asyncpg.connect(_plain(database_url))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _plain(database_url: str) -> str:
    return database_url.replace("postgresql+asyncpg://", "postgresql://")
