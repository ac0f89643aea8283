"""Where nothing happens for days is found once for each spell; a manager sets a target for one child."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import text

from shared.calendar import is_working_day
from shared.clock import london_date, utc_now
from shared.platform.database import transaction
from tests.hub import URLS, Hub
from tests.triage.clockwork import THEN, breaches_of, move_timers, post, run, timers_of
from tests.triage.talking import call
from tests.triage.test_case import as_recommended, decide, grade, graded
from tests.triage.versions import a_mild_referral

Said = dict[str, Any]
DAY = timedelta(days=1)
MARCUS = "priya.nair"
#: When something happened, by table and column; all of a child.
_HAPPENED = {
    "information_request": "asked_at",
    "grade": "graded_at",
    "child_target": "set_at",
}


async def a_quiet_case(hub: Hub, since: datetime = THEN) -> Said:
    """Return a case about which nothing was heard or done after an instant long ago."""
    case = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    await quieten(hub, case, since)
    return case


async def quieten(hub: Hub, case: Said, since: datetime) -> None:
    given = {"at": since, "case": case["case_id"]}
    async with transaction(hub.sessions["triage"], "test") as tx:
        for table, column in {**_HAPPENED, "contact": "received_at"}.items():
            await tx.execute(text(f"UPDATE triage.{table} SET {column} = :at WHERE case_id = :case"), given)


async def drifting(hub: Hub, case: Said) -> list[Said]:
    items = await hub.every(f"{URLS['triage']}/v1/drifting", await hub.as_staff("ben.ashworth"))
    shown = [item for item in items if item["case_id"] == case["case_id"]]
    assert shown == (await timers_of(hub, case))["drifting"]
    return shown


async def spells(hub: Hub, case: Said) -> int:
    query = text("SELECT count(*) FROM triage.drift WHERE case_id = :case")
    async with transaction(hub.sessions["triage"], "test") as tx:
        return int(await tx.scalar(query, {"case": case["case_id"]}) or 0)


async def test_nothing_for_three_working_days_is_found_once(hub: Hub) -> None:
    case = await a_quiet_case(hub)
    # Wednesday at ten; three working days later is Monday at ten.
    for days, found in ((4.9, 0), (5, 1), (6, 1), (4, 1), (400, 1)):
        await run(hub, "drift", THEN + days * DAY)
        assert await spells(hub, case) == found
    (line,) = await drifting(hub, case)
    assert (line["quiet_since"], line["given_name"]) == (
        "2020-01-08T10:00:00Z",
        case["children"][0]["given_name"],
    )


async def test_whatever_is_done_ends_the_spell_and_another_may_begin(hub: Hub) -> None:
    case = await a_quiet_case(hub)
    await run(hub, "drift", THEN + 5 * DAY)
    await grade(hub, case, "omar.khan", graded(2))
    assert await drifting(hub, case) == []
    await quieten(hub, case, THEN + 20 * DAY)
    await run(hub, "drift", THEN + 30 * DAY)
    assert (len(await drifting(hub, case)), await spells(hub, case)) == (1, 2)


async def test_a_word_of_the_manager_or_a_discussion_ends_it_and_a_look_does_not(hub: Hub) -> None:
    one, other = await a_quiet_case(hub), await a_quiet_case(hub)
    await run(hub, "drift", THEN + 5 * DAY)
    child_id = one["children"][0]["child_id"]
    looked = await hub.http.put(
        f"{URLS['triage']}/v1/cases/{one['case_id']}/lease", headers=await hub.as_staff("dana.reid")
    )
    assert (looked.status_code, len(await drifting(hub, one))) == (200, 1)
    path = f"/v1/cases/{one['case_id']}/oversight"
    said = await post(
        hub, path, {"kind": "direction", "words": "See her today.", "child_id": child_id}, MARCUS
    )
    assert (said.status_code, await drifting(hub, one)) == (201, [])
    await call(hub, other)
    assert await drifting(hub, other) == []


async def test_that_a_timer_passed_is_not_something_happening(hub: Hub) -> None:
    case = await a_quiet_case(hub)
    await move_timers(hub, case, THEN + DAY)
    await run(hub, "breaches", THEN + 2 * DAY)
    await run(hub, "drift", THEN + 5 * DAY)
    assert len(await drifting(hub, case)) == 1


async def test_a_child_that_is_decided_does_not_drift(hub: Hub) -> None:
    case = await a_quiet_case(hub)
    await run(hub, "drift", THEN + 5 * DAY)
    await decide(hub, await hub.get_case(case["case_id"]), as_recommended(case))
    assert await drifting(hub, case) == []


def a_day_on(days: int) -> str:
    """Return a working day so many days from now or a little later."""
    day = london_date(utc_now()) + days * DAY
    while not is_working_day(day):
        day += DAY
    return str(day)


async def set_target(hub: Hub, case: Said, who: str = MARCUS, **given: Any) -> httpx.Response:
    child_id = case["children"][0]["child_id"]
    form = {"target_on": a_day_on(70), "reason": "A baby is due.", "purpose": "assessment"}
    return await post(hub, f"/v1/cases/{case['case_id']}/children/{child_id}/targets", form | given, who=who)


async def test_a_target_stands_beside_what_is_configured_and_the_earlier_is_shown(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    decide_by = case["children"][0]["decide_by"]
    late = (await set_target(hub, case, purpose="decision")).json()
    soon = (await set_target(hub, case, target_on=a_day_on(3))).json()
    assert late["configured_due_at"] == late["earlier_due_at"] == decide_by < late["due_at"]
    assert soon["earlier_due_at"] == soon["due_at"] < soon["configured_due_at"]
    assert (late["review_by"] is None, soon["review_by"] is None) == (False, True)
    after = await hub.get_case(case["case_id"])
    assert (after["children"][0]["decide_by"], after["version"]) == (decide_by, case["version"] + 2)


async def test_a_target_breaches_like_any_other_and_its_review_too(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    await set_target(hub, case)
    await move_timers(hub, case, THEN, ("target", "target_review"))
    await run(hub, "breaches", THEN + DAY)
    assert {breach["kind"] for breach in await breaches_of(hub, case)} == {"target", "target_review"}


async def test_a_manager_looks_again_and_ends_what_is_reached(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    target = (await set_target(hub, case)).json()
    path = f"/v1/targets/{target['target_id']}/review"
    kept = await post(hub, path, {"words": "Both visits are made."}, who=MARCUS)
    ended = await post(hub, path, {"words": "Done.", "reached": True}, who=MARCUS)
    again = await post(hub, path, {"words": "Once more."}, who=MARCUS)
    assert (kept.status_code, kept.json()["ended_at"]) == (200, None)
    assert ended.json()["ended_at"] is not None
    assert [each["words"] for each in ended.json()["reviews"]] == ["Both visits are made.", "Done."]
    assert (again.status_code, again.json()["code"]) == (409, "target_ended")
    await move_timers(hub, case, THEN, ("target", "target_review"))
    await run(hub, "breaches", THEN + DAY)
    assert await breaches_of(hub, case) == []


async def test_a_new_target_takes_the_place_of_the_one_before(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    await set_target(hub, case)
    await set_target(hub, case, target_on=a_day_on(84))
    newest, before = (await timers_of(hub, case))["targets"]
    assert (newest["ended_at"] is None, before["ended_at"] is None) == (True, False)


async def test_when_all_have_answered_an_early_close_is_prompted_until_it_is_decided(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    target = (await set_target(hub, case, purpose="decision")).json()
    for username in ("omar.khan", "ines.moreau", "tom.barker"):
        await grade(hub, case, username, graded(2))
    (ready,) = (await timers_of(hub, case))["targets"]
    assert (target["close_early"], ready["close_early"]) == (False, True)
    now = await hub.get_case(case["case_id"])
    await decide(hub, now, as_recommended(now))
    (ended,) = (await timers_of(hub, case))["targets"]
    assert (ended["close_early"], ended["ended_at"] is not None) == (False, True)


async def test_a_target_is_a_working_day_to_come_and_set_by_a_manager(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    past = await set_target(hub, case, target_on="2026-01-07")
    christmas = await set_target(hub, case, target_on=f"{datetime.now(UTC).year + 1}-12-25")
    said = [(each.status_code, each.json()["errors"][0]["code"]) for each in (past, christmas)]
    assert said == [(422, "not_to_come"), (422, "not_a_working_day")]
    assert (await set_target(hub, case, who="dana.reid")).status_code == 403
