"""Later versions of a referral, as the sender, the staff and the services see them."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.postgres import PostgresServer
from tests.hub import URLS, Hub
from tests.intake.correcting import POLICE, audited, codes, correct, post_to, post_version, read, said_of
from tests.referrals import a_child, a_referral

INTAKE = URLS["intake"]


def moved() -> dict[str, Any]:
    """Return what a later version says instead: the child lives elsewhere."""
    return {"children": [a_child(address={"postcode": "NT2 2BB"})]}


async def test_a_later_version_is_taken_beside_the_first(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    before = await read(hub, f"{first['reference']}/versions/1")
    answer = await post_version(hub, first["reference"], referral | moved())
    said = answer.json()
    assert (answer.status_code, said["version"], said["findings"]) == (201, 2, [])
    assert answer.headers["location"] == f"/v1/referrals/{first['reference']}/versions/2"
    for kept in ("reference", "referral_id", "respond_by", "children"):
        assert said[kept] == first[kept]
    assert said["received_at"] > first["received_at"]
    assert await read(hub, f"{first['reference']}/versions/1") == before
    kept, sent = before["document"]["children"][0], referral["children"][0]
    assert kept["address"]["postcode"] == sent["address"]["postcode"]


async def test_every_version_says_what_is_new_in_it(hub: Hub) -> None:
    referral = a_referral()
    reference = (await hub.send(referral))["reference"]
    await correct(hub, reference, referral | moved())
    await correct(hub, reference, referral | moved() | {"consent": None}, reason="Asked in error.")
    listed = await read(hub, f"{reference}/versions")
    assert (listed["has_more"], listed["next_cursor"]) == (False, None)
    assert [(item["version"], item["reason"], item["changed"]) for item in listed["items"]] == [
        (1, None, []),
        (2, "The school has told us more.", ["#/children/0/address"]),
        (3, "Asked in error.", ["#/consent"]),
    ]
    assert {"consent_unclear"} <= {finding["code"] for finding in listed["items"][2]["findings"]}
    whole = await read(hub, f"{reference}/versions/3")
    assert (whole["reason"], whole["changed"], whole["channel"]) == ("Asked in error.", ["#/consent"], "api")
    assert whole["document"]["actions_taken"] is None


async def test_another_reference_is_said_and_the_first_one_stands(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    said = await correct(hub, first["reference"], referral | {"sender_reference": "Another"})
    silent = await correct(hub, first["reference"], referral | {"sender_reference": None})
    progress = await read(hub, first["reference"])
    assert ("#/sender_reference", "other_reference") in codes(said)
    assert codes(silent) == []
    assert progress["sender_reference"] == referral["sender_reference"]


async def test_the_same_key_gets_the_same_answer_and_makes_no_event(hub: Hub, server: PostgresServer) -> None:
    referral, key = a_referral(), str(uuid4())
    first = await hub.send(referral)
    one = await post_version(hub, first["reference"], referral | moved(), key=key)
    await correct(hub, first["reference"], referral)
    again = await post_version(hub, first["reference"].lower(), referral | moved(), key=f'"{key}"')
    assert (again.status_code, again.json()) == (201, one.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == one.headers["location"]
    assert [event["version"] for event in await said_of(hub, first["referral_id"])] == [1, 2, 3]
    assert [action for _, action, _ in await audited(server, first["referral_id"])] == [
        "referral.received",
        "referral.version_received",
        "referral.version_received",
        "referral.replayed",
    ]


@pytest.mark.parametrize("changed", ["the content", "the reason", "the referral", "what it is for"])
async def test_a_key_that_was_used_for_something_else_is_refused(hub: Hub, changed: str) -> None:
    referral, key = a_referral(), str(uuid4())
    reference = (await hub.send(referral))["reference"]
    await correct(hub, reference, referral | moved(), key=key)
    other = (await hub.send(a_referral()))["reference"]
    form = {"reason": "The school has told us more.", "referral": referral | moved()}
    sent: dict[str, tuple[str, dict[str, Any]]] = {
        "the content": (f"{reference}/versions", form | {"referral": referral}),
        "the reason": (f"{reference}/versions", form | {"reason": "Another."}),
        "the referral": (f"{other}/versions", form),
        "what it is for": (f"{reference}/withdrawal", {"reason": "Sent in error."}),
    }
    path, body = sent[changed]
    answer = await post_to(hub, path, body, key=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_mismatch")


async def test_what_says_the_same_as_the_newest_writes_nothing(hub: Hub, server: PostgresServer) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    said, key = await correct(hub, first["reference"], referral | moved()), str(uuid4())
    again = await post_version(hub, first["reference"], dict(reversed((referral | moved()).items())), key=key)
    replayed = await post_version(hub, first["reference"], referral | moved(), key=key)
    assert (again.status_code, again.json()) == (200, said)
    assert (replayed.status_code, replayed.json()) == (200, said)
    assert "idempotent-replayed" not in again.headers
    assert "idempotent-replayed" in replayed.headers
    assert len(await said_of(hub, first["referral_id"])) == 2
    assert (POLICE, "referral.recognised", '{"version": 2}') in await audited(server, first["referral_id"])


async def test_versions_sent_at_once_are_numbered_without_a_gap(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    answers = await asyncio.gather(
        *(
            post_version(hub, first["reference"], referral | {"actions_taken": f"{number}."})
            for number in range(8)
        )
    )
    taken = sorted(answer.json()["version"] for answer in answers if answer.status_code == 201)
    assert taken == list(range(2, 2 + len(taken)))
    assert len(taken) >= 2
    assert {answer.status_code for answer in answers} <= {201, 503}
    said = [event["version"] for event in await said_of(hub, first["referral_id"])]
    assert said == [1, *taken]


async def test_one_version_under_one_key_sent_at_once_is_one_version(hub: Hub) -> None:
    referral, key = a_referral(), str(uuid4())
    reference = (await hub.send(referral))["reference"]
    answers = await asyncio.gather(
        *(post_version(hub, reference, referral | moved(), key=key) for _ in range(6))
    )
    assert {answer.json()["version"] for answer in answers if answer.status_code == 201} == {2}
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    assert (await read(hub, reference))["version"] == 2


@pytest.mark.parametrize("reference", ["theirs", "SH-7K3QX9MA-8", "x", "%00", "%F0%9F"])
async def test_what_is_not_there_and_what_is_not_yours_look_the_same(hub: Hub, reference: str) -> None:
    theirs = (await hub.send(a_referral()))["reference"]
    answers = await _ask_for_all(hub, theirs if reference == "theirs" else reference)
    unknown = await _ask_for_all(hub, "SH-00000000-0")
    assert {answer.status_code for answer in answers} == {404}
    assert [answer.json() | {"request_id": ""} for answer in answers] == [
        answer.json() | {"request_id": ""} for answer in unknown
    ]


async def _ask_for_all(hub: Hub, reference: str) -> list[httpx.Response]:
    """Try all that can be done with a referral, as a school."""
    url, headers = f"{INTAKE}/v1/referrals/{reference}", await hub.as_client("example-primary")
    return [
        await post_version(hub, reference, a_referral(), who="example-primary"),
        await post_to(hub, f"{reference}/withdrawal", {"reason": "Mine."}, who="example-primary"),
        await hub.http.get(f"{url}/versions", headers=headers),
        await hub.http.get(f"{url}/versions/1", headers=headers),
    ]


@pytest.mark.parametrize("number", ["2", "0", "-1", "one", "99999999999999999999"])
async def test_a_version_that_never_came_is_not_there(hub: Hub, number: str) -> None:
    reference = (await hub.send(a_referral()))["reference"]
    url = f"{INTAKE}/v1/referrals/{reference}/versions/{number}"
    answer = await hub.http.get(url, headers=await hub.as_client(POLICE))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_each_reading_of_the_words_is_written_down(hub: Hub, server: PostgresServer) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    await correct(hub, first["reference"], referral | moved())
    representative = await hub.as_staff("omar.khan")
    auditor = await hub.as_staff("ben.ashworth")
    await read(hub, f"{first['reference']}/versions/2", representative)
    await read(hub, f"{first['reference']}/versions", auditor)
    child_id = first["children"][0]["child_id"]
    seen = [(action, facts) for _, action, facts in await audited(server, child_id) if "read" in action]
    assert seen == [
        ("referral.content_read", '{"version": 2}'),
        ("referral.content_read", '{"versions": [1, 2]}'),
    ]


async def test_triage_has_the_first_version_at_once_and_hears_of_the_second(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    case = await hub.case_of(first["reference"])
    await correct(hub, first["reference"], referral | {"children": [*moved()["children"], a_child("c2")]})
    assert case["children"][0]["child_id"] == first["children"][0]["child_id"]
    documents = [
        await _document(hub, first["referral_id"], query) for query in ("?version=1", "?version=2", "")
    ]
    assert [document["version"] for document in documents] == [1, 2, 2]
    assert [len(document["children"]) for document in documents] == [1, 2, 2]
    assert [event["version"] for event in await said_of(hub, first["referral_id"])] == [1, 2]
    await hub.carry_events()
    assert (await read(hub, first["reference"]))["stage"] == "being_considered"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"referral": a_referral()}, "#/reason"),
        ({"reason": " ", "referral": a_referral()}, "#/reason"),
        ({"reason": "New."}, "#/referral"),
        ({"reason": "New.", "referral": a_referral(children=[])}, "#/referral/children"),
        ({"reason": "New.", "referral": a_referral(), "answers_request_id": "x"}, "#/answers_request_id"),
        (
            {"reason": "New.", "referral": a_referral(), "answers_request_id": str(uuid4())},
            "#/answers_request_id",
        ),
    ],
)
async def test_what_cannot_be_taken_points_at_its_place(hub: Hub, body: dict[str, Any], pointer: str) -> None:
    reference = (await hub.send(a_referral()))["reference"]
    answer = await post_to(hub, f"{reference}/versions", body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_staff_send_no_versions(hub: Hub) -> None:
    reference = (await hub.send(a_referral()))["reference"]
    for username in ("omar.khan", "dana.reid"):
        headers = await hub.as_staff(username) | {"Idempotency-Key": str(uuid4())}
        url = f"{INTAKE}/v1/referrals/{reference}/versions"
        answer = await hub.http.post(url, json={"reason": "x", "referral": a_referral()}, headers=headers)
        assert answer.status_code == 403


async def _document(hub: Hub, referral_id: str, query: str) -> dict[str, Any]:
    url = f"{INTAKE}/internal/referrals/{referral_id}{query}"
    answer = await hub.http.get(url, headers=await hub.as_service("triage"))
    document: dict[str, Any] = answer.json()
    return document
