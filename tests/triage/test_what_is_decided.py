"""What a decision records, how deep the hub goes, and what a late answer brings back."""

from typing import Any

import pytest

from tests.hub import Hub, agency_id_of
from tests.triage.clockwork import timers_of
from tests.triage.joined import ask
from tests.triage.second_looks import TRIAGE
from tests.triage.test_second_look import LOWER, a_serious_child, child_of, decide, queues_with
from tests.triage.versions import a_mild_referral

Said = dict[str, Any]
RECORD: Said = {
    "risk_analysis": [{"key": "worried_about", "text": "He came back twice."}],
    "child_voice": "I want to stay with my aunt.",
    "identity": "Speaks Polish with her grandmother.",
    "child_status": {"looked_after": False, "plan": "none", "previous_plan": True},
    "consulted": [{"who": "Ms Lowe, head teacher", "said": "Not in since Tuesday."}],
    "family_told": [
        {"who": "Mother", "told": True, "by": "Dana Reid", "language": "Polish", "interpreter": "A Nowak"},
        {"who": "Father", "told": False, "why_not": "He would know who rang."},
    ],
    "proceed_now_reason": "She cannot go home tonight.",
}
RED: Said = {"level": 4, "pathway": "strategy_discussion", "rag": "red"}


async def test_a_decision_records_all_that_it_rests_on_and_who_had_not_answered(hub: Hub) -> None:
    _, case = await a_serious_child(hub)
    await decide(hub, case, **RED, **RECORD)
    [made] = (await child_of(hub, case))["decisions"]
    assert [part["heading"] for part in made["risk_analysis"]] == [
        "What are we worried about?",
        "What is working well?",
        "What needs to happen?",
    ]
    assert [part["text"] for part in made["risk_analysis"]] == ["He came back twice.", None, None]
    for name in ("child_voice", "identity", "proceed_now_reason"):
        assert made[name] == RECORD[name]
    assert made["child_status"]["previous_plan"] is True
    assert [one["told"] for one in made["family_told"]] == [True, False]
    assert {one["sector"] for one in made["unanswered"]} == {"police", "health", "education"}
    assert made["recommendation_before"]["missing"] != made["recommendation"]["missing"]
    assert (made["depth"], made["standing"]) == ("full", "decided")


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"rationale": " \n "}, "#/rationale"),
        ({"rationale": ""}, "#/rationale"),
        ({"risk_analysis": [{"key": "of_another_hub", "text": "..."}]}, "#/risk_analysis/0/key"),
        ({"family_told": [{"who": "Father", "told": False}]}, "#/family_told/0"),
        ({"proceed_now_reason": " "}, "#/proceed_now_reason"),
    ],
)
async def test_what_says_nothing_is_refused_where_it_stands(hub: Hub, form: Said, pointer: str) -> None:
    _, case = await a_serious_child(hub)
    path = f"/v1/cases/{case['case_id']}/children/{case['children'][0]['child_id']}/decisions"
    answer = await ask(hub, path, {**RED, "rationale": "Why."} | form, version=case["version"])
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def grade(hub: Hub, case: Said, who: str, number: int) -> None:
    """Give an agency's grade for the first child."""
    child_id = case["children"][0]["child_id"]
    answer = await hub.http.put(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency_id_of(who)}",
        json={"status": "graded", "grade": number, "rationale": "What our records show."},
        headers=await hub.as_staff(who),
    )
    assert answer.status_code == 200, answer.text


async def test_a_late_grade_that_would_have_changed_it_brings_a_child_back_and_says_so(hub: Hub) -> None:
    said = await hub.send(a_mild_referral())
    case = await hub.case_of(said["reference"])
    first = await decide(hub, case, **LOWER, proceed_now_reason="The school can begin today.")
    assert first["standing"] == "decided"
    await grade(hub, case, "omar.khan", 2)
    settled = await child_of(hub, case)
    assert (settled["changed_since_decision"], settled["reopened"]) == (False, None)
    await grade(hub, case, "ines.moreau", 5)
    back = await child_of(hub, case)
    assert (back["state"], back["changed_since_decision"]) == ("decided", True)
    assert (back["reopened"]["what"], back["reopened"]["sector"]) == ("grade", "health")
    assert back["decisions"][0]["in_force"]
    # Its new clock is the Red one, and the timer that watches over it goes by that.
    watched = (await timers_of(hub, case))["timers"]
    open_due = [one["due_at"] for one in watched if one["kind"] == "decision" and one["met_at"] is None]
    assert open_due == [back["decide_by"]]
    line = next(
        one
        for one in await hub.every(f"{TRIAGE}/v1/cases", await hub.as_staff("dana.reid"))
        if one["case_id"] == case["case_id"]
    )
    assert (line["rag"], line["children"][0]["reopened"]["what"]) == ("red", "grade")
    # Blind readers hear nothing of it.
    blind = (await hub.get_case(case["case_id"], "tom.barker"))["children"][0]
    assert [blind[name] for name in ("reopened", "accountable", "depth", "decisions")] == [None] * 4
    again = await decide(hub, case, level=3, pathway="child_in_need", rag="red")
    after = await child_of(hub, case)
    assert (again["standing"], after["reopened"], after["changed_since_decision"]) == ("decided", None, False)


async def test_what_an_agency_tells_late_is_read_and_a_more_urgent_child_is_answered_sooner(hub: Hub) -> None:
    said = await hub.send(a_mild_referral())
    case = await hub.case_of(said["reference"])
    asked = {one["sector"]: one for one in case["children"][0]["requests"]}

    async def answer(sector: str, who: str, form: Said) -> Said:
        url = f"{TRIAGE}/v1/information-requests/{asked[sector]['request_id']}/answer"
        told = await hub.http.post(url, json=form, headers=await hub.as_staff(who))
        assert told.status_code == 200, told.text
        return await child_of(hub, case)

    await decide(hub, case, **LOWER, proceed_now_reason="The school can begin today.")
    nothing = await answer("education", "tom.barker", {"status": "nothing_known"})
    assert (nothing["changed_since_decision"], nothing["reopened"]) == (False, None)
    # No policy can weigh words: whoever decided has not read them.
    told = await answer(
        "health", "ines.moreau", {"status": "information", "text": "A.", "handling": "hub_only"}
    )
    assert (told["reopened"]["what"], told["reopened"]["sector"]) == ("answer_to_read", "health")
    assert (told["state"], told["decisions"][0]["in_force"]) == ("decided", True)
    assert "to_decide" in await queues_with(hub, case)
    # It waits again, and turns Red by a grade: who has not answered has the time of a Red.
    still = next(one for one in told["requests"] if one["sector"] == "police")
    await grade(hub, case, "ines.moreau", 5)
    sooner = next(one for one in (await child_of(hub, case))["requests"] if one["sector"] == "police")
    timers = (await timers_of(hub, case))["timers"]
    [watching] = [one for one in timers if one["request_id"] == still["request_id"]]
    assert sooner["due_at"] == watching["due_at"] < still["due_at"]
    # Above a strategy discussion and Red nothing could be called for.
    await decide(hub, case, **RED)
    rung = await answer("police", "omar.khan", {"status": "ring_me"})
    assert rung["reopened"] is None


async def test_how_deep_the_hub_goes_is_set_with_a_reason_kept_and_counted(hub: Hub) -> None:
    _, case = await a_serious_child(hub)
    path = f"/v1/cases/{case['case_id']}/children/{case['children'][0]['child_id']}/depth"

    async def set_depth(form: Said, who: str = "dana.reid") -> Any:
        now = await hub.get_case(case["case_id"])
        headers = await hub.as_staff(who) | {"If-Match": f'"{now["version"]}"'}
        return await hub.http.put(f"{TRIAGE}{path}", json=form, headers=headers)

    async def covered() -> int:
        measured = await ask(hub, "/v1/measures/coverage", who="ben.ashworth")
        lines = [one for one in measured.json()["items"] if one["depth"] == "straight"]
        assert all(sum(one["core_answers"].values()) == one["children"] for one in lines)
        return sum(one["children"] for one in lines)

    before = await covered()
    assert (await set_depth({"depth": "light"})).status_code == 422
    assert (await set_depth({"depth": "straight", "reason": "Hers."})).json()["code"] == "manager_needed"
    light = await set_depth({"depth": "light", "reason": "Her worker knows her."})
    again = await set_depth({"depth": "light", "reason": "Her worker knows her."})
    assert (light.json()["version"], len(again.json()["history"])) == (again.json()["version"], 1)
    await set_depth({"depth": "straight", "reason": "Her worker visits today."}, "priya.nair")
    history = (await ask(hub, path)).json()["history"]
    assert [(one["depth"], one["changed_by"]) for one in history] == [
        ("light", "Dana Reid"),
        ("straight", "Priya Nair"),
    ]
    assert (await child_of(hub, case))["depth"] == "straight"
    await decide(hub, case, **RED)
    assert await covered() == before + 1
    refused = await ask(hub, "/v1/measures/coverage?from=2026-02-01&to=2026-01-01", who="priya.nair")
    assert refused.status_code == 422
