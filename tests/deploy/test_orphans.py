"""Nothing outlives a launcher that was killed, and Ctrl-C reaches one whose shell ignores it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.processes import LAUNCHER_PID, wait_gone

FreePort = Callable[[], int]

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="parent-death signals are Linux's")

STARTS_ALL = """
import sys, time, os
from pathlib import Path
from deploy.local.nats import running_nats
from deploy.local.postgres import running_postgres
from deploy.local.supervisor import ServiceProcess
folder = Path(sys.argv[1])
bus_port, database_port = int(sys.argv[2]), int(sys.argv[3])
child = [sys.executable, "-c", sys.argv[4]]
with running_nats(folder, bus_port) as bus, running_postgres(folder, database_port, durable=False) as db:
    service = ServiceProcess("dummy", os.environ, folder / "log" / "dummy.log", port=None, command=child)
    service.start()
    while "up" not in service.log_file.read_text():
        time.sleep(0.02)
    print(bus.pid, db.pid, service.pid, flush=True)
    time.sleep(600)
"""
A_SERVICE = """
import signal, time
from deploy.local.processes import die_with_launcher
signal.signal(signal.SIGTERM, signal.SIG_IGN if IGNORES else signal.SIG_DFL)
die_with_launcher(grace_seconds=0.2)
print("up", flush=True)
time.sleep(600)
"""
WAITS_FOR_SIGNAL = """
import time
from deploy.local.signals import stop_on_signals
stop_on_signals()
try:
    print("up", flush=True)
    time.sleep(600)
except KeyboardInterrupt:
    print("stopped", flush=True)
    time.sleep(0.5)
    print("stopped in peace", flush=True)
"""


@on_linux
@pytest.mark.parametrize("ignores", [False, True], ids=["willing", "deaf to SIGTERM"])
def test_a_killed_launcher_takes_everything_with_it(
    data_dir: Path, free_port: FreePort, ignores: bool
) -> None:
    ports = (str(free_port()), str(free_port()))
    service = A_SERVICE.replace("IGNORES", str(ignores))
    command = [sys.executable, "-c", STARTS_ALL, str(data_dir), *ports, service]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        pids = [int(pid) for pid in launcher.stdout.readline().split()]
        assert len(pids) == 3

        launcher.kill()

        assert wait_gone(pids, seconds=10)
    # A clean shutdown, not a crash: the parent-death signal is PostgreSQL's fast stop.
    assert "database system is shut down" in (data_dir / "log" / "postgres.log").read_text()


@on_linux
def test_a_process_whose_launcher_is_gone_already_leaves_at_once() -> None:
    code = "from deploy.local.processes import die_with_launcher; die_with_launcher(); print('stayed')"
    started = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, LAUNCHER_PID: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (started.returncode, started.stdout) == (1, "")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_stops_and_a_second_does_not_disturb(sign: signal.Signals) -> None:
    # As a shell does with a program it starts in the background.
    ignoring = ["/bin/sh", "-c", 'trap "" INT; exec "$0" "$@"', sys.executable, "-c", WAITS_FOR_SIGNAL]
    with subprocess.Popen(ignoring, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == "up\n"

        launcher.send_signal(sign)
        assert launcher.stdout.readline() == "stopped\n"
        time.sleep(0.1)
        launcher.send_signal(sign)

        assert launcher.stdout.readline() == "stopped in peace\n"
