"""Whom the people of a referral are taken for: what a person confirmed apart from what the machine says."""

from tests.hub import Hub
from tests.intake.known_people import (
    a_known_child,
    an_adult,
    an_nhs_number,
    ask,
    link,
    record_of,
    send,
    task_about,
    told,
)

VAGUE = {"date_of_birth": None, "nhs_number": None}


async def test_a_link_of_the_machine_is_provisional_until_a_person_confirms_it(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second = await send(hub, child), await send(hub, child)
    path = f"/v1/referrals/{second['reference']}/people"

    [before] = (await told(hub, "GET", path))["items"]
    record = await record_of(hub, second)
    assert (await link(hub, record.record_id, record.person_id)).status_code == 200
    [after] = (await told(hub, "GET", path))["items"]

    assert [one["reference"] for one in before["linked"]] == [first["reference"]]
    assert [one["is_confirmed"] for one in before["linked"] + after["linked"]] == [False, True]


async def test_an_open_question_is_named_and_what_a_visitor_must_know_is_kept(hub: Hub) -> None:
    child = a_known_child()
    await send(hub, child)
    adult = an_adult(safe_to_contact=False, worker_safety="Large dog, loose.")
    second = await send(hub, child | VAGUE, adults=[adult])
    task = await task_about(hub, second)

    items = (await told(hub, "GET", f"/v1/referrals/{second['reference']}/people"))["items"]

    assert task is not None
    assert [item["record"]["kind"] for item in items] == ["child", "adult"]
    assert [item["open_match_ids"] for item in items] == [[str(task.match_id)], []]
    assert items[1]["record"]["told"]["safe_to_contact"] is False
    assert items[1]["record"]["told"]["worker_safety"] == "Large dog, loose."


async def test_a_referral_that_is_not_there_has_no_people(hub: Hub) -> None:
    assert (await ask(hub, "GET", "/v1/referrals/SH-00000000-0/people")).status_code == 404
