"""An overdue due date with no birth linked raises an alarm, and only what people say quiets it."""

from typing import Any
from uuid import UUID

import pytest

from deploy.local.postgres import PostgresServer
from tests.hub import Hub
from tests.intake.correcting import correct
from tests.intake.expected import an_unborn_child, days_ago, overdue
from tests.intake.known_people import (
    a_known_child,
    an_adult,
    an_nhs_number,
    ask,
    link,
    record_of,
    send,
    told,
    unlink,
)
from tests.intake.looking import audited
from tests.referrals import a_referral


async def note(hub: Hub, person_id: UUID, what: str, **given: Any) -> Any:
    body = {"what": what, "reason": "The midwife told us."} | given
    return await ask(hub, "POST", f"/v1/people/{person_id}/birth-note", body)


async def test_a_due_date_that_has_passed_is_listed_with_records_and_mother(hub: Hub) -> None:
    mother = an_adult()
    aunt = an_adult(relationships=[{"relationship": "step mother"}])
    said = await send(hub, an_unborn_child(19), adults=[mother, aunt])
    item = (await overdue(hub))[said["reference"]]
    assert (item["due_on"], item["days_overdue"], item["is_alarm"]) == (days_ago(19), 19, True)
    assert [one["told"]["name"]["family_name"] for one in item["mothers"]] == [mother["family_name"]]
    assert item["notes"] == []


async def test_the_alarm_waits_for_the_days_of_grace(hub: Hub) -> None:
    at_due, in_grace, after = [await send(hub, an_unborn_child(days)) for days in (0, 14, 15)]
    listed = await overdue(hub)
    assert at_due["reference"] not in listed
    assert listed[in_grace["reference"]]["is_alarm"] is False
    assert listed[after["reference"]]["is_alarm"] is True
    assert listed[after["reference"]]["alarm_on"] == days_ago(0)


async def test_the_oldest_due_stands_first_and_the_list_comes_in_pages(hub: Hub) -> None:
    for days in (5, 40, 22):
        await send(hub, an_unborn_child(days))
    due = [item["due_on"] for item in (await overdue(hub)).values()]
    assert due == sorted(due)
    first = await told(hub, "GET", "/v1/people/overdue-births?limit=1")
    second = await told(hub, "GET", f"/v1/people/overdue-births?limit=1&cursor={first['next_cursor']}")
    assert first["has_more"] is True
    assert first["items"][0]["person_id"] != second["items"][0]["person_id"]


async def test_reading_the_list_is_written_down(hub: Hub, server: PostgresServer) -> None:
    said = await send(hub, an_unborn_child(19))
    record = await record_of(hub, said)
    await overdue(hub, "ben.ashworth")
    assert await audited(server, "overdue_births.listed", record.record_id)


async def test_a_child_whose_birth_its_sender_tells_leaves_the_list(hub: Hub) -> None:
    unborn = an_unborn_child(19)
    sent = a_referral(children=[unborn])
    said = await hub.send(sent)
    await hub.carry_events()
    assert said["reference"] in await overdue(hub)
    born = unborn | {"given_name": "Isla", "date_of_birth": days_ago(17), "sex": "F"}
    await correct(hub, said["reference"], sent | {"children": [born]})
    await hub.carry_events()
    assert said["reference"] not in await overdue(hub)


async def test_a_birth_that_a_person_links_takes_the_child_off_and_undoing_it_brings_it_back(
    hub: Hub,
) -> None:
    unborn = an_unborn_child(19)
    first = await send(hub, unborn)
    born = a_known_child(given_name="Isla", family_name=unborn["family_name"], date_of_birth=days_ago(17))
    second = await send(hub, born)
    baby, expected = await record_of(hub, second), await record_of(hub, first)
    await link(hub, baby.record_id, expected.person_id)
    assert not {first["reference"], second["reference"]} & set(await overdue(hub))
    await unlink(hub, baby.record_id)
    assert first["reference"] in await overdue(hub)


async def test_a_birth_that_the_hub_alone_linked_quiets_no_alarm(hub: Hub) -> None:
    number = an_nhs_number()
    expected = an_unborn_child(19, given_name="Isla", nhs_number=number)
    await send(hub, expected)
    born = expected | {"expected_date_of_birth": None, "date_of_birth": days_ago(17), "sex": "F"}
    second = await send(hub, born)
    baby = await record_of(hub, second)
    assert baby.link_state == "provisional"
    assert second["reference"] in await overdue(hub)
    await link(hub, baby.record_id, baby.person_id)
    assert second["reference"] not in await overdue(hub)


@pytest.mark.parametrize("what", ["born_elsewhere", "not_continued"])
async def test_what_somebody_found_out_ends_the_waiting(hub: Hub, server: PostgresServer, what: str) -> None:
    said = await send(hub, an_unborn_child(19))
    record = await record_of(hub, said)
    answer = await note(hub, record.person_id, what)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["what"], answer.json()["noted_by"]) == (what, "Dana Reid")
    assert said["reference"] not in await overdue(hub)
    assert await audited(server, "birth.noted", record.person_id) == [{"what": what}]


async def test_word_of_the_child_after_a_note_raises_the_alarm_again(hub: Hub) -> None:
    unborn = an_unborn_child(19)
    sent = a_referral(children=[unborn])
    said = await hub.send(sent)
    await hub.carry_events()
    record = await record_of(hub, said)
    await note(hub, record.person_id, "born_elsewhere")
    await correct(hub, said["reference"], sent | {"children": [unborn | {"sex": None}]})
    await hub.carry_events()
    item = (await overdue(hub))[said["reference"]]
    assert [one["what"] for one in item["notes"]] == ["born_elsewhere"]


async def test_a_wrong_date_moves_the_waiting_and_what_was_noted_stays(hub: Hub) -> None:
    said = await send(hub, an_unborn_child(19))
    record = await record_of(hub, said)
    await note(hub, record.person_id, "wrong_date", new_due_on=days_ago(-30))
    assert said["reference"] not in await overdue(hub)
    await note(hub, record.person_id, "wrong_date", new_due_on=days_ago(3))
    for _ in range(2):
        await note(hub, record.person_id, "wrong_date", new_due_on=days_ago(2))
    item = (await overdue(hub))[said["reference"]]
    assert (item["due_on"], item["is_alarm"]) == (days_ago(2), False)
    assert [one["new_due_on"] for one in item["notes"]] == [days_ago(2), days_ago(3), days_ago(-30)]


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"what": "wrong_date"}, "#/new_due_on", "new_due_on_missing"),
        ({"what": "not_continued", "new_due_on": "2027-01-31"}, "#/new_due_on", "new_due_on_not_allowed"),
        ({"what": "lost"}, "#/what", "not_in_list"),
        ({"reason": " "}, "#/reason", "blank"),
    ],
)
async def test_a_note_that_does_not_hold_together_is_refused(
    hub: Hub, given: dict[str, Any], pointer: str, code: str
) -> None:
    record = await record_of(hub, await send(hub, an_unborn_child(19)))
    body = {"what": "born_elsewhere", "reason": "The midwife told us."} | given
    answer = await ask(hub, "POST", f"/v1/people/{record.person_id}/birth-note", body)
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


async def test_nothing_can_be_noted_of_a_child_nobody_expects(hub: Hub) -> None:
    record = await record_of(hub, await send(hub, a_known_child()))
    answer = await note(hub, record.person_id, "born_elsewhere")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_birth_awaited")


async def test_two_records_that_only_the_hub_takes_for_one_child_are_confirmed_before_anything_is_noted(
    hub: Hub,
) -> None:
    expected = an_unborn_child(19, given_name="Isla", nhs_number=an_nhs_number())
    await send(hub, expected)
    again = await record_of(hub, await send(hub, expected))
    assert again.link_state == "provisional"
    answer = await note(hub, again.person_id, "not_continued")
    assert (answer.status_code, answer.json()["code"]) == (409, "link_unconfirmed")
    await link(hub, again.record_id, again.person_id)
    assert (await note(hub, again.person_id, "not_continued")).status_code == 200


async def test_the_list_can_be_of_one_referral(hub: Hub) -> None:
    said, other = await send(hub, an_unborn_child(19)), await send(hub, an_unborn_child(20))
    listed = await told(hub, "GET", f"/v1/people/overdue-births?reference={said['reference']}")
    assert [item["records"][0]["reference"] for item in listed["items"]] == [said["reference"]]
    assert other["reference"] != said["reference"]
    absent = await ask(hub, "GET", "/v1/people/overdue-births?reference=SH-00000000-0")
    assert absent.status_code == 404
