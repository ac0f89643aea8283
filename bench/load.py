"""A load of referrals over HTTP: open connections, each sending the next when it has its answer.

It shares the machine with what it measures, so it does little: bodies differ in two places alone, and of an
answer only the status and the length are read.
"""

import itertools
import json
import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

#: About what a police notice weighs: 3 kB.
_NARRATIVE = "Officers attended after a neighbour rang; the child was in the house throughout. " * 24
#: Stand where each request differs: as long as what takes their place, so that lengths stay right.
_KEY, _REFERENCE = (b"-key-goes-here-" + b"-" * 17, b"-reference-goes-here-" + b"-" * 11)

A_REFERRAL = {
    "sender_reference": _REFERENCE.decode(),
    "kind": "referral",
    "referrer": {"name": "J Okafor", "role": "Response officer", "source_code": "6"},
    "children": [
        {
            "sender_child_reference": "c1",
            "given_name": "Maisie",
            "family_name": "Example",
            "date_of_birth": "2019-04-02",
            "sex": "F",
            "nhs_number": "9990000018",
            "address": {"lines": ["1 Test Row"], "town": "Northtown", "postcode": "NT1 1AA"},
            "voice": {"seen": True, "views": "Hid upstairs."},
        }
    ],
    "concerns": [{"indicator": "domestic_abuse.child_present", "children": ["c1"], "narrative": _NARRATIVE}],
}


@dataclass
class Tally:
    """What came of a load: how many were acknowledged, how long each took, what else was answered."""

    acknowledged: int = 0
    seconds: list[float] = field(default_factory=list)
    others: dict[int, int] = field(default_factory=dict)

    def note(self, status: int, seconds: float) -> None:
        """Count one answer."""
        if status == 201:
            self.acknowledged += 1
            self.seconds.append(seconds)
        else:
            self.others[status] = self.others.get(status, 0) + 1


def referrals_to(url: str, token: str) -> Iterator[bytes]:
    """Yield requests without end, each a referral nobody has sent before under a key of its own."""
    parts, body = urlsplit(url), json.dumps(A_REFERRAL).encode()
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIdempotency-Key: "
    ).encode()
    before, after = body.split(_REFERENCE)
    run = uuid4().hex[:16]
    for number in itertools.count():
        name = f"{run}{number:016d}".encode()
        yield b"".join((head, name, b"\r\n\r\n", before, name, after))


class _Connection:
    """One connection: it has sent a request and reads the answer."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answer = b""
        self._began = 0.0

    def send(self, request: bytes) -> None:
        """Send the next request."""
        self._answer, self._began = b"", time.perf_counter()
        self.socket.sendall(request)

    def has_answer(self) -> bool:
        """Take what has come; say whether the answer is whole."""
        if not (came := self.socket.recv(65_536)):
            raise ConnectionError("the server closed a connection in the middle of an answer")
        self._answer += came
        head, found, body = self._answer.partition(b"\r\n\r\n")
        return bool(found) and len(body) >= _length(head)

    def told(self) -> tuple[int, float]:
        """Return the status of the answer and after how many seconds it came."""
        return int(self._answer[9:12]), time.perf_counter() - self._began


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])


def send_for(url: str, token: str, *, connections: int, seconds: float) -> Tally:
    """Send referrals over so many connections for so long, as fast as they are acknowledged."""
    tally, requests, parts = Tally(), referrals_to(url, token), urlsplit(url)
    until = time.perf_counter() + seconds
    with selectors.DefaultSelector() as ready:
        for _ in range(connections):
            connection = _Connection((str(parts.hostname), int(parts.port or 80)))
            ready.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(requests))
        while ready.get_map():
            for key, _ in ready.select():
                if not key.data.has_answer():
                    continue
                tally.note(*key.data.told())
                if time.perf_counter() < until:
                    key.data.send(next(requests))
                else:
                    ready.unregister(key.data.socket)
                    key.data.socket.close()
    return tally
