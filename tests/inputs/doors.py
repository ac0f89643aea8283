"""Every door that a body comes in by, with a good body and someone who may send it."""

import copy
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import httpx

from tests.hub import URLS, Hub, agency_id_of
from tests.inputs.whole import a_whole_referral
from tests.permissions.scenes import PUBLIC_WEBHOOK, Record, Scenes, State, a_decision

#: Stands in every bad value. Whoever reads it in an answer or a log reads what was sent.
CANARY = "Zebedee-Quill-4417"

#: One address of each service that a system of the police may read.
READABLE = (
    f"{URLS['intake']}/v1/referrals",
    f"{URLS['triage']}/v1/information-requests",
    f"{URLS['notifications']}/v1/outcomes",
    f"{URLS['access']}/v1/agencies",
)
UNKNOWN = "0198f0a0-0000-7000-8000-00000000ffff"

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Door:
    """One endpoint that reads a body.

    Attributes:
        good: a body that the endpoint takes.
        who: signs in someone who may send it.
        also: all else that must be right before the body is read.
    """

    name: str
    method: str
    url: str
    good: dict[str, Any]
    who: Callable[[], Awaitable[dict[str, str]]]
    hub: Hub
    also: dict[str, str] = field(default_factory=dict)

    async def send(self, content: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        """Send bytes, or what yields them, as JSON unless `headers` says otherwise (an empty one: none)."""
        own = await self.who() | self.also
        if self.name == "referral":
            own["Idempotency-Key"] = str(uuid4())
        given = {name: value for name, value in (own | JSON | (headers or {})).items() if value}
        return await self.hub.http.request(self.method, self.url, content=content, headers=given)

    async def send_json(self, document: Any) -> httpx.Response:
        """Send a document, half pairs of surrogates and all."""
        return await self.send(json.dumps(document))

    def changed(self, **given: Any) -> dict[str, Any]:
        """Return the good body with some of its fields changed."""
        return copy.deepcopy(self.good) | given


DOORS = ("referral", "grade", "decision", "answer", "question", "webhook", "acknowledgement")


async def open_doors(hub: Hub, scenes: Scenes) -> dict[str, Door]:
    """Return every door, each leading to a record that is there."""
    waiting = await scenes.get(State.UNDECIDED, afresh=True)
    told = await scenes.get(State.EARLY_HELP, afresh=True)
    case = f"{URLS['triage']}/v1/cases/{waiting.ids['case_id']}"
    child = f"{case}/children/{waiting.ids['child_id']}"
    asked = f"{URLS['triage']}/v1/information-requests/{waiting.ids['request_id']}/answer"
    event = f"{URLS['notifications']}/v1/outcomes/{told.ids['event_id']}/acknowledgement"
    webhooks = f"{URLS['notifications']}/v1/webhooks"
    police, health = partial(hub.as_client, "northshire-police"), partial(hub.as_client, "northshire-health")
    decider = partial(hub.as_staff, "dana.reid")
    grades = f"{child}/grades/{agency_id_of('northshire-health')}"
    doors = [
        Door("referral", "POST", f"{URLS['intake']}/v1/referrals", a_whole_referral(), police, hub),
        Door("grade", "PUT", grades, GRADE, health, hub),
        Door("decision", "POST", f"{child}/decisions", DECISION, decider, hub, {"If-Match": '"1000"'}),
        Door("answer", "POST", asked, ANSWER, health, hub),
        Door("question", "POST", f"{case}/information-requests", _question(waiting), decider, hub),
        Door("webhook", "POST", webhooks, dict(PUBLIC_WEBHOOK), health, hub),
        Door("acknowledgement", "POST", event, NOTED, police, hub),
    ]
    return {door.name: door for door in doors}


GRADE = {"status": "graded", "grade": 3, "rationale": "What our records show."}
DECISION = a_decision("child_in_need")
ANSWER = {"status": "information", "text": "Missed two appointments.", "handling": "hub_only"}
NOTED = {"recorded_reference": "N-1", "recorded_at": "2026-11-22T10:15:00Z"}


def _question(waiting: Record) -> dict[str, Any]:
    return {
        "child_id": waiting.ids["child_id"],
        "agency_id": str(agency_id_of("example-primary")),
        "reason": "The school sees her every day.",
        "due_at": "2026-12-01T12:00:00Z",
    }
