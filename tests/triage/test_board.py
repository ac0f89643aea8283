"""The board: every undecided child, what is unknown, who spoke for it, and what changed by the morning."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.calendar import next_opening
from tests.hub import URLS, Hub, agency_id_of
from tests.referrals import a_child, a_referral
from tests.triage.joined import join, one_child_twice

BOARD = f"{URLS['triage']}/v1/board"
Said = dict[str, Any]


def opening() -> datetime:
    return next_opening(datetime.now(UTC))


def safe(until: datetime | None = None, **given: Any) -> Said:
    return {"safe_until": (until or opening()).isoformat(), "why": "With grandmother; seen."} | given


def handed(**given: Any) -> Said:
    return {
        "handed_to": "Jo Bright",
        "read_back_by": "Jo Bright",
        "at": datetime.now(UTC).isoformat(),
    } | given


async def a_case(hub: Hub, **given: Any) -> Said:
    return await hub.case_of((await hub.send(a_referral(**given)))["reference"])


async def say(hub: Hub, case: Said, body: Said, who: str = "dana.reid", child: int = 0) -> httpx.Response:
    address = (
        f"{URLS['triage']}/v1/cases/{case['case_id']}/children/{case['children'][child]['child_id']}/waits"
    )
    return await hub.http.post(address, json=body, headers=await hub.as_staff(who))


async def grade(hub: Hub, case: Said, number: int = 5, who: str = "northshire-health") -> None:
    child_id = case["children"][0]["child_id"]
    answer = await hub.http.put(
        f"{URLS['triage']}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency_id_of(who)}",
        json={"status": "graded", "grade": number, "rationale": "What the ward saw."},
        headers=await hub.as_client(who),
    )
    assert answer.status_code == 200, answer.text


async def on_board(hub: Hub, case: Said, who: str = "dana.reid") -> list[Said]:
    lines = await hub.every(BOARD, await hub.as_staff(who))
    return [line for line in lines if line["case_id"] == case["case_id"]]


async def changes(hub: Hub, case: Said, since: datetime) -> list[Said]:
    found = await hub.every(f"{BOARD}/changes", await hub.as_staff("dana.reid"), since=since.isoformat())
    return [change for child in found if child["case_id"] == case["case_id"] for change in child["changes"]]


async def test_the_board_says_of_each_undecided_child_what_is_unknown(hub: Hub) -> None:
    unnamed = a_child("c2", given_name=None, date_of_birth=None, whereabouts=None, voice={"seen": False})
    case = await a_case(hub, children=[a_child(), unnamed])
    by_id = {line["child_id"]: line for line in await on_board(hub, case)}
    first, second = (by_id[child["child_id"]] for child in case["children"])
    assert {"not_answered", "health_missing"} <= set(first["unknown"])
    assert {"not_seen", "whereabouts", "who_it_is"} <= set(second["unknown"])
    assert (first["spoken"], first["wait"]) == ("nobody", None)
    assert first["decide_by"] == case["children"][0]["decide_by"]


async def test_somebody_speaks_for_a_child_and_no_due_time_moves(hub: Hub) -> None:
    case = await a_case(hub)
    said = await say(hub, case, safe(), who="priya.nair")
    [line] = await on_board(hub, case)
    after = await hub.get_case(case["case_id"])
    assert said.status_code == 201, said.text
    assert (line["spoken"], line["wait"]["said_by"]) == ("spoken_for", "Priya Nair")
    # A child that falls due before it may wait until is late all the same, and that is said.
    due = datetime.fromisoformat(line["decide_by"])
    assert said.json()["beyond_due"] is (opening() > due)
    assert (after["version"], after["children"][0]["decide_by"]) == (case["version"], line["decide_by"])


async def test_more_heard_after_a_word_asks_for_another_and_the_newest_stands(hub: Hub) -> None:
    case = await a_case(hub)
    await say(hub, case, safe())
    await grade(hub, case)
    [heard] = await on_board(hub, case)
    await say(hub, case, handed())
    [taken] = await on_board(hub, case)
    short = await say(hub, case, safe(datetime.now(UTC) + timedelta(minutes=1)))
    [left] = await on_board(hub, case)
    assert heard["spoken"] == "heard_since"
    assert (taken["spoken"], taken["wait"]["kind"], taken["wait"]["handed_to"]) == (
        "spoken_for", "emergency_duty", "Jo Bright",
    )  # fmt: skip
    assert (short.status_code, left["spoken"]) == (201, "nobody")


async def test_half_a_word_a_far_one_and_one_for_a_decided_child_are_refused(hub: Hub) -> None:
    case = await a_case(hub)
    bad = [
        await say(hub, case, {}),
        await say(hub, case, safe(opening() + timedelta(days=9))),
        await say(hub, case, safe(why="  ")),
        await say(hub, case, handed(read_back_by=None)),
    ]
    codes = [(answer.status_code, answer.json()["code"]) for answer in bad]
    assert codes == [
        (422, "wait_not_whole"),
        (422, "wait_out_of_reach"),
        (422, "invalid"),
        (422, "wait_not_whole"),
    ]
    assert [error["pointer"] for error in bad[3].json()["errors"]] == ["#/read_back_by"]
    await decide(hub, case)
    late = await say(hub, case, safe())
    assert (late.status_code, late.json()["code"], await on_board(hub, case)) == (409, "nothing_waits", [])


async def decide(hub: Hub, case: Said) -> None:
    fresh = await hub.get_case(case["case_id"])
    body = {"level": 3, "pathway": "child_in_need", "rag": "red", "rationale": "Repeated.",
            "different_decision_reason": "The family asked."}  # fmt: skip
    answer = await hub.http.post(
        f"{URLS['triage']}/v1/cases/{case['case_id']}/children/{case['children'][0]['child_id']}/decisions",
        json=body,
        headers=await hub.as_staff("dana.reid") | {"If-Match": f'"{fresh["version"]}"'},
    )
    assert answer.status_code == 201, answer.text


async def test_the_morning_tells_what_is_new_and_nothing_from_before(hub: Hub) -> None:
    began = datetime.now(UTC)
    case = await a_case(hub)
    between = datetime.now(UTC)
    await grade(hub, case)
    await say(hub, case, safe())
    await decide(hub, case)
    whole, later = await changes(hub, case, began), await changes(hub, case, between)
    kinds = [change["kind"] for change in later]
    assert whole[0]["kind"] == "contact"
    assert kinds == ["grade", "recommendation", "safe_to_wait", "decision"]
    assert (later[0]["grade"], later[1]["rag"], later[3]["by"]) == (5, "red", "Dana Reid")
    assert later[1]["rag_before"] != "red"
    assert await changes(hub, case, datetime.now(UTC)) == []


async def test_what_changed_is_asked_of_a_time_that_can_be_told(hub: Hub) -> None:
    headers = await hub.as_staff("ben.ashworth")
    now = datetime.now(UTC)
    answers = [
        await hub.http.get(f"{BOARD}/changes", params={"since": since}, headers=headers)
        for since in (
            (now + timedelta(hours=1)).isoformat(),
            (now - timedelta(days=40)).isoformat(),
            "monday",
        )
    ]
    default = await hub.http.get(f"{BOARD}/changes", headers=headers)
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert default.status_code == 200
    assert datetime.fromisoformat(default.json()["since"]) < now


async def test_one_child_told_of_twice_stands_once_and_is_spoken_for_once(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first = await hub.case_of(police["reference"])
    await join(hub, school, first)
    case = await hub.get_case(first["case_id"])
    await say(hub, case, safe(), child=1)
    lines = await on_board(hub, case)
    assert [(len(line["child_ids"]), line["spoken"]) for line in lines] == [(2, "spoken_for")]
