"""Cases of several households side by side: related, undone, and nothing of one in the other."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx

from tests.hub import URLS, Hub
from tests.intake.known_people import a_known_child, send

TRIAGE = URLS["triage"]
Said = dict[str, Any]
WHY = "The same flat, three weekends running."


async def two_cases(hub: Hub) -> tuple[Said, Said]:
    """Return cases of two households that nobody has linked."""
    sent = [await send(hub, a_known_child()) for _ in range(2)]
    one, other = [await hub.case_of(said["reference"]) for said in sent]
    return one, other


async def relate(
    hub: Hub, case_id: str, other_id: str, who: str = "dana.reid", **given: Any
) -> httpx.Response:
    return await hub.http.post(
        f"{TRIAGE}/v1/cases/{case_id}/related",
        json={"case_id": other_id, "kind": "peer_group", "reason": WHY} | given,
        headers=await hub.as_staff(who),
    )


async def undo(hub: Hub, relation_id: str, reason: str = "Another flat.") -> httpx.Response:
    return await hub.http.post(
        f"{TRIAGE}/v1/relations/{relation_id}/undo",
        json={"reason": reason},
        headers=await hub.as_staff("priya.nair"),
    )


async def related(hub: Hub, case: Said, who: str = "dana.reid") -> list[Said]:
    return await hub.every(f"{TRIAGE}/v1/cases/{case['case_id']}/related", await hub.as_staff(who))


async def test_both_cases_name_each_other_and_nothing_of_a_child(hub: Hub) -> None:
    one, other = await two_cases(hub)
    made = await relate(hub, one["case_id"], other["case_id"])
    assert made.status_code == 201, made.text
    seen = {case["case_id"]: await related(hub, case, "ben.ashworth") for case in (one, other)}
    for case, beside in ((one, other), (other, one)):
        (line,) = seen[case["case_id"]]
        reference = beside["contacts"][0]["reference"]
        assert (line["kind"], line["reason"], line["made_by"]) == ("peer_group", WHY, "Dana Reid")
        assert line["related"]["case_id"] == beside["case_id"]
        assert (line["related"]["references"], line["related"]["is_open"]) == ([reference], True)
        child = beside["children"][0]
        assert not {child["child_id"], child["family_name"]} & set(str(line).replace("'", " ").split())
    assert made.json() == seen[one["case_id"]][0]


async def test_neither_case_is_changed_by_it(hub: Hub) -> None:
    one, other = await two_cases(hub)
    made = await relate(hub, one["case_id"], other["case_id"])
    await undo(hub, made.json()["relation_id"])
    assert [await hub.get_case(case["case_id"]) for case in (one, other)] == [one, other]


async def test_a_pair_is_related_once_in_each_way_whoever_begins(hub: Hub) -> None:
    one, other = await two_cases(hub)
    first = await relate(hub, one["case_id"], other["case_id"])
    again = await relate(hub, other["case_id"], one["case_id"])
    otherwise = await relate(hub, other["case_id"], one["case_id"], kind="institution")
    assert [answer.status_code for answer in (first, again, otherwise)] == [201, 409, 201]
    assert again.json()["code"] == "already_related"
    assert [line["kind"] for line in await related(hub, one)] == ["peer_group", "institution"]


async def test_of_two_who_relate_at_once_one_is_told_that_it_stands(hub: Hub) -> None:
    one, other = await two_cases(hub)
    answers = await asyncio.gather(
        relate(hub, one["case_id"], other["case_id"]),
        relate(hub, other["case_id"], one["case_id"], "priya.nair"),
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_an_undone_relation_stays_in_the_history_and_can_be_made_anew(hub: Hub) -> None:
    one, other = await two_cases(hub)
    made = await relate(hub, one["case_id"], other["case_id"])
    undone = await undo(hub, made.json()["relation_id"])
    twice = await undo(hub, made.json()["relation_id"])
    anew = await relate(hub, one["case_id"], other["case_id"])
    assert (undone.status_code, twice.status_code, anew.status_code) == (200, 409, 201)
    assert twice.json()["code"] == "relation_undone"
    past, standing = await related(hub, other)
    assert (past["undone_by"], past["undone_reason"]) == ("Priya Nair", "Another flat.")
    assert (standing["undone_at"], standing["undone_reason"]) == (None, None)


async def test_a_case_is_related_to_another_that_there_is(hub: Hub) -> None:
    one, _ = await two_cases(hub)
    itself = await relate(hub, one["case_id"], one["case_id"])
    nobodys = await relate(hub, one["case_id"], str(uuid4()))
    from_nowhere = await relate(hub, str(uuid4()), one["case_id"])
    assert (itself.status_code, itself.json()["code"]) == (409, "same_case")
    assert (nobodys.status_code, nobodys.json()["code"]) == (422, "case_not_known")
    assert from_nowhere.status_code == 404


async def test_a_relation_says_why_and_how(hub: Hub) -> None:
    one, other = await two_cases(hub)
    silent = await relate(hub, one["case_id"], other["case_id"], reason="  ")
    made_up = await relate(hub, one["case_id"], other["case_id"], kind="family")
    assert [answer.status_code for answer in (silent, made_up)] == [422, 422]
    assert await related(hub, one) == []


async def test_a_long_list_is_read_page_by_page(hub: Hub) -> None:
    one, other = await two_cases(hub)
    for kind in ("peer_group", "institution", "same_incident"):
        assert (await relate(hub, one["case_id"], other["case_id"], kind=kind)).status_code == 201
    url = f"{TRIAGE}/v1/cases/{one['case_id']}/related"
    pages = await hub.every(url, await hub.as_staff("dana.reid"), limit="2")
    assert [line["kind"] for line in pages] == ["peer_group", "institution", "same_incident"]
