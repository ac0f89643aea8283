"""Connections that end before anything was said on them, as those to a server that dies do."""

import asyncio
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest
import uvloop

from shared.platform.peers import http_client

_ROUNDS, _AT_ONCE = 25, 20


@pytest.fixture
def dying_server() -> Iterator[str]:
    """The address of a server that takes every connection and resets it at once."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def reset_all() -> None:
            try:
                while True:
                    connection, _ = listening.accept()
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    connection.close()
            except OSError:
                return

        thread = threading.Thread(target=reset_all)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_connection_that_is_reset_at_once_is_no_connection(dying_server: str) -> None:
    # Under uvloop, as the services run: one in twenty raised an AttributeError there.
    raised = uvloop.run(_ask_often(dying_server))
    assert sum(raised.values()) == _ROUNDS * _AT_ONCE
    assert all(issubclass(kind, httpx.TransportError) for kind in raised)


async def _ask_often(url: str) -> Counter[type[BaseException]]:
    raised: Counter[type[BaseException]] = Counter()
    async with http_client() as http:
        for _ in range(_ROUNDS):
            answers = await asyncio.gather(*(http.get(url) for _ in range(_AT_ONCE)), return_exceptions=True)
            raised.update(type(answer) for answer in answers if isinstance(answer, BaseException))
    return raised
