"""`hub up`: everything a hub needs, started in order on one machine and kept running until told to stop."""

import contextlib
import importlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.backbone import embedded_parts, start_backbone
from deploy.local.environment import SERVICES, Backbone, environment_of, require_partnership
from deploy.local.files import Folder
from deploy.local.ports import Ports, check_free
from deploy.local.processes import LAUNCHER_PID, end
from deploy.local.running import announce, claimed
from deploy.local.signals import stop_on_signals
from deploy.local.supervisor import ServiceProcess, Supervisor, hub_command
from deploy.local.telling import Teller, answer_of, welcome

# A hub that was killed leaves its children this long to notice and stop.
_LEFT_BEHIND_SECONDS = 20.0
_INTERRUPTED = 130


@dataclass(frozen=True)
class Launch:
    """What `hub up` was asked for."""

    folder: Folder
    ports: Ports
    demo: bool


def up(data_dir: Path, ports: Ports, *, demo: bool, as_json: bool) -> int:
    """Run a hub until SIGINT or SIGTERM; return the exit status.

    Raises:
        LaunchFault: it could not be started; everything that was started has been stopped again.
    """
    if not demo:
        require_partnership()
    launch = Launch(Folder(data_dir.resolve()), ports, demo)
    stop_on_signals()
    teller = Teller(as_json=as_json)
    supervisor = Supervisor(teller.say)
    status = _INTERRUPTED
    try:
        with _folder_held(launch), _all_stopped_after(supervisor, teller):
            _start(launch, supervisor, teller)
            status = 0
            _stay(launch, supervisor, teller)
    except KeyboardInterrupt:
        return status
    return status


@contextlib.contextmanager
def _folder_held(launch: Launch) -> Iterator[None]:
    launch.folder.prepare()
    with claimed(launch.folder) as left_behind:
        patience = _LEFT_BEHIND_SECONDS if left_behind else 0.0
        parts = (*embedded_parts(), *SERVICES, *(("receiver",) if launch.demo else ()))
        check_free(launch.ports, parts, patience_seconds=patience)
        yield


@contextlib.contextmanager
def _all_stopped_after(supervisor: Supervisor, teller: Teller) -> Iterator[None]:
    try:
        yield
    finally:
        teller.say("Stopping.")
        supervisor.stop()


def _start(launch: Launch, supervisor: Supervisor, teller: Teller) -> None:
    """Bring everything up to the point where the hub answers, and say so."""
    # Reading the code takes about as long as making an empty database: do both at once.
    threading.Thread(target=_read_code, daemon=True).start()
    with teller.step("Keys in place"):
        _make_keys(launch.folder)
    backbone = start_backbone(launch.folder, launch.ports, supervisor, teller)
    with teller.step("Database migrated"):
        _migrate(launch.folder, backbone)
    with teller.step("Demo data loaded" if launch.demo else "Service identities loaded"):
        _seed(launch, backbone)
    with teller.step("Services ready"):
        _start_services(launch, backbone, supervisor)
    announce(launch.folder, launch.ports, demo=launch.demo)
    teller.answer(answer_of(launch.folder, launch.ports, _directory(launch.folder)))


def _stay(launch: Launch, supervisor: Supervisor, teller: Teller) -> None:
    """Show the demo journey once, say where everything is, and look after it all."""
    if launch.demo and not launch.folder.journey.exists():
        _show_journey(launch.folder, supervisor, teller)
    for line in welcome(launch.folder, launch.ports, _directory(launch.folder)):
        teller.say(line)
    supervisor.watch(until=lambda: False)


def _read_code() -> None:
    for name in ("migrations.run", "deploy.local.seed"):
        # What is wrong with it is said where it is used.
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _make_keys(folder: Folder) -> None:
    from deploy.local.keys import make_missing_keys

    make_missing_keys(folder)


def _migrate(folder: Folder, backbone: Backbone) -> None:
    from deploy.local.migrating import migrate_database

    migrate_database(backbone.database_url, folder)


def _seed(launch: Launch, backbone: Backbone) -> None:
    from deploy.local import seed

    seed.load(backbone.database_url, launch.folder.root, demo=launch.demo)


def _directory(folder: Folder) -> dict[str, Any]:
    from deploy.local import seed

    directory: dict[str, Any] = seed.directory(folder.root)
    return directory


def _start_services(launch: Launch, backbone: Backbone, supervisor: Supervisor) -> None:
    names = (*SERVICES, "reconciler", *(("receiver",) if launch.demo else ()))
    processes = [_service(name, launch, backbone) for name in names]
    for process in processes:
        supervisor.start(process)
    supervisor.wait_ready(processes)


def _service(name: str, launch: Launch, backbone: Backbone) -> ServiceProcess:
    folder, ports = launch.folder, launch.ports
    return ServiceProcess(
        name,
        environment_of(name, folder, ports, backbone, demo=launch.demo),
        folder.log_of(name),
        port=None if name == "reconciler" else ports.of(name),
    )


def _show_journey(folder: Folder, supervisor: Supervisor, teller: Teller) -> None:
    """Run `hub demo` in a process of its own, so that the services stay looked after meanwhile."""
    command = hub_command("demo", "--data", str(folder.root))
    told = {**os.environ, LAUNCHER_PID: str(os.getpid())}
    with ExitStack() as stack:
        journey = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=told, start_new_session=True)
        stack.callback(end, journey, signal.SIGTERM, seconds=5)
        supervisor.watch(until=lambda: journey.poll() is not None)
    if journey.returncode != 0:
        teller.say("The demo journey did not reach its end. The hub runs; try again with `hub demo`.")
