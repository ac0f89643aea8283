"""Keeps the hub's processes running: waits until they answer, brings back what dies, stops all in order."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from deploy.local.faults import LaunchFault
from deploy.local.files import last_line
from deploy.local.ports import HOST
from deploy.local.processes import LAUNCHER_PID, kill_late, spawn

Say = Callable[[str], None]

_LOOK_SECONDS = 0.1
_READY_SECONDS = 90.0
_STOP_SECONDS = 10.0
_STARTS_BEFORE_READY = 3
_SHORTEST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_STEADY_SECONDS = 60.0


class Child(Protocol):
    """What the supervisor can look after: a service process, PostgreSQL or NATS."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def log_file(self) -> Path:
        """Where it writes what it does."""

    def start(self) -> None:
        """Start it, again if need be; LaunchFault when it cannot be."""

    def is_running(self) -> bool:
        """Say whether its process lives."""

    def is_ready(self) -> bool:
        """Say whether it can be used."""

    def stop(self) -> None:
        """Stop it and wait until it is gone."""


class ServiceProcess:
    """One Python process of the hub.

    Args:
        name: what `hub serve` calls it.
        environment: all that it is told.
        log_file: where its output goes.
        port: where it answers `/health/ready`; None for one without HTTP, which is ready while it lives.
        command: what to run; `hub serve NAME` unless told.
    """

    def __init__(
        self,
        name: str,
        environment: Mapping[str, str],
        log_file: Path,
        *,
        port: int | None,
        command: Sequence[str] | None = None,
    ) -> None:
        self.name = name
        self.log_file = log_file
        self._environment = dict(environment)
        self._port = port
        self._command = command or hub_command("serve", name)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process number; RuntimeError when it was not started."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        return self._process.pid

    def start(self) -> None:
        """Start the process without waiting for it."""
        told = {**self._environment, LAUNCHER_PID: str(os.getpid())}
        self._process = spawn(self._command, log_file=self.log_file, environment=told)

    def is_running(self) -> bool:
        """Say whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        """Say whether it answers `/health/ready` with 200."""
        if not self.is_running():
            return False
        return self._port is None or _answers_ready(self._port)

    def ask_to_stop(self) -> None:
        """Send SIGTERM and do not wait."""
        if self._process is not None and self.is_running():
            self._process.send_signal(signal.SIGTERM)

    def wait_stopped(self, *, give_up_at: float) -> None:
        """Wait until `give_up_at` on the monotonic clock, then kill what is left."""
        if self._process is not None:
            kill_late(self._process, give_up_at=give_up_at)

    def stop(self) -> None:
        """Ask it to stop, wait, and kill what is left."""
        self.ask_to_stop()
        self.wait_stopped(give_up_at=time.monotonic() + _STOP_SECONDS)


@dataclass
class _Watch:
    """How one child fares; times are seconds on the monotonic clock."""

    child: Child
    started_at: float
    starts: int = 1
    restart_at: float | None = None
    pause: float = field(default=_SHORTEST_PAUSE_SECONDS)


class Supervisor:
    """Looks after the children given to it.

    Args:
        say: tells a person what happens to them.
        stop_seconds: how long services may take to stop before they are killed.
    """

    def __init__(self, say: Say, *, stop_seconds: float = _STOP_SECONDS) -> None:
        self._say = say
        self._stop_seconds = stop_seconds
        self._watches: list[_Watch] = []

    def start(self, child: Child) -> None:
        """Start `child` and look after it from now on.

        Raises:
            LaunchFault: it cannot be started.
        """
        # Noted first: a signal that arrives halfway through the start must still find it to stop it.
        self._watches.append(_Watch(child, started_at=time.monotonic()))
        child.start()

    def wait_ready(self, children: Sequence[Child], *, seconds: float = _READY_SECONDS) -> None:
        """Wait until all `children` can be used, bringing back those that die meanwhile.

        Raises:
            LaunchFault: one died for the third time, or was not ready after `seconds`.
        """
        give_up_at = time.monotonic() + seconds
        while waiting := [child for child in children if not child.is_ready()]:
            self.look()
            for watch in self._watches:
                if watch.child in waiting and watch.restart_at and watch.starts >= _STARTS_BEFORE_READY:
                    raise LaunchFault(_sad_story(watch.child, "stops as soon as it is started"))
            if time.monotonic() >= give_up_at:
                raise LaunchFault(_sad_story(waiting[0], f"was not ready after {seconds:.0f} s"))
            time.sleep(_LOOK_SECONDS)

    def look(self) -> None:
        """Look at every child once, and bring back those that died, each after a growing pause."""
        for watch in self._watches:
            if not watch.child.is_running():
                self._mend(watch, now=time.monotonic())

    def watch(self, until: Callable[[], bool]) -> None:
        """Look after the children until `until` says so, or an exception (a signal's) ends it."""
        while not until():
            self.look()
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Stop all children: the services together, then what they stand on, last started first."""
        children = [watch.child for watch in reversed(self._watches)]
        services = [child for child in children if isinstance(child, ServiceProcess)]
        for service in services:
            service.ask_to_stop()
        give_up_at = time.monotonic() + self._stop_seconds
        for service in services:
            service.wait_stopped(give_up_at=give_up_at)
        for child in children:
            if child not in services:
                child.stop()
        self._watches.clear()

    def _mend(self, watch: _Watch, *, now: float) -> None:
        if watch.restart_at is None:
            if now - watch.started_at >= _STEADY_SECONDS:
                watch.pause = _SHORTEST_PAUSE_SECONDS
            watch.restart_at = now + watch.pause
            self._say(f"{watch.child.name} stopped; starting it again. See {watch.child.log_file}")
        elif now >= watch.restart_at:
            self._start_again(watch)

    def _start_again(self, watch: _Watch) -> None:
        watch.pause = min(2 * watch.pause, _LONGEST_PAUSE_SECONDS)
        try:
            watch.child.start()
        except LaunchFault as fault:
            self._say(str(fault))
            watch.restart_at = time.monotonic() + watch.pause
            return
        watch.starts += 1
        watch.started_at, watch.restart_at = time.monotonic(), None
        self._say(f"{watch.child.name} started again")


def hub_command(*arguments: str) -> list[str]:
    """Return the command line of a `hub` command under this very Python."""
    return [sys.executable, "-m", "deploy.local.command", *arguments]


def _answers_ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _sad_story(child: Child, what: str) -> str:
    words = last_line(child.log_file)
    return f"{child.name} {what}{f': {words[:300]}' if words else '.'}\nMore in {child.log_file}."
