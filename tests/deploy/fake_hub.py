"""The hub as the demo's receiver meets it: it takes webhooks, signs calls, and tells what was asked for."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from standardwebhooks import Webhook

from shared.schemas.ids import new_id

HUB = "http://hub.test:8004"
AT = "2026-11-23T09:00:00Z"


@dataclass
class FakeHub:
    """The hub as one partner meets it."""

    away: bool = False
    webhooks: dict[str, str] = field(default_factory=dict)
    asked_for: list[str] = field(default_factory=list)
    secret: str = ""
    fetched: list[str] = field(default_factory=list)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("away", request=request)
        match request.method, request.url.path.split("/")[1:]:
            case "POST", ["oauth2", "token"]:
                return httpx.Response(200, json={"access_token": "t", "expires_in": 300, "scope": ""})
            case "GET", ["v1", "webhooks"]:
                items = [self._webhook(webhook_id) for webhook_id in self.webhooks]
                return httpx.Response(200, json={"items": items, "next_cursor": None, "has_more": False})
            case "POST", ["v1", "webhooks"]:
                return httpx.Response(201, json=self._made(**json.loads(request.content)))
            case "DELETE", ["v1", "webhooks", webhook_id]:
                del self.webhooks[webhook_id]
                return httpx.Response(204)
            case "GET", ["v1", ("outcomes" | "notices") as feed, event_id]:
                self.fetched.append(event_id)
                told = _outcome(event_id) if feed == "outcomes" else _notice(event_id)
                return httpx.Response(200, json=told)
            case "POST", ["v1", "outcomes", event_id, "acknowledgement"]:
                recorded = json.loads(request.content)["recorded_reference"]
                self.acknowledged.append((event_id, recorded))
                return httpx.Response(200, json={})
        return httpx.Response(404)

    def _made(self, url: str, event_types: list[str]) -> dict[str, Any]:
        self.asked_for = event_types
        webhook_id = str(new_id())
        self.webhooks[webhook_id] = url
        self.secret = "whsec_" + "c2VjcmV0" * (1 + len(self.webhooks))
        return {**self._webhook(webhook_id), "secret": self.secret}

    def _webhook(self, webhook_id: str) -> dict[str, Any]:
        url = self.webhooks[webhook_id]
        return {
            "webhook_id": webhook_id,
            "url": url,
            "event_types": self.asked_for,
            "created_at": AT,
        }

    def call(self, event_id: str, *, url: str | None = None) -> tuple[bytes, dict[str, str]]:
        """Return a call about an outcome, body and headers."""
        return self._signed(_outcome(event_id), url or f"{HUB}/v1/outcomes/{event_id}")

    def call_about_notice(self, event_id: str) -> tuple[bytes, dict[str, str]]:
        """Return a call about a notice, body and headers."""
        return self._signed(_notice(event_id), f"{HUB}/v1/notices/{event_id}")

    def _signed(self, told: dict[str, Any], url: str) -> tuple[bytes, dict[str, str]]:
        event_id = told["event_id"]
        body = json.dumps({"type": told["type"], "timestamp": AT, "data": told | {"url": url}})
        now = datetime.now(UTC)
        signature = Webhook(self.secret).sign(event_id, now, body)
        headers = {
            "webhook-id": event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        return body.encode(), headers


def _outcome(event_id: str) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "cursor": "c",
        "type": "outcome.decided",
        "occurred_at": AT,
        "reference": "SH-7K3QX9MA-9",
        "sender_reference": "NSP-1",
        "child_id": str(new_id()),
        "sender_child_reference": "c1",
        "outcome": "early_help",
        "decided_at": AT,
        "message": "Thank you.",
    }


def _notice(event_id: str) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "cursor": "c",
        "type": "referral.corrected",
        "occurred_at": AT,
        "reference": "SH-7K3QX9MA-9",
        "sender_reference": "NSP-1",
        "message": "Something was corrected.",
    }
