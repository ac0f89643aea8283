"""The embedded PostgreSQL starts, stops, is killed, and comes back with what it acknowledged."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from deploy.local import cluster
from deploy.local.cluster import DatabaseInUse, OtherMajorVersion
from deploy.local.faults import LaunchFault, PortTaken
from deploy.local.files import Folder
from deploy.local.postgres import PostgresServer, running_postgres
from deploy.local.unprivileged import Runner

FreePort = Callable[[], int]


async def ask(server: PostgresServer, *statements: str) -> object:
    """Run `statements` as the migrator and return the first value of the last."""
    connection = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


async def test_a_first_start_makes_the_hub_database(tmp_path: Path, free_port: FreePort) -> None:
    with running_postgres(tmp_path / "var", free_port(), durable=False) as server:
        assert await ask(server, "SELECT current_database() || ' ' || current_user") == "hub hub_migrator"
        assert await ask(server, "SELECT datlocale FROM pg_database WHERE datname = 'hub'") == "C.UTF-8"
        assert await ask(server, "SHOW server_version_num") >= "180000"  # type: ignore[operator]
        assert await ask(server, "SHOW max_connections") == "200"
    assert not server.is_running()


async def test_it_is_durable_unless_told_otherwise(data_dir: Path, free_port: FreePort) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    with running_postgres(data_dir, free_port()) as server:
        assert [await ask(server, f"SHOW {name}") for name in names] == ["on", "on", "on"]
    with running_postgres(data_dir, free_port(), durable=False) as server:
        assert [await ask(server, f"SHOW {name}") for name in names] == ["off", "off", "off"]


async def test_nobody_comes_in_without_the_password(data_dir: Path, free_port: FreePort) -> None:
    with running_postgres(data_dir, free_port(), durable=False) as server:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(f"postgresql://hub_migrator:guessed@127.0.0.1:{server.port}/hub", ssl=False)
        assert await ask(server, "SHOW unix_socket_directories") == ""


def test_password_and_files_are_for_the_owner_alone(data_dir: Path) -> None:
    folder = Folder(data_dir)
    assert folder.password_of("hub_migrator").stat().st_mode & 0o077 == 0
    assert folder.postgres.stat().st_mode & 0o077 == 0


async def test_a_killed_server_comes_back_with_what_it_acknowledged(
    data_dir: Path, free_port: FreePort
) -> None:
    with running_postgres(data_dir, free_port()) as server:
        await ask(server, "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (1), (2)", "SELECT 1")

        server.kill()
        assert not server.is_running()
        server.start()

        assert await ask(server, "SELECT count(*) FROM kept") == 2


async def test_a_pid_file_whose_number_now_belongs_to_a_stranger_stops_nothing(
    data_dir: Path, free_port: FreePort
) -> None:
    with running_postgres(data_dir, free_port(), durable=False) as server:
        left_behind = (data_dir / "pg" / "postmaster.pid").read_text()
        server.kill()
        (data_dir / "pg" / "postmaster.pid").write_text(
            left_behind.replace(str(server.pid), str(os.getppid()), 1)
        )

        server.start()

        assert await ask(server, "SELECT 1") == 1


def test_files_of_another_major_version_are_refused(data_dir: Path, free_port: FreePort) -> None:
    (data_dir / "pg" / "PG_VERSION").write_text("16\n")

    with (
        pytest.raises(OtherMajorVersion, match=r"PostgreSQL 16(?s:.*)pg_dumpall"),
        running_postgres(data_dir, free_port()),
    ):
        pass


def test_a_taken_port_is_named(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"{port}.*\n.*--base-port"), running_postgres(data_dir, port):
            pass


def test_two_servers_never_share_their_files(data_dir: Path, free_port: FreePort) -> None:
    with running_postgres(data_dir, free_port(), durable=False) as first:
        with pytest.raises(DatabaseInUse, match=str(first.pid)), running_postgres(data_dir, free_port()):
            pass
        assert first.is_ready()


def test_half_made_files_are_made_anew(tmp_path: Path, free_port: FreePort) -> None:
    half_made = tmp_path / "var" / "pg.partial"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    with running_postgres(tmp_path / "var", free_port(), durable=False) as server:
        assert server.is_ready()
    assert not half_made.exists()


async def test_a_lost_password_is_replaced(data_dir: Path, free_port: FreePort) -> None:
    Folder(data_dir).password_of("hub_migrator").unlink()

    with running_postgres(data_dir, free_port(), durable=False) as server:
        assert await ask(server, "SELECT 1") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO child VALUES ('Maisie')",
        "SELECT 'Maisie'::int",
        "SELEKT 'Maisie'",
        "DO $$ BEGIN RAISE WARNING 'Maisie'; RAISE 'Maisie'; END $$",
    ],
)
async def test_the_log_names_no_one(data_dir: Path, free_port: FreePort, statement: str) -> None:
    with running_postgres(data_dir, free_port(), durable=False) as server:
        await ask(
            server,
            "CREATE TABLE child (name text PRIMARY KEY)",
            "INSERT INTO child VALUES ('Maisie')",
            "SELECT 1",
        )
        with pytest.raises(asyncpg.PostgresError):
            await ask(server, statement, "SELECT 1")

    assert "Maisie" not in server.log_file.read_text()
    assert "ready to accept connections" in server.log_file.read_text()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else")
async def test_without_user_namespaces_root_runs_it_as_nobody(
    monkeypatch: pytest.MonkeyPatch, free_port: FreePort
) -> None:
    monkeypatch.setattr("deploy.local.unprivileged._in_namespace", lambda: None)
    # pytest's own folders are closed to everyone else, as a private home is.
    with (
        closing(OpenFolder()) as open_folder,
        running_postgres(open_folder.path, free_port(), durable=False) as server,
    ):
        assert await ask(server, "SELECT 1") == 1
        assert (open_folder.path / "pg").stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become someone else")
def test_root_with_no_one_to_run_as_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, data_dir: Path, free_port: FreePort
) -> None:
    never: Callable[[], Runner | None] = lambda: None  # noqa: E731
    monkeypatch.setattr("deploy.local.unprivileged._in_namespace", never)
    monkeypatch.setattr("deploy.local.unprivileged._as_nobody", never)

    with pytest.raises(LaunchFault, match="DATABASE_URL"), running_postgres(data_dir, free_port()):
        pass


def test_the_wheel_is_found_without_being_imported() -> None:
    assert cluster.program("postgres").is_file()


class OpenFolder:
    """A folder of its own under the system's temporary folder, passable to all."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="hub-test-"))
        self.path.chmod(0o711)

    def close(self) -> None:
        """Delete it."""
        shutil.rmtree(self.path)
