"""Two agencies tell of one child: one case, one decision, and an answer to each that is its own."""

from datetime import datetime, timedelta

from tests.hub import URLS, Hub
from tests.intake.known_people import a_known_child, an_nhs_number
from tests.triage.joined import (
    POLICE,
    PRIYA,
    SCHOOL,
    Said,
    ask,
    confirm,
    decide,
    join,
    joined,
    one_child_twice,
    one_mother_twice,
    outcomes_of,
    sent,
    without,
)
from tests.triage.versions import EARLY, STRANGLED, TRIAGE, cases_to_decide


async def test_a_referral_joins_the_case_of_the_same_child(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    made = await join(hub, school, first)
    case = await hub.get_case(first["case_id"])
    assert (made["case_id"], made["other_case_id"]) == (first["case_id"], second["case_id"])
    assert (case["version"], made["version"]) == (first["version"] + 1, first["version"] + 1)
    assert [one["reference"] for one in case["contacts"]] == [police["reference"], school["reference"]]
    kept, moved = case["children"]
    assert (kept["same_child_as"], moved["same_child_as"]) == (None, kept["child_id"])
    assert [one["referral_id"] for one in (kept, moved)] == [police["referral_id"], school["referral_id"]]
    (noted,) = case["joins"]
    assert (noted["join_id"], noted["from_case_id"]) == (made["join_id"], second["case_id"])
    assert (noted["reference"], noted["joined_by"], noted["undone_at"]) == (
        school["reference"],
        "Dana Reid",
        None,
    )


async def test_a_case_left_empty_says_where_its_contact_went_and_is_on_no_list(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await join(hub, school, first)
    husk = await hub.get_case(second["case_id"])
    assert (husk["children"], husk["contacts"], husk["joined_into"]) == ([], [], first["case_id"])
    headers = await hub.as_staff("dana.reid")
    for queue in ("to_decide", "decided"):
        lines = await hub.every(f"{TRIAGE}/v1/cases", headers, queue=queue)
        assert second["case_id"] not in {line["case_id"] for line in lines}
    line = (await cases_to_decide(hub))[first["case_id"]]
    assert (line["references"], len(line["children"])) == ([police["reference"], school["reference"]], 1)


async def test_what_both_say_is_weighed_together_and_only_raises(hub: Hub) -> None:
    police, school = await one_child_twice(hub, second={"concerns": [STRANGLED]})
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    assert (first["children"][0]["rag"], second["children"][0]["rag"]) == ("green", "red")
    await join(hub, school, first)
    case = await hub.get_case(first["case_id"])
    assert [child["rag"] for child in case["children"]] == ["red", "red"]
    views = [child["recommendation"] for child in case["children"]]
    assert views[0] == views[1]
    assert views[0]["level"] == 4


async def test_each_child_keeps_its_own_clock(hub: Hub) -> None:
    police, school = await one_child_twice(hub, second={"concerns": [STRANGLED]})
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await join(hub, school, first)
    kept, moved = (await hub.get_case(first["case_id"]))["children"]
    assert moved["decide_by"] == second["children"][0]["decide_by"]
    received = datetime.fromisoformat(first["contacts"][0]["received_at"])
    assert datetime.fromisoformat(kept["decide_by"]) <= received + timedelta(hours=4)
    assert kept["decide_by"] < moved["decide_by"]


async def test_one_decision_answers_both_senders_each_with_its_own(hub: Hub) -> None:
    police, school = await one_child_twice(hub, first={"concerns": [STRANGLED]}, second={"concerns": [EARLY]})
    case = await hub.case_of(police["reference"])
    await join(hub, school, case)
    made = await decide(hub, case, level=4, pathway="strategy_discussion", rag="red")
    assert made.status_code == 201, made.text
    (to_police,), (to_school,) = (
        await outcomes_of(hub, police, POLICE),
        await outcomes_of(hub, school, SCHOOL),
    )
    assert to_police["child_id"] == police["children"][0]["child_id"] == made.json()["child_id"]
    assert to_school["child_id"] == school["children"][0]["child_id"]
    assert (to_police["outcome"], to_school["outcome"]) == ("strategy_discussion",) * 2
    assert to_police["threshold_feedback"] != to_school["threshold_feedback"]
    assert police["reference"] not in str(to_school)
    assert school["reference"] not in str(to_police)
    strangled = next(words for words in to_police["threshold_feedback"] if "trangul" in words)
    assert strangled not in str(to_school)


async def test_a_new_decision_replaces_each_ones_own(hub: Hub) -> None:
    case, police, school = await joined(hub)
    first = (await decide(hub, case)).json()
    assert (await decide(hub, case)).json()["code"] == "already_decided"
    again = await decide(hub, case, supersedes=first["decision_id"], rationale="They told us more.")
    assert again.status_code == 201, again.text
    now = await hub.get_case(case["case_id"])
    for child in now["children"]:
        one, two = child["decisions"]
        assert (one["supersedes"], two["supersedes"]) == (None, one["decision_id"])
    assert len(await outcomes_of(hub, school, SCHOOL)) == 2
    assert len(await outcomes_of(hub, police, POLICE)) == 2


async def test_siblings_stay_apart(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number(), grade=None)
    sibling = child | {"sender_child_reference": "c2", "given_name": "Oskar", "nhs_number": an_nhs_number()}
    sibling |= {"date_of_birth": "2013-08-21", "sex": "M"}
    police = await sent(hub, child, sibling)
    school = await sent(hub, child, by=SCHOOL, concerns=[STRANGLED])
    await confirm(hub, school)
    before = await hub.case_of(police["reference"])
    await join(hub, school, before)
    after = await hub.get_case(before["case_id"])
    assert [one["same_child_as"] for one in after["children"]] == [
        None,
        None,
        after["children"][0]["child_id"],
    ]
    assert after["children"][1] == before["children"][1]
    assert len((await cases_to_decide(hub))[after["case_id"]]["children"]) == 2


async def test_a_household_is_joined_by_a_confirmed_adult_and_its_children_stay_themselves(hub: Hub) -> None:
    police, school = await one_mother_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await join(hub, school, first, PRIYA)
    case = await hub.get_case(first["case_id"])
    assert [child["same_child_as"] for child in case["children"]] == [None, None]
    assert case["children"] == [
        first["children"][0],
        second["children"][0]
        | {"requests": [one | {"case_id": case["case_id"]} for one in second["children"][0]["requests"]]},
    ]
    assert len({one["given_name"] for one in case["adults"]}) == 1
    assert len(case["adults"]) == 2


async def test_a_decided_child_is_looked_at_again(hub: Hub) -> None:
    police, school = await one_child_twice(hub, second={"concerns": [STRANGLED]})
    case = await hub.case_of(police["reference"])
    assert (await decide(hub, case)).status_code == 201
    await join(hub, school, await hub.get_case(case["case_id"]))
    after = await hub.get_case(case["case_id"])
    kept, moved = after["children"]
    assert (kept["state"], kept["changed_since_decision"], kept["rag"]) == ("decided", True, "red")
    assert (moved["state"], moved["decisions"]) == ("gathering", [])
    assert case["case_id"] in await cases_to_decide(hub)


async def test_the_id_of_the_case_that_a_child_came_from_still_finds_it(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await join(hub, school, first)
    child_id = school["children"][0]["child_id"]
    path = f"/v1/cases/{second['case_id']}/children/{child_id}"
    graded = await hub.http.put(
        f"{TRIAGE}{path}/grades/{_health(second)}",
        json={"status": "graded", "grade": 2, "rationale": "What our records show."},
        headers=await hub.as_staff("ines.moreau"),
    )
    assert (graded.status_code, graded.json()["case_id"]) == (200, first["case_id"])
    assert (await ask(hub, f"{path}/chronology")).json()["case_id"] == first["case_id"]
    asked = {"child_id": child_id, "agency_id": _health(second), "reason": "She is seen there."}
    made = await ask(hub, f"/v1/cases/{second['case_id']}/information-requests", asked)
    assert (made.status_code, made.json()["case_id"]) == (201, first["case_id"])
    elsewhere = await hub.case_of((await sent(hub, a_known_child()))["reference"])
    wrong = await ask(hub, f"/v1/cases/{elsewhere['case_id']}/children/{child_id}/chronology")
    assert wrong.status_code == 404


def _health(case: Said) -> str:
    requests = case["children"][0]["requests"]
    return next(str(one["agency_id"]) for one in requests if one["sector"] == "health")


async def test_the_chronology_of_a_joined_child_tells_each_contact_once_and_of_the_join(hub: Hub) -> None:
    case, police, school = await joined(hub)
    child_id = case["children"][0]["child_id"]
    found = (await ask(hub, f"/v1/cases/{case['case_id']}/children/{child_id}/chronology")).json()
    contacts = [line for line in found["items"] if line["kind"] == "contact"]
    assert [line["reference"] for line in contacts] == [police["reference"], school["reference"]]
    assert [line["link"] for line in contacts] == ["own", "confirmed"]
    assert (found["contacts_12m"], found["contacts_12m_provisional"]) == (2, 0)
    (line,) = [line for line in found["items"] if line["kind"] == "join"]
    assert (line["reference"], line["said"]) == (
        school["reference"],
        "The school knows her under both names.",
    )
    seen = await ask(hub, f"/v1/cases/{case['case_id']}/children/{child_id}/chronology", who="ines.moreau")
    assert "join" not in {line["kind"] for line in seen.json()["items"]}


async def test_progress_shows_each_sender_its_own(hub: Hub) -> None:
    case, police, school = await joined(hub)
    await decide(hub, case)
    await hub.carry_events()
    for said, client_id in ((police, POLICE), (school, SCHOOL)):
        answer = await hub.http.get(
            f"{URLS['intake']}/v1/referrals/{said['reference']}", headers=await hub.as_client(client_id)
        )
        assert answer.json()["stage"] == "decided", answer.text


async def test_a_join_moves_nothing_of_what_the_moved_child_has(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await join(hub, school, first)
    moved = (await hub.get_case(first["case_id"]))["children"][1]
    before = second["children"][0]
    asked = [one | {"case_id": first["case_id"]} for one in before["requests"]]
    changed = ("requests", "same_child_as", "recommendation", "rag", "decide_by")
    assert moved["requests"] == asked
    assert without(moved, *changed) == without(before, *changed)
