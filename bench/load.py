"""A load of referrals over HTTP: open connections, each sending the next when it has its answer."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

#: About what a police notice weighs: 3 kB.
_NARRATIVE = "Officers attended after a neighbour rang; the child was in the house throughout. " * 24


@dataclass
class Tally:
    """What came of a load: how many were acknowledged, how long each took, what else was answered."""

    acknowledged: int = 0
    seconds: list[float] = field(default_factory=list)
    others: dict[int, int] = field(default_factory=dict)


def a_body() -> bytes:
    """Return a referral nobody has sent before."""
    return json.dumps(
        {
            "sender_reference": f"B-{uuid4().hex}",
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
            "concerns": [
                {"indicator": "domestic_abuse.child_present", "children": ["c1"], "narrative": _NARRATIVE}
            ],
        }
    ).encode()


async def send_for(url: str, token: str, *, connections: int, seconds: float) -> Tally:
    """Send referrals over so many connections for so long, as fast as they are acknowledged."""
    tally, until = Tally(), time.perf_counter() + seconds
    await asyncio.gather(*(_send_on_one(url, token, tally, until) for _ in range(connections)))
    return tally


async def _send_on_one(url: str, token: str, tally: Tally, until: float) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    while time.perf_counter() < until:
        body = a_body()
        writer.write(
            f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
            f"Idempotency-Key: {uuid4()}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        began = time.perf_counter()
        status = await _read_answer(reader)
        if status == 201:
            tally.acknowledged += 1
            tally.seconds.append(time.perf_counter() - began)
        else:
            tally.others[status] = tally.others.get(status, 0) + 1
    writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next(
        int(line.partition(":")[2])
        for line in head.split("\r\n")
        if line.lower().startswith("content-length:")
    )
    await reader.readexactly(length)
    return int(head.split(" ", 2)[1])
