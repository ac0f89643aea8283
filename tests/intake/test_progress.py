"""What a sender sees of its referral, and what staff see in the list of all."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import pytest

from deploy.local.postgres import PostgresServer
from services.intake.actions.lapsing import lapse_due
from shared.clock import utc_now
from shared.platform.database import transaction
from tests.hub import URLS, Hub, agency_id_of
from tests.intake.correcting import POLICE, audited, correct, post_version, read
from tests.intake.looking import ask, asking, look
from tests.referrals import a_child, a_referral

INTAKE = URLS["intake"]
DANA = "dana.reid"


async def test_progress_is_of_the_newest_version_and_times_are_of_the_first(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    before = await read(hub, first["reference"])
    worse = referral | {"immediate_danger": True, "kind": "enquiry", "children": [a_child(voice=None)]}
    await correct(hub, first["reference"], worse)
    after = await read(hub, first["reference"])
    assert (before["version"], before["findings_count"], before["immediate_danger"]) == (1, 0, False)
    assert (after["version"], after["findings_count"], after["immediate_danger"]) == (2, 1, True)
    assert after["kind"] == "enquiry"
    for stays in ("received_at", "respond_by", "channel", "children", "sender_reference", "stage"):
        assert after[stays] == before[stays]
    assert (after["further_information"], after["withdrawal"]) == ([], None)


async def test_what_was_asked_of_the_sender_is_there_newest_first(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    await look(hub, first["reference"], asking())
    await correct(hub, first["reference"], referral | {"actions_taken": "We rang."})
    await look(hub, first["reference"], asking(2, text="Please ring."))
    asked = (await read(hub, first["reference"]))["further_information"]
    assert [(request["version"], request["state"], request["text"]) for request in asked] == [
        (2, "asked", "Please ring."),
        (1, "asked", None),
    ]
    assert {request["reference"] for request in asked} == {first["reference"]}
    assert {request["sender_reference"] for request in asked} == {referral["sender_reference"]}


async def test_a_version_closes_the_request_it_names_and_no_other(hub: Hub, server: PostgresServer) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    late = str(await ask(hub, first, due_in=timedelta(hours=-1)))
    other = str(await ask(hub, first, due_in=timedelta(hours=1)))
    async with transaction(hub.sessions["intake"], "test") as tx:
        await lapse_due(tx, now=utc_now())
    lapsed = await _asked(hub, first["reference"])
    await correct(hub, first["reference"], referral | {"actions_taken": "We rang."}, answers_request_id=late)
    asked = await _asked(hub, first["reference"])
    assert (lapsed[late]["state"], lapsed[other]["state"]) == ("not_answered", "asked")
    assert (asked[late]["state"], asked[late]["answered_version"]) == ("answered", 2)
    assert (asked[other]["state"], asked[other]["closed_at"]) == ("asked", None)
    answered = (POLICE, "referral.further_information_answered", '{"version": 2}')
    assert answered in await audited(server, late)


async def test_a_request_keeps_the_version_that_answered_it_first(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    request = str(await ask(hub, first, due_in=timedelta(hours=1)))
    for words in ("We rang.", "We rang again."):
        await correct(
            hub, first["reference"], referral | {"actions_taken": words}, answers_request_id=request
        )
    assert (await _asked(hub, first["reference"]))[request]["answered_version"] == 2


async def test_knowing_no_more_is_an_answer_too(hub: Hub) -> None:
    referral, key = a_referral(), str(uuid4())
    first = await hub.send(referral)
    request = str(await ask(hub, first, due_in=timedelta(hours=1)))
    answer: dict[str, Any] = {
        "answers_request_id": request,
        "reason": "Nobody spoke with her; we know no more.",
    }
    said = await correct(hub, first["reference"], referral, key=key, **answer)
    again = await post_version(hub, first["reference"], referral, **answer)
    replayed = await post_version(hub, first["reference"], referral, key=key, **answer)
    assert said["version"] == 2
    assert (again.status_code, again.json()) == (200, said)
    assert (replayed.status_code, replayed.json()) == (201, said)
    assert (await _asked(hub, first["reference"]))[request]["answered_version"] == 2
    assert (await read(hub, f"{first['reference']}/versions/2"))["changed"] == []


async def test_a_request_about_another_referral_is_not_answered(hub: Hub) -> None:
    referral = a_referral()
    first, other = await hub.send(referral), await hub.send(a_referral())
    request = str(await ask(hub, other, due_in=timedelta(hours=1)))
    answer = await post_version(hub, first["reference"], referral, answers_request_id=request)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("#/answers_request_id", "not_of_this_referral")
    assert (await _asked(hub, other["reference"]))[request]["state"] == "asked"


async def test_a_list_is_narrowed_by_danger_channel_and_agency(hub: Hub) -> None:
    calm = await hub.send(a_referral())
    danger = await hub.send(a_referral(immediate_danger=True))
    corrected = a_referral(immediate_danger=True)
    no_more = await hub.send(corrected)
    await correct(hub, no_more["reference"], corrected | {"immediate_danger": False})
    school = await hub.send(a_referral(), "example-primary")
    police = agency_id_of("northshire-police")
    ours = {said["reference"] for said in (calm, danger, no_more, school)}

    async def seen(query: str) -> set[str]:
        return await _listed(hub, DANA, query) & ours

    assert await seen("") == ours
    assert await seen("&immediate_danger=true") == {danger["reference"]}
    assert await seen("&immediate_danger=false") == ours - {danger["reference"]}
    assert await seen("&channel=api") == ours
    assert await seen("&channel=telephone") == set()
    assert await seen(f"&agency_id={police}") == ours - {school["reference"]}
    assert await seen(f"&agency_id={police}&immediate_danger=true&channel=api") == {danger["reference"]}


async def test_nobody_sees_anothers_referrals_by_asking_for_its_agency(hub: Hub) -> None:
    said = await hub.send(a_referral(), "example-primary")
    school, police = agency_id_of("example-primary"), agency_id_of("northshire-police")
    assert await _listed(hub, "omar.khan", f"&agency_id={school}") == set()
    assert said["reference"] not in await _listed(hub, "omar.khan", f"&agency_id={police}")


async def test_a_later_version_leaves_a_referral_in_its_place(hub: Hub) -> None:
    referral = a_referral()
    sent = [await hub.send(each) for each in (referral, a_referral(), a_referral())]
    url, headers = f"{INTAKE}/v1/referrals?limit=2", await hub.as_client("northshire-police")
    first = (await hub.http.get(url, headers=headers)).json()
    await correct(hub, sent[0]["reference"], referral | {"actions_taken": "We rang."})
    rest = (await hub.http.get(f"{url}&cursor={first['next_cursor']}", headers=headers)).json()
    seen = [(item["reference"], item["version"]) for item in first["items"] + rest["items"]]
    assert seen[:3] == [(sent[2]["reference"], 1), (sent[1]["reference"], 1), (sent[0]["reference"], 2)]


@pytest.mark.parametrize(
    "other", ["immediate_danger=true", "channel=api", f"agency_id={UUID(int=7)}", "immediate_danger=false"]
)
async def test_a_cursor_goes_with_the_filters_it_was_given_for(hub: Hub, other: str) -> None:
    await hub.send(a_referral())
    headers = await hub.as_staff(DANA)
    cursor = (await hub.http.get(f"{INTAKE}/v1/referrals?limit=1", headers=headers)).json()["next_cursor"]
    answer = await hub.http.get(f"{INTAKE}/v1/referrals?cursor={cursor}&{other}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


@pytest.mark.parametrize(
    "query", ["channel=fax", "immediate_danger=perhaps", "agency_id=police", "stage=received"]
)
async def test_a_filter_that_says_nothing_known_is_refused(hub: Hub, query: str) -> None:
    answer = await hub.http.get(f"{INTAKE}/v1/referrals?{query}", headers=await hub.as_staff(DANA))
    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == [query.split("=")[0]]


async def _listed(hub: Hub, username: str, query: str) -> set[str]:
    filters = dict(parse_qsl(query))
    items = await hub.every(f"{INTAKE}/v1/referrals", await hub.as_staff(username), **filters)
    return {item["reference"] for item in items}


async def _asked(hub: Hub, reference: str) -> dict[str, dict[str, Any]]:
    asked = (await read(hub, reference))["further_information"]
    return {request["request_id"]: request for request in asked}
