"""What is measured: a whole hub or its door alone, durable, on free ports, in a folder that goes away."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.figures import say
from bench.yardsticks import plain_environment
from deploy.local import seed
from deploy.local.environment import Backbone, environment_of
from deploy.local.files import Folder
from deploy.local.keys import make_missing_keys
from deploy.local.migrating import migrate_database
from deploy.local.nats import NatsServer
from deploy.local.ports import OFFSETS, Ports
from deploy.local.postgres import PostgresServer
from deploy.local.supervisor import ServiceProcess, Supervisor, hub_command

_STOP_WITHIN_SECONDS = 30
_DOOR = ("access", "intake")


@dataclass(frozen=True)
class Stage:
    """Running processes as a benchmark sees them.

    Attributes:
        services: the address of each service that answers, and of `plain` where it runs.
        pids: the process numbers of what the stage itself has started.
    """

    folder: Folder
    services: dict[str, str]
    base_port: int
    pids: dict[str, int] = field(default_factory=dict)

    @property
    def nats_url(self) -> str:
        """The bus, with user and password."""
        return NatsServer(self.folder.root, self.base_port + OFFSETS["nats"]).url

    @property
    def database_url(self) -> str:
        """The migrator's; it holds the password."""
        return PostgresServer(self.folder.root, self.base_port + OFFSETS["postgres"]).url

    def token(self, client_id: str = "example-primary") -> str:
        """Return a token of one of the demo's systems that has a secret."""
        secret = self.folder.secret_of(client_id).read_text().strip()
        answer = httpx.post(
            f"{self.services['access']}/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, secret),
        )
        answer.raise_for_status()
        return str(answer.json()["access_token"])


@contextmanager
def running_hub(root: Path) -> Iterator[Stage]:
    """Run a hub with the demo's agencies, and without its journey, for the length of a `with` block."""
    base_port = _free_base_port()
    # The journey is not what is measured: a hub that finds this file does not run it.
    Folder(root).prepare()
    Folder(root).journey.write_text("{}")
    command = [sys.executable, "-m", "deploy.local.command", "up", "--demo", "--json"]
    command += ["--data", str(root), "--base-port", str(base_port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    try:
        if process.stdout is None or not (line := process.stdout.readline()):
            raise SystemExit("The hub did not start; what it said stands above.")
        said: dict[str, Any] = json.loads(line)
        yield Stage(Folder(root), said["services"], base_port)
    finally:
        process.terminate()
        process.wait(_STOP_WITHIN_SECONDS)


@contextmanager
def running_door(root: Path) -> Iterator[Stage]:
    """Run what takes a referral in and nothing that works on it afterwards, and the plain application.

    That is PostgreSQL, access, and intake without its workers: on a small machine, whoever carries events
    and opens cases takes the processor from what is measured.
    """
    folder, ports = Folder(root), Ports(_free_base_port())
    folder.prepare()
    make_missing_keys(folder)
    postgres = PostgresServer(root, ports.postgres)
    supervisor = Supervisor(say)
    try:
        supervisor.start(postgres)
        migrate_database(postgres.url, folder)
        seed.load(postgres.url, root, demo=True)
        # Nobody looks for the bus: events stay in the outbox.
        backbone = Backbone(postgres.url, "nats://127.0.0.1:1")
        processes = [_web_of(name, folder, ports, backbone) for name in _DOOR]
        processes.append(_plain(folder, ports, postgres.url))
        for process in processes:
            supervisor.start(process)
        supervisor.wait_ready(processes)
        services = {name: ports.url(name) for name in _DOOR} | {"plain": ports.url("receiver")}
        yield Stage(folder, services, ports.base, {process.name: process.pid for process in processes})
    finally:
        supervisor.stop()


def _web_of(name: str, folder: Folder, ports: Ports, backbone: Backbone) -> ServiceProcess:
    return ServiceProcess(
        name,
        environment_of(name, folder, ports, backbone, demo=True),
        folder.log_of(name),
        port=ports.of(name),
        command=hub_command("serve", name, "--only", "web"),
    )


def _plain(folder: Folder, ports: Ports, url: str) -> ServiceProcess:
    port = ports.of("receiver")
    return ServiceProcess(
        "plain",
        plain_environment(url, port),
        folder.log_of("plain"),
        port=port,
        command=[sys.executable, "-m", "bench.plain"],
    )


def _free_base_port() -> int:
    for base in range(21_000, 29_000, 100):
        if all(_is_free(base + offset) for offset in OFFSETS.values()):
            return base
    raise SystemExit("No free ports between 21000 and 29000.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
