"""The look at what an agency sent: its own representative's queue, and what senders are asked for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from deploy.local.postgres import PostgresServer
from services.intake.actions.queueing import Queue, list_queue
from services.intake.rules import close_of_working_day
from shared.clock import utc_now
from shared.platform.auth import Caller, CallerKind
from shared.platform.database import transaction
from shared.schemas.ids import AgencyId, new_id
from shared.schemas.words import QualityState, Role
from tests.hub import URLS, Hub, agency_id_of
from tests.intake.correcting import correct
from tests.intake.looking import (
    QUESTION,
    asking,
    audited,
    events_about,
    look,
    queue,
    read,
    versions_on,
)
from tests.referrals import a_child, a_referral

POLICE = str(agency_id_of("northshire-police"))
HEALTH = str(agency_id_of("northshire-health"))


@pytest.mark.parametrize(
    ("who", "query", "is_there"),
    [
        ("omar.khan", {}, True),
        ("omar.khan", {"agency_id": POLICE}, True),
        ("omar.khan", {"agency_id": HEALTH}, False),
        ("ines.moreau", {}, False),
        ("ines.moreau", {"agency_id": POLICE}, False),
        ("dana.reid", {}, True),
        ("priya.nair", {"agency_id": POLICE}, True),
        ("ben.ashworth", {"agency_id": HEALTH}, False),
    ],
)
async def test_what_was_sent_waits_for_its_own_agency_and_the_hub(
    hub: Hub, who: str, query: dict[str, str], is_there: bool
) -> None:
    said = await hub.send(a_referral())
    assert await versions_on(hub, said["reference"], who, **query) == ([1] if is_there else [])


async def test_what_waits_shows_its_findings_and_names_no_child(hub: Hub) -> None:
    said = await hub.send(a_referral(children=[a_child(voice=None)]))
    line = next(item for item in await queue(hub) if item["reference"] == said["reference"])
    assert (line["state"], line["looked_at"], line["further_information"]) == ("waiting", None, None)
    assert line["findings"] == said["findings"] != []
    assert "Maisie" not in str(line)


async def test_danger_is_looked_at_first_then_what_waits_longest(hub: Hub) -> None:
    calm, calmer = await hub.send(a_referral()), await hub.send(a_referral())
    danger = await hub.send(a_referral(immediate_danger=True))
    mine = {said["reference"] for said in (calm, calmer, danger)}
    order = [item["reference"] for item in await queue(hub, limit=2) if item["reference"] in mine]
    assert order == [danger["reference"], calm["reference"], calmer["reference"]]


@pytest.mark.parametrize("state", list(QualityState))
async def test_small_pages_hold_what_one_large_page_holds(hub: Hub, state: QualityState) -> None:
    for verdict in ({"verdict": "content", "version": 1}, asking(), None):
        said = await hub.send(a_referral())
        if verdict:
            await look(hub, said["reference"], verdict)
        else:
            await correct(hub, said["reference"], a_referral())
    whole = await queue(hub, state=state, limit=1000)
    assert await queue(hub, state=state, limit=2) == whole
    assert {item["state"] for item in whole} == {state}


async def test_a_cursor_of_another_part_of_the_queue_is_refused(hub: Hub) -> None:
    for _ in range(2):
        await hub.send(a_referral())
    headers = await hub.as_staff("omar.khan")
    page = await read(hub, "/v1/quality-checks", headers, limit=1)
    query = {"state": "overtaken", "cursor": page["next_cursor"]}
    answer = await hub.http.get(f"{URLS['intake']}/v1/quality-checks", params=query, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


async def test_what_nobody_looked_at_in_time_leaves_the_queue(hub: Hub) -> None:
    said = await hub.send(a_referral())
    omar = Caller(CallerKind.STAFF, "1", "Omar Khan", AgencyId(agency_id_of("omar.khan")), roles=_REPRESENTS)
    waiting = Queue(QualityState.WAITING, None, None, 1000)
    later, window = utc_now() + timedelta(days=31), timedelta(days=30)
    async with transaction(hub.sessions["intake"], "test") as tx:
        items, _, _ = await list_queue(tx, omar, waiting, window=window, now=later)
    assert said["reference"] not in {item.reference for item in items}


_REPRESENTS = frozenset({Role.AGENCY_REPRESENTATIVE})


async def test_content_takes_a_referral_off_the_queue(hub: Hub, server: PostgresServer) -> None:
    said = await hub.send(a_referral())
    answer = await look(hub, said["reference"])
    told = answer.json()
    assert (answer.status_code, told["state"], told["looked_at_by"]) == (200, "content", "Omar Khan")
    assert await versions_on(hub, said["reference"]) == []
    assert await versions_on(hub, said["reference"], state="content") == [1]
    facts = await audited(server, "referral.quality_checked", said["referral_id"])
    assert facts == [{"version": 1, "verdict": "content"}]


async def test_a_request_reaches_the_sender_and_is_announced(hub: Hub, server: PostgresServer) -> None:
    said = await hub.send(a_referral())
    answer = await look(hub, said["reference"], asking(text="Please ring Maisie's teacher."))
    request = answer.json()["further_information"]
    assert (answer.status_code, answer.json()["state"]) == (200, "further_information_requested")
    police = await read(hub, "/v1/further-information", await hub.as_client("northshire-police"))
    assert police["items"][0] == request
    assert request["gaps"] == [{"pointer": "#/children/0/voice", "question": QUESTION}]
    assert (request["requested_by"], request["state"]) == ("Omar Khan", "asked")
    assert "intake.further_information_requested.v1" in await events_about(hub, said["referral_id"])
    # Not a word of what was asked: it may name the child.
    facts = await audited(server, "referral.further_information_requested", request["request_id"])
    assert facts == [{"version": 1, "gaps": 1}]


async def test_a_later_version_answers_what_was_asked(hub: Hub) -> None:
    referral = a_referral()
    said = await hub.send(referral)
    request = (await look(hub, said["reference"], asking())).json()["further_information"]
    spoken = referral | {
        "children": [a_child(voice={"seen": True, "seen_alone": True, "views": "Is afraid."})]
    }
    await correct(hub, said["reference"], spoken, answers_request_id=request["request_id"])
    sender = await hub.as_client("northshire-police")
    (seen,) = (await read(hub, f"/v1/referrals/{said['reference']}", sender))["further_information"]
    assert (seen["state"], seen["answered_version"]) == ("answered", 2)
    assert seen in (await read(hub, "/v1/further-information", sender, state="answered"))["items"]
    assert seen not in (await read(hub, "/v1/further-information", sender, state="asked"))["items"]
    assert await versions_on(hub, said["reference"]) == [2]


async def test_what_was_asked_is_for_the_agency_that_was_asked_and_the_hub(hub: Hub) -> None:
    said = await hub.send(a_referral())
    request = (await look(hub, said["reference"], asking())).json()["further_information"]
    readers = {
        "health": await hub.as_client("northshire-health"),
        "ines": await hub.as_staff("ines.moreau"),
        "omar": await hub.as_staff("omar.khan"),
        "dana": await hub.as_staff("dana.reid"),
    }
    pages = {who: await read(hub, "/v1/further-information", own) for who, own in readers.items()}
    seen = {who for who, page in pages.items() if request in page["items"]}
    assert seen == {"omar", "dana"}


async def test_the_service_that_tells_senders_reads_a_request(hub: Hub) -> None:
    said = await hub.send(a_referral())
    request = (await look(hub, said["reference"], asking())).json()["further_information"]
    service = await hub.as_service("notifications")
    asked = await read(hub, f"/internal/further-information/{request['request_id']}", service)
    assert asked == request | {"referral_id": said["referral_id"], "agency_id": POLICE}
    absent = await hub.http.get(f"{URLS['intake']}/internal/further-information/{new_id()}", headers=service)
    assert absent.status_code == 404


async def test_a_request_is_due_at_the_close_of_the_next_working_day(hub: Hub) -> None:
    said = await hub.send(a_referral())
    request = (await look(hub, said["reference"], asking())).json()["further_information"]
    assert request["due_at"] == close_of_working_day(utc_now(), 1).isoformat().replace("+00:00", "Z")


async def test_a_pointer_to_nothing_sensible_is_kept_as_given(hub: Hub) -> None:
    said = await hub.send(a_referral())
    body = asking(gaps=[{"pointer": "#/no/such/place", "question": "Who?"}, {"question": "Anything else?"}])
    request = (await look(hub, said["reference"], body)).json()["further_information"]
    assert [gap["pointer"] for gap in request["gaps"]] == ["#/no/such/place", None]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        (asking(due_at="2026-01-05T12:00:00Z"), "#/due_at", "in_the_past"),
        (asking(due_at="2190-01-05T12:00:00Z"), "#/due_at", "too_far_ahead"),
        (asking(due_at="2027-01-05T12:00:00"), "#/due_at", "no_offset"),
        (asking(version=7), "#/version", "no_such_version"),
        (asking(gaps=[]), "#", "gap_missing"),
        (asking(verdict="content"), "#", "gap_not_allowed"),
        ({"verdict": "content", "version": 1, "text": "Well done."}, "#", "gap_not_allowed"),
        ({"verdict": "fine", "version": 1}, "#/verdict", "not_in_list"),
    ],
)
async def test_a_look_that_cannot_be_taken_is_told_why(
    hub: Hub, body: dict[str, Any], pointer: str, code: str
) -> None:
    said = await hub.send(a_referral())
    answer = await look(hub, said["reference"], body)
    assert answer.status_code == 422
    assert (pointer, code) in {(error["pointer"], error["code"]) for error in answer.json()["errors"]}
    assert await versions_on(hub, said["reference"]) == [1]


async def test_only_the_newest_version_is_looked_at(hub: Hub) -> None:
    said = await hub.send(a_referral())
    await correct(hub, said["reference"], a_referral())
    answer = await look(hub, said["reference"])
    assert (answer.status_code, answer.json()["code"]) == (409, "version_overtaken")
    assert await versions_on(hub, said["reference"]) == [2]
    assert await versions_on(hub, said["reference"], state="overtaken") == [1]


async def test_a_version_that_was_looked_at_is_not_overtaken(hub: Hub) -> None:
    said = await hub.send(a_referral())
    first = await look(hub, said["reference"], asking())
    await correct(hub, said["reference"], a_referral())
    again = await look(hub, said["reference"], asking())
    other = await look(hub, said["reference"])
    assert (again.status_code, again.json()) == (200, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "version_overtaken")
    assert await versions_on(hub, said["reference"], state="overtaken") == []
    assert await versions_on(hub, said["reference"], state="further_information_requested") == [1]


@pytest.mark.parametrize("body", [{"verdict": "content", "version": 1}, asking()])
async def test_saying_the_same_again_writes_nothing(hub: Hub, body: dict[str, Any]) -> None:
    said = await hub.send(a_referral())
    first = await look(hub, said["reference"], body)
    events = await events_about(hub, said["referral_id"])
    again = await look(hub, said["reference"], body, "dana.reid")
    assert (again.status_code, again.json()) == (200, first.json())
    assert await events_about(hub, said["referral_id"]) == events


@pytest.mark.parametrize("other", [{"verdict": "content", "version": 1}, asking(text="And ring me.")])
async def test_the_first_word_on_a_version_stands(hub: Hub, other: dict[str, Any]) -> None:
    said = await hub.send(a_referral())
    await look(hub, said["reference"], asking())
    answer = await look(hub, said["reference"], other, "priya.nair")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_looked_at")
    assert await versions_on(hub, said["reference"], state="content") == []


async def test_of_two_who_look_at_once_one_word_stands(hub: Hub) -> None:
    said = await hub.send(a_referral())
    looks = [look(hub, said["reference"], asking(text=str(number))) for number in range(6)]
    answers = await asyncio.gather(*looks)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    assert len(await events_about(hub, said["referral_id"])) == 2


async def test_another_agencys_referral_is_not_there_to_look_at(hub: Hub) -> None:
    said = await hub.send(a_referral())
    answers = [
        await look(hub, reference, who="ines.moreau")
        for reference in (said["reference"], "SH-00000000-0", "nothing")
    ]
    told = [answer.json() | {"request_id": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("who", ["ben.ashworth", "lucy.grant", "helen.cho"])
async def test_who_only_reads_does_not_look(hub: Hub, who: str) -> None:
    said = await hub.send(a_referral())
    assert (await look(hub, said["reference"], who=who)).status_code == 403


@pytest.mark.parametrize("body", [None, {"verdict": "content", "version": 1}, asking()])
async def test_triage_opens_the_case_whatever_the_queue_does(hub: Hub, body: dict[str, Any] | None) -> None:
    said = await hub.send(a_referral())
    if body is not None:
        assert (await look(hub, said["reference"], body)).status_code == 200
    case = await hub.case_of(said["reference"])
    where = await read(hub, f"/v1/referrals/{said['reference']}", await hub.as_client("northshire-police"))
    assert [child["child_id"] for child in case["children"]] == [said["children"][0]["child_id"]]
    assert where["stage"] == "being_considered"
