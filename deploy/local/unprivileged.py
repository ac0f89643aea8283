"""PostgreSQL refuses to run as root: how to run it as someone else without opening any private folder."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.faults import LaunchFault


class NoOneToRunAs(LaunchFault):
    """We are root, and neither way of being someone else works on this machine."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"PostgreSQL does not run as root, and nobody else can reach {folder} and its programs here.\n"
            "Run the hub as an ordinary user, put both under a folder open to all (--data FOLDER), "
            "or set DATABASE_URL to a PostgreSQL of your own."
        )


@dataclass(frozen=True)
class Runner:
    """Who runs PostgreSQL: what stands before its commands, and who owns its files."""

    prefix: tuple[str, ...]
    owner: tuple[int, int]


def choose_runner(folder: Path, program: Path) -> Runner:
    """Return who shall run `program` on the files in `folder`, which is handed over to that user.

    An ordinary user is its own runner. For root, a user namespace comes first: the files stay root's and
    no parent folder needs to be opened. Containers often forbid it; then it is `nobody`, for whom the
    folder's parents must be passable already (the nearest one, the hub's own, is made so).

    Raises:
        NoOneToRunAs: neither way works.
    """
    if os.geteuid() != 0:
        return Runner(prefix=(), owner=(os.geteuid(), os.getegid()))
    for runner in (_in_namespace(), _as_nobody()):
        if runner is not None and _works(runner, folder, program):
            return runner
    raise NoOneToRunAs(folder)


def _in_namespace() -> Runner | None:
    unshare = shutil.which("unshare")
    if unshare is None or sys.platform != "linux":
        return None
    return Runner(prefix=(unshare, "-U", "--map-user=1000", "--map-group=1000"), owner=(0, 0))


def _as_nobody() -> Runner | None:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    import pwd

    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return None
    uid, gid = nobody.pw_uid, nobody.pw_gid
    return Runner(
        prefix=(setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups"),
        owner=(uid, gid),
    )


def _works(runner: Runner, folder: Path, program: Path) -> bool:
    """Try it: hand the folder over, then write to it and start the program as that user."""
    _hand_over(folder, runner)
    trial = [
        *runner.prefix,
        "/bin/sh",
        "-c",
        'test -w "$0" && exec "$1" --version',
        str(folder),
        str(program),
    ]
    # From /: a working folder that the other user may not enter must not decide the trial.
    return subprocess.run(trial, cwd="/", capture_output=True, check=False).returncode == 0


def _hand_over(folder: Path, runner: Runner) -> None:
    if runner.owner != (0, 0):
        parent = folder.parent
        parent.chmod(parent.stat().st_mode | 0o011)
    if folder.stat().st_uid != runner.owner[0]:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, *runner.owner, follow_symlinks=False)
