"""Starting and ending programs so that none outlives the launcher, even one killed by SIGKILL."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from deploy.local.files import PRIVATE_FILE

LAUNCHER_PID = "HUB_LAUNCHER_PID"
_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 10.0
_LOOK_SECONDS = 1.0

# Run after setpriv: a launcher that died before the request was made will never send the signal.
_UNLESS_ORPHANED = 'test "$PPID" = "$0" && exec "$@"'


def spawn(
    command: Sequence[str], *, log_file: Path, environment: Mapping[str, str], folder: Path | None = None
) -> "subprocess.Popen[bytes]":
    """Start `command` in a process session of its own, its output added to `log_file`.

    It works in `folder`, or where the launcher does.

    Its own session keeps Ctrl-C in the launcher's terminal from reaching it before the launcher can
    end everything in order.

    Raises:
        RuntimeError: called off the main thread. Linux sends the parent-death signal when the
            spawning thread ends, so a worker thread would take the program with it.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("programs may only be started from the main thread")
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(log_file, flags, PRIVATE_FILE), "ab") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )


def dying_with_launcher(signal_name: str) -> list[str]:
    """Return what to put before a command so that it gets `signal_name` when this process dies.

    It must stand after anything that changes the user: a change of credentials clears the request.
    Empty where the machine has no `setpriv` (anything but Linux).
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    if setpriv is None:
        return []
    return [setpriv, "--pdeathsig", signal_name, "/bin/sh", "-c", _UNLESS_ORPHANED, str(os.getpid())]


def die_with_launcher(*, grace_seconds: float = _GRACE_SECONDS) -> None:
    """See to it that this process gets SIGTERM when the launcher that started it dies; leave if it has.

    With the launcher dies whoever would kill a process that SIGTERM does not end (database and bus go at
    the same moment, and a service may wait for them), so it ends itself after `grace_seconds`.

    Does nothing in a process that no launcher started.
    """
    told = os.environ.get(LAUNCHER_PID)
    if told is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    launcher = int(told)
    if os.getppid() != launcher:
        sys.exit(1)
    threading.Thread(target=_outlive_briefly, args=(launcher, grace_seconds), daemon=True).start()


def _outlive_briefly(launcher: int, grace_seconds: float) -> None:
    while os.getppid() == launcher:
        time.sleep(_LOOK_SECONDS)
    # Linux has sent it by itself.
    if sys.platform != "linux":
        os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(grace_seconds)
    os._exit(1)


def end(process: "subprocess.Popen[bytes]", sign: signal.Signals, *, seconds: float) -> None:
    """Ask `process` to stop with `sign`; what is left of its session after `seconds` is killed."""
    if process.poll() is None:
        process.send_signal(sign)
    kill_late(process, give_up_at=time.monotonic() + seconds)


def kill_late(process: "subprocess.Popen[bytes]", *, give_up_at: float) -> None:
    """Wait for `process` until `give_up_at` on the monotonic clock, then kill what is left of its session."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(max(0.0, give_up_at - time.monotonic()))
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_tree(process: "subprocess.Popen[bytes]") -> None:
    """Kill `process` and its children at one blow, as a power cut would, and wait until they are gone.

    PostgreSQL's children have sessions of their own, so its process group is not enough. The parent is
    frozen first: it would tidy up between the deaths of its children.
    """
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGSTOP)
    children = list_children(process.pid)
    for pid in (*children, process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    wait_gone(children, seconds=10)


def list_children(parent: int) -> list[int]:
    """Return the ids of the processes whose parent is `parent`; none where there is no /proc."""
    return [pid for pid in list_processes() if _parent_of(pid) == parent]


def list_processes() -> list[int]:
    """Return the ids of all processes; none where there is no /proc."""
    with contextlib.suppress(OSError):
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return []


def wait_gone(pids: Iterable[int], *, seconds: float) -> bool:
    """Wait until none of `pids` runs any more; False when one still does after `seconds`."""
    left = set(pids)
    give_up_at = time.monotonic() + seconds
    while left := {pid for pid in left if _runs(pid)}:
        if time.monotonic() >= give_up_at:
            return False
        time.sleep(0.02)
    return True


def _runs(pid: int) -> bool:
    return _stat_of(pid)[:1] not in ([], ["Z"], ["X"])


def _parent_of(pid: int) -> int | None:
    match _stat_of(pid):
        case [_, parent, *_]:
            return int(parent)
        case _:
            return None


def _stat_of(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; none for a process that is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    # The name before it may hold spaces and brackets of its own.
    return stat.rpartition(")")[2].split()
