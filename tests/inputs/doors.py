"""Every door that a body comes in by, with a good body and someone who may send it."""

import copy
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import httpx

from shared.clock import utc_now
from tests.hub import URLS, Hub, agency_id_of
from tests.inputs.whole import a_whole_referral
from tests.permissions.decisions import a_decision
from tests.permissions.scenes import PUBLIC_WEBHOOK, Record, Scenes
from tests.permissions.states import State
from tests.referrals import a_child, a_referral

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
        keyed: whether each try needs an Idempotency-Key of its own.
    """

    name: str
    method: str
    url: str
    good: dict[str, Any]
    who: Callable[[], Awaitable[dict[str, str]]]
    hub: Hub
    also: dict[str, str] = field(default_factory=dict)
    keyed: bool = False

    async def send(self, content: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        """Send bytes, or what yields them, as JSON unless `headers` says otherwise (an empty one: none)."""
        own = await self.who() | self.also
        if self.keyed:
            own["Idempotency-Key"] = str(uuid4())
        given = {name: value for name, value in (own | JSON | (headers or {})).items() if value}
        return await self.hub.http.request(self.method, self.url, content=content, headers=given)

    async def send_json(self, document: Any) -> httpx.Response:
        """Send a document, half pairs of surrogates and all."""
        return await self.send(json.dumps(document))

    def changed(self, **given: Any) -> dict[str, Any]:
        """Return the good body with some of its fields changed."""
        return copy.deepcopy(self.good) | given


DOORS = (
    *("referral", "version", "withdrawal", "check", "telephone"),
    *("withdrawal decision", "quality check", "opening", "settlement"),
    *("grade", "decision", "answer", "question", "webhook", "acknowledgement"),
)
#: By these a worry comes in: whoever is known and refused has its words held.
WORRIES = ("referral", "version", "withdrawal")


async def open_doors(hub: Hub, scenes: Scenes) -> dict[str, Door]:
    """Return every door, each leading to a record that is there."""
    doors = [*await _of_intake(hub, scenes), *await _of_the_others(hub, scenes)]
    return {door.name: door for door in doors}


async def _of_intake(hub: Hub, scenes: Scenes) -> list[Door]:
    sent = await scenes.get(State.UNDECIDED, afresh=True)
    wanted_back = await scenes.get(State.WITHDRAWING, afresh=True)
    held = await scenes.get(State.HELD, afresh=True)
    police, decider = partial(hub.as_client, "northshire-police"), partial(hub.as_staff, "dana.reid")
    every = f"{URLS['intake']}/v1/referrals"
    one = f"{every}/{sent.ids['reference']}"
    copy = f"{URLS['intake']}/v1/held-copies/{held.ids['held_copy_id']}"
    wish = f"{URLS['intake']}/v1/withdrawals/{wanted_back.ids['withdrawal_id']}"
    return [
        Door("referral", "POST", every, a_whole_referral(), police, hub, keyed=True),
        Door("version", "POST", f"{one}/versions", _a_version(), police, hub, keyed=True),
        Door("withdrawal", "POST", f"{one}/withdrawal", dict(WISH), police, hub, keyed=True),
        Door("check", "POST", f"{every}/check", _a_short_referral(), police, hub),
        Door("telephone", "POST", f"{every}/by-telephone", a_call(), decider, hub, keyed=True),
        Door("withdrawal decision", "POST", f"{wish}/decision", dict(ANSWERED_WISH), decider, hub),
        Door(
            "quality check",
            "POST",
            f"{one}/quality-check",
            _a_look(),
            partial(hub.as_staff, "omar.khan"),
            hub,
        ),
        Door("opening", "POST", f"{copy}/opening", dict(WISH), decider, hub),
        Door("settlement", "POST", f"{copy}/settlement", dict(SETTLED), decider, hub),
    ]


async def _of_the_others(hub: Hub, scenes: Scenes) -> list[Door]:
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
    return [
        Door("grade", "PUT", grades, GRADE, health, hub),
        Door("decision", "POST", f"{child}/decisions", DECISION, decider, hub, {"If-Match": '"1000"'}),
        Door("answer", "POST", asked, ANSWER, health, hub),
        Door("question", "POST", f"{case}/information-requests", _question(waiting), decider, hub),
        Door("webhook", "POST", webhooks, dict(PUBLIC_WEBHOOK), health, hub),
        Door("acknowledgement", "POST", event, NOTED, police, hub),
    ]


GRADE = {"status": "graded", "grade": 3, "rationale": "What our records show."}
DECISION = a_decision("child_in_need")
ANSWER = {"status": "information", "text": "Missed two appointments.", "handling": "hub_only"}
NOTED = {"recorded_reference": "N-1", "recorded_at": "2026-11-22T10:15:00Z"}
WISH = {"reason": "Sent about another family."}
ANSWERED_WISH = {"agreed": False, "reason": "The worry stands."}
SETTLED = {"state": "set_aside", "reason": "It came again in order.", "reference": None}


def _a_short_referral(**given: Any) -> dict[str, Any]:
    return a_referral(children=[a_child(status={"looked_after": False})], **given)


def _a_version() -> dict[str, Any]:
    return {
        "reason": "The school told us more.",
        "answers_request_id": None,
        "referral": _a_short_referral(actions_taken="The school was rung."),
    }


def _a_look() -> dict[str, Any]:
    return {
        "verdict": "further_information",
        "version": 1,
        "gaps": [{"pointer": "#/children/0/voice", "question": "Did anyone speak with her alone?"}],
        "text": "Please ring the officer who was there.",
        "due_at": (utc_now() + timedelta(days=2)).isoformat(),
    }


def a_call() -> dict[str, Any]:
    """Return a contact by telephone in which every field is filled in, but for what must exist elsewhere."""
    return {
        "words": "He was shouting again and she was crying.",
        "immediate_danger": False,
        "child_now_with": "Alone with the mother's partner.",
        "call_back": {
            "name": "T Example",
            "role": "Neighbour",
            "telephone": "01632 960321",
            "is_safe": True,
            "note": "After six.",
        },
        "children": [
            {
                "given_name": "Maisie",
                "family_name": "Example",
                "date_of_birth": "2019-04-02",
                "age_as_said": "about seven",
            }
        ],
        "address": "12 Test Row, Northtown",
        "source_code": "1B",
        "agency_id": None,
        "sender_reference": None,
        "held_copy_id": None,
    }


def _question(waiting: Record) -> dict[str, Any]:
    return {
        "child_id": waiting.ids["child_id"],
        "agency_id": str(agency_id_of("example-primary")),
        "reason": "The school sees her every day.",
        "due_at": "2026-12-01T12:00:00Z",
    }
