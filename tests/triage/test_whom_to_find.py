"""Whoever is asked can search: by what to find each person, and how long; and an answer says something."""

from typing import Any

from tests.hub import URLS, Hub
from tests.referrals import a_child
from tests.triage.test_asking_people import DEAN, HEALTH, ROSA, post, request_to
from tests.triage.test_case import a_case

TRIAGE = URLS["triage"]


async def test_whoever_is_asked_is_told_by_what_to_find_each_person_until_it_has_answered(hub: Hub) -> None:
    refuge = {"lines": ["1 Refuge Row"], "postcode": "ZZ1 1AA", "is_temporary": True}
    rosa = ROSA | {
        "date_of_birth": "1990-01-31",
        "address": refuge,
        "other_names": [{"family_name": "Sample"}],
    }
    known = {"nhs_number": "999 123 4500", "upn": "P000000000001", "school": {"name": "Example Primary"}}
    case = await a_case(hub, adults=[rosa], children=[a_child("c1", **known)])
    child = case["children"][0]

    health = await asked_of_system(hub, "northshire-health", child["child_id"])
    police = await asked_of_system(hub, "northshire-police", child["child_id"])

    found = health["look_for"]
    assert (found["nhs_number"], found["upn"], found["school"]) == ("9991234500", None, "Example Primary")
    assert found["names"] == [{"given_name": "Maisie", "family_name": child["family_name"]}]
    assert (found["date_of_birth"], found["sex"]) == (child["date_of_birth"], "F")
    assert found["address"].endswith(police["look_for"]["address"][-8:])
    assert (police["look_for"]["nhs_number"], police["look_for"]["school"]) == (None, None)
    [adult] = health["adults"]
    assert (adult["look_for"]["date_of_birth"], adult["look_for"]["address"]) == ("1990-01-31", None)
    assert [name["family_name"] for name in adult["look_for"]["names"]] == ["Example", "Sample"]
    assert [one["look_for"] for one in child["requests"]] == [None, None, None]

    path = f"information-requests/{health['request_id']}/answer"
    answered = await post(hub, path, {"status": "nothing_known"}, HEALTH)

    assert answered.json()["look_for"] is None
    one = f"{TRIAGE}/v1/information-requests/{police['request_id']}"
    told = await hub.http.get(one, headers=await hub.as_client("northshire-police"))
    assert told.json() == police
    assert (await hub.http.get(one, headers=await hub.as_client("northshire-health"))).status_code == 404
    again = await asked_of_system(hub, "northshire-health", child["child_id"])
    assert (again["look_for"], again["adults"][0]["look_for"]) == (None, None)


async def asked_of_system(hub: Hub, client_id: str, child_id: str) -> dict[str, Any]:
    """Return what an agency's own system was asked about a child, from its list."""
    headers, cursor = await hub.as_client(client_id), None
    while True:
        given = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        page = (await hub.http.get(f"{TRIAGE}/v1/information-requests", params=given, headers=headers)).json()
        for item in page["items"]:
            if item["child_id"] == child_id:
                found: dict[str, Any] = item
                return found
        assert page["has_more"], "it was not asked"
        cursor = page["next_cursor"]


async def test_an_answer_that_says_nothing_is_refused_because_the_first_one_stands(hub: Hub) -> None:
    case = await a_case(hub, adults=[DEAN])
    asked = request_to(case, HEALTH)
    path, dean = f"information-requests/{asked['request_id']}/answer", {"place": 0, "status": "information"}
    dean |= {"referral_id": case["contacts"][0]["referral_id"]}

    unsaid: list[tuple[dict[str, Any], str]] = [
        ({"status": "information"}, "#/text"),
        ({"status": "information", "earlier": {"looked_after": None}}, "#/text"),
        ({"status": "nothing_known", "adults": [dean]}, "#/adults/0/text"),
    ]
    for body, pointer in unsaid:
        refused = await post(hub, path, body, HEALTH)
        assert refused.status_code == 422
        assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
            (pointer, "says_nothing")
        ]

    told = await post(hub, path, {"status": "information", "adults": [dean | {"text": "In May."}]}, HEALTH)
    assert told.status_code == 200
