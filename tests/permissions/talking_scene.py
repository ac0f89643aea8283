"""A discussion to ask for, with an action and an entry of oversight beside it."""

from tests.hub import URLS, Hub, agency_id_of
from tests.permissions.subjects import ASKED_SYSTEM, SENDING_SYSTEM


async def talk_of(hub: Hub, ids: dict[str, str]) -> dict[str, str]:
    """Call a discussion about a child, with an action of the asked agency and an entry of oversight."""
    leader, manager = await hub.as_staff("dana.reid"), await hub.as_staff("priya.nair")
    case = f"{URLS['triage']}/v1/cases/{ids['case_id']}"
    invited = [
        {"name": "Someone", "agency_id": str(agency_id_of(system))}
        for system in (ASKED_SYSTEM, SENDING_SYSTEM)
    ]
    form = {
        "kind": "strategy",
        "child_ids": [ids["child_id"]],
        "called_because": "A bruise.",
        "invited": invited,
    }
    called = await hub.http.post(f"{case}/discussions", json=form | {"invited": invited}, headers=leader)
    assert called.status_code == 201, called.text
    held = called.json()
    action = {
        "words": "See her.",
        "owner": "Someone",
        "due_on": "2026-11-30",
        "agency_id": invited[0]["agency_id"],
    }
    url = f"{URLS['triage']}/v1/discussions/{held['discussion_id']}/actions"
    added = await hub.http.post(url, json=action, headers=leader)
    entered = await hub.http.post(
        f"{case}/oversight", json={"kind": "direction", "words": "Today."}, headers=manager
    )
    assert (added.status_code, entered.status_code) == (201, 201), added.text
    return {
        "discussion_id": held["discussion_id"],
        "attendee_id": held["record"]["attendees"][0]["attendee_id"],
        "action_id": added.json()["action_id"],
        "oversight_id": entered.json()["oversight_id"],
    }
