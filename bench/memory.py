"""How much memory the door takes when a thousand senders send as much as they may, all at once."""

import json
import resource
import selectors
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from bench.figures import Figure, say
from bench.load import A_REFERRAL
from bench.stage import Stage

SENDERS = 1000
_WAVES = 2
_SETTLED_SECONDS = 2.0
_LOOK_SECONDS = 0.02
_GIVE_UP_SECONDS = 300.0
_MEGABYTE = 1_000_000


def measure_memory(stage: Stage) -> list[Figure]:
    """Send a thousand of the largest bodies at once, twice: what the first wave took must do for both."""
    _allow_sockets(SENDERS + 100)
    pid, found = stage.pids["intake"], []
    before = _resident(pid)
    for number in range(1, _WAVES + 1):
        wave = _Wave(f"{stage.services['intake']}/v1/referrals", stage.token(), pid)
        wave.run()
        time.sleep(_SETTLED_SECONDS)
        say(
            f"Wave {number}: {SENDERS} senders of {len(wave.body) / _MEGABYTE:.2f} MB, answers by status"
            f" {wave.answers}; memory {before:.0f} MB before, {wave.peak:.0f} at its peak,"
            f" {_resident(pid):.0f} after."
        )
        found.append((wave.peak, _resident(pid)))
    peak, after = max(peak for peak, _ in found), found[-1][1]
    return [
        Figure("door_memory_before", before, "MB", None, None, 1),
        Figure("door_memory_peak", peak, "MB", "before", peak / before, SENDERS * _WAVES),
        Figure("door_memory_after", after, "MB", "after the first wave", after / found[0][1], 1),
    ]


def _largest_body() -> bytes:
    """Return a referral that is taken, just under what the hub takes, in letters of two bytes."""
    concern = {"narrative": "\u017c" * 20_000}
    referral = {key: value for key, value in A_REFERRAL.items() if key != "sender_reference"}
    return json.dumps(referral | {"concerns": [concern] * 49}, ensure_ascii=False).encode()


@dataclass
class _Sender:
    """One connection with a request to send, as far as its server takes it."""

    socket: socket.socket
    left: memoryview
    answer: bytes = b""


@dataclass
class _Wave:
    """All senders at once."""

    url: str
    token: str
    pid: int
    peak: float = 0.0
    answers: dict[int, int] = field(default_factory=dict)
    body: bytes = field(default_factory=_largest_body)

    def run(self) -> None:
        """Send, and look at the memory of the server all the while."""
        give_up_at, look_at = time.monotonic() + _GIVE_UP_SECONDS, 0.0
        with selectors.DefaultSelector() as ready:
            for _ in range(SENDERS):
                sender = self._open()
                ready.register(sender.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, sender)
            while ready.get_map() and time.monotonic() < give_up_at:
                for key, events in ready.select(timeout=1.0):
                    self._go_on(ready, key.data, events)
                if time.monotonic() >= look_at:
                    self.peak, look_at = max(self.peak, _resident(self.pid)), time.monotonic() + _LOOK_SECONDS
            for key in list(ready.get_map().values()):
                self._close(ready, key.data, 0)

    def _open(self) -> _Sender:
        parts = urlsplit(self.url)
        head = (
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(self.body)}\r\n"
            f"Idempotency-Key: {uuid4()}\r\n\r\n"
        ).encode()
        connection = socket.create_connection((str(parts.hostname), int(parts.port or 80)))
        # Every head before any body: the server knows of all senders before it has read from one.
        connection.sendall(head)
        connection.setblocking(False)
        return _Sender(connection, memoryview(self.body))

    def _go_on(self, ready: selectors.BaseSelector, sender: _Sender, events: int) -> None:
        try:
            if events & selectors.EVENT_READ:
                came = sender.socket.recv(65_536)
                sender.answer += came
                if b"\r\n\r\n" in sender.answer or not came:
                    self._close(ready, sender, int(sender.answer[9:12] or 0))
                    return
            if events & selectors.EVENT_WRITE:
                sender.left = sender.left[sender.socket.send(sender.left[:262_144]) :]
                if not sender.left:
                    ready.modify(sender.socket, selectors.EVENT_READ, sender)
        except BlockingIOError:
            return
        except ConnectionError:
            self._close(ready, sender, 0)

    def _close(self, ready: selectors.BaseSelector, sender: _Sender, status: int) -> None:
        self.answers[status] = self.answers.get(status, 0) + 1
        ready.unregister(sender.socket)
        sender.socket.close()


def _resident(pid: int) -> float:
    """Return the memory that a process holds, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * int(status.partition("VmRSS:")[2].split()[0]) / _MEGABYTE


def _allow_sockets(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
