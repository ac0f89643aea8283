"""HTTP/1.1 as plainly as can be: the script shares the machine with the hub it loads."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NoAnswer(Exception):
    """The other side was not there, hung up, or took too long."""


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body, read."""
        return json.loads(self.body)


class Wire:
    """Asks over connections that are kept and used again, as long as its `async with` block lasts.

    Args:
        seconds: how long an exchange may take.
    """

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._idle: defaultdict[str, list[_Connection]] = defaultdict(list)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        writers = [writer for kept in self._idle.values() for _, writer in kept]
        for writer in writers:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)

    async def ask(
        self, method: str, url: str, headers: dict[str, str], said: dict[str, Any] | None = None
    ) -> Answer:
        """Return the answer; raises NoAnswer."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        body = json.dumps(said).encode() if said is not None else b""
        told = {"Host": parts.netloc, "Content-Length": str(len(body)), **headers}
        if body:
            told["Content-Type"] = "application/json"
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        try:
            async with asyncio.timeout(self._seconds):
                return await self._exchange(parts.netloc, "\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise NoAnswer from error

    async def _exchange(self, address: str, request: bytes) -> Answer:
        reader, writer = await self._connection(address)
        kept = False
        try:
            writer.write(request)
            headers, body, status = await _read_answer(reader)
            kept = headers.get("connection") != "close"
            if kept:
                self._idle[address].append((reader, writer))
            return Answer(status, headers, body)
        finally:
            if not kept:
                writer.close()

    async def _connection(self, address: str) -> _Connection:
        while self._idle[address]:
            reader, writer = self._idle[address].pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        host, _, port = address.partition(":")
        return await asyncio.open_connection(host, int(port))


async def _read_answer(reader: asyncio.StreamReader) -> tuple[dict[str, str], bytes, int]:
    first, headers = await read_head(reader)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return headers, body, int(first.split(" ", 2)[1])


async def read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    """Return the first line of a message and its headers."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first, {name.strip().lower(): value.strip() for name, _, value in pairs}
