"""A case from its opening to its decision, as agencies and deciders see it."""

from typing import Any

import httpx

from tests.hub import URLS, Hub, agency_id_of
from tests.intake.restricting import a_rare_child
from tests.referrals import a_child, a_referral

TRIAGE = URLS["triage"]


async def a_case(hub: Hub, **given: Any) -> dict[str, Any]:
    said = await hub.send(a_referral(**given))
    return await hub.case_of(said["reference"])


async def grade(hub: Hub, case: dict[str, Any], username: str, said: dict[str, Any]) -> httpx.Response:
    child_id = case["children"][0]["child_id"]
    return await hub.http.put(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency_id_of(username)}",
        json=said,
        headers=await hub.as_staff(username),
    )


def graded(number: int) -> dict[str, Any]:
    return {"status": "graded", "grade": number, "rationale": "What our records show."}


async def decide(
    hub: Hub, case: dict[str, Any], form: dict[str, Any], *, version: int | None = None
) -> httpx.Response:
    child_id = case["children"][0]["child_id"]
    return await hub.http.post(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/decisions",
        json=form,
        headers=await hub.as_staff("dana.reid") | {"If-Match": f'"{version or case["version"]}"'},
    )


def as_recommended(case: dict[str, Any], **given: Any) -> dict[str, Any]:
    said = case["children"][0]["recommendation"]
    return {key: said[key] for key in ("level", "pathway", "rag")} | {"rationale": "I agree."} | given


async def test_each_child_of_a_referral_stands_apart(hub: Hub) -> None:
    case = await a_case(
        hub,
        children=[a_child("c1"), a_child("c2", given_name="Noah"), a_child("c3", date_of_birth=None)],
    )
    assert [child["given_name"] for child in case["children"]] == ["Maisie", "Noah", "Maisie"]
    assert [len(child["concerns"]) for child in case["children"]] == [1, 0, 0]
    assert all(len(child["requests"]) == 3 for child in case["children"])


async def test_one_referral_has_one_case_however_often_it_is_announced(hub: Hub) -> None:
    case = await a_case(hub)
    hub.forget_carried("intake")
    await hub.carry_events()
    again = await hub.case_of(case["contacts"][0]["reference"])
    assert again == case


async def test_core_agencies_are_asked_and_silence_is_shown(hub: Hub) -> None:
    case = await a_case(hub)
    child = case["children"][0]
    assert sorted(child["waiting_for"]) == ["education", "health", "police"]
    assert child["recommendation"]["provisional"]
    assert child["state"] == "gathering"


async def test_when_all_have_graded_the_recommendation_is_firm(hub: Hub) -> None:
    case = await a_case(hub)
    for username in ("omar.khan", "ines.moreau", "tom.barker"):
        assert (await grade(hub, case, username, graded(2))).status_code == 200
    child = (await hub.get_case(case["case_id"]))["children"][0]
    assert (child["waiting_for"], child["state"]) == ([], "ready")
    assert not child["recommendation"]["provisional"]


async def test_an_agency_is_blind_until_it_has_graded(hub: Hub) -> None:
    case = await a_case(hub)
    await grade(hub, case, "omar.khan", graded(4))
    headers = await hub.as_staff("ines.moreau")
    before = await hub.http.get(f"{TRIAGE}/v1/cases/{case['case_id']}", headers=headers)
    child = before.json()["children"][0]
    hidden = ("grades", "recommendation", "decisions", "decide_by")
    assert "etag" not in before.headers
    assert before.json()["version"] is None
    assert [child[name] for name in hidden] == [None] * len(hidden)
    await grade(hub, case, "ines.moreau", {"status": "nothing_known"})
    after = (await hub.get_case(case["case_id"], "ines.moreau"))["children"][0]
    assert {one["grade"] for one in after["grades"]} == {3, 4, None}


async def test_an_agency_that_was_not_asked_sees_no_case(hub: Hub) -> None:
    case = await a_case(hub)
    routed = await hub.http.get(
        f"{TRIAGE}/v1/cases/{case['case_id']}", headers=await hub.as_staff("lucy.grant")
    )
    assert routed.status_code == 404


async def test_the_same_grade_again_writes_nothing(hub: Hub) -> None:
    case = await a_case(hub)
    first = await grade(hub, case, "omar.khan", graded(3))
    again = await grade(hub, case, "omar.khan", graded(3))
    changed = await grade(hub, case, "omar.khan", graded(4))
    assert first.json() == again.json() != changed.json()
    now = await hub.get_case(case["case_id"])
    assert now["version"] == case["version"] + 2
    police = [one for one in now["children"][0]["grades"] if one["sector"] == "police"]
    assert [one["superseded"] for one in police] == [True, True, False]


async def test_a_grade_with_nothing_known_is_refused(hub: Hub) -> None:
    case = await a_case(hub)
    answer = await grade(hub, case, "omar.khan", {"status": "nothing_known", "grade": 0})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "grade_not_allowed")


async def test_another_agencys_grade_cannot_be_given(hub: Hub) -> None:
    case = await a_case(hub)
    child_id = case["children"][0]["child_id"]
    answer = await hub.http.put(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency_id_of('ines.moreau')}",
        json=graded(1),
        headers=await hub.as_staff("omar.khan"),
    )
    assert answer.status_code == 404


async def test_a_five_turns_the_child_red_and_a_lower_grade_does_not_turn_it_back(hub: Hub) -> None:
    case = await a_case(hub)
    await grade(hub, case, "omar.khan", graded(5))
    await grade(hub, case, "omar.khan", graded(1))
    now = await hub.get_case(case["case_id"])
    assert now["children"][0]["recommendation"]["rag"] == "red"
    assert now["children"][0]["decide_by"] < case["children"][0]["decide_by"]


async def test_an_answer_is_kept_with_its_handling_and_stands(hub: Hub) -> None:
    case = await a_case(hub)
    own = next(one for one in case["children"][0]["requests"] if one["sector"] == "health")
    said = {"status": "information", "text": "Missed two appointments.", "handling": "hub_only"}
    url = f"{TRIAGE}/v1/information-requests/{own['request_id']}/answer"
    headers = await hub.as_staff("ines.moreau")
    first = await hub.http.post(url, json=said, headers=headers)
    again = await hub.http.post(url, json=said, headers=headers)
    police = (await hub.get_case(case["case_id"], "omar.khan"))["children"][0]["requests"]
    assert (first.status_code, again.status_code, again.json()["code"]) == (200, 409, "already_answered")
    assert [one["text"] for one in police if one["sector"] == "health"] == [None]


async def test_a_question_to_another_agency_is_not_there(hub: Hub) -> None:
    case = await a_case(hub)
    health = next(one for one in case["children"][0]["requests"] if one["sector"] == "health")
    answer = await hub.http.post(
        f"{TRIAGE}/v1/information-requests/{health['request_id']}/answer",
        json={"status": "nothing_known"},
        headers=await hub.as_staff("omar.khan"),
    )
    assert answer.status_code == 404


async def test_any_agency_of_the_hub_may_be_asked(hub: Hub) -> None:
    case = await a_case(hub)
    ask = {
        "child_id": case["children"][0]["child_id"],
        "agency_id": str(agency_id_of("example-primary")),
        "reason": "The school sees her every day.",
    }
    url = f"{TRIAGE}/v1/cases/{case['case_id']}/information-requests"
    headers = await hub.as_staff("dana.reid")
    asked = await hub.http.post(url, json=ask, headers=headers)
    nobody = await hub.http.post(url, json=ask | {"agency_id": case["case_id"]}, headers=headers)
    assert (asked.status_code, nobody.status_code) == (201, 422)


async def test_a_decision_needs_the_version_that_stands(hub: Hub) -> None:
    case = await a_case(hub)
    stale = await decide(hub, case, as_recommended(case), version=case["version"] + 5)
    child_id = case["children"][0]["child_id"]
    without = await hub.http.post(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/decisions",
        json=as_recommended(case),
        headers=await hub.as_staff("dana.reid"),
    )
    assert (stale.status_code, without.status_code) == (412, 428)


async def test_a_different_decision_says_why(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_referral(children=[a_rare_child()])))["reference"])
    different = as_recommended(case, level=1, pathway="advice", rag="green")
    refused = await decide(hub, case, different)
    taken = await decide(hub, case, different | {"different_decision_reason": "The notice was a mistake."})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/different_decision_reason"
    assert taken.status_code == 201


async def test_a_decided_child_is_decided_anew_only_by_naming_what_is_replaced(hub: Hub) -> None:
    case = await a_case(hub)
    first = await decide(hub, case, as_recommended(case))
    case = await hub.get_case(case["case_id"])
    bare = await decide(hub, case, as_recommended(case))
    named = await decide(hub, case, as_recommended(case, supersedes=first.json()["decision_id"]))
    assert (bare.status_code, bare.json()["code"]) == (409, "already_decided")
    assert named.status_code == 201
    decisions = (await hub.get_case(case["case_id"]))["children"][0]["decisions"]
    assert [one["supersedes"] for one in decisions] == [None, first.json()["decision_id"]]


async def test_a_decision_reaches_the_sender_as_one_outcome(hub: Hub) -> None:
    case = await a_case(hub)
    await decide(hub, case, as_recommended(case))
    await hub.carry_events()
    police = await hub.as_client("northshire-police")
    feed = await hub.every(f"{URLS['notifications']}/v1/outcomes", police, cursor="after")
    reference = case["contacts"][0]["reference"]
    own = [item for item in feed if item["reference"] == reference]
    assert len(own) == 1
    assert own[0]["outcome"] == case["children"][0]["recommendation"]["pathway"]
    progress = await hub.http.get(
        f"{URLS['intake']}/v1/referrals/{reference}", headers=await hub.as_client("northshire-police")
    )
    assert progress.json()["stage"] == "decided"


async def test_feedback_to_the_sender_does_not_speak_of_other_agencies(hub: Hub) -> None:
    case = await a_case(hub)
    await grade(hub, case, "ines.moreau", graded(5))
    case = await hub.get_case(case["case_id"])
    made = await decide(hub, case, as_recommended(case))
    outcome = await hub.http.get(
        f"{TRIAGE}/internal/decisions/{made.json()['decision_id']}",
        headers=await hub.as_service("notifications"),
    )
    fired = {rule["rule_id"] for rule in case["children"][0]["recommendation"]["fired"]}
    assert "grade-five" in fired
    assert not any("grade, 5" in words for words in outcome.json()["threshold_feedback"])


async def test_the_work_list_puts_the_red_first(hub: Hub) -> None:
    await a_case(hub)
    red = await a_case(hub, immediate_danger=True)
    listed = await hub.every(f"{TRIAGE}/v1/cases", await hub.as_staff("dana.reid"))
    colours = [line["rag"] for line in listed]
    assert colours == sorted(colours, key=["red", "amber", "green"].index)
    assert red["case_id"] in {line["case_id"] for line in listed[: colours.count("red")]}


async def test_an_agencys_work_list_says_nothing_of_the_hubs_view(hub: Hub) -> None:
    case = await a_case(hub)
    url = f"{TRIAGE}/v1/cases"
    headers = await hub.as_staff("tom.barker")
    own = next(line for line in await hub.every(url, headers) if line["case_id"] == case["case_id"])
    assert (own["rag"], own["children"][0]["level"]) == (None, None)
    await grade(hub, case, "tom.barker", graded(1))
    assert case["case_id"] not in {line["case_id"] for line in await hub.every(url, headers)}
