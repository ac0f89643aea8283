"""A hub of its own for measuring: durable, on free ports, in a folder that goes away afterwards."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.local.files import Folder
from deploy.local.nats import NatsServer

_STOP_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Stage:
    """A running hub as a benchmark sees it."""

    folder: Folder
    services: dict[str, str]
    base_port: int

    @property
    def nats_url(self) -> str:
        """The bus, with user and password."""
        return NatsServer(self.folder.root, self.base_port + 10).url

    def token(self) -> str:
        """Return a token of the demo school's system."""
        secret = self.folder.secret_of("example-primary").read_text().strip()
        answer = httpx.post(
            f"{self.services['access']}/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=("example-primary", secret),
        )
        answer.raise_for_status()
        return str(answer.json()["access_token"])


@contextmanager
def running_hub(folder: Path) -> Iterator[Stage]:
    """Run a hub with the demo's agencies, and without its journey, for the length of a `with` block."""
    base_port = _free_base_port()
    # The journey is not what is measured: a hub that finds this file does not run it.
    Folder(folder).prepare()
    Folder(folder).journey.write_text("{}")
    command = [sys.executable, "-m", "deploy.local.command", "up", "--demo", "--json"]
    command += ["--data", str(folder), "--base-port", str(base_port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    try:
        if process.stdout is None or not (line := process.stdout.readline()):
            raise SystemExit("The hub did not start; what it said stands above.")
        said: dict[str, Any] = json.loads(line)
        yield Stage(Folder(folder), said["services"], base_port)
    finally:
        process.terminate()
        process.wait(_STOP_WITHIN_SECONDS)


def server_url(stage: Stage) -> str:
    """Return the migrator's database URL; it holds the password."""
    password = stage.folder.password_of("hub_migrator").read_text().strip()
    return f"postgresql+asyncpg://hub_migrator:{password}@127.0.0.1:{stage.base_port + 9}/hub"


def _free_base_port() -> int:
    for base in range(21_000, 29_000, 100):
        if all(_is_free(base + offset) for offset in range(11)):
            return base
    raise SystemExit("No free ports between 21000 and 29000.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
