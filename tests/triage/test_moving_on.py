"""What follows a decision has a clock that somebody must meet; only what is done or decided ends it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from deploy.local.postgres import PostgresServer
from services.triage import rules
from services.triage.rules import Times
from shared.platform.database import transaction
from shared.schemas.words import Rag
from tests.hub import URLS, Hub
from tests.triage.audit_lines import lines_of_action
from tests.triage.clockwork import THEN, breaches_of, move_timers, run, timers_of
from tests.triage.moved_on import (
    FOLLOWING,
    TEAM,
    clocks_of,
    record,
    running,
    under_section_47,
    waits_for_a_second_look,
)
from tests.triage.second_looks import approve, try_look
from tests.triage.test_drift_and_targets import set_target
from tests.triage.test_second_look import a_serious_child, child_of, decide

Said = dict[str, Any]
TIMES, HOUR = Times(), timedelta(hours=1)
STRATEGY: Said = {"level": 4, "pathway": "strategy_discussion", "rag": "red"}
IN_NEED: Said = {"level": 3, "pathway": "child_in_need", "rag": "amber"}


def at(said: str) -> datetime:
    return datetime.fromisoformat(said)


async def test_each_clock_begins_where_law_and_practice_begin_it(hub: Hub) -> None:
    case = await waits_for_a_second_look(hub)
    clocks = await clocks_of(hub, case)
    assert set(clocks) == set(FOLLOWING)
    interim = next(made for made in (await child_of(hub, case))["decisions"] if made["in_force"])
    decided_at = at(interim["decided_at"])
    began = {kind: at(clock["started_at"]) for kind, clock in clocks.items()}
    due = {kind: at(clock["due_at"]) for kind, clock in clocks.items()}
    received_at = at(case["contacts"][0]["received_at"])
    assert began == {
        "second_look": decided_at,
        "handover": decided_at,
        "assessment": received_at,
        "conference": datetime(2026, 11, 20, 14, tzinfo=UTC),
    }
    assert due == {
        "second_look": rules.look_by(decided_at, Rag.RED, TIMES),
        "handover": rules.accept_by(decided_at, Rag.RED, TIMES),
        "assessment": rules.assess_by(received_at, TIMES),
        "conference": datetime(2026, 12, 11, 17, tzinfo=UTC),
    }


async def test_a_second_look_that_waits_is_seen_found_late_once_and_ends_with_the_look(hub: Hub) -> None:
    case = await waits_for_a_second_look(hub)
    clock = (await clocks_of(hub, case))["second_look"]
    headers = await hub.as_staff("priya.nair")
    lines = await hub.every(f"{URLS['triage']}/v1/cases", headers, queue="second_look")
    (line,) = [one for one in lines if one["case_id"] == case["case_id"]]
    assert line["children"][0]["second_look_by"] == clock["due_at"]
    await move_timers(hub, case, THEN, ("second_look",))
    await run(hub, "breaches", THEN)
    await run(hub, "breaches", THEN + HOUR)
    (breach,) = await breaches_of(hub, case)
    assert (breach["kind"], breach["met_at"]) == ("second_look", None)
    due = await hub.every(f"{URLS['triage']}/v1/due", headers, kind="second_look")
    (shown,) = [one for one in due if one["case_id"] == case["case_id"]]
    assert (shown["timer_id"], shown["breached_at"] is not None) == (clock["timer_id"], True)
    looked = await try_look(hub, case["made"], approved=False)
    assert looked.status_code == 200
    (breach,) = await breaches_of(hub, case)
    assert breach["ended_because"] == "done"
    assert await running(hub, case) == {"handover", "assessment", "conference"}


async def test_a_lower_decision_that_comes_into_force_takes_the_place_of_what_ran(hub: Hub) -> None:
    case = await waits_for_a_second_look(hub)
    await approve(hub, case["made"])
    assert await running(hub, case) == {"handover"}
    ended = {
        timer["kind"]: timer["ended_because"]
        for timer in (await timers_of(hub, case))["timers"]
        if timer["kind"] in FOLLOWING and timer["met_at"]
    }
    done = {"second_look": "done"}
    assert ended == done | dict.fromkeys(("handover", "assessment", "conference"), "superseded")


async def test_what_a_later_decision_leaves_as_it_is_runs_on_and_is_not_handed_over_twice(hub: Hub) -> None:
    case = await under_section_47(hub)
    await decide(hub, case, **STRATEGY)
    before = await clocks_of(hub, case)
    assert (await record(hub, case, "handover_accepted")).status_code == 201
    await decide(hub, case, **STRATEGY)
    after = await clocks_of(hub, case)
    assert await running(hub, case) == {"assessment", "conference"}
    assert {kind: clock["timer_id"] for kind, clock in after.items()} == {
        kind: clock["timer_id"] for kind, clock in before.items()
    }


async def test_what_was_done_is_recorded_once_by_whom_and_when(hub: Hub, server: PostgresServer) -> None:
    case = await under_section_47(hub)
    await decide(hub, case, **STRATEGY)
    assert (await set_target(hub, case, purpose="assessment")).status_code == 201
    held_at = "2026-11-20T16:30:00Z"
    for step, kind, given in (
        ("conference_held", "conference", {"done_at": held_at}),
        ("handover_accepted", "handover", {"note": "By telephone."}),
        ("assessment_completed", "assessment", {}),
    ):
        version = (await hub.get_case(case["case_id"]))["version"]
        made = await record(hub, case, step, **given)
        assert made.status_code == 201, made.text
        said = made.json()
        assert (said["done_by"], said["recorded_by"], said["version"]) == (TEAM, "Dana Reid", version + 1)
        assert kind not in await running(hub, case)
        again = await record(hub, case, step)
        assert (again.status_code, again.json()["code"]) == (409, "nothing_waits")
    shown = await timers_of(hub, case)
    assert [one["step"] for one in shown["onward"]] == [
        *("conference_held", "handover_accepted", "assessment_completed")
    ]
    assert at((await clocks_of(hub, case))["conference"]["met_at"]) == at(held_at)
    (target,) = shown["targets"]
    assert target["ended_at"] is not None
    ((_, _, facts),) = await lines_of_action(server, "onward.recorded", UUID(said["onward_id"]))
    assert facts == {"step": "assessment_completed"}
    query = text("SELECT payload FROM triage.outbox WHERE event_type = 'triage.onward_step_recorded.v1'")
    async with transaction(hub.sessions["triage"], "test") as tx:
        events = [event for event in (await tx.scalars(query)).all() if event["case_id"] == case["case_id"]]
    assert {event["kind"] for event in events} == {one["step"] for one in shown["onward"]}
    assert not any(TEAM in str(event) for event in events)


async def test_what_was_not_done_yet_or_needs_a_manager_is_not_recorded(hub: Hub) -> None:
    case = await under_section_47(hub)
    await decide(hub, case, **STRATEGY)
    for done_at, code in (("2090-01-02T10:00:00Z", "to_come"), ("2026-11-20T13:59:59Z", "before_it_began")):
        answer = await record(hub, case, "conference_held", done_at=done_at)
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["code"], error["pointer"]) == (422, code, "#/done_at")
    assert (await record(hub, case, "handover_accepted", done_by=" ")).status_code == 422
    silent = await record(hub, case, "conference_not_needed", "priya.nair")
    assert (silent.status_code, silent.json()["errors"][0]["code"]) == (422, "reason_missing")
    why = {"note": "The injury is explained by the consultant."}
    refused = await record(hub, case, "conference_not_needed", **why)
    assert (refused.status_code, refused.json()["code"]) == (403, "conference_manager_needed")
    assert (await record(hub, case, "conference_not_needed", "priya.nair", **why)).status_code == 201
    assert (await clocks_of(hub, case))["conference"]["ended_because"] == "not_needed"


async def test_another_authority_takes_over_only_by_accepting(hub: Hub) -> None:
    _, case = await a_serious_child(hub)
    await decide(hub, case, **STRATEGY)
    away = await decide(hub, case, **STRATEGY | {"pathway": "other_authority"})
    if away["standing"] == "pending":
        await approve(hub, away)
    assert await running(hub, case) == {"handover", "assessment"}
    assert (await record(hub, case, "handover_accepted")).status_code == 201
    assert (await clocks_of(hub, case))["assessment"]["ended_because"] == "taken_over"


async def test_a_red_let_go_by_one_person_stays_red_until_a_second_has_looked(hub: Hub) -> None:
    _, case = await a_serious_child(hub)
    made = await decide(hub, case, **STRATEGY | {"rag": "amber"})
    assert (made["standing"], made["second_look_because"]) == ("pending", ["less_urgent"])
    interim = next(one for one in (await child_of(hub, case))["decisions"] if one["in_force"])
    assert (interim["standing"], interim["rag"]) == ("interim", "red")
    accept_by = (await clocks_of(hub, case))["handover"]["due_at"]
    await approve(hub, made)
    # Whoever was asked to accept within the hour still is.
    assert (await clocks_of(hub, case))["handover"]["due_at"] == accept_by
    assert await running(hub, case) == {"handover", "assessment"}
