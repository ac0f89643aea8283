"""When a referral may not join a case, and what happens when two try at once."""

import asyncio

import httpx

from deploy.local.postgres import PostgresServer
from services.triage.app import create_app
from tests.hub import Hub
from tests.intake.known_people import a_known_child, record_of
from tests.intake.restricting import restrict
from tests.permissions.asking import A_GRADE
from tests.triage.joined import (
    DANA,
    PRIYA,
    ask,
    decide,
    join,
    joined,
    one_child_twice,
    sent,
    try_join,
    try_undo,
    undo,
)
from tests.triage.versions import TRIAGE
from tests.triage.without_intake import without_intake


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_nothing_joins_on_a_link_that_no_person_confirmed(hub: Hub) -> None:
    police, school = await one_child_twice(hub, confirmed=False)
    case = await hub.case_of(police["reference"])
    assert code(await try_join(hub, school, case)) == (409, "not_linked")
    assert await hub.get_case(case["case_id"]) == case


async def test_strangers_do_not_join(hub: Hub) -> None:
    one, other = await sent(hub, a_known_child()), await sent(hub, a_known_child())
    case = await hub.case_of(one["reference"])
    assert code(await try_join(hub, other, case)) == (409, "not_linked")


async def test_only_a_manager_has_a_restricted_childs_referral_join(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    case = await hub.case_of(police["reference"])
    assert (await restrict(hub, (await record_of(hub, school)).person_id)).status_code == 200
    assert code(await try_join(hub, school, case)) == (409, "restricted_record")
    assert await hub.get_case(case["case_id"]) == case
    assert (await try_join(hub, school, case, PRIYA)).status_code == 201


async def test_a_case_whose_part_is_over_is_joined_by_nothing_new(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    case = await hub.case_of(police["reference"])
    await decide(hub, case, level=2, pathway="early_help")
    now = await hub.get_case(case["case_id"])
    assert code(await try_join(hub, school, now)) == (409, "hub_part_over")


async def test_a_referral_joins_its_case_once(hub: Hub) -> None:
    case, police, school = await joined(hub)
    for said in (police, school):
        assert code(await try_join(hub, said, case)) == (409, "already_in_this_case")


async def test_a_join_says_which_version_of_the_case_it_was_made_for(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    case = await hub.case_of(police["reference"])
    body = {"referral_id": school["referral_id"], "reason": "The same child."}
    assert (await ask(hub, f"/v1/cases/{case['case_id']}/joins", body)).status_code == 428
    assert code(await try_join(hub, school, case, version=case["version"] + 7)) == (412, "case_changed")
    made = await try_join(hub, school, case)
    assert made.headers["ETag"] == f'"{made.json()["version"]}"'
    undoing = {"reason": "They are cousins."}
    assert (await ask(hub, f"/v1/joins/{made.json()['join_id']}/undo", undoing)).status_code == 428


async def test_what_is_not_there_is_not_found(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    case = await hub.case_of(police["reference"])
    nowhere = case["contacts"][0]["referral_id"]
    assert code(await try_join(hub, school, case | {"case_id": nowhere})) == (404, "not_found")
    assert code(await try_join(hub, {"referral_id": case["case_id"]}, case)) == (404, "not_found")
    assert code(await try_undo(hub, nowhere, 1)) == (404, "not_found")
    assert code(await ask(hub, f"/v1/cases/{nowhere}/beside")) == (404, "not_found")


async def test_two_joins_in_both_directions_end_with_one(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    answers = await asyncio.gather(try_join(hub, school, first, DANA), try_join(hub, police, second, PRIYA))
    assert sorted(answer.status_code for answer in answers) == [201, 412]
    made = next(answer.json() for answer in answers if answer.status_code == 201)
    together = await hub.get_case(made["case_id"])
    assert (len(together["children"]), len(together["contacts"])) == (2, 2)
    assert (await hub.get_case(made["other_case_id"]))["joined_into"] == made["case_id"]


async def test_the_same_join_twice_at_once_is_made_once(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first = await hub.case_of(police["reference"])
    answers = await asyncio.gather(*(try_join(hub, school, first) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412]
    assert len((await hub.get_case(first["case_id"]))["joins"]) == 1


async def test_a_decision_and_a_join_at_once_leave_one_of_them_stale(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first = await hub.case_of(police["reference"])
    answers = await asyncio.gather(try_join(hub, school, first), decide(hub, first))
    assert sorted(answer.status_code for answer in answers) in ([201, 201], [201, 412])
    case = await hub.get_case(first["case_id"])
    assert len(case["contacts"]) in {1, 2}


async def test_a_grade_given_while_a_child_is_moved_is_kept_wherever_it_is(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    first, second = await hub.case_of(police["reference"]), await hub.case_of(school["reference"])
    child = second["children"][0]
    health = next(one["agency_id"] for one in child["requests"] if one["sector"] == "health")
    path = f"{TRIAGE}/v1/cases/{second['case_id']}/children/{child['child_id']}/grades/{health}"
    headers = await hub.as_staff("ines.moreau")
    moved, graded = await asyncio.gather(
        try_join(hub, school, first), hub.http.put(path, json=A_GRADE, headers=headers)
    )
    if graded.status_code == 503:
        graded = await hub.http.put(path, json=A_GRADE, headers=headers)
    assert (moved.status_code, graded.status_code) == (201, 200)
    grades = (await hub.get_case(first["case_id"]))["children"][1]["grades"]
    assert [grade["grade"] for grade in grades] == [A_GRADE["grade"]]


async def test_while_intake_is_away_nothing_joins_and_what_is_beside_is_not_known(
    hub: Hub, server: PostgresServer
) -> None:
    police, school = await one_child_twice(hub)
    case = await hub.case_of(police["reference"])
    assert server.url
    app = create_app(hub.settings["triage"], with_workers=False, http=without_intake(hub))
    async with app.router.lifespan_context(app):
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app))
        headers = await hub.as_staff(DANA) | {"If-Match": f'"{case["version"]}"'}
        body = {"referral_id": school["referral_id"], "reason": "The same child."}
        url = f"{TRIAGE}/v1/cases/{case['case_id']}"
        refused = await http.post(f"{url}/joins", json=body, headers=headers)
        beside = await http.get(f"{url}/beside", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert (beside.status_code, beside.json()["searched"], beside.json()["items"]) == (200, False, [])
    assert beside.json()["why_not"]
    assert await hub.get_case(case["case_id"]) == case


async def test_a_join_can_be_undone_and_made_again(hub: Hub) -> None:
    case, _, school = await joined(hub)
    await undo(hub, case["joins"][0])
    await join(hub, school, await hub.get_case(case["case_id"]))
    again = await hub.get_case(case["case_id"])
    assert [child["same_child_as"] for child in again["children"]] == [None, again["children"][0]["child_id"]]
    assert [one["undone_at"] is None for one in again["joins"]] == [True, False]
