"""The council's own case system in tests: a server of the outside world, and a triage connected to it."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx

from services.triage.app import create_app
from services.triage.settings import Settings
from tests.hub import Hub
from tests.notifications.receiver import Receiver, running_receiver

SECRET = "an-invented-secret-that-nobody-uses-0001"
PATH = "/hub"
AS_OF = "2026-11-22T10:12:00Z"
Said = dict[str, Any]


def an_event(event_id: str = "e1", **given: Any) -> Said:
    return {
        "event_id": event_id,
        "at": "2024-03-04T09:30:00Z",
        "kind": "plan",
        "words": "Child protection plan made: neglect.",
        "agency": "Northtown children's services",
        "significance": "high",
        "source_reference": "LCS-4411",
    } | given


def not_found() -> Said:
    return {"found": False, "as_of": AS_OF}


def found(*events: Said, **status: Any) -> Said:
    return {"found": True, "as_of": AS_OF, "events": list(events or [an_event()]), "status": status or None}


@dataclass
class Council:
    """The adapter that a council runs: it checks the secret as one would."""

    receiver: Receiver
    secret_file: Path

    @property
    def asked(self) -> list[Said]:
        return [json.loads(call.body) for call in self.receiver.calls_to(PATH)]

    def says(self, answer: Said) -> None:
        self.says_bytes(json.dumps(answer).encode())

    def says_bytes(self, body: bytes, media: str = "application/json") -> None:
        def take(request: BaseHTTPRequestHandler) -> None:
            knows = request.headers.get("Authorization") == f"Bearer {SECRET}"
            request.send_response(200 if knows else 401)
            request.send_header("Content-Type", media)
            request.send_header("Content-Length", str(len(body) if knows else 0))
            request.end_headers()
            request.wfile.write(body if knows else b"")

        self.receiver.answers[PATH] = take


@contextmanager
def running_council(folder: Path, secret: str = SECRET) -> Iterator[Council]:
    secret_file = folder / "council.secret"
    secret_file.write_text(f"{secret}\n")
    with running_receiver() as receiver:
        council = Council(receiver, secret_file)
        council.says(not_found())
        yield council


def settings_with(hub: Hub, council: Council, **given: Any) -> Settings:
    return Settings(
        **{
            **hub.settings["triage"].model_dump(),
            "council_system_url": council.receiver.url(PATH),
            "council_system_secret_file": council.secret_file,
            "allow_loopback_council_system": True,
        }
        | given
    )


@asynccontextmanager
async def connected(hub: Hub, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a triage with these settings that reaches the hub's other services."""

    async def carry(request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        return await hub.http.request(request.method, request.url, headers=request.headers, content=body)

    way = httpx.AsyncClient(transport=httpx.MockTransport(carry))
    app = create_app(settings, with_workers=False, http=way)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), timeout=10) as http,
    ):
        yield http
