"""Which hub runs in a data folder: the lock its launcher holds, and what it tells other commands."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.faults import HubAlreadyRunning, NoDemoPeople, NoHubRunning
from deploy.local.files import PRIVATE_FILE, Folder, write_json
from deploy.local.ports import Ports


@dataclass(frozen=True)
class RunningHub:
    """A hub that runs: its launcher's process number, its folder and its ports."""

    pid: int
    folder: Folder
    ports: Ports
    demo: bool


@contextmanager
def claimed(folder: Folder) -> Iterator[bool]:
    """Hold `folder` for this launcher alone; yields whether the one before ended without tidying up.

    The lock is the kernel's, so it is gone with its holder, however that one died.

    Raises:
        HubAlreadyRunning: another launcher holds the folder.
    """
    handle = os.open(folder.lock, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        before = os.read(handle, 20).decode()
        if not _lock(handle):
            raise HubAlreadyRunning(folder.root, before)
        folder.state.unlink(missing_ok=True)
        _note(handle, str(os.getpid()))
        try:
            yield before != ""
        finally:
            folder.state.unlink(missing_ok=True)
            _note(handle, "")
    finally:
        os.close(handle)


def announce(folder: Folder, ports: Ports, *, demo: bool) -> None:
    """Tell other commands, through the state file, that the hub in `folder` answers."""
    write_json(folder.state, {"pid": os.getpid(), "base_port": ports.base, "demo": demo})


def get_running(data_dir: Path) -> RunningHub:
    """Return the hub that runs in `data_dir`.

    Raises:
        NoHubRunning: none does, or it is not ready yet.
    """
    folder = Folder(data_dir.resolve())
    state = _read_state(folder)
    if state is None or not _is_held(folder):
        raise NoHubRunning(folder.root)
    return state


def get_demo_hub(data_dir: Path) -> RunningHub:
    """Return the hub that runs in `data_dir`.

    Raises:
        NoHubRunning: none runs there.
        NoDemoPeople: it is not a demo.
    """
    hub = get_running(data_dir)
    if not hub.demo:
        raise NoDemoPeople
    return hub


def _read_state(folder: Folder) -> RunningHub | None:
    try:
        state = json.loads(folder.state.read_text())
    except FileNotFoundError:
        return None
    return RunningHub(state["pid"], folder, Ports(state["base_port"]), state["demo"])


def _is_held(folder: Folder) -> bool:
    try:
        handle = os.open(folder.lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _lock(handle)
    finally:
        os.close(handle)


def _note(handle: int, holder: str) -> None:
    """Write into the lock file who holds it; empty once the holder has tidied up."""
    os.ftruncate(handle, 0)
    os.pwrite(handle, holder.encode(), 0)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
