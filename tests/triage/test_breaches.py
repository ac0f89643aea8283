"""What was not done in time is found once, whatever clock and schedulers do, and asks for a reason."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from deploy.local.postgres import PostgresServer
from services.triage.actions.clock.breaching import find_breaches
from services.triage.actions.clock.scheduling import SCHEDULER, Job, scheduled
from services.triage.app import create_jobs
from services.triage.store.cases import get_case_to_change
from shared.platform.database import Sessions, transaction
from shared.schemas.ids import CaseId
from tests.hub import URLS, Hub, agency_id_of
from tests.triage.audit_lines import lines_of_action
from tests.triage.clockwork import THEN, TRIAGE, breaches_of, get, move_timers, post, run, timers_of
from tests.triage.joined import join, one_child_twice, undo
from tests.triage.moved_on import FOLLOWING, waits_for_a_second_look
from tests.triage.test_case import as_recommended, decide
from tests.triage.test_what_is_decided import grade
from tests.triage.versions import a_mild_referral

Said = dict[str, Any]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = "The duty officer was with another family."


async def a_mild_case(hub: Hub) -> Said:
    return await hub.case_of((await hub.send(a_mild_referral()))["reference"])


async def a_breach(hub: Hub) -> tuple[Said, Said]:
    case = await a_mild_case(hub)
    await move_timers(hub, case, THEN)
    await run(hub, "breaches", THEN)
    (breach,) = await breaches_of(hub, case)
    return case, breach


async def announced(hub: Hub, case: Said) -> list[Said]:
    query = text("SELECT payload FROM triage.outbox WHERE event_type = 'triage.timer_breached.v1'")
    async with transaction(hub.sessions["triage"], "test") as tx:
        events = (await tx.scalars(query)).all()
    return [event for event in events if event["case_id"] == case["case_id"]]


async def test_a_breach_is_raised_announced_and_accounted_for(hub: Hub, server: PostgresServer) -> None:
    case, breach = await a_breach(hub)
    child = case["children"][0]
    assert (breach["kind"], breach["due_at"], breach["reasons"]) == ("decision", "2020-01-08T10:00:00Z", [])
    assert (breach["family_name"], breach["met_at"]) == (child["family_name"], None)
    (event,) = await announced(hub, case)
    assert event["breach_id"] == breach["breach_id"]
    assert set(event) == {
        *("type", "event_id", "occurred_at", "case_id", "child_id"),
        *("timer_id", "breach_id", "kind", "version"),
    }
    assert (await hub.get_case(case["case_id"]))["version"] == case["version"] + 1 == event["version"]
    ((actor, _, facts),) = await lines_of_action(server, "timer.breached", UUID(breach["breach_id"]))
    assert (actor, facts) == ("triage", {"kind": "decision"})


@pytest.mark.parametrize(
    "clock",
    [
        pytest.param([-HOUR, timedelta(), HOUR, 2 * HOUR], id="goes on"),
        pytest.param([-HOUR, 3 * DAY, 3 * DAY + HOUR], id="jumps three days on"),
        pytest.param([timedelta(), -HOUR, -HOUR / 2, timedelta(), HOUR], id="goes back an hour"),
        pytest.param([30 * DAY], id="was down the whole window"),
        pytest.param([3 * DAY, -30 * DAY, 3 * DAY], id="jumps on and back"),
    ],
)
async def test_whatever_the_clock_does_each_breach_is_raised_once(hub: Hub, clock: list[timedelta]) -> None:
    undecided, waiting = await a_mild_case(hub), await waits_for_a_second_look(hub)
    for case in (undecided, waiting):
        await move_timers(hub, case, THEN, ("decision", "screening", "agency_return", *FOLLOWING))
    for passed in clock:
        await run(hub, "breaches", THEN + passed)
    for case, last in ((undecided, ["decision", "screening"]), (waiting, sorted(FOLLOWING))):
        kinds = sorted(breach["kind"] for breach in await breaches_of(hub, case))
        assert kinds == sorted(["agency_return"] * 3 + last)
        assert len(await announced(hub, case)) == len(kinds)


async def test_a_scheduler_that_dies_in_the_middle_leaves_all_to_the_next(hub: Hub) -> None:
    case = await a_mild_case(hub)
    await move_timers(hub, case, THEN, ("decision", "screening"))

    async def find_and_die() -> None:
        async with transaction(hub.sessions["triage"], SCHEDULER) as tx:
            assert len(await find_breaches(tx, now=THEN)) == 2
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await find_and_die()
    assert await breaches_of(hub, case) == []
    await run(hub, "breaches", THEN)
    assert (len(await breaches_of(hub, case)), len(await announced(hub, case))) == (2, 2)


async def test_many_schedulers_at_once_raise_each_breach_once(hub: Hub) -> None:
    cases = [await a_mild_case(hub) for _ in range(3)]
    for case in cases:
        await move_timers(hub, case, THEN, ("decision", "screening", "agency_return"))
    await asyncio.gather(*(run(hub, "breaches", THEN) for _ in range(4)))
    # What one held, another passed over: the next round finds what all passed over.
    await run(hub, "breaches", THEN + HOUR)
    for case in cases:
        assert (len(await breaches_of(hub, case)), len(await announced(hub, case))) == (5, 5)


async def test_nobody_waits_for_a_case_that_is_being_decided(hub: Hub) -> None:
    case = await a_mild_case(hub)
    await move_timers(hub, case, THEN)
    async with transaction(hub.sessions["triage"], "test") as tx:
        await get_case_to_change(tx, CaseId(UUID(case["case_id"])))
        await asyncio.wait_for(run(hub, "breaches", THEN), 30)
    assert await breaches_of(hub, case) == []
    await run(hub, "breaches", THEN)
    assert len(await breaches_of(hub, case)) == 1


async def test_what_is_done_in_time_never_breaches(hub: Hub) -> None:
    case = await a_mild_case(hub)
    await move_timers(hub, case, THEN, ("decision", "screening"))
    assert (await decide(hub, case, as_recommended(case))).status_code == 201
    await run(hub, "breaches", THEN + DAY)
    assert await breaches_of(hub, case) == []
    met = {timer["kind"] for timer in (await timers_of(hub, case))["timers"] if timer["met_at"]}
    assert {"decision", "screening"} <= met


async def test_a_case_is_screened_by_whoever_says_so_and_again_changes_nothing(hub: Hub) -> None:
    case = await a_mild_case(hub)
    screened = [await post(hub, f"/v1/cases/{case['case_id']}/screened") for _ in range(2)]
    first, again = [answer.json() for answer in screened]
    assert first["child_ids"] == [case["children"][0]["child_id"]]
    assert (first["version"], again["version"], again["child_ids"]) == (case["version"] + 1,) * 2 + ([],)


async def test_a_child_that_turns_red_is_due_sooner_from_when_it_was_received(hub: Hub) -> None:
    case = await a_mild_case(hub)
    before = {timer["kind"]: timer for timer in (await timers_of(hub, case))["timers"]}
    child_id = case["children"][0]["child_id"]
    agency = case["children"][0]["requests"][0]["agency_id"]
    username = {"police": "omar.khan", "health": "ines.moreau", "education": "tom.barker"}
    who = username[case["children"][0]["requests"][0]["sector"]]
    await hub.http.put(
        f"{URLS['triage']}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency}",
        json={"status": "graded", "grade": 5, "rationale": "She was hurt."},
        headers=await hub.as_staff(who),
    )
    after = {timer["kind"]: timer for timer in (await timers_of(hub, case))["timers"]}
    received_at = datetime.fromisoformat(case["contacts"][0]["received_at"])
    for kind, hours in (("decision", 4), ("screening", 1)):
        assert datetime.fromisoformat(after[kind]["due_at"]) == received_at + hours * HOUR
        assert after[kind]["due_at"] < before[kind]["due_at"]


async def test_reasons_stand_beside_each_other_the_first_first(hub: Hub) -> None:
    case, breach = await a_breach(hub)
    version = (await hub.get_case(case["case_id"]))["version"]
    path = f"/v1/breaches/{breach['breach_id']}/reason"
    given = await post(hub, path, {"reason": WHY})
    later = await post(hub, path, {"reason": "She rang at noon."}, who="priya.nair")
    assert (given.status_code, later.status_code) == (201, 201)
    assert [each["reason"] for each in later.json()["reasons"]] == [WHY, "She rang at noon."]
    assert [each["given_by"] for each in later.json()["reasons"]] == ["Dana Reid", "Priya Nair"]
    assert (await hub.get_case(case["case_id"]))["version"] == version


async def test_a_blank_reason_is_none(hub: Hub) -> None:
    _, breach = await a_breach(hub)
    blank = await post(hub, f"/v1/breaches/{breach['breach_id']}/reason", {"reason": " \n"})
    assert (blank.status_code, blank.json()["errors"][0]["pointer"]) == (422, "#/reason")
    absent = await post(hub, f"/v1/breaches/{uuid4()}/reason", {"reason": WHY})
    assert absent.status_code == 404


async def test_the_list_tells_apart_what_has_a_reason(hub: Hub) -> None:
    _, silent = await a_breach(hub)
    _, told = await a_breach(hub)
    await post(hub, f"/v1/breaches/{told['breach_id']}/reason", {"reason": WHY})
    headers = await hub.as_staff("ben.ashworth")
    for query, shown in (("false", {silent["breach_id"]}), ("true", {told["breach_id"]})):
        items = await hub.every(f"{URLS['triage']}/v1/breaches", headers, reasoned=query)
        assert {item["breach_id"] for item in items} & {silent["breach_id"], told["breach_id"]} == shown
    page = await get(hub, "/v1/breaches?limit=1")
    assert page["has_more"]


async def test_a_worker_rests_until_the_next_is_due_and_no_longer(hub: Hub) -> None:
    """The clock stands; only the rest until what is due next lets the second run come within the test."""
    stop, ran = asyncio.Event(), []

    async def do(_sessions: Sessions, now: datetime) -> bool:
        ran.append(now)
        if len(ran) == 3:
            stop.set()
        return len(ran) == 1

    async def soon(_tx: object) -> datetime:
        return THEN + timedelta(milliseconds=5)

    job = Job("breaches", do, every=timedelta(minutes=1), next_at=soon)
    work = scheduled(hub.sessions["triage"], (job,), clock=lambda: THEN)["breaches"]
    await asyncio.wait_for(work(stop), 30)
    assert ran == [THEN] * 3


async def test_what_is_due_next_is_told_from_the_rows(hub: Hub) -> None:
    case = await a_mild_case(hub)
    long_ago = datetime(2019, 5, 1, 9, tzinfo=UTC)
    await move_timers(hub, case, long_ago)
    (job,) = [each for each in create_jobs(hub.settings["triage"]) if each.name == "breaches"]
    assert job.next_at is not None
    async with transaction(hub.sessions["triage"], "test") as tx:
        assert await job.next_at(tx) == long_ago
    await run(hub, "breaches", long_ago)
    async with transaction(hub.sessions["triage"], "test") as tx:
        assert await job.next_at(tx) != long_ago


async def test_what_a_child_has_goes_where_it_goes_and_comes_back(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    case, own = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await move_timers(hub, own, THEN)
    await run(hub, "breaches", THEN)
    (breach,) = await breaches_of(hub, own)
    made = await join(hub, school, await hub.get_case(case["case_id"]))
    assert [each["breach_id"] for each in await breaches_of(hub, case)] == [breach["breach_id"]]
    kinds = [timer["kind"] for timer in (await timers_of(hub, case))["timers"]]
    assert (kinds.count("decision"), kinds.count("screening")) == (2, 2)
    await run(hub, "breaches", THEN + DAY)
    await undo(hub, made)
    assert (await breaches_of(hub, case), len(await breaches_of(hub, own))) == ([], 1)


async def test_an_agency_that_graded_in_time_is_not_found_late_though_its_question_stays_open(
    hub: Hub,
) -> None:
    case = await a_mild_case(hub)
    await grade(hub, case, "omar.khan", 2)
    async with transaction(hub.sessions["triage"], "test") as tx:
        given = {"case": case["case_id"], "at": THEN - HOUR}
        await tx.execute(text("UPDATE triage.grade SET graded_at = :at WHERE case_id = :case"), given)
        of_case = "UPDATE triage.information_request SET asked_at = :at WHERE case_id = :case"
        await tx.execute(text(of_case), given)
    await move_timers(hub, case, THEN, ("agency_return",))
    await run(hub, "breaches", THEN)
    late = {breach["agency_id"] for breach in await breaches_of(hub, case)}
    assert (len(late), str(agency_id_of("omar.khan")) in late) == (2, False)
    # Whoever grades after that has answered late, and is asked for a reason all the same.
    await grade(hub, case, "ines.moreau", 2)
    trust = str(agency_id_of("ines.moreau"))
    ended = {one["agency_id"]: one for one in await breaches_of(hub, case)}
    assert ended.pop(trust)["late_by_seconds"] > DAY.total_seconds()
    assert [(one["met_at"], one["late_by_seconds"]) for one in ended.values()] == [(None, None)]
    listed = await hub.every(f"{TRIAGE}/v1/breaches", await hub.as_staff("dana.reid"), reasoned="false")
    mine = [one for one in listed if one["case_id"] == case["case_id"]]
    assert {one["agency_id"]: one["met_at"] is not None for one in mine}[trust]
