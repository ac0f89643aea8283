"""A joint case: what stands beside it, and that a join shows nobody more than they saw before."""

from deploy.local.postgres import PostgresServer
from tests.hub import URLS, Hub, agency_id_of
from tests.intake.known_people import a_known_child, an_nhs_number, task_about
from tests.permissions.subjects import SCHOOLS_REPRESENTATIVE, introduce
from tests.triage.joined import (
    PRIYA,
    SCHOOL,
    Said,
    ask,
    decide,
    join,
    joined,
    one_child_twice,
    one_mother_twice,
    sent,
    try_undo,
)
from tests.triage.versions import STRANGLED, TRIAGE

HEALTH, AUDITOR = "ines.moreau", "ben.ashworth"


async def beside(hub: Hub, case: Said, who: str = "dana.reid") -> Said:
    answer = await ask(hub, f"/v1/cases/{case['case_id']}/beside", who=who)
    assert answer.status_code == 200, answer.text
    found: Said = answer.json()
    return found


async def grade(hub: Hub, case: Said, place: int, number: int, who: str = HEALTH) -> int:
    child_id = case["children"][place]["child_id"]
    answer = await hub.http.put(
        f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/grades/{agency_id_of(who)}",
        json={"status": "graded", "grade": number, "rationale": "What our records show."},
        headers=await hub.as_staff(who),
    )
    return answer.status_code


async def test_the_case_of_a_confirmed_child_stands_beside_and_may_be_joined(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    for mine, other in ((first, second), (second, first)):
        found = await beside(hub, mine, AUDITOR)
        (item,) = found["items"]
        assert (found["searched"], item["case_id"], item["is_open"]) == (True, other["case_id"], True)
        assert (item["can_join"], item["references"]) == (True, [other["contacts"][0]["reference"]])
        (tie,) = item["ties"]
        assert (tie["record_id"], tie["of_record_id"]) == (
            mine["children"][0]["child_id"],
            other["children"][0]["child_id"],
        )
        assert (tie["is_confirmed"], tie["kind"], tie["match_id"]) == (True, "child", None)
        assert tie["of_name"] == f"{other['children'][0]['given_name']} {other['children'][0]['family_name']}"


async def test_one_that_the_machine_alone_links_stands_beside_and_may_not_be_joined(hub: Hub) -> None:
    police, _ = await one_child_twice(hub, confirmed=False)
    (item,) = (await beside(hub, await hub.case_of(police["reference"])))["items"]
    assert (item["can_join"], item["ties"][0]["is_confirmed"]) == (False, False)


async def test_one_that_is_only_asked_about_stands_beside_from_both_sides(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number(), grade=None)
    first = await sent(hub, child)
    second = await sent(hub, child | {"nhs_number": None, "date_of_birth": None}, by=SCHOOL)
    task = await task_about(hub, second)
    assert task is not None
    for mine in (first, second):
        (item,) = (await beside(hub, await hub.case_of(mine["reference"])))["items"]
        (tie,) = item["ties"]
        assert (tie["match_id"], tie["is_confirmed"], item["can_join"]) == (
            str(task.match_id),
            False,
            False,
        )


async def test_a_household_stands_beside_by_its_adult(hub: Hub) -> None:
    police, school = await one_mother_twice(hub)
    found = await beside(hub, await hub.case_of(police["reference"]))
    item = next(one for one in found["items"] if school["reference"] in one["references"])
    assert ({tie["kind"] for tie in item["ties"] if tie["is_confirmed"]}, item["can_join"]) == (
        {"adult"},
        True,
    )


async def test_a_case_that_is_over_stands_beside_and_is_joined_by_nobody(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    await decide(hub, first, level=2, pathway="early_help")
    (item,) = (await beside(hub, second))["items"]
    assert (item["is_open"], item["can_join"]) == (False, False)


async def test_a_case_that_nobody_knows_has_none_beside_it(hub: Hub) -> None:
    case = await hub.case_of((await sent(hub, a_known_child()))["reference"])
    assert await beside(hub, case) == {
        "items": [],
        "searched": True,
        "why_not": None,
        "restricted_count": 0,
    }


async def test_cases_that_are_joined_stand_beside_no_more(hub: Hub) -> None:
    case, _, _ = await joined(hub)
    assert (await beside(hub, case))["items"] == []


async def test_an_agency_sees_no_more_of_a_joint_case_than_of_its_own(
    hub: Hub, server: PostgresServer
) -> None:
    await introduce(server, hub)
    police, school = await one_child_twice(hub, first={"concerns": [STRANGLED]})
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    before = await hub.get_case(second["case_id"], SCHOOLS_REPRESENTATIVE)
    await join(hub, school, first)
    after = await hub.get_case(first["case_id"], SCHOOLS_REPRESENTATIVE)
    assert after["contacts"] == before["contacts"]
    (was,), (now,) = before["children"], after["children"]
    assert now == was | {"requests": [one | {"case_id": after["case_id"]} for one in was["requests"]]}
    assert (after["version"], after["joins"], now["recommendation"], now["rag"]) == (None, [], None, None)
    assert police["reference"] not in str(after)
    husk = await hub.get_case(second["case_id"], SCHOOLS_REPRESENTATIVE)
    assert (husk["children"], husk["joined_into"]) == ([], first["case_id"])


async def test_an_agency_is_blind_until_it_has_graded_the_child_under_every_referral_it_was_asked_by(
    hub: Hub,
) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    assert await grade(hub, second, 0, 5, "omar.khan") == 200
    assert await grade(hub, first, 0, 2) == 200
    assert (await hub.get_case(first["case_id"], HEALTH))["children"][0]["grades"] is not None
    await join(hub, school, await hub.get_case(first["case_id"]))
    blind = await hub.get_case(first["case_id"], HEALTH)
    assert [child["grades"] for child in blind["children"]] == [None, None]
    assert [child["recommendation"] for child in blind["children"]] == [None, None]
    assert [child["own_grade_given"] for child in blind["children"]] == [True, False]
    assert blind["version"] is None
    lines = (await ask(hub, _chronology(blind), who=HEALTH)).json()["items"]
    assert {line["kind"] for line in lines} == {"contact", "question"}
    assert await grade(hub, blind, 1, 2) == 200
    seeing = await hub.get_case(first["case_id"], HEALTH)
    assert all(child["grades"] and child["recommendation"] for child in seeing["children"])


def _chronology(case: Said) -> str:
    return f"/v1/cases/{case['case_id']}/children/{case['children'][0]['child_id']}/chronology"


async def test_an_agency_grades_what_it_was_asked_about_and_not_what_came_beside(
    hub: Hub, server: PostgresServer
) -> None:
    await introduce(server, hub)
    case, _, _ = await joined(hub)
    headers = await hub.as_staff(SCHOOLS_REPRESENTATIVE)
    answers = []
    for child in case["children"]:
        path = f"/v1/cases/{case['case_id']}/children/{child['child_id']}/grades/{agency_id_of(SCHOOL)}"
        body = {"status": "graded", "grade": 2, "rationale": "What our records show."}
        answers.append((await hub.http.put(f"{TRIAGE}{path}", json=body, headers=headers)).status_code)
    assert answers == [404, 200]


async def test_early_help_sees_the_children_that_came_to_it_and_their_contacts(hub: Hub) -> None:
    police, school = await one_mother_twice(hub)
    first = await hub.case_of(police["reference"])
    await join(hub, school, first)
    await decide(hub, first, 1, level=2, pathway="early_help")
    seen = await hub.get_case(first["case_id"], "lucy.grant")
    assert [child["referral_id"] for child in seen["children"]] == [school["referral_id"]]
    assert [contact["reference"] for contact in seen["contacts"]] == [school["reference"]]


async def test_who_may_join_and_who_may_undo(hub: Hub) -> None:
    case, _, _ = await joined(hub)
    join_id = case["joins"][0]["join_id"]
    for who in (AUDITOR, HEALTH, "lucy.grant"):
        assert (await try_undo(hub, join_id, case["version"], who)).status_code == 403
    assert (await ask(hub, f"/v1/cases/{case['case_id']}/beside", who=HEALTH)).status_code == 403
    assert (await try_undo(hub, join_id, case["version"], PRIYA)).status_code == 200


async def test_intake_tells_triage_alone_of_everyone_in_a_referral(hub: Hub) -> None:
    police, school = await one_mother_twice(hub)
    url = f"{URLS['intake']}/internal/referrals/{school['referral_id']}/links"
    assert (await hub.http.get(url, headers=await hub.as_service("notifications"))).status_code == 403
    found = (await hub.http.get(url, headers=await hub.as_service("triage"))).json()
    kinds = {item["kind"]: item for item in found["items"]}
    assert set(kinds) == {"child", "adult"}
    (linked,) = kinds["adult"]["linked"]
    assert (linked["referral_id"], linked["is_confirmed"]) == (police["referral_id"], True)
    assert linked["confirmed_as"] == kinds["adult"]["confirmed_as"]
    assert kinds["child"]["linked"] == []
