"""Sending a referral, as a partner's system sees it."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.hub import URLS, Hub
from tests.referrals import a_child, a_referral

INTAKE = URLS["intake"]


async def test_a_referral_is_answered_with_a_reference_and_a_time(hub: Hub) -> None:
    answer = await hub.post_referral(a_referral())
    said = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/referrals/{said['reference']}"
    assert said["reference"].startswith("SH-")
    assert said["respond_by"] > said["received_at"]
    assert [child["sender_child_reference"] for child in said["children"]] == ["c1"]
    assert said["findings"] == []


async def test_the_same_key_with_the_same_content_gets_the_same_answer(hub: Hub) -> None:
    referral, key = a_referral(), str(uuid4())
    first = await hub.post_referral(referral, key=key)
    again = await hub.post_referral(dict(reversed(referral.items())), key=f'"{key}"')
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"


async def test_the_same_key_with_other_content_is_refused(hub: Hub) -> None:
    key = str(uuid4())
    await hub.post_referral(a_referral(), key=key)
    answer = await hub.post_referral(a_referral(actions_taken="Something else."), key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")


async def test_another_agency_may_use_the_same_key(hub: Hub) -> None:
    key = str(uuid4())
    one = await hub.post_referral(a_referral(), key=key)
    other = await hub.post_referral(a_referral(), "example-primary", key=key)
    assert (one.status_code, other.status_code) == (201, 201)
    assert one.json()["referral_id"] != other.json()["referral_id"]


async def test_a_senders_own_reference_is_recognised(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    again = await hub.post_referral(referral)
    other = await hub.post_referral(referral | {"actions_taken": "Something else."})
    assert (again.status_code, again.json()["reference"]) == (200, first["reference"])
    assert (other.status_code, other.json()["code"]) == (409, "duplicate_reference")


async def test_whoever_sends_a_child_in_danger_is_told_to_ring_however_often(hub: Hub) -> None:
    referral, key = a_referral(immediate_danger=True), str(uuid4())
    answers = [await hub.post_referral(referral, key=key) for _ in range(2)]
    answers.append(await hub.post_referral(referral))
    assert [answer.status_code for answer in answers] == [201, 201, 200]
    assert all(answer.json()["advice"].startswith("If the child is in danger now") for answer in answers)


async def test_fifty_senders_of_one_key_make_one_referral(hub: Hub) -> None:
    referral, key = a_referral(), str(uuid4())
    answers = await asyncio.gather(*(hub.post_referral(referral, key=key) for _ in range(50)))
    ids = {answer.json()["referral_id"] for answer in answers if answer.status_code == 201}
    assert len(ids) == 1
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code != 201)


async def test_immediate_danger_is_taken_with_a_narrative_alone(hub: Hub) -> None:
    said = await hub.send(
        {"kind": "referral", "immediate_danger": True, "concerns": [{"narrative": "A child is screaming."}]}
    )
    assert "999" in said["advice"]
    assert len(said["children"]) == 1
    assert "child_not_named" in {finding["code"] for finding in said["findings"]}


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"children": [a_child(nhs_number="9990000000")]}, "check_digit", "#/children/0/nhs_number"),
        (
            {"children": [a_child(address={"postcode": "??"})]},
            "odd_postcode",
            "#/children/0/address/postcode",
        ),
        ({"children": [a_child(date_of_birth=None)]}, "age_unknown", "#/children/0/date_of_birth"),
        (
            {"children": [a_child(date_of_birth="1850-01-01")]},
            "implausible_date",
            "#/children/0/date_of_birth",
        ),
        ({"children": [a_child(date_of_birth="1990-01-01")]}, "adult", "#/children/0/date_of_birth"),
        ({"children": [a_child(voice=None)]}, "no_voice_of_child", "#/children/0/voice"),
        ({"children": [a_child(), a_child()]}, "given_twice", "#/children/1/sender_child_reference"),
        (
            {"concerns": [{"indicator": "no.such", "narrative": "x"}]},
            "indicator_not_known",
            "#/concerns/0/indicator",
        ),
        ({"consent": None}, "consent_unclear", "#/consent"),
        ({"family_told": None}, "missing", "#/family_told"),
    ],
)
async def test_odd_things_are_said_and_never_in_the_way(
    hub: Hub, changed: dict[str, object], code: str, pointer: str
) -> None:
    said = await hub.send(a_referral(**changed))
    assert (pointer, code) in {(finding["pointer"], finding["code"]) for finding in said["findings"]}


async def test_a_sender_sees_where_its_referral_is(hub: Hub) -> None:
    said = await hub.send(a_referral())
    spoken = said["reference"].lower().replace("-", " ")
    before = await _get(hub, spoken)
    await hub.carry_events()
    after = await _get(hub, said["reference"])
    assert (before.json()["stage"], after.json()["stage"]) == ("received", "being_considered")


async def test_another_agencys_referral_is_not_there(hub: Hub) -> None:
    said = await hub.send(a_referral())
    theirs = await _get(hub, said["reference"], "example-primary")
    unknown = await _get(hub, "SH-00000000-0", "example-primary")
    assert theirs.status_code == unknown.status_code == 404
    assert _same_but_request_id(theirs, unknown)


async def test_a_list_is_read_page_by_page(hub: Hub) -> None:
    sent = [(await hub.send(a_referral(), "northshire-health"))["reference"] for _ in range(3)]
    headers = await hub.as_client("northshire-health")
    first = (await hub.http.get(f"{INTAKE}/v1/referrals?limit=2", headers=headers)).json()
    rest = await hub.http.get(f"{INTAKE}/v1/referrals?limit=2&cursor={first['next_cursor']}", headers=headers)
    seen = [item["reference"] for item in first["items"] + rest.json()["items"]]
    assert first["has_more"]
    assert seen[:3] == sent[::-1]


async def test_a_cursor_of_another_agency_is_refused(hub: Hub) -> None:
    await hub.send(a_referral())
    police = await hub.http.get(f"{INTAKE}/v1/referrals", headers=await hub.as_client("northshire-police"))
    cursor = police.json()["next_cursor"]
    answer = await hub.http.get(
        f"{INTAKE}/v1/referrals?cursor={cursor}", headers=await hub.as_client("example-primary")
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def _get(hub: Hub, reference: str, client_id: str = "northshire-police") -> httpx.Response:
    return await hub.http.get(f"{INTAKE}/v1/referrals/{reference}", headers=await hub.as_client(client_id))


def _same_but_request_id(one: httpx.Response, other: httpx.Response) -> bool:
    bodies = [answer.json() | {"request_id": ""} for answer in (one, other)]
    return bool(bodies[0] == bodies[1])


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ({"immediate_danger": True}, True),
        ({"concerns": [{"indicator": "domestic_abuse.strangulation", "narrative": "By the throat."}]}, True),
        ({"children": [a_child(grade={"status": "graded", "grade": 5, "rationale": "Today."})]}, True),
        ({"children": [a_child(grade={"status": "graded", "grade": 4, "rationale": "Soon."})]}, False),
        ({"concerns": [{"indicator": "neglect.early", "narrative": "No breakfast again."}]}, False),
        ({"concerns": [{"indicator": "made.up", "narrative": "No breakfast again."}]}, False),
    ],
)
async def test_whoever_sends_what_cannot_wait_is_told_to_ring(
    hub: Hub, changed: dict[str, Any], is_told: bool
) -> None:
    referral = a_referral(**changed)
    first, again = await hub.send(referral), await hub.post_referral(referral)
    assert ("999" in (first["advice"] or "")) is is_told
    assert (again.status_code, again.json()["advice"]) == (200, first["advice"])


@pytest.mark.parametrize(
    ("changed", "is_told"),
    [
        ({}, True),
        ({"consent": {"sought": True, "given": True}}, False),
        ({"family_told": {"told": True}}, False),
        ({"concerns": [{"indicator": "neglect.early", "narrative": "No breakfast again."}]}, False),
    ],
)
async def test_whoever_could_put_a_child_in_more_danger_by_telling_is_told_to_ring_first(
    hub: Hub, changed: dict[str, Any], is_told: bool
) -> None:
    concerns = [{"indicator": "domestic_abuse.pregnant_victim", "narrative": "Pushed down the stairs."}]
    said = await hub.send(a_referral(**{"concerns": concerns} | changed))
    assert ("Do not tell the family yet" in (said["advice"] or "")) is is_told
