"""A hub of real processes on durable storage, each of which may be killed and started again."""

import contextlib
import http.client
import os
import random
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import seed
from deploy.local.environment import Backbone, environment_of
from deploy.local.files import Folder, last_line
from deploy.local.keys import make_missing_keys
from deploy.local.nats import NatsServer, running_nats
from deploy.local.ports import HOST, OFFSETS, Ports, is_free
from deploy.local.postgres import PostgresServer, running_postgres
from migrations.run import migrate
from tests.faults.forge import Forge, Plan

SERVICES = ("access", "intake", "triage", "notifications", "reconciler")
_READY_SECONDS = 60.0


@dataclass
class Stage:
    """The hub's parts. Only the thread that made it may start or stop any."""

    folder: Folder
    ports: Ports
    postgres: PostgresServer
    nats: NatsServer
    forge: Forge
    settings: Mapping[str, Mapping[str, str]]
    _pids: dict[str, int] = field(default_factory=dict)

    def start(self, service: str, plan: Plan | None = None) -> None:
        """Start a service, perhaps one that dies by `plan`, without waiting for it."""
        backbone = Backbone(self.postgres.url, self.nats.url)
        environment = environment_of(service, self.folder, self.ports, backbone, demo=True)
        environment |= self.settings.get(service, {})
        self._pids[service] = self.forge.start(service, environment, self.folder.log_of(service), plan)

    def is_running(self, service: str) -> bool:
        """Say whether a service's process lives."""
        try:
            os.kill(self._pids[service], 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self, service: str) -> bool:
        """Kill a service; False when it was dead already."""
        return self._signal(service, signal.SIGKILL)

    def ask_to_stop(self, service: str) -> None:
        """Send a service SIGTERM."""
        self._signal(service, signal.SIGTERM)

    def pid_of(self, service: str) -> int:
        """Return the process number of a service as it was last started."""
        return self._pids[service]

    def is_ready(self, service: str) -> bool:
        """Say whether a service answers `/health/ready` with 200; one without HTTP, whether it lives."""
        return self.is_running(service) and (service == "reconciler" or self.health(service, "ready") == 200)

    def health(self, service: str, kind: str) -> int:
        """Return the status of `/health/live` or `/health/ready`; 0 when nobody answers."""
        connection = http.client.HTTPConnection(HOST, self.ports.of(service), timeout=5)
        try:
            connection.request("GET", f"/health/{kind}")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def wait_ready(self, *services: str) -> None:
        """Wait until all `services` can be used."""
        give_up_at = time.monotonic() + _READY_SECONDS
        for service in services:
            while not self.is_ready(service):
                last = last_line(self.folder.log_of(service))
                assert time.monotonic() < give_up_at, f"{service} is not ready: {last}"
                time.sleep(0.05)

    def wait_gone(self, service: str, *, seconds: float) -> None:
        """Wait until the process of a service has ended."""
        give_up_at = time.monotonic() + seconds
        while self.is_running(service):
            assert time.monotonic() < give_up_at, f"{service} still runs after {seconds:.0f} s"
            time.sleep(0.02)

    def _signal(self, service: str, number: signal.Signals) -> bool:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pids[service], number)
            return True
        return False


@contextmanager
def running_stage(root: Path, settings: Mapping[str, Mapping[str, str]] | None = None) -> Iterator[Stage]:
    """Run a hub with the demo's agencies for the length of a `with` block, every service ready.

    Args:
        root: an empty folder.
        settings: by service, what its environment says beside what the launcher would.
    """
    folder, ports = Folder(root), Ports(_free_base())
    folder.prepare()
    make_missing_keys(folder)
    with ExitStack() as stack:
        forge = stack.enter_context(Forge(folder.log_of("forge"), root / "obituary"))
        nats = stack.enter_context(running_nats(root, ports.nats))
        postgres = stack.enter_context(running_postgres(root, ports.postgres))
        migrate(postgres.url, folder.secrets)
        seed.load(postgres.url, root, demo=True)
        stage = Stage(folder, ports, postgres, nats, forge, settings or {})
        for service in SERVICES:
            stage.start(service)
        stage.wait_ready(*SERVICES)
        yield stage


def _free_base() -> int:
    while True:
        base = random.randrange(30_000, 32_000, 20)
        if all(is_free(base + offset) for offset in OFFSETS.values()):
            return base
