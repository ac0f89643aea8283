"""Embedded PostgreSQL 18: a wheel's binaries under a launcher of our own, on loopback with a password."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.cluster import DATABASE, ENVIRONMENT, MIGRATOR, Cluster, program, read_pid_file
from deploy.local.faults import LaunchFault, PortTaken
from deploy.local.files import Folder, last_line
from deploy.local.ports import HOST, is_free
from deploy.local.processes import dying_with_launcher, end, kill_tree, spawn

# A crash of many gigabytes of log to replay; an ordinary start takes a fraction of a second.
_START_SECONDS = 120
_STOP_SECONDS = 30

_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # No personal data in this log: neither statements nor their values, nor the messages, details and
    # contexts of errors, which quote both ("Key (nhs_number)=(...) already exists"). The services log
    # their own errors, by code.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresDidNotStart(LaunchFault):
    """The server ended, or was not ready in time."""

    def __init__(self, log_file: Path) -> None:
        super().__init__(f"PostgreSQL did not start: {last_line(log_file)}\nMore in {log_file}.")


class PostgresServer:
    """One PostgreSQL server on the files under `data_dir`; start() and stop() may be repeated.

    Args:
        data_dir: the hub's data folder; the files lie in its `pg`.
        port: the TCP port on 127.0.0.1.
        durable: False gives up all safety against a crash for speed; for tests only.
        shared_buffers: how much of the files it keeps in its own memory, as "2GB"; left to it unless told.
    """

    name = "postgres"
    title = "PostgreSQL"

    def __init__(self, data_dir: Path, port: int, *, durable: bool = True, shared_buffers: str = "") -> None:
        self.port = port
        self._memory = {"shared_buffers": shared_buffers} if shared_buffers else {}
        self._folder = Folder(data_dir.resolve())
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The migrator's database URL; it holds the password, so it belongs in no log."""
        password = self._folder.password_of(MIGRATOR).read_text().strip()
        return f"postgresql+asyncpg://{MIGRATOR}:{password}@{HOST}:{self.port}/{DATABASE}"

    @property
    def log_file(self) -> Path:
        """Where the server writes what it does."""
        return self._folder.log_of(self.name)

    @property
    def pid(self) -> int:
        """The process number of the running server; RuntimeError when it was not started."""
        if self._process is None:
            raise RuntimeError("the PostgreSQL server was not started")
        return self._process.pid

    def start(self) -> None:
        """Start the server, making its files first where there are none, and wait until it takes queries.

        Raises:
            LaunchFault: the port is taken, the files belong to another version or to a living server,
                or the server ended at once; the message says what to do.
        """
        self._folder.prepare()
        cluster = Cluster(
            self._folder.postgres, self._folder.password_of(MIGRATOR), self.log_file, durable=self._durable
        )
        runner = cluster.prepare()
        if not is_free(self.port):
            raise PortTaken(
                self.port, self.name, "Stop that program, or choose other ports with --base-port N."
            )
        # `unshare` (in the runner's prefix) changes credentials, which clears the parent-death signal:
        # the request must come after it. INT is the fast shutdown.
        self._process = spawn(
            [*runner.prefix, *dying_with_launcher("INT"), *self._command()],
            log_file=self.log_file,
            environment=ENVIRONMENT,
            folder=Path("/"),
        )
        self._wait_ready(self._process)

    def is_running(self) -> bool:
        """Say whether the server process lives."""
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        """Say whether the server takes queries."""
        return self.is_running() and read_pid_file(self._folder.postgres) == (self.pid, "ready")

    def stop(self) -> None:
        """End all sessions, write everything down and stop; nothing to do when it does not run."""
        if self._process is None or not self.is_running():
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # Committed work is safe: it is replayed at the next start.
            kill_tree(self._process)

    def kill(self) -> None:
        """Kill the server and all its children at once, as a crash would; start() recovers."""
        if self._process is not None:
            kill_tree(self._process)

    def _command(self) -> list[str]:
        safety = {} if self._durable else _NOT_DURABLE
        settings = {**_SETTINGS, **safety, **self._memory, "port": str(self.port)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(program("postgres")), "-D", str(self._folder.postgres), *options]

    def _wait_ready(self, process: "subprocess.Popen[bytes]") -> None:
        give_up_at = time.monotonic() + _START_SECONDS
        while not self.is_ready():
            if process.poll() is not None or time.monotonic() >= give_up_at:
                end(process, signal.SIGINT, seconds=5)
                raise PostgresDidNotStart(self.log_file)
            time.sleep(0.02)


@contextmanager
def running_postgres(
    data_dir: Path, port: int, *, durable: bool = True, shared_buffers: str = ""
) -> Iterator[PostgresServer]:
    """Run a PostgreSQL server on the files under `data_dir` for the length of a `with` block.

    Call it on the main thread; it blocks for a second or so where the files must be made first.
    """
    server = PostgresServer(data_dir, port, durable=durable, shared_buffers=shared_buffers)
    try:
        server.start()
        yield server
    finally:
        server.stop()
