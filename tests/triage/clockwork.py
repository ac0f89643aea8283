"""Triage's clockwork in tests. It runs in the year 2020, where only what a test moves there falls due: all
tests share a database, and nobody else's case must change while this one looks on.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import text

from services.triage.app import create_jobs
from services.triage.settings import Settings
from shared.platform.database import Sessions, transaction
from tests.hub import URLS, Hub

TRIAGE = URLS["triage"]
#: A Wednesday at ten.
THEN = datetime(2020, 1, 8, 10, tzinfo=UTC)
Said = dict[str, Any]


async def move_timers(hub: Hub, case: Said, due_at: datetime, kinds: Iterable[str] = ("decision",)) -> None:
    """Let what a case has still to meet of these kinds fall due at an instant, the rest never."""
    timers = "UPDATE triage.timer SET due_at = {} WHERE case_id = :case AND met_at IS NULL {}"
    async with transaction(hub.sessions["triage"], "test") as tx:
        await tx.execute(text(timers.format("'2090-01-01Z'", "")), {"case": case["case_id"]})
        moved = {"case": case["case_id"], "due": due_at, "kinds": list(kinds)}
        await tx.execute(text(timers.format(":due", "AND kind = ANY(:kinds)")), moved)


async def run(
    hub: Hub, job: str, at: datetime, *, settings: Settings | None = None, sessions: Sessions | None = None
) -> None:
    """Run one job of the clockwork at an instant, until there is nothing more to do."""
    jobs = {each.name: each for each in create_jobs(settings or hub.settings["triage"])}
    while await jobs[job].run(sessions or hub.sessions["triage"], at):
        pass


async def get(hub: Hub, path: str, who: str = "dana.reid") -> Said:
    answer = await hub.http.get(f"{TRIAGE}{path}", headers=await hub.as_staff(who))
    assert answer.status_code == 200, answer.text
    said: Said = answer.json()
    return said


async def post(hub: Hub, path: str, body: Said | None = None, who: str = "dana.reid") -> httpx.Response:
    given: Said = {} if body is None else {"json": body}
    return await hub.http.post(f"{TRIAGE}{path}", headers=await hub.as_staff(who), **given)


async def timers_of(hub: Hub, case: Said) -> Said:
    return await get(hub, f"/v1/cases/{case['case_id']}/timers")


async def breaches_of(hub: Hub, case: Said) -> list[Said]:
    found: list[Said] = (await timers_of(hub, case))["breaches"]
    return found
