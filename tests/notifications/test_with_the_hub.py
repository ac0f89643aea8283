"""Notices from beginning to end: said by intake and triage, read by the agencies they concern, answered."""

from typing import Any
from uuid import uuid4

from services.triage.actions.agencies.reminding import remind
from services.triage.models import InformationRequest
from shared.clock import utc_now
from shared.platform.database import transaction
from tests.hub import URLS, Hub, agency_id_of
from tests.referrals import a_child, a_referral
from tests.triage.talking import a_case, call, take

POLICE, SCHOOL, HEALTH = "northshire-police", "example-primary", "northshire-health"
ASKED = "information_request.made"


async def notices_of(hub: Hub, client_id: str) -> list[dict[str, Any]]:
    await hub.carry_events()
    headers = await hub.as_client(client_id)
    return await hub.every(f"{URLS['notifications']}/v1/notices", headers, cursor="after")


async def news_of(hub: Hub, client_id: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what is new in a feed of notices; that the agency is asked stands apart, with every case."""
    news = (await notices_of(hub, client_id))[len(before) :]
    return [notice for notice in news if notice["type"] != ASKED]


async def post(hub: Hub, path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    key = {"Idempotency-Key": str(uuid4())}
    answer = await hub.http.post(f"{URLS['intake']}{path}", json=body, headers=headers | key)
    assert answer.status_code in {200, 201}, answer.text
    return dict(answer.json())


async def send_version(hub: Hub, reference: str, referral: dict[str, Any], **given: Any) -> None:
    body = {"reason": "The officer has been back.", "referral": referral} | given
    await post(hub, f"/v1/referrals/{reference}/versions", body, await hub.as_client(POLICE))


async def test_a_sender_that_is_asked_for_more_finds_it_and_answers_it(hub: Hub) -> None:
    before, others = await notices_of(hub, POLICE), await notices_of(hub, SCHOOL)
    sent = a_referral()
    reference = (await hub.send(sent, POLICE))["reference"]
    verdict = {"verdict": "further_information", "version": 1, "gaps": [{"question": "Who saw her?"}]}
    await post(hub, f"/v1/referrals/{reference}/quality-check", verdict, await hub.as_staff("omar.khan"))

    (notice,) = await news_of(hub, POLICE, before)
    assert (notice["type"], notice["reference"]) == ("referral.further_information_requested", reference)
    asked = notice["further_information"]
    assert (notice["sender_reference"], asked["state"]) == (sent["sender_reference"], "asked")
    assert asked["gaps"] == [{"pointer": None, "question": "Who saw her?"}]

    sent["children"][0]["voice"]["seen_alone"] = True
    await send_version(hub, reference, sent, answers_request_id=asked["request_id"])
    progress = await hub.http.get(
        f"{URLS['intake']}/v1/referrals/{reference}", headers=await hub.as_client(POLICE)
    )
    assert progress.json()["further_information"][0]["state"] == "answered"
    assert await news_of(hub, POLICE, before) == [notice]
    assert await notices_of(hub, SCHOOL) == others


async def test_a_sender_hears_what_became_of_its_wish(hub: Hub) -> None:
    before = await notices_of(hub, POLICE)
    reference = (await hub.send(a_referral(), POLICE))["reference"]
    wish = {"reason": "Sent about another family."}
    path = f"/v1/referrals/{reference}/withdrawal"
    asked = await post(hub, path, wish, await hub.as_client(POLICE))
    assert await news_of(hub, POLICE, before) == []
    decision = {"agreed": False, "reason": "The worry stands whoever noticed it."}
    path = f"/v1/withdrawals/{asked['withdrawal_id']}/decision"
    await post(hub, path, decision, await hub.as_staff("dana.reid"))
    (notice,) = await news_of(hub, POLICE, before)
    assert (notice["type"], notice["withdrawal"]["state"]) == ("referral.withdrawal_decided", "declined")
    assert notice["withdrawal"]["decision_reason"] == decision["reason"]


async def test_whoever_was_asked_hears_of_a_correction_once_however_often_it_is_said(hub: Hub) -> None:
    before = {client_id: await notices_of(hub, client_id) for client_id in (POLICE, SCHOOL, HEALTH)}
    sent = a_referral()
    reference = (await hub.send(sent, POLICE))["reference"]
    case = await hub.case_of(reference)
    await send_version(hub, reference, sent | {"children": [a_child(date_of_birth="2019-04-02")]})
    await hub.carry_events()
    hub.forget_carried("triage")
    news = {client_id: await news_of(hub, client_id, heard) for client_id, heard in before.items()}
    (notice,) = news[HEALTH]
    assert (notice["type"], notice["case_id"]) == ("referral.corrected", case["case_id"])
    assert (notice["reference"], notice["sender_reference"]) == (reference, None)
    assert news[POLICE] == news[SCHOOL] == []


async def test_an_invited_agency_reads_when_and_of_what_kind_and_hears_of_each_change(hub: Hub) -> None:
    case = await a_case(hub)
    before = await notices_of(hub, HEALTH)
    held = await call(hub, case, planned_at="2090-11-23T14:00:00Z")
    (told,) = await news_of(hub, HEALTH, before)
    assert (told["type"], told["case_id"]) == ("discussion.invited", None)
    assert told["discussion"] == {
        "discussion_id": held["discussion_id"],
        "kind": "strategy",
        "planned_at": "2090-11-23T14:00:00Z",
    }
    name = case["children"][0]["family_name"]
    assert name not in str(told)
    held = await take(hub, held, "record", {"planned_at": "2090-11-24T09:00:00Z"})
    (moved,) = (await news_of(hub, HEALTH, before))[1:]
    assert (moved["type"], moved["discussion"]["planned_at"]) == ("discussion.moved", "2090-11-24T09:00:00Z")
    await take(hub, held, "calling-off", {"reason": "Another one is held."})
    assert (await news_of(hub, HEALTH, before))[-1]["type"] == "discussion.withdrawn"


async def test_an_agency_is_told_once_of_each_question_and_of_nobody(hub: Hub) -> None:
    before = {client_id: await notices_of(hub, client_id) for client_id in (HEALTH, SCHOOL)}
    sent = a_referral(children=[a_child(sender_child_reference="c1"), a_child(sender_child_reference="c2")])
    case = await hub.case_of((await hub.send(sent, POLICE))["reference"])
    child = case["children"][0]
    body = {"agency_id": str(agency_id_of(SCHOOL)), "child_id": child["child_id"], "reason": "Absences."}
    headers = await hub.as_staff("dana.reid")
    url = f"{URLS['triage']}/v1/cases/{case['case_id']}/information-requests"
    assert (await hub.http.post(url, json=body, headers=headers)).status_code == 201
    hub.forget_carried("triage")
    case = await hub.get_case(case["case_id"])
    for client_id, told_before in before.items():
        told = (await notices_of(hub, client_id))[len(told_before) :]
        asked = {
            request["request_id"]: request["due_at"]
            for one in case["children"]
            for request in one["requests"]
            if request["agency_id"] == str(agency_id_of(client_id))
        }
        assert {notice["type"] for notice in told} == {ASKED}
        assert len(told) == len(asked) > 0
        shown = [notice["information_request"] for notice in told]
        assert {one["request_id"]: one["due_at"] for one in shown} == asked
        assert {notice["case_id"] for notice in told} == {case["case_id"]}
        assert all(child[name] not in str(told) for name in ("child_id", "family_name", "given_name"))


async def test_an_agency_that_does_not_answer_is_reminded_in_its_feed(hub: Hub) -> None:
    case = await a_case(hub)
    before = await notices_of(hub, HEALTH)
    (request_id,) = [
        one["request_id"]
        for one in case["children"][0]["requests"]
        if one["agency_id"] == str(agency_id_of("ines.moreau"))
    ]
    async with transaction(hub.sessions["triage"], "test") as tx:
        request = await tx.get_one(InformationRequest, request_id)
        await remind(tx, request, now=utc_now())
    (told,) = await news_of(hub, HEALTH, before)
    assert (told["type"], told["case_id"]) == ("information_request.reminder", case["case_id"])
    assert told["information_request"]["request_id"] == request_id
