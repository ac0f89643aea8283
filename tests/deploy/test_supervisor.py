"""The supervisor waits, brings back what dies, and stops even what will not."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.faults import LaunchFault
from deploy.local.processes import wait_gone
from deploy.local.supervisor import ServiceProcess, Supervisor

FreePort = Callable[[], int]

ANSWERS_READY = """
import http.server, sys
class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health/ready" else 404)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
"""
SLEEPS = "import time; time.sleep(600)"
WILL_NOT_STOP = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(600)
"""


def a_process(tmp_path: Path, code: str, *, port: int | None = None) -> ServiceProcess:
    command = [sys.executable, "-I", "-c", code, str(port)]
    return ServiceProcess("dummy", os.environ, tmp_path / "dummy.log", port=port, command=command)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Supervisor:
    return Supervisor(said.append, stop_seconds=0.3)


def test_a_service_is_ready_once_it_says_so(
    tmp_path: Path, supervisor: Supervisor, free_port: FreePort
) -> None:
    process = a_process(tmp_path, ANSWERS_READY, port=free_port())
    supervisor.start(process)
    assert not process.is_ready()

    supervisor.wait_ready([process], seconds=20)

    assert process.is_ready()
    supervisor.stop()
    assert not process.is_running()


def test_a_process_that_dies_is_brought_back(tmp_path: Path, supervisor: Supervisor, said: list[str]) -> None:
    process = a_process(tmp_path, SLEEPS)
    supervisor.start(process)
    first = process.pid

    os.kill(first, signal.SIGKILL)
    supervisor.watch(until=lambda: any("again" in line for line in said) and process.pid != first)

    assert process.is_running()
    assert str(tmp_path / "dummy.log") in said[0]
    supervisor.stop()


def test_one_that_never_lives_long_is_given_up_with_its_last_words(
    tmp_path: Path, supervisor: Supervisor, free_port: FreePort
) -> None:
    process = a_process(tmp_path, "import sys; sys.exit('no such setting')", port=free_port())
    supervisor.start(process)

    with pytest.raises(LaunchFault, match="no such setting"):
        supervisor.wait_ready([process], seconds=30)

    supervisor.stop()


def test_one_that_is_never_ready_is_given_up(
    tmp_path: Path, supervisor: Supervisor, free_port: FreePort
) -> None:
    process = a_process(tmp_path, SLEEPS, port=free_port())
    supervisor.start(process)

    with pytest.raises(LaunchFault, match=r"not ready.*\n.*dummy\.log"):
        supervisor.wait_ready([process], seconds=0.3)

    supervisor.stop()


def test_one_that_will_not_stop_is_killed(tmp_path: Path, supervisor: Supervisor) -> None:
    process = a_process(tmp_path, WILL_NOT_STOP)
    supervisor.start(process)
    supervisor.watch(until=lambda: "up" in process.log_file.read_text())

    supervisor.stop()

    assert wait_gone([process.pid], seconds=1)


def test_logs_are_for_the_owner_alone(tmp_path: Path, supervisor: Supervisor) -> None:
    process = a_process(tmp_path, SLEEPS)
    supervisor.start(process)
    supervisor.stop()
    assert process.log_file.stat().st_mode & 0o077 == 0
