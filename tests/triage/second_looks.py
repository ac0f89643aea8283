"""The second look in tests: who looks, and what comes of it."""

from typing import Any

import httpx

from tests.hub import URLS, Hub

Said = dict[str, Any]
TRIAGE = URLS["triage"]


async def try_look(
    hub: Hub, made: Said, *, approved: bool = True, who: str = "priya.nair", version: int | None = None
) -> httpx.Response:
    """Say as somebody whether a decision comes into force, on the newest version, and return the answer."""
    now = version or (await hub.get_case(made["case_id"]))["version"]
    return await hub.http.post(
        f"{TRIAGE}/v1/decisions/{made['decision_id']}/approval",
        json={"approved": approved, "reason": "Seen by the health visitor today."},
        headers=await hub.as_staff(who) | {"If-Match": f'"{now}"'},
    )


async def approve(hub: Hub, made: Said) -> Said:
    """Have the hub's manager agree to a decision that waits."""
    assert made["standing"] == "pending", made
    answer = await try_look(hub, made)
    assert answer.status_code == 200, answer.text
    looked: Said = answer.json()
    return looked
