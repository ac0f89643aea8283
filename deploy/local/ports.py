"""Where each part of a local hub listens: fixed distances from one base port, on 127.0.0.1 alone."""

import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

from deploy.local.faults import LaunchFault, PortNotAllowed, PortTaken

HOST = "127.0.0.1"
DEFAULT_BASE = 8000
_STEP = 100

OFFSETS = {
    "console": 0,
    "access": 1,
    "intake": 2,
    "triage": 3,
    "notifications": 4,
    "insight": 5,
    "receiver": 8,
    "postgres": 9,
    "nats": 10,
}
_HIGHEST_BASE = 65535 - max(OFFSETS.values())


@dataclass(frozen=True)
class Ports:
    """The port of every part of one hub, counted from `base`."""

    base: int = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not 1 <= self.base <= _HIGHEST_BASE:
            raise LaunchFault(f"--base-port must lie between 1 and {_HIGHEST_BASE}.")

    def of(self, name: str) -> int:
        """Return the port of the part called `name`, one of OFFSETS; KeyError for any other."""
        return self.base + OFFSETS[name]

    def url(self, name: str) -> str:
        """Return the HTTP address of the part called `name`, without a closing slash."""
        return f"http://{HOST}:{self.of(name)}"

    @property
    def console(self) -> int:
        """The staff console."""
        return self.of("console")

    @property
    def access(self) -> int:
        """Sign-in and tokens."""
        return self.of("access")

    @property
    def intake(self) -> int:
        """Where agencies send referrals."""
        return self.of("intake")

    @property
    def triage(self) -> int:
        """Cases and decisions."""
        return self.of("triage")

    @property
    def notifications(self) -> int:
        """The outcome feed and webhooks."""
        return self.of("notifications")

    @property
    def receiver(self) -> int:
        """The demo agency that receives webhooks."""
        return self.of("receiver")

    @property
    def postgres(self) -> int:
        """The embedded PostgreSQL."""
        return self.of("postgres")

    @property
    def nats(self) -> int:
        """The embedded NATS."""
        return self.of("nats")


def is_free(number: int) -> bool:
    """Say whether this process could listen on `number` now.

    Raises:
        PermissionError: the port is reserved for the administrator.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port whose last connections are still ageing counts as free.
        # Windows gives the option another meaning: there it would share a port that is in use.
        if sys.platform != "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def check_free(ports: Ports, names: Iterable[str], *, patience_seconds: float = 0.0) -> None:
    """Refuse to go on while a port that is needed is taken.

    Args:
        ports: where the parts would listen.
        names: the parts about to be started, of OFFSETS.
        patience_seconds: how long to wait for them, when a hub that died is still letting go.

    Raises:
        PortTaken: names the first taken port, and a base port that would do.
        PortNotAllowed: a port below 1024 without the right to it.
    """
    wanted = tuple(names)
    give_up_at = time.monotonic() + patience_seconds
    while taken := _taken(ports, wanted):
        if time.monotonic() >= give_up_at:
            raise PortTaken(ports.of(taken), taken, _suggestion(ports, wanted))
        time.sleep(0.1)


def _taken(ports: Ports, names: tuple[str, ...]) -> str | None:
    for name in names:
        try:
            if not is_free(ports.of(name)):
                return name
        except PermissionError:
            raise PortNotAllowed(ports.of(name), name) from None
    return None


def _suggestion(ports: Ports, names: tuple[str, ...]) -> str:
    bases = range(ports.base + _STEP, min(ports.base + 50 * _STEP, _HIGHEST_BASE), _STEP)
    free = next((base for base in bases if all(is_free(base + OFFSETS[name]) for name in names)), None)
    if free is None:
        return "Stop that program, or choose other ports with --base-port N."
    return f"Stop that program, or choose other ports: --base-port {free}"
