"""Each part has its place, and a place that is taken is said at once."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from deploy.local.faults import LaunchFault, PortTaken
from deploy.local.ports import OFFSETS, Ports, check_free


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_every_part_listens_at_its_distance_from_the_base() -> None:
    ports = Ports(9000)
    found = (ports.console, ports.access, ports.intake, ports.triage, ports.notifications)
    assert found == (9000, 9001, 9002, 9003, 9004)
    assert (ports.receiver, ports.postgres, ports.nats) == (9008, 9009, 9010)
    assert ports.url("triage") == "http://127.0.0.1:9003"


def test_no_two_parts_share_a_port() -> None:
    assert len(set(OFFSETS.values())) == len(OFFSETS)


def test_a_taken_port_is_named_with_what_to_do(listener: socket.socket) -> None:
    ports = Ports(listener.getsockname()[1] - OFFSETS["triage"])

    with pytest.raises(PortTaken) as refusal:
        check_free(ports, ["triage"])

    assert str(ports.triage) in str(refusal.value)
    assert "--base-port" in str(refusal.value)


def test_a_taken_port_of_a_part_that_is_not_started_does_not_matter(listener: socket.socket) -> None:
    ports = Ports(listener.getsockname()[1] - OFFSETS["nats"])
    check_free(ports, [])


def test_a_port_that_is_being_let_go_is_waited_for(listener: socket.socket) -> None:
    ports = Ports(listener.getsockname()[1])
    letting_go = threading.Timer(0.2, listener.close)
    letting_go.start()

    check_free(ports, ["console"], patience_seconds=10)

    letting_go.join()


@pytest.mark.parametrize("base", [-1, 0, 65530, 80000])
def test_a_base_without_room_for_every_part_is_refused(base: int) -> None:
    with pytest.raises(LaunchFault, match="--base-port"):
        Ports(base)


def test_a_port_nobody_holds_is_free(free_port: Callable[[], int]) -> None:
    check_free(Ports(free_port()), ["console"])
