"""What follows decisions, in tests: every clock of it at once, and what is recorded of it."""

from typing import Any, Final

import httpx

from tests.hub import URLS, Hub
from tests.triage.clockwork import timers_of
from tests.triage.talking import concluded
from tests.triage.test_second_look import LOWER, a_serious_child, decide

Said = dict[str, Any]
FOLLOWING: Final = ("second_look", "handover", "assessment", "conference")
TEAM: Final = "Ruth Ellis, north assessment team"


async def under_section_47(hub: Hub) -> Said:
    """Return the case of a child whose strategy discussion, last Friday, began enquiries."""
    _, case = await a_serious_child(hub)
    await concluded(hub, case, held_at="2026-11-20T14:00:00Z")
    return await hub.get_case(case["case_id"])


async def waits_for_a_second_look(hub: Hub) -> Said:
    """Return such a case, decided lower: the child is handed over meanwhile, and a manager has to look."""
    case = await under_section_47(hub)
    made = await decide(hub, case, **LOWER)
    assert made["standing"] == "pending"
    return case | {"made": made}


async def clocks_of(hub: Hub, case: Said) -> dict[str, Said]:
    """Return the newest clock of each kind that follows decisions."""
    found = (await timers_of(hub, case))["timers"]
    return {timer["kind"]: timer for timer in found if timer["kind"] in FOLLOWING}


async def running(hub: Hub, case: Said) -> set[str]:
    """Return the kinds of them that run."""
    found = (await timers_of(hub, case))["timers"]
    return {timer["kind"] for timer in found if timer["kind"] in FOLLOWING and not timer["met_at"]}


async def record(hub: Hub, case: Said, step: str, who: str = "dana.reid", **given: Any) -> httpx.Response:
    """Record what was done for the first child of a case, and return the answer."""
    path = f"/v1/cases/{case['case_id']}/children/{case['children'][0]['child_id']}/onward-steps"
    return await hub.http.post(
        f"{URLS['triage']}{path}",
        json={"step": step, "done_by": TEAM} | given,
        headers=await hub.as_staff(who),
    )
