"""What the services stand on: the embedded PostgreSQL and NATS, or those the environment names."""

import os
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from deploy.local.environment import Backbone
from deploy.local.faults import LaunchFault
from deploy.local.files import Folder
from deploy.local.nats import NatsServer
from deploy.local.ports import HOST, Ports
from deploy.local.postgres import PostgresServer
from deploy.local.supervisor import Supervisor
from deploy.local.telling import Teller

_DEFAULT_PORTS = {"DATABASE_URL": 5432, "NATS_URL": 4222}


class NothingAnswers(LaunchFault):
    """The environment names a server that is not there."""

    def __init__(self, variable: str, address: str) -> None:
        super().__init__(
            f"Nothing answers at {address}, which {variable} names.\n"
            f"Start that server, or unset {variable} to let the hub bring its own."
        )


def embedded_parts() -> Iterable[str]:
    """Return which of `postgres` and `nats` the hub has to bring itself."""
    if not os.environ.get("DATABASE_URL"):
        yield "postgres"
    if not os.environ.get("NATS_URL"):
        yield "nats"


def start_backbone(folder: Folder, ports: Ports, supervisor: Supervisor, teller: Teller) -> Backbone:
    """Start what has to be started, check what is said to be there, and return where both are.

    Raises:
        LaunchFault: one could not be started, or nothing answers where the environment says.
    """
    nats_url = _given("NATS_URL")
    if nats_url is None:
        nats = NatsServer(folder.root, ports.nats)
        with teller.step(f"NATS ready on {HOST}:{ports.nats}"):
            supervisor.start(nats)
        nats_url = nats.url
    database_url = _given("DATABASE_URL")
    if database_url is None:
        postgres = PostgresServer(folder.root, ports.postgres)
        with teller.step(f"PostgreSQL 18 ready on {HOST}:{ports.postgres}"):
            supervisor.start(postgres)
        database_url = postgres.url
    return Backbone(database_url, nats_url)


def _given(variable: str) -> str | None:
    """Return the URL in `variable` once something answers there; None when it is not set."""
    url = os.environ.get(variable)
    if not url:
        return None
    # A cluster is written as several URLs with commas between them; one that answers is enough.
    places = [urlsplit(part) for part in url.split(",")]
    addresses = [(place.hostname or HOST, place.port or _DEFAULT_PORTS[variable]) for place in places]
    if not any(_answers(address) for address in addresses):
        raise NothingAnswers(variable, ", ".join(f"{host}:{port}" for host, port in addresses))
    return url


def _answers(address: tuple[str, int]) -> bool:
    try:
        socket.create_connection(address, timeout=5).close()
    except OSError:
        return False
    return True
