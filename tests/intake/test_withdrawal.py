"""Taking a referral back: the sender asks, the hub decides, the referral stands meanwhile."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.postgres import PostgresServer
from tests.hub import URLS, Hub, agency_id_of
from tests.intake.correcting import POLICE, audited, post_to, read, said_of
from tests.referrals import a_referral

INTAKE = URLS["intake"]
IN_ERROR = {"reason": "Sent in error: another family."}
AGREED = {"agreed": True, "reason": "Agreed. The record keeps what was sent."}


async def ask(hub: Hub, reference: str, *, key: str | None = None, **changed: Any) -> httpx.Response:
    return await post_to(hub, f"{reference}/withdrawal", IN_ERROR | changed, key=key)


async def decide(
    hub: Hub, withdrawal_id: str, body: dict[str, Any], who: str = "dana.reid"
) -> httpx.Response:
    url = f"{INTAKE}/v1/withdrawals/{withdrawal_id}/decision"
    return await hub.http.post(url, json=body, headers=await hub.as_staff(who))


async def list_as(hub: Hub, who: str, query: str = "") -> dict[str, Any]:
    answer = await hub.http.get(f"{INTAKE}/v1/withdrawals{query}", headers=await hub.as_staff(who))
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_a_withdrawal_is_a_request_and_the_referral_goes_on(hub: Hub, server: PostgresServer) -> None:
    first = await hub.send(a_referral())
    answer = await ask(hub, first["reference"])
    said = answer.json()
    assert (answer.status_code, said["state"], said["reason"]) == (201, "requested", IN_ERROR["reason"])
    assert answer.headers["location"] == f"/v1/referrals/{first['reference']}"
    case = await hub.case_of(first["reference"])
    progress = await read(hub, first["reference"])
    assert case["children"]
    assert (progress["stage"], progress["withdrawal"]) == ("being_considered", said)
    assert (POLICE, "withdrawal.requested", "{}") in await audited(server, said["withdrawal_id"])


async def test_the_same_key_asks_once_and_another_key_is_told_that_one_is_open(hub: Hub) -> None:
    reference, key = (await hub.send(a_referral()))["reference"], str(uuid4())
    first = await ask(hub, reference, key=key)
    again = await ask(hub, reference, key=key)
    other_words = await ask(hub, reference, key=key, reason="Another reason.")
    second = await ask(hub, reference)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"
    assert (other_words.status_code, other_words.json()["code"]) == (422, "idempotency_mismatch")
    assert (second.status_code, second.json()["code"]) == (409, "withdrawal_requested")


async def test_of_many_wishes_at_once_one_is_taken(hub: Hub) -> None:
    reference = (await hub.send(a_referral()))["reference"]
    answers = await asyncio.gather(*(ask(hub, reference) for _ in range(6)))
    assert sorted({answer.status_code for answer in answers} - {503}) == [201, 409]
    assert len([answer for answer in answers if answer.status_code == 201]) == 1


@pytest.mark.parametrize(("agreed", "state"), [(True, "agreed"), (False, "declined")])
async def test_the_hub_decides_and_says_why(
    hub: Hub, server: PostgresServer, agreed: bool, state: str
) -> None:
    referral, key = a_referral(), str(uuid4())
    first = await hub.send(referral)
    asked = await ask(hub, first["reference"], key=key)
    withdrawal_id = asked.json()["withdrawal_id"]
    answer = await decide(hub, withdrawal_id, {"agreed": agreed, "reason": "As we said."})
    said = answer.json()
    assert (answer.status_code, said["state"], said["decision_reason"]) == (200, state, "As we said.")
    assert (said["sender_reference"], said["referral_id"]) == (
        referral["sender_reference"],
        first["referral_id"],
    )
    seen = (await read(hub, first["reference"]))["withdrawal"]
    assert seen == {name: said[name] for name in seen}
    assert (await ask(hub, first["reference"], key=key)).json() == asked.json()
    event = (await said_of(hub, first["referral_id"]))[-1]
    assert (event["type"], event["withdrawal_id"]) == ("intake.withdrawal_decided.v1", withdrawal_id)
    written = [(action, facts) for _, action, facts in await audited(server, withdrawal_id)]
    assert ("withdrawal.decided", f'{{"state": "{state}"}}') in written


async def test_it_is_decided_once_and_may_be_asked_for_again(hub: Hub) -> None:
    reference = (await hub.send(a_referral()))["reference"]
    withdrawal_id = (await ask(hub, reference)).json()["withdrawal_id"]
    answers = await asyncio.gather(
        *(decide(hub, withdrawal_id, AGREED, who) for who in ("dana.reid", "priya.nair"))
    )
    late = await decide(hub, withdrawal_id, {"agreed": False, "reason": "No."})
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert (late.status_code, late.json()["code"]) == (409, "withdrawal_decided")
    again = await ask(hub, reference)
    assert again.status_code == 201
    assert (await read(hub, reference))["withdrawal"] == again.json()


async def test_staff_read_the_wishes_oldest_first_page_by_page(hub: Hub) -> None:
    ids = [
        (await ask(hub, (await hub.send(a_referral()))["reference"])).json()["withdrawal_id"]
        for _ in range(3)
    ]
    await decide(hub, ids[1], AGREED)
    found: list[str] = []
    page = await list_as(hub, "ben.ashworth", "?state=requested&limit=2")
    while page["has_more"]:
        found += [item["withdrawal_id"] for item in page["items"]]
        page = await list_as(hub, "ben.ashworth", f"?state=requested&limit=2&cursor={page['next_cursor']}")
    found += [item["withdrawal_id"] for item in page["items"]]
    assert [each for each in found if each in ids] == [ids[0], ids[2]]
    decided = await hub.every(f"{INTAKE}/v1/withdrawals", await hub.as_staff("priya.nair"), state="agreed")
    assert {item["state"] for item in decided} == {"agreed"}
    assert ids[1] in {item["withdrawal_id"] for item in decided}


async def test_a_cursor_goes_with_its_filter(hub: Hub) -> None:
    await ask(hub, (await hub.send(a_referral()))["reference"])
    cursor = (await list_as(hub, "dana.reid", "?state=requested"))["next_cursor"]
    url = f"{INTAKE}/v1/withdrawals?cursor={cursor}"
    answer = await hub.http.get(url, headers=await hub.as_staff("dana.reid"))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_notifications_reads_what_was_decided(hub: Hub, server: PostgresServer) -> None:
    reference = (await hub.send(a_referral()))["reference"]
    withdrawal_id = (await ask(hub, reference)).json()["withdrawal_id"]
    said = (await decide(hub, withdrawal_id, AGREED)).json()
    url = f"{INTAKE}/internal/withdrawals/{withdrawal_id}"
    answer = await hub.http.get(url, headers=await hub.as_service("notifications"))
    absent = await hub.http.get(
        f"{INTAKE}/internal/withdrawals/{uuid4()}", headers=await hub.as_service("notifications")
    )
    assert (answer.json(), said["agency_id"]) == (said, str(agency_id_of(POLICE)))
    assert absent.status_code == 404
    assert ("notifications", "withdrawal.read", "{}") in await audited(server, withdrawal_id)


async def test_only_those_who_decide_may(hub: Hub) -> None:
    reference = (await hub.send(a_referral()))["reference"]
    withdrawal_id = (await ask(hub, reference)).json()["withdrawal_id"]
    for who in ("ben.ashworth", "omar.khan", "lucy.grant", "sam.field"):
        assert (await decide(hub, withdrawal_id, AGREED, who)).status_code == 403
    assert (await decide(hub, str(uuid4()), AGREED)).status_code == 404
    assert (await decide(hub, withdrawal_id, {"agreed": "yes", "reason": " "})).status_code == 422
