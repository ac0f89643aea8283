"""Asking about several people, in several sources, on a ground; reminders; grades seen and given again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx

from services.triage.actions.agencies.reminding import remind_due
from services.triage.events import Here
from services.triage.settings import Settings
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.schemas.words_asking import ConsentPolicy, Source
from tests.hub import URLS, Hub, agency_id_of
from tests.intake.known_people import a_known_child
from tests.referrals import a_child
from tests.triage.test_case import a_case, grade, graded

TRIAGE = URLS["triage"]
HEALTH, POLICE = "ines.moreau", "omar.khan"

DEAN = {
    "given_name": "Dean", "family_name": "Example", "role_in_concern": "alleged_perpetrator",
    "relationships": [{"child": "c1", "relationship": "father", "in_household": True}],
}  # fmt: skip
ROSA = {"given_name": "Rosa", "family_name": "Example", "role_in_concern": "victim"}
#: A green referral with no word on the family's consent.
NOTHING_SAID = {
    "consent": None,
    "concerns": [{"indicator": "neglect.poor_hygiene", "children": ["c1"], "narrative": "Often unwashed."}],
}


async def post(hub: Hub, path: str, body: dict[str, Any], username: str = "dana.reid") -> httpx.Response:
    return await hub.http.post(f"{TRIAGE}/v1/{path}", json=body, headers=await hub.as_staff(username))


def request_to(case: dict[str, Any], username: str) -> dict[str, Any]:
    asked = case["children"][0]["requests"]
    found: dict[str, Any] = next(one for one in asked if one["agency_id"] == str(agency_id_of(username)))
    return found


@asynccontextmanager
async def configured(hub: Hub, **given: Any) -> AsyncIterator[None]:
    """Let triage run with other settings for a while."""
    workplace = next(one.workplace for one in hub.listeners if isinstance(one.workplace.here, Here))
    before: Settings = hub.settings["triage"]
    changed = {name: getattr(before, name) for name in given}
    try:
        for name, value in given.items():
            before.__dict__[name] = value
        yield
    finally:
        before.__dict__.update(changed)
        assert workplace.here.settings is before


async def test_every_case_asks_about_its_adults_on_a_ground_and_a_new_adult_is_added(hub: Hub) -> None:
    case = await a_case(hub, adults=[DEAN])
    health = request_to(case, HEALTH)
    assert [(one["given_name"], one["place"], one["version"]) for one in health["adults"]] == [("Dean", 0, 1)]
    assert health["sources"] == [source.value for source in Source]
    assert (health["lawful_basis"], health["asked_by"]) == ("public_task", None)
    assert health["lawful_basis_reason"].startswith("The sender did not ask the family: asking could put")
    assert [one["place"] for one in case["adults"]] == [0]


async def test_one_form_asks_several_agencies_about_several_people_and_each_answers_once(hub: Hub) -> None:
    case = await a_case(hub, adults=[DEAN, ROSA], children=[a_child("c1"), a_child("c2", given_name="Noah")])
    children = [child["child_id"] for child in case["children"]]
    referral_id = case["contacts"][0]["referral_id"]
    body = {
        "child_ids": children,
        "agencies": [
            {"agency_id": str(agency_id_of(HEALTH)), "sources": ["midwifery"]},
            {"agency_id": str(agency_id_of(POLICE))},
        ],
        "adults": [{"referral_id": referral_id, "place": 1, "version": 1}],
        "reason": "She is expecting again.",
    }
    path = f"cases/{case['case_id']}/information-requests/several"
    made = await post(hub, path, body)
    assert made.status_code == 201, made.text
    assert made.headers["etag"] == f'"{case["version"] + 1}"'
    items = made.json()["items"]
    assert [(one["child_id"], one["sector"]) for one in items] == [
        (child_id, sector) for child_id in children for sector in ("health", None)
    ]
    assert {(one["asked_by"], one["adults"][0]["given_name"]) for one in items} == {("Dana Reid", "Rosa")}

    wrong = (
        ({"adults": [{"referral_id": referral_id, "place": 7}]}, 422, "adult_not_known"),
        ({"adults": [{"referral_id": referral_id, "place": 1, "version": 2}]}, 409, "contact_corrected"),
        ({"adults": [], "about_child": False}, 422, "about_nobody"),
        ({"lawful_basis": "public_task"}, 422, "basis_without_reason"),
        ({"agencies": [{"agency_id": children[0]}]}, 422, "agency_not_known"),
    )
    for change, status, code in wrong:
        answer = await post(hub, path, body | change)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)

    midwifery = f"information-requests/{items[0]['request_id']}/answer"
    rosa = {"referral_id": referral_id, "place": 1, "status": "information", "text": "Due in May."}
    stranger = await post(hub, midwifery, {"status": "unable", "adults": [rosa | {"place": 0}]}, HEALTH)
    assert (stranger.status_code, stranger.json()["code"]) == (422, "adult_not_known")
    told = await post(hub, midwifery, {"status": "nothing_known", "adults": [rosa]}, HEALTH)
    assert told.json()["adults"][0]["text"] == "Due in May."
    seen = await hub.get_case(case["case_id"], POLICE)
    others = next(
        one for one in seen["children"][0]["requests"] if one["request_id"] == items[0]["request_id"]
    )
    chronology = f"{TRIAGE}/v1/cases/{case['case_id']}/children/{children[0]}/chronology"
    for reader, shown in (("dana.reid", True), (HEALTH, True), (POLICE, False)):
        read = await hub.http.get(chronology, headers=await hub.as_staff(reader))
        assert ("Rosa Example: Due in May." in read.text) is shown
    # Kept to the hub by its owner: who was asked about is no secret here, what is known of her is.
    assert (others["adults"][0]["status"], others["adults"][0]["text"]) == ("information", None)


async def test_health_is_not_answered_before_every_source_was_looked_in(hub: Hub) -> None:
    case = await a_case(hub)
    request = request_to(case, HEALTH)
    said = {"status": "information", "text": "Missed two.", "sources_checked": ["gp", "midwifery"]}
    first = await post(hub, f"information-requests/{request['request_id']}/answer", said, HEALTH)
    assert first.json()["sources_checked"] == ["gp", "midwifery"]
    child = (await hub.get_case(case["case_id"]))["children"][0]
    left = ["zero_to_nineteen", "hospital", "mental_health", "camhs"]
    assert "health" in child["waiting_for"]
    assert {"sector": "health", "sources": left} in child["asking"]["sources_open"]
    (words,) = [one for one in child["asking"]["silent_words"] if one.startswith("Health")]
    assert words.startswith("Health: 0-19 service, hospital and emergency department, mental health, CAMHS, ")
    assert words in child["recommendation"]["missing"]
    reference = case["contacts"][0]["reference"]
    listed = f"{TRIAGE}/v1/cases?reference={reference}"
    (line,) = (await hub.http.get(listed, headers=await hub.as_staff("dana.reid"))).json()["items"]
    waited_for = ["0-19 service", "hospital and emergency department", "mental health", "CAMHS"]
    assert set(line["children"][0]["waiting_words"]) == {*waited_for, "police", "education"}
    form = {
        "child_id": child["child_id"], "agency_id": str(agency_id_of(HEALTH)),
        "reason": "Look there too.", "sources": left,
    }  # fmt: skip
    again = (await post(hub, f"cases/{case['case_id']}/information-requests", form)).json()
    earlier = {"child_protection_plan": True, "child_in_need_plan": None, "looked_after": False}
    rest = {"status": "information", "earlier": earlier}
    await post(hub, f"information-requests/{again['request_id']}/answer", rest, HEALTH)
    child = (await hub.get_case(case["case_id"]))["children"][0]
    assert sorted(child["waiting_for"]) == ["education", "police"]
    # A plan that has ended is a fact of the policy, and says who told of it.
    assert "previous-plan" in {rule["rule_id"] for rule in child["recommendation"]["fired"]}
    told = [one["agency_id"] for one in child["requests"] if one["earlier"] == earlier]
    assert told == [str(agency_id_of(HEALTH))]
    page = await hub.http.get(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child['child_id']}/chronology",
        headers=await hub.as_staff("dana.reid"),
    )
    assert "A child protection plan before: yes; Looked after before: no." in page.text


async def test_an_answer_without_sources_is_healths_answer(hub: Hub) -> None:
    case = await a_case(hub)
    path = f"information-requests/{request_to(case, HEALTH)['request_id']}/answer"
    await post(hub, path, {"status": "nothing_known", "handling": "hub_only"}, HEALTH)
    child = (await hub.get_case(case["case_id"]))["children"][0]
    assert sorted(child["waiting_for"]) == ["education", "police"]
    assert child["asking"]["sources_open"] == []


async def test_where_a_ground_is_wanted_first_one_sentence_lets_the_questions_go(hub: Hub) -> None:
    async with configured(hub, consent_policy=ConsentPolicy.ASK_FIRST):
        case = await a_case(hub, **NOTHING_SAID, children=[a_child(grade=None)])
        child = case["children"][0]
        assert (child["requests"], child["state"]) == ([], "gathering")
        assert sorted(child["waiting_for"]) == ["education", "health", "police"]
        assert child["asking"]["waits_for_basis"]
        sender = (await hub.get_case(case["case_id"], POLICE))["children"][0]["asking"]
        assert (sender["waits_for_basis"], sender["silent_words"]) == (False, [])
        asked = {"child_id": child["child_id"], "agency_id": str(agency_id_of(HEALTH)), "reason": "Seen?"}
        by_hand = await post(hub, f"cases/{case['case_id']}/information-requests", asked)
        assert (by_hand.status_code, by_hand.json()["code"]) == (409, "lawful_basis_required")

        path = f"cases/{case['case_id']}/lawful-basis"
        blank = await post(hub, path, {"basis": "public_task", "reason": " "})
        assert (blank.status_code, blank.json()["errors"][0]["pointer"]) == (422, "#/reason")
        made = await post(hub, path, {"basis": "public_task", "reason": "Nobody answers the door."})
        assert (made.status_code, len(made.json()["asked"])) == (201, 3)
        assert made.headers["etag"] == f'"{made.json()["version"]}"'
        after = await hub.get_case(case["case_id"])
        grounds = {(one["lawful_basis_reason"], one["lawful_basis_by"]) for one in made.json()["asked"]}
        assert grounds == {("Nobody answers the door.", "Dana Reid")}
        assert [one["basis"] for one in after["lawful_bases"]] == ["public_task"]
        assert len(after["children"][0]["requests"]) == 3
        assert not after["children"][0]["asking"]["waits_for_basis"]

        red = await a_case(hub, **NOTHING_SAID | {"immediate_danger": True}, children=[a_child(grade=None)])
        assert {one["lawful_basis"] for one in red["children"][0]["requests"]} == {"vital_interests"}


async def test_a_held_question_goes_out_when_the_sender_turns_the_child_red(hub: Hub) -> None:
    async with configured(hub, consent_policy=ConsentPolicy.ASK_FIRST):
        case = await a_case(hub, **NOTHING_SAID, children=[a_child(grade=None)])
        assert (await grade(hub, case, POLICE, graded(5))).status_code == 200
        child = (await hub.get_case(case["case_id"]))["children"][0]
    assert (child["rag"], len(child["requests"])) == ("red", 3)
    assert sorted(child["waiting_for"]) == ["education", "health"]


async def test_refused_twice_the_child_is_reviewed_under_section_17(hub: Hub) -> None:
    refused = {"sought": True, "given": False}
    first = await a_case(hub, **NOTHING_SAID | {"consent": refused}, children=[a_known_child(grade=None)])
    told = first["children"][0]["asking"]
    assert (told["refusals"], told["section_17_review"]) == (1, False)
    reason = first["children"][0]["requests"][0]["lawful_basis_reason"]
    assert reason.endswith("The family was asked and did not agree.")
    blind = await hub.get_case(first["case_id"], HEALTH)
    assert blind["children"][0]["asking"]["refusals"] is None
    assert blind["lawful_bases"] == []


async def test_who_is_silent_is_reminded_and_its_list_says_so(hub: Hub) -> None:
    case = await a_case(hub)
    request = request_to(case, HEALTH)
    later = utc_now() + timedelta(days=30)
    async with transaction(hub.sessions["triage"], "test") as tx:
        while await remind_due(tx, now=later):
            pass
    own = await hub.every(
        f"{TRIAGE}/v1/information-requests", await hub.as_client("northshire-health"), answered="false"
    )
    found = next(one for one in own if one["request_id"] == request["request_id"])
    assert found["reminders"] == 1
    assert (await hub.get_case(case["case_id"]))["version"] == case["version"]


async def test_an_agency_that_sees_what_others_said_is_invited_to_grade_again(hub: Hub) -> None:
    case = await a_case(hub, children=[a_child(grade=None)])

    async def seen(username: str) -> dict[str, Any]:
        child: dict[str, Any] = (await hub.get_case(case["case_id"], username))["children"][0]
        return child

    await grade(hub, case, POLICE, graded(4))
    assert not (await seen(HEALTH))["regrade_invited"]
    assert not (await seen(POLICE))["regrade_invited"]
    await grade(hub, case, HEALTH, graded(1))
    invited = [await seen(POLICE), await seen(HEALTH)]
    assert [child["regrade_invited"] for child in invited] == [True, True]
    assert "3 steps" in " ".join(invited[1]["asking"]["regrade_because"])
    await grade(hub, case, POLICE, graded(2))
    await grade(hub, case, HEALTH, graded(2))
    after = await seen(HEALTH)
    assert [one["grade"] for one in after["grades"]] == [4, 1, 2, 2]
    assert not after["regrade_invited"]
    assert {one["scale_version"] for one in after["grades"]} == {"2026-1"}
    assert after["grades"][0]["step_name"] == "High concern"
    # The higher of its two grades routes until a person decides.
    assert after["recommendation"]["level"] == invited[0]["recommendation"]["level"]


async def test_a_grade_without_a_reason_is_refused_at_its_place(hub: Hub) -> None:
    case = await a_case(hub)
    for said in ({"rationale": ""}, {"rationale": " \n"}, {"rationale": None}, {}):
        answer = await grade(hub, case, POLICE, {"status": "graded", "grade": 3} | said)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/rationale")
    for number in (-1, 6, 2.5, "3"):
        answer = await grade(hub, case, POLICE, graded(3) | {"grade": number})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/grade")


async def test_the_scale_is_published_with_its_version_to_everyone(hub: Hub) -> None:
    headers = await hub.as_client("example-primary")
    scale = (await hub.http.get(f"{TRIAGE}/v1/grade-scale", headers=headers)).json()
    assert [step["grade"] for step in scale["steps"]] == [0, 1, 2, 3, 4, 5]
    assert {one["status"] for one in scale["without_a_grade"]} == {"nothing_known", "unable"}
    assert scale["current"]
    assert scale["versions"][0] == scale["version"]
    none = await hub.http.get(f"{TRIAGE}/v1/grade-scale?version=1999-1", headers=headers)
    assert none.status_code == 404
