"""The embedded NATS keeps its messages through a crash, and lets no stranger in."""

import socket
from collections.abc import Callable
from pathlib import Path

import nats
import pytest

from deploy.local.faults import PortTaken
from deploy.local.nats import NatsServer, running_nats

FreePort = Callable[[], int]


async def publish(server: NatsServer) -> None:
    client = await nats.connect(server.url)
    try:
        await client.jetstream().add_stream(name="KEPT", subjects=["kept"])
        await client.jetstream().publish("kept", b"1")
    finally:
        await client.close()


async def count(server: NatsServer) -> int:
    """Return how many messages the stream holds; 0 when there is no stream."""
    client = await nats.connect(server.url)
    try:
        streams = await client.jetstream().streams_info()
        return sum(stream.state.messages for stream in streams)
    finally:
        await client.close()


async def test_a_killed_server_comes_back_with_its_messages(tmp_path: Path, free_port: FreePort) -> None:
    with running_nats(tmp_path, free_port()) as server:
        await publish(server)

        server.kill()
        assert not server.is_ready()
        server.start()

        assert await count(server) == 1
    assert not server.is_running()


async def test_its_store_can_be_lost_as_a_whole(tmp_path: Path, free_port: FreePort) -> None:
    with running_nats(tmp_path, free_port()) as server:
        await publish(server)

        server.kill()
        server.delete_store()
        server.start()

        assert await count(server) == 0


def test_the_store_of_a_running_server_stays(tmp_path: Path, free_port: FreePort) -> None:
    with running_nats(tmp_path, free_port()) as server, pytest.raises(RuntimeError, match="stop or kill"):
        server.delete_store()


def test_nobody_comes_in_without_the_password(tmp_path: Path, free_port: FreePort) -> None:
    with running_nats(tmp_path, free_port()) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as stranger:
            stranger.sendall(b"CONNECT {}\r\nPING\r\n")
            answer = stranger.makefile("rb").read()
        assert b"Authorization Violation" in answer
        assert b"PONG" not in answer
        assert (tmp_path / "nats" / "nats.conf").stat().st_mode & 0o077 == 0


def test_every_message_is_synced_before_it_is_acknowledged(tmp_path: Path, free_port: FreePort) -> None:
    with running_nats(tmp_path, free_port()):
        assert "sync_interval: always" in (tmp_path / "nats" / "nats.conf").read_text()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)), running_nats(tmp_path, port):
            pass
