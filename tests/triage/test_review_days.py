"""The day on which a manager said they would look again stands on the lists, and is missed only once."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

import asyncpg

from deploy.local.postgres import PostgresServer
from services.triage.actions.day.boarding import Part, read_changes
from shared.platform.auth import Caller, CallerKind
from shared.platform.database import transaction
from shared.schemas.words import Role
from tests.hub import URLS, Hub
from tests.triage.clockwork import THEN, breaches_of, move_timers, run, timers_of
from tests.triage.joined import join, one_child_twice, undo
from tests.triage.talking import a_case, ask

Said = dict[str, Any]
HOUR = timedelta(hours=1)
KIND = "oversight_review"
DIRECTION: Said = {"kind": "direction", "words": "Not to be closed before she is seen."}
REVIEW: Said = {"kind": "review", "words": "Seen today."}


async def enter(hub: Hub, case: Said, entry: Said, **more: Any) -> Said:
    answer = await ask(hub, "POST", f"/cases/{case['case_id']}/oversight", entry | more, "priya.nair")
    assert answer.status_code == 201, answer.text
    made: Said = answer.json()
    return made


async def clocks(hub: Hub, case: Said) -> list[tuple[str, bool, str | None]]:
    found = (await timers_of(hub, case))["timers"]
    mine = [one for one in found if one["kind"] == KIND]
    return [(one["due_at"], one["met_at"] is not None, one["ended_because"]) for one in mine]


async def due(hub: Hub, case: Said) -> list[Said]:
    headers = await hub.as_staff("priya.nair")
    lines = await hub.every(f"{URLS['triage']}/v1/due", headers, kind=KIND)
    return [line for line in lines if line["case_id"] == case["case_id"]]


async def test_a_day_is_watched_until_a_manager_looks_and_its_passing_asks_once(hub: Hub) -> None:
    case = await a_case(hub)
    child_id = case["children"][0]["child_id"]
    # Boxing Day of 2048 is a Saturday, its substitute Monday 28 December, and so is Christmas Day's turn.
    await enter(hub, case, DIRECTION, review_on="2048-12-26")
    await enter(hub, case, DIRECTION, review_on="2048-07-01", child_id=child_id)
    await enter(hub, case, DIRECTION)
    days = [("2048-07-01T16:00:00Z", False, None), ("2048-12-29T17:00:00Z", False, None)]
    assert await clocks(hub, case) == days
    assert [line["due_at"] for line in await due(hub, case)] == [day for day, _, _ in days]

    await move_timers(hub, case, THEN, (KIND,))
    for at in (THEN, THEN + HOUR):
        await run(hub, "breaches", at)
    found = await breaches_of(hub, case)
    assert [(one["kind"], one["met_at"], one["late_by_seconds"]) for one in found] == [(KIND, None, None)] * 2
    # Late, and still to be done: it stays where it was.
    assert len(await due(hub, case)) == 2
    await enter(hub, case, REVIEW, child_id=child_id)
    assert [(met, why) for _, met, why in await clocks(hub, case)] == [(True, "done")] * 2
    assert await due(hub, case) == []
    assert all(one["met_at"] and one["late_by_seconds"] > 0 for one in await breaches_of(hub, case))


async def test_the_morning_names_each_review_whose_day_has_come(hub: Hub) -> None:
    case = await a_case(hub)
    await enter(hub, case, DIRECTION, review_on="2048-07-01")
    begins = datetime(2048, 6, 30, 23, tzinfo=UTC)
    reader = Caller(CallerKind.STAFF, "priya", "Priya Nair", roles=frozenset({Role.MANAGER}))

    async def told(now: datetime, *, since: datetime) -> list[Any]:
        async with transaction(hub.sessions["triage"], "test") as tx:
            items, _, _ = await read_changes(tx, reader, since, Part(None, 1000), now=now)
        mine = [child for child in items if str(child.case_id) == case["case_id"]]
        return [(one.kind, one.at, one.by, one.until) for child in mine for one in child.changes]

    closing = begins - 7 * HOUR
    assert await told(begins - HOUR, since=closing) == []
    seen = [("review_due", begins, "Priya Nair", begins + 17 * HOUR)]
    assert await told(begins + 9 * HOUR, since=closing) == seen
    assert await told(begins + 40 * HOUR, since=begins + 17 * HOUR) == []


async def test_it_goes_where_its_child_goes_and_ends_with_the_hubs_part(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    case, own = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await enter(hub, own, DIRECTION, review_on="2048-07-01")
    await enter(hub, case, DIRECTION, review_on="2048-07-02")
    made = await join(hub, school, await hub.get_case(case["case_id"]))
    assert (len(await due(hub, case)), await due(hub, own)) == (2, [])
    await undo(hub, made)
    assert [len(await due(hub, one)) for one in (case, own)] == [1, 1]
    made = await join(hub, school, await hub.get_case(case["case_id"]))
    await enter(hub, case, REVIEW)
    assert await due(hub, case) == []


async def test_what_was_promised_before_this_release_is_watched_too(hub: Hub, server: PostgresServer) -> None:
    """A Saturday, as the newest migration finds it: tried on the rows of all, and taken back."""
    case = await a_case(hub)
    made = await enter(hub, case, DIRECTION, review_on="2048-07-04")
    answered = await enter(hub, case, REVIEW, review_on="2048-07-04")
    await enter(hub, case, REVIEW, child_id=case["children"][0]["child_id"])
    entries = [UUID(one["oversight_id"]) for one in (made, answered)]
    migration = import_module("migrations.versions.0030_triage_review_days")
    admin = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    trial = admin.transaction()
    await trial.start()
    try:
        await admin.execute("DELETE FROM triage.timer WHERE oversight_id = ANY($1)", entries)
        await admin.execute(
            "UPDATE triage.oversight SET child_id = NULL WHERE oversight_id = ANY($1)", entries
        )
        await admin.execute(migration._PROMISED)
        query = "SELECT oversight_id, due_at FROM triage.timer WHERE oversight_id = ANY($1)"
        found = {row[0]: row[1] for row in await admin.fetch(query, entries)}
    finally:
        await trial.rollback()
        await admin.close()
    assert found == {entries[1]: datetime(2048, 7, 6, 16, tzinfo=UTC)}
