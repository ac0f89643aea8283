"""Embedded NATS with JetStream: the server of a wheel, on loopback with a password, every write synced."""

import json
import shutil
import signal
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.faults import LaunchFault, PortTaken
from deploy.local.files import Folder, last_line, secret_in, write_private
from deploy.local.ports import HOST, is_free
from deploy.local.processes import dying_with_launcher, end, kill_tree, spawn

_USER = "hub"
_START_SECONDS = 30
_STOP_SECONDS = 10


class NatsDidNotStart(LaunchFault):
    """The server ended, or was not ready in time."""

    def __init__(self, log_file: Path) -> None:
        super().__init__(f"NATS did not start: {last_line(log_file)}\nMore in {log_file}.")


class NatsServer:
    """One NATS server whose JetStream store lies under `data_dir`; start() and stop() may be repeated.

    Args:
        data_dir: the hub's data folder; settings and store lie in its `nats`.
        port: the TCP port on 127.0.0.1.
    """

    name = "nats"
    title = "NATS"

    def __init__(self, data_dir: Path, port: int) -> None:
        self.port = port
        self._folder = Folder(data_dir.resolve())
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address with user and password, so it belongs in no log."""
        return f"nats://{_USER}:{secret_in(password_file(self._folder))}@{HOST}:{self.port}"

    @property
    def log_file(self) -> Path:
        """Where the server writes what it does."""
        return self._folder.log_of(self.name)

    @property
    def pid(self) -> int:
        """The process number of the running server; RuntimeError when it was not started."""
        if self._process is None:
            raise RuntimeError("the NATS server was not started")
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until JetStream takes messages.

        Raises:
            LaunchFault: the port is taken, or the server ended at once; the message says what to do.
        """
        self._folder.prepare()
        settings_file = self._folder.nats / "nats.conf"
        write_private(settings_file, self._settings())
        if not is_free(self.port):
            raise PortTaken(
                self.port, self.name, "Stop that program, or choose other ports with --base-port N."
            )
        self._process = spawn(
            [*dying_with_launcher("TERM"), str(_program()), "--config", str(settings_file)],
            log_file=self.log_file,
            environment={},
        )
        self._wait_ready(self._process)

    def is_running(self) -> bool:
        """Say whether the server process lives."""
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        """Say whether the server greets with JetStream on: it opens its port after the store is loaded."""
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                greeting = connection.makefile("rb").readline()
        except OSError:
            return False
        return greeting.startswith(b"INFO ") and bool(json.loads(greeting[5:]).get("jetstream"))

    def stop(self) -> None:
        """Stop the server; nothing to do when it does not run."""
        if self._process is not None:
            end(self._process, signal.SIGTERM, seconds=_STOP_SECONDS)

    def kill(self) -> None:
        """Kill the server at once, as a crash would; start() brings it back with what it had stored."""
        if self._process is not None:
            kill_tree(self._process)

    def delete_store(self) -> None:
        """Throw away every stream, consumer and message of a stopped server.

        Raises:
            RuntimeError: the server runs.
        """
        if self.is_running():
            raise RuntimeError("stop or kill the NATS server before its store is deleted")
        shutil.rmtree(self._store, ignore_errors=True)

    @property
    def _store(self) -> Path:
        return self._folder.nats / "store"

    def _settings(self) -> str:
        password = secret_in(password_file(self._folder))
        return (
            f'listen: "{HOST}:{self.port}"\n'
            # A message that was acknowledged to us survives a power cut.
            f"jetstream {{ store_dir: {json.dumps(str(self._store))}, sync_interval: always }}\n"
            f'authorization {{ user: "{_USER}", password: "{password}" }}\n'
        )

    def _wait_ready(self, process: "subprocess.Popen[bytes]") -> None:
        give_up_at = time.monotonic() + _START_SECONDS
        while not self.is_ready():
            if process.poll() is not None or time.monotonic() >= give_up_at:
                end(process, signal.SIGTERM, seconds=5)
                raise NatsDidNotStart(self.log_file)
            time.sleep(0.02)


def password_file(folder: Folder) -> Path:
    """Return where the password of the bus lies."""
    return folder.secrets / "nats.password"


@contextmanager
def running_nats(data_dir: Path, port: int) -> Iterator[NatsServer]:
    """Run a NATS server with its store under `data_dir` for the length of a `with` block."""
    server = NatsServer(data_dir, port)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _program() -> Path:
    found = shutil.which("nats-server", path=sysconfig.get_path("scripts"))
    if found is None:
        raise LaunchFault("The NATS server is not installed here. Run `make setup`, or set NATS_URL.")
    return Path(found)
