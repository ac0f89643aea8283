"""A partner's system: writes every call down, fails now and then, and confirms each outcome."""

import asyncio
import json
import random
from pathlib import Path

from standardwebhooks import Webhook

from shared.clock import utc_now
from tests.faults.asking import Asker
from tests.faults.memory import Memory
from tests.faults.wire import read_head

_IDLE_SECONDS = 0.2
_OUTCOME = "outcome.decided"
#: About what it is called. That it is asked about a child, as it is about each, it reads in its feed.
WANTED = (_OUTCOME, "referral.further_information_requested", "referral.corrected")
#: How often it takes a call and fails to say so, by an error or by hanging up.
_FAILS = 0.02


class Partner:
    """The system of one agency, called on loopback.

    Args:
        records: a line of JSON for each call that arrived, also for one it then failed to answer.
        dice: decides which calls it fails to answer.
    """

    def __init__(self, asker: Asker, memory: Memory, records: Path, dice: random.Random) -> None:
        self._asker = asker
        self._memory = memory
        self._records = records
        self._dice = dice
        self._secret = ""
        self._to_confirm: list[str] = []

    async def subscribe(self) -> None:
        """Listen, and have the hub call."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1")
        port = self._server.sockets[0].getsockname()[1]
        wanted = {"url": f"http://127.0.0.1:{port}/hub", "event_types": WANTED}
        made = await self._asker.insist("POST", "notifications", "/v1/webhooks", said=wanted)
        assert made.status == 201, made.body
        self._secret = made.json()["secret"]

    async def confirm_all(self) -> None:
        """Confirm what was called about until every outcome owed to the agency is; several may do it."""
        while not self._memory.all_confirmed(self._asker.name):
            if not self._to_confirm:
                await asyncio.sleep(_IDLE_SECONDS)
                continue
            await self._confirm(self._to_confirm.pop())

    async def close(self) -> None:
        """Take no more calls."""
        self._server.close()
        await self._server.wait_closed()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            _, headers = await read_head(reader)
            body = await reader.readexactly(int(headers["content-length"]))
            answer = self._note(headers, body)
            if answer:
                writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # The hub died while it called, or the run is over.
            return
        finally:
            writer.close()

    def _note(self, headers: dict[str, str], body: bytes) -> str:
        """Write a call down and return how it is answered; nothing, to hang up."""
        Webhook(self._secret).verify(body, headers)
        said = json.loads(body)
        event_id = said["data"]["event_id"]
        line = {"webhook_id": headers["webhook-id"], "event_id": event_id, "type": said["type"]}
        with self._records.open("a") as book:
            book.write(json.dumps(line) + "\n")
        called = self._memory.called[self._asker.name]
        called[event_id] += 1
        if called[event_id] == 1 and said["type"] == _OUTCOME:
            self._to_confirm.append(event_id)
        throw = self._dice.random()
        if throw < _FAILS:
            return "500 Internal Server Error"
        return "" if throw < 2 * _FAILS else "204 No Content"

    async def _confirm(self, event_id: str) -> None:
        path = f"/v1/outcomes/{event_id}/acknowledgement"
        said = {"recorded_reference": f"R-{event_id}", "recorded_at": utc_now().isoformat()}
        answer = await self._asker.insist("POST", "notifications", path, said=said)
        assert answer.status == 200, answer.body
        self._memory.confirmed[self._asker.name].add(event_id)
