"""The edge when whoever asked does not wait for the answer."""

from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from shared.platform.edge import Edge
from shared.platform.refusals import nobody_to_tell


async def test_a_client_that_goes_away_is_no_failure_of_the_hub() -> None:
    async def broken_off(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ClientDisconnect

    sent: list[Message] = []
    with capture_logs() as lines:
        await _edge_of(broken_off)(_REQUEST, _nothing_comes, _into(sent))
    assert sent == []
    assert [(line["event"], line["log_level"], line["status"]) for line in lines] == [
        ("request", "info", 499)
    ]


_REQUEST: dict[str, Any] = {
    "type": "http",
    "method": "POST",
    "path": "/v1/referrals",
    "query_string": b"",
    "headers": [],
}


def _edge_of(app: Any) -> Edge:
    return Edge(app, authenticate=None, open_paths=(), max_body_bytes=1000, on_refusal=nobody_to_tell)


async def _nothing_comes() -> Message:
    return {"type": "http.disconnect"}


def _into(sent: list[Message]) -> Send:
    async def send(message: Message) -> None:
        sent.append(message)

    return send
