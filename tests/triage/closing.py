"""Deciding in tests where it may be refused, and intake that does not answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.triage.app import create_app
from tests.hub import URLS, Hub
from tests.intake.known_people import record_of, send
from tests.intake.restricting import PRIYA, a_rare_child, a_restricted_child
from tests.triage.versions import EARLY

TRIAGE = URLS["triage"]
DANA_ID = "0198f0a0-0000-7000-8000-000000000101"
Said = dict[str, Any]


async def try_to(
    hub: Hub,
    case: Said,
    pathway: str,
    who: str = "dana.reid",
    http: httpx.AsyncClient | None = None,
) -> httpx.Response:
    """Decide for the first child of a case, on its newest version, and return the answer whatever it is."""
    now = await hub.get_case(case["case_id"])
    child = now["children"][0]
    made = child["decisions"] or [{"decision_id": None}]
    return await (http or hub.http).post(
        f"{TRIAGE}/v1/cases/{now['case_id']}/children/{child['child_id']}/decisions",
        json={
            "level": 2,
            "pathway": pathway,
            "rag": "green",
            "rationale": "What the family and the school told us.",
            "different_decision_reason": "The family asked for it.",
            "supersedes": made[-1]["decision_id"],
        },
        headers=await hub.as_staff(who) | {"If-Match": f'"{now["version"]}"'},
    )


@asynccontextmanager
async def intake_away(hub: Hub) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of a triage that reaches everybody but intake."""

    async def carry(request: httpx.Request) -> httpx.Response:
        if request.url.host == "intake":
            raise httpx.ConnectError("away")
        body = await request.aread()
        return await hub.http.request(request.method, request.url, headers=request.headers, content=body)

    peers = httpx.AsyncClient(transport=httpx.MockTransport(carry))
    app = create_app(hub.settings["triage"], with_workers=False, http=peers)
    async with app.router.lifespan_context(app):
        yield httpx.AsyncClient(transport=httpx.ASGITransport(app))


async def a_mild_child(hub: Hub, **given: Any) -> tuple[Said, Said, Said]:
    """Return a child that no rule turns red: as it was sent, what its sender was told, and its case."""
    child = a_rare_child(**{"grade": None} | given)
    said = await send(hub, child, concerns=[EARLY])
    return child, said, await hub.case_of(said["reference"])


async def a_child_linked_to_a_restricted_one(hub: Hub) -> tuple[Said, Said, Said]:
    """Return a restricted child, what its sender was told, and the case of a contact linked to it."""
    child, first, person_id = await a_restricted_child(hub, grade=None)
    second = await send(hub, child, concerns=[EARLY])
    assert (await record_of(hub, second)).person_id == person_id
    case = await hub.case_of(second["reference"], PRIYA)
    await let_in(hub, case)
    return child, first, case


async def let_in(hub: Hub, case: Said, staff_id: str = DANA_ID) -> None:
    """Name somebody for a restricted case."""
    answer = await hub.http.post(
        f"{TRIAGE}/v1/cases/{case['case_id']}/accesses",
        json={"staff_id": staff_id, "reason": "Knows nobody of the family."},
        headers=await hub.as_staff(PRIYA),
    )
    assert answer.status_code == 201, answer.text
