"""An earlier plan that one agency keeps to the hub counts, and no other agency reads of it."""

from tests.hub import Hub, agency_id_of
from tests.triage.test_asking_people import HEALTH, POLICE, TRIAGE, post, request_to
from tests.triage.test_case import a_case


async def test_an_earlier_plan_that_an_answer_keeps_to_the_hub_is_told_to_no_agency_by_the_rule(
    hub: Hub,
) -> None:
    case = await a_case(hub)
    child_id = case["children"][0]["child_id"]
    path = f"information-requests/{request_to(case, HEALTH)['request_id']}/answer"
    earlier = {"child_protection_plan": True}
    await post(hub, path, {"status": "information", "handling": "hub_only", "earlier": earlier}, HEALTH)
    for who in (HEALTH, POLICE):
        url = f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency_id_of(who)}"
        grade = {"status": "graded", "grade": 2, "rationale": "What our records show."}
        assert (await hub.http.put(url, json=grade, headers=await hub.as_staff(who))).status_code == 200
    decided, of_health, of_police = [
        (await hub.get_case(case["case_id"], who))["children"][0] for who in ("dana.reid", HEALTH, POLICE)
    ]
    said_by = [(one["who"], one["agency_id"]) for one in decided["earlier_plan_said_by"]]
    assert said_by == [("agency", str(agency_id_of(HEALTH)))]
    assert of_health["recommendation"] == decided["recommendation"]
    told, whole = of_police["recommendation"], decided["recommendation"]
    fired = {rule["rule_id"] for rule in whole["fired"]}
    assert fired - {rule["rule_id"] for rule in told["fired"]} == {"previous-plan"}
    assert "Whether the child was on a plan before is not known." in told["missing"]
    for name in ("level", "pathway", "rag", "discussion"):
        assert told[name] == whole[name]
    assert (of_police["earlier_plan_said_by"], "previous-plan" in str(of_police)) == (None, False)
