"""Discussions as staff call, record and conclude them over HTTP."""

from typing import Any

import httpx

from tests.hub import URLS, Hub, agency_id_of
from tests.intake.known_people import a_known_child, send

TRIAGE = URLS["triage"]
Said = dict[str, Any]
POLICE, TRUST = str(agency_id_of("omar.khan")), str(agency_id_of("ines.moreau"))
COUNCIL = str(agency_id_of("priya.nair"))
WHY = "Bruising on a baby who cannot move by herself."


def invitee(name: str, agency_id: str | None, **given: Any) -> Said:
    """Return somebody to invite, or on the list."""
    return {"name": name, "agency_id": agency_id} | given


THREE = [
    invitee("Omar Khan", POLICE),
    invitee("Ines Moreau", TRUST),
    invitee("Priya Nair", COUNCIL, part="hub_manager"),
]


async def a_case(hub: Hub) -> Said:
    """Return a case of a child that the police sent."""
    return await hub.case_of((await send(hub, a_known_child()))["reference"])


async def ask(
    hub: Hub, method: str, path: str, body: Said | None = None, who: str = "dana.reid", **headers: str
) -> httpx.Response:
    """Return the answer to somebody; a body goes along where there is one."""
    sent: Said = {"json": body} if body is not None else {}
    known = await hub.as_staff(who)
    return await hub.http.request(method, f"{TRIAGE}/v1{path}", headers=known | headers, **sent)


async def call(hub: Hub, case: Said, kind: str = "strategy", **given: Any) -> Said:
    """Return a discussion that was called about the first child of a case."""
    body = {
        "kind": kind,
        "child_ids": [case["children"][0]["child_id"]],
        "called_because": WHY,
        "planned_at": "2026-11-23T14:00:00Z",
        "invited": THREE,
    }
    answer = await ask(hub, "POST", f"/cases/{case['case_id']}/discussions", body | given)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    made: Said = answer.json()
    return made


async def step(hub: Hub, held: Said, what: str, body: Said, who: str = "dana.reid") -> httpx.Response:
    """Take a step on the version of a discussion that was read."""
    match = {"If-Match": f'"{held["version"]}"'}
    return await ask(hub, "POST", f"/discussions/{held['discussion_id']}/{what}", body, who, **match)


async def take(hub: Hub, held: Said, what: str, body: Said) -> Said:
    """Take a step that is good, and return the discussion after it."""
    answer = await step(hub, held, what, body)
    assert answer.status_code == 200, answer.text
    after: Said = answer.json()
    assert answer.headers["etag"] == f'"{after["version"]}"'
    return after


def attended(held: Said, *absent: str) -> list[Said]:
    """Return the list of a discussion, all of them there but those named."""
    return [
        {key: value for key, value in each.items() if key not in ("sector", "absent_reason")}
        | (
            {"attendance": "absent", "absent_reason": "On leave."}
            if each["name"] in absent
            else {"attendance": "attended"}
        )
        for each in held["record"]["attendees"]
    ]


def settled(held: Said, *absent: str, section_47: bool = True) -> Said:
    """Return a whole record of a strategy discussion."""
    return {
        "held_at": "2026-11-20T14:00:00Z",
        "attendees": attended(held, *absent),
        "minutes": "The police gave 5: the bruise is not explained.",
        "referrer": {"answer": False, "reason": "A neighbour; told what follows."},
        "joint_visit": {"answer": True, "reason": "At 4pm."},
        "medical": {"answer": True, "reason": "Paediatrician at 6pm."},
        "interim_safety_plan": "Stays with grandmother.",
        "section_47": {"answer": section_47, "reason": "A likely inflicted injury."},
    }


async def concluded(hub: Hub, case: Said, *absent: str, kind: str = "strategy", **given: Any) -> Said:
    """Return a discussion that was held, recorded and concluded."""
    held = await call(hub, case, kind)
    held = await take(hub, held, "record", settled(held, *absent) | given)
    return await take(hub, held, "conclusion", {"conclusion": "Enquiries begin today."})


async def owed(hub: Hub, case: Said) -> list[str]:
    """Return what the children of a case are owed."""
    answer = await ask(hub, "GET", f"/cases/{case['case_id']}/discussions")
    assert answer.status_code == 200, answer.text
    return [each["call"] for each in answer.json()["owed"]]


async def grade(hub: Hub, case: Said, figure: int, who: str = "ines.moreau", agency: str = TRUST) -> None:
    """Let an agency grade the first child of a case."""
    child_id = case["children"][0]["child_id"]
    answer = await ask(
        hub,
        "PUT",
        f"/cases/{case['case_id']}/children/{child_id}/grades/{agency}",
        {"status": "graded", "grade": figure, "rationale": "What our records show."},
        who,
    )
    assert answer.status_code == 200, answer.text
