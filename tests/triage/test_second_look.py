"""A lower decision waits for a second person, and meanwhile what is recommended protects the child."""

from typing import Any

from tests.hub import URLS, Hub
from tests.intake.restricting import a_rare_child
from tests.referrals import a_referral
from tests.triage.joined import POLICE, SCHOOL, ask, joined, outcomes_of
from tests.triage.second_looks import TRIAGE, approve, try_look
from tests.triage.versions import EARLY, STRANGLED, a_mild_referral, correct

Said = dict[str, Any]
LOWER: Said = {"level": 2, "pathway": "early_help", "rag": "green"}
ADVICE: Said = {"level": 1, "pathway": "advice", "rag": "green"}
LESS: Said = {"level": 1, "pathway": "early_help", "rag": "green"}


async def a_serious_child(hub: Hub, **given: Any) -> tuple[Said, Said]:
    """Return what the police were told, and the case of a child who was held by the throat."""
    sent: Said = {"children": [a_rare_child(grade=None)], "concerns": [STRANGLED]}
    said = await hub.send(a_referral(**sent | given))
    await hub.carry_events()
    return said, await hub.case_of(said["reference"])


async def decide(hub: Hub, case: Said, who: str = "dana.reid", **form: Any) -> Said:
    """Decide for the first child on its newest version, naming what is in force, and return the answer."""
    now = await hub.get_case(case["case_id"])
    child = now["children"][0]
    stands = next((made["decision_id"] for made in child["decisions"] if made["in_force"]), None)
    reasons = {"rationale": "The aunt has moved in.", "different_decision_reason": "She keeps him out."}
    path = f"/v1/cases/{now['case_id']}/children/{child['child_id']}/decisions"
    answer = await ask(hub, path, reasons | {"supersedes": stands} | form, who, version=now["version"])
    assert answer.status_code == 201, answer.text
    made: Said = answer.json()
    return made


async def child_of(hub: Hub, case: Said, place: int = 0) -> Said:
    """Return a child of a case as it stands now."""
    child: Said = (await hub.get_case(case["case_id"]))["children"][place]
    return child


async def queues_with(hub: Hub, case: Said) -> set[str]:
    """Return the parts of the managers' work list that a case stands on."""
    headers = await hub.as_staff("priya.nair")
    found = set()
    for queue in ("to_decide", "second_look", "decided"):
        page = await hub.http.get(f"{TRIAGE}/v1/cases?queue={queue}&limit=1000", headers=headers)
        found |= {queue for line in page.json()["items"] if line["case_id"] == case["case_id"]}
    return found


async def test_what_is_recommended_is_in_force_and_told_until_a_lower_decision_is_approved(hub: Hub) -> None:
    said, case = await a_serious_child(hub)
    made = await decide(hub, case, **LOWER)
    assert made["standing"] == "pending"
    assert made["second_look_because"] == ["lower_level", "less_protective", "less_urgent"]
    assert made["in_force_decision_id"] not in (None, made["decision_id"])
    child = await child_of(hub, case)
    interim = next(one for one in child["decisions"] if one["in_force"])
    assert (interim["standing"], interim["level"]) == ("interim", 4)
    assert (child["state"], child["accountable"]["name"]) == ("decided", "Dana Reid")
    assert await queues_with(hub, case) == {"second_look", "decided"}
    assert [one["outcome"] for one in await outcomes_of(hub, said, POLICE)] == ["strategy_discussion"]
    looked = await approve(hub, made)
    assert looked["in_force_decision_id"] == made["decision_id"]
    first, second = await outcomes_of(hub, said, POLICE)
    assert (second["outcome"], second["supersedes"]) == ("early_help", first["event_id"])
    child = await child_of(hub, case)
    approved = next(one for one in child["decisions"] if one["in_force"])
    assert (approved["standing"], approved["supersedes"]) == ("approved", interim["decision_id"])
    assert approved["second_look"]["looked_by"] == child["accountable"]["name"] == "Priya Nair"
    assert await queues_with(hub, case) == {"decided"}
    assert (await try_look(hub, made)).json()["code"] == "not_waiting"


async def test_a_refused_decision_leaves_what_protects_and_is_kept_with_its_reason(hub: Hub) -> None:
    said, case = await a_serious_child(hub)
    made = await decide(hub, case, **LOWER)
    stale = await try_look(hub, made, version=1)
    assert (stale.status_code, stale.json()["code"]) == (412, "case_changed")
    assert (await try_look(hub, made, approved=False)).json()["standing"] == "refused"
    child = await child_of(hub, case)
    refused = next(one for one in child["decisions"] if one["decision_id"] == made["decision_id"])
    assert (refused["second_look"]["approved"], refused["in_force"]) == (False, False)
    assert next(one for one in child["decisions"] if one["in_force"])["standing"] == "interim"
    assert len(await outcomes_of(hub, said, POLICE)) == 1


async def test_nobody_approves_their_own_and_a_later_decision_overtakes_what_waits(hub: Hub) -> None:
    said, case = await a_serious_child(hub)
    own = await decide(hub, case, "priya.nair", **LOWER)
    refused = await try_look(hub, own)
    assert (refused.status_code, refused.json()["code"]) == (403, "self_approval")
    again = await decide(hub, case, level=4, pathway="strategy_discussion", rag="red")
    assert again["standing"] == "decided"
    standings = [one["standing"] for one in (await child_of(hub, case))["decisions"]]
    assert sorted(standings) == ["decided", "interim", "overtaken"]
    assert (await try_look(hub, own)).status_code == 409
    assert len(await outcomes_of(hub, said, POLICE)) == 2


async def test_advice_where_it_is_uncertain_leaves_a_child_undecided_until_somebody_agrees(
    hub: Hub,
) -> None:
    mild = [a_rare_child(grade=None, voice={"seen": False, "not_obtained_reason": "Not at home."})]
    unclear = {"narrative": "She asks how to get him to sleep."}
    said, case = await a_serious_child(hub, children=mild, concerns=[unclear])
    child = await child_of(hub, case)
    assert child["recommendation"]["level"] is None
    made = await decide(hub, case, **ADVICE)
    assert made["second_look_because"] == ["health_not_answered", "not_seen"]
    assert (made["standing"], made["in_force_decision_id"]) == ("pending", None)
    child = await child_of(hub, case)
    assert (child["state"], child["accountable"]["what"]) == ("gathering", "duty_manager")
    assert await queues_with(hub, case) == {"to_decide", "second_look"}
    assert await outcomes_of(hub, said, POLICE) == []
    await approve(hub, made)
    [outcome] = await outcomes_of(hub, said, POLICE)
    assert outcome["outcome"] == "advice"
    progress = await hub.http.get(
        f"{URLS['intake']}/v1/referrals/{said['reference']}", headers=await hub.as_client(POLICE)
    )
    assert progress.json()["stage"] == "decided"


async def test_one_look_settles_every_row_of_a_child_and_answers_each_sender(hub: Hub) -> None:
    case, police, school = await joined(hub)
    made = await decide(hub, case, **LESS)
    both = (await hub.get_case(case["case_id"]))["children"]
    assert [sorted(one["standing"] for one in child["decisions"]) for child in both] == [
        ["interim", "pending"]
    ] * 2
    await approve(hub, made)
    both = (await hub.get_case(case["case_id"]))["children"]
    assert [next(one for one in child["decisions"] if one["in_force"])["level"] for child in both] == [1, 1]
    for said, client in ((police, POLICE), (school, SCHOOL)):
        told = await outcomes_of(hub, said, client)
        assert [one["level"] for one in told] == [2, 1]


async def test_what_is_heard_while_a_decision_waits_overtakes_it(hub: Hub) -> None:
    said = await hub.send(first := a_mild_referral())
    await hub.carry_events()
    case = await hub.case_of(said["reference"])
    made = await decide(hub, case, **LESS)
    await correct(hub, said, first | {"concerns": [EARLY, STRANGLED]})
    child = await child_of(hub, case)
    waited = next(one for one in child["decisions"] if one["decision_id"] == made["decision_id"])
    assert (waited["standing"], child["changed_since_decision"]) == ("overtaken", True)
    assert await queues_with(hub, case) == {"to_decide"}


async def test_level_and_pathway_that_do_not_belong_together_are_said_and_a_high_level_needs_its_pathway(
    hub: Hub,
) -> None:
    mild = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    more: Said = {"level": 2, "pathway": "strategy_discussion", "rag": "red"}
    made = await decide(hub, mild, **more)
    assert (made["standing"], [one["code"] for one in made["warnings"]]) == (
        "decided",
        ["pathway_above_level"],
    )
    assert (await child_of(hub, mild))["decisions"][0]["warnings"] == made["warnings"]
    sane = await decide(hub, mild, **more | {"level": 4})
    assert (sane["standing"], sane["warnings"]) == ("decided", [])

    other = await hub.case_of((await hub.send(a_mild_referral()))["reference"])
    less: Said = {"level": 4, "pathway": "early_help", "rag": "amber", "rationale": "They ask for help."}
    path = f"/v1/cases/{other['case_id']}/children/{other['children'][0]['child_id']}/decisions"
    refused = await ask(hub, path, less, "dana.reid", version=other["version"])
    assert refused.json()["errors"][0]["pointer"] == "#/different_decision_reason"
    made = await decide(hub, other, **less)
    assert (made["standing"], made["second_look_because"]) == ("pending", ["below_its_level"])
    assert [one["code"] for one in made["warnings"]] == ["pathway_below_level"]
    # It protects as far as it goes, while a manager asks whether that is enough.
    interim, waiting = (await child_of(hub, other))["decisions"]
    if interim["standing"] == "pending":
        interim, waiting = waiting, interim
    assert (interim["pathway"], interim["in_force"], interim["warnings"]) == ("early_help", True, [])
    await approve(hub, made)
    stands = await child_of(hub, other)
    assert [one["standing"] for one in stands["decisions"] if one["in_force"]] == ["approved"]
    assert waiting["warnings"] == made["warnings"]
