"""A wrong join can be undone: everything stands as it did, and nothing that came meanwhile is lost."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.hub import Hub, agency_id_of
from tests.intake.known_people import unlink
from tests.triage.clockwork import THEN, breaches_of, move_timers, run, timers_of
from tests.triage.joined import (
    SCHOOL,
    Said,
    confirm,
    decide,
    join,
    joined,
    one_child_twice,
    one_mother_twice,
    outcomes_of,
    sent,
    try_undo,
    undo,
    without,
)
from tests.triage.moved_on import record
from tests.triage.versions import STRANGLED, TRIAGE, cases_to_decide, send_version


async def grade(hub: Hub, case: Said, child_id: str, number: int, who: str = "ines.moreau") -> None:
    answer = await hub.http.put(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency_id_of(who)}",
        json={"status": "graded", "grade": number, "rationale": "What our records show."},
        headers=await hub.as_staff(who),
    )
    assert answer.status_code == 200, answer.text


async def test_both_cases_stand_as_they_did_before(hub: Hub) -> None:
    police, school = await one_child_twice(hub, second={"concerns": [STRANGLED]})
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    made = await join(hub, school, first)
    undone = await undo(hub, made)
    left, back = await hub.get_case(first["case_id"]), await hub.get_case(second["case_id"])
    assert without(left, "joins") == without(first, "joins")
    assert without(back) == without(second)
    assert (undone["case_id"], undone["other_case_id"]) == (second["case_id"], first["case_id"])
    assert undone["version"] == left["version"] == made["version"] + 1
    (noted,) = left["joins"]
    assert (noted["undone_by"], noted["undone_reason"]) == (
        "Dana Reid",
        "They are cousins; the grandmother confirmed it.",
    )
    assert {first["case_id"], second["case_id"]} <= set(await cases_to_decide(hub))


async def test_what_is_the_childs_is_found_late_once_and_is_each_contacts_again_when_they_part(
    hub: Hub,
) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    made = await join(hub, school, first)

    async def late(case: Said) -> list[str]:
        return sorted(breach["kind"] for breach in await breaches_of(hub, case))

    await move_timers(hub, first, THEN, ("screening", "decision"))
    await run(hub, "breaches", THEN)
    # Each contact is screened, and answered in time, by a clock of its own.
    own = ["decision", "decision", "screening", "screening"]
    assert await late(first) == own
    assert (await decide(hub, first)).status_code == 201
    following = ("handover", "assessment")
    for found in ((await timers_of(hub, first))["timers"], await due_in(hub, first)):
        assert sorted(one["kind"] for one in found if one["kind"] in following) == sorted(following)
    await move_timers(hub, first, THEN, following)
    for hours in (0, 1):
        await run(hub, "breaches", THEN + timedelta(hours=hours))
    assert await late(first) == sorted([*own, *following])
    # One act meets them for all contacts; what is met has nothing to be raised by after.
    assert (await record(hub, first, "handover_accepted")).status_code == 201
    await undo(hub, made)
    await run(hub, "breaches", THEN + timedelta(hours=2))
    parted = [kind for case in (first, second) for kind in await late(case)]
    assert sorted(parted) == sorted([*own, "handover", "assessment", "assessment"])
    assert [one["kind"] for case in (first, second) for one in await due_in(hub, case)] == ["assessment"] * 2


async def due_in(hub: Hub, case: Said) -> list[Said]:
    found = await hub.every(f"{TRIAGE}/v1/due", await hub.as_staff("dana.reid"))
    return [one for one in found if one["case_id"] == case["case_id"]]


async def test_a_household_that_was_joined_is_parted_as_it_was(hub: Hub) -> None:
    police, school = await one_mother_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await undo(hub, await join(hub, school, first))
    assert without(await hub.get_case(first["case_id"]), "joins") == without(first, "joins")
    assert without(await hub.get_case(second["case_id"])) == without(second)


async def test_a_decided_child_gets_its_decision_and_its_rest_back(hub: Hub) -> None:
    police, school = await one_child_twice(hub, second={"concerns": [STRANGLED]})
    case = await hub.case_of(police["reference"])
    await decide(hub, case)
    before = await hub.get_case(case["case_id"])
    await undo(hub, await join(hub, school, before))
    after = await hub.get_case(case["case_id"])
    assert without(after, "joins") == without(before, "joins")
    assert case["case_id"] not in await cases_to_decide(hub)


async def test_a_decision_made_together_stands_for_both_and_is_looked_at_again(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    made = await join(hub, school, first)
    decided = (await decide(hub, first)).json()
    await undo(hub, made)
    for case_id in (first["case_id"], second["case_id"]):
        (child,) = (await hub.get_case(case_id))["children"]
        assert (child["state"], child["changed_since_decision"], len(child["decisions"])) == (
            "decided",
            True,
            1,
        )
    again = await decide(hub, first, supersedes=decided["decision_id"], pathway="early_help", level=2)
    assert again.status_code == 201, again.text
    (told,) = await outcomes_of(hub, school, SCHOOL)
    assert told["outcome"] == "child_in_need"


async def test_what_came_while_they_were_joined_goes_along(hub: Hub) -> None:
    case, police, school = await joined(hub)
    kept, moved = case["children"]
    await grade(hub, case, moved["child_id"], 4)
    await grade(hub, case, kept["child_id"], 1)
    await send_version(hub, police, police["referral"] | {"concerns": [STRANGLED]})
    await hub.carry_events()
    await undo(hub, case["joins"][0] | {"case_id": case["case_id"]})
    left, back = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    assert [_graded(one) for one in (left, back)] == [[1], [4]]
    assert (left["children"][0]["rag"], left["contacts"][0]["version"]) == ("red", 2)
    assert back["children"][0]["rag"] != "red"
    assert [one["narrative"] for one in back["children"][0]["concerns"]] == [
        "No breakfast on twelve of twenty days."
    ]


def _graded(case: Said) -> list[Any]:
    return [one["grade"] for one in case["children"][0]["grades"]]


async def test_a_correction_of_a_joined_referral_reaches_its_own_children_alone(hub: Hub) -> None:
    case, police, _ = await joined(hub)
    before = case["children"]
    await send_version(hub, police, police["referral"] | {"concerns": [STRANGLED]})
    after = await hub.case_of(police["reference"])
    kept, moved = after["children"]
    assert (kept["rag"], moved["rag"]) == ("red", "red")
    assert [len(child["concerns"]) for child in after["children"]] == [2, 1]
    assert [contact["version"] for contact in after["contacts"]] == [2, 1]
    assert moved["concerns"] == before[1]["concerns"]
    assert [one["corrected_version"] for one in moved["requests"]] == [None] * len(moved["requests"])
    assert after["case_id"] == case["case_id"]


async def test_a_correction_after_a_decision_on_both_opens_the_child_again(hub: Hub) -> None:
    case, police, school = await joined(hub)
    decided = (await decide(hub, case)).json()
    await send_version(hub, police, police["referral"] | {"concerns": [STRANGLED]})
    await hub.carry_events()
    after = await hub.get_case(case["case_id"])
    assert [child["changed_since_decision"] for child in after["children"]] == [True, True]
    red: Said = {"level": 4, "pathway": "strategy_discussion", "rag": "red"}
    again = await decide(hub, case, supersedes=decided["decision_id"], **red)
    assert again.status_code == 201, again.text
    assert len(await outcomes_of(hub, school, SCHOOL)) == 2


async def test_an_undone_link_parts_the_children_at_once_and_keeps_the_colour(hub: Hub) -> None:
    police, school = await one_child_twice(hub, second={"concerns": [STRANGLED]})
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    made = await join(hub, school, first)
    assert (await unlink(hub, UUID(school["children"][0]["child_id"]))).status_code == 200
    await hub.carry_events()
    parted = await hub.get_case(first["case_id"])
    assert [child["same_child_as"] for child in parted["children"]] == [None, None]
    assert [child["rag"] for child in parted["children"]] == ["red", "red"]
    assert parted["children"][0]["recommendation"]["level"] == first["children"][0]["recommendation"]["level"]
    assert parted["version"] > made["version"]
    await undo(hub, made)
    assert without(await hub.get_case(first["case_id"]), "joins") == without(first, "joins")
    assert without(await hub.get_case(second["case_id"])) == without(second)


async def test_children_decided_together_and_parted_by_their_link_are_looked_at_again(hub: Hub) -> None:
    case, _, school = await joined(hub)
    await decide(hub, case)
    assert (await unlink(hub, UUID(school["children"][0]["child_id"]))).status_code == 200
    await hub.carry_events()
    after = await hub.get_case(case["case_id"])
    assert [child["changed_since_decision"] for child in after["children"]] == [True, True]


async def test_it_is_undone_once(hub: Hub) -> None:
    case, _, _ = await joined(hub)
    join_id = case["joins"][0]["join_id"]
    await undo(hub, case["joins"][0])
    again = await try_undo(hub, join_id, case["version"] + 1)
    assert (again.status_code, again.json()["code"]) == (409, "join_undone")


async def test_one_that_was_joined_further_is_undone_from_the_end(hub: Hub) -> None:
    case, police, school = await joined(hub)
    health = await sent(hub, police["referral"]["children"][0], by="northshire-health")
    await confirm(hub, health)
    third = await hub.case_of(health["reference"])
    further = await join(hub, school, third)
    refused = await try_undo(hub, case["joins"][0]["join_id"], case["version"] + 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "joined_further")
    assert (await undo(hub, further))["case_id"] == case["case_id"]
    again = await hub.get_case(case["case_id"])
    assert [one["same_child_as"] for one in again["children"]] == [None, again["children"][0]["child_id"]]
    assert without(await hub.get_case(third["case_id"]), "joins") == without(third, "joins")
    await undo(hub, again["joins"][0])
    assert len((await hub.get_case(case["case_id"]))["children"]) == 1


async def test_a_stale_undo_changes_nothing(hub: Hub) -> None:
    case, _, _ = await joined(hub)
    stale = await try_undo(hub, case["joins"][0]["join_id"], case["version"] - 1)
    assert (stale.status_code, stale.json()["code"]) == (412, "case_changed")
    assert await hub.get_case(case["case_id"]) == case
