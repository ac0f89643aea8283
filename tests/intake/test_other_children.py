"""Are there other children of these adults? Those the hub knows are named, and how surely."""

from deploy.local.postgres import PostgresServer
from tests.hub import Hub
from tests.intake.known_people import (
    a_known_child,
    a_telephone,
    an_address,
    an_adult,
    ask,
    link,
    record_of,
    records_in,
    send,
    told,
)
from tests.intake.looking import audited


async def test_a_child_known_with_an_adult_is_named_with_the_adult_who_ties_them(
    hub: Hub, server: PostgresServer
) -> None:
    father = an_adult(
        given_name="Dean",
        telephone=a_telephone(),
        address=an_address(),
        relationships=[{"relationship": "father"}],
    )
    there = await send(hub, a_known_child(given_name="Ruby"), adults=[father])
    here = await send(hub, a_known_child(), adults=[father])
    said = await told(hub, "GET", f"/v1/referrals/{here['reference']}/other-children")
    assert (said["is_matched"], said["adults_count"]) == (True, 1)
    [other] = said["items"]
    assert other["record"]["told"]["name"]["given_name"] == "Ruby"
    assert other["last_heard_at"] == other["record"]["received_at"]
    [tie] = other["ties"]
    assert (tie["name"]["given_name"], tie["relationships"], tie["reference"]) == (
        "Dean",
        ["father"],
        there["reference"],
    )
    assert tie["is_confirmed"] is False
    ruby = await record_of(hub, there)
    assert len(await audited(server, "other_children.read", ruby.person_id)) == 1


async def test_a_tie_that_a_person_confirmed_is_told_apart(hub: Hub) -> None:
    father = an_adult(telephone=a_telephone(), address=an_address())
    there = await send(hub, a_known_child(), adults=[father])
    here = await send(hub, a_known_child(), adults=[father])
    [adult] = await records_in(hub, here)
    await link(hub, adult.record_id, adult.person_id)
    for said, other in ((here, there), (there, here)):
        found = await told(hub, "GET", f"/v1/referrals/{said['reference']}/other-children")
        [item] = found["items"]
        assert item["record"]["reference"] == other["reference"]
        assert [tie["is_confirmed"] for tie in item["ties"]] == [True]


async def test_a_child_of_this_referral_is_not_another_one(hub: Hub) -> None:
    child, mother = a_known_child(), an_adult(telephone=a_telephone(), address=an_address())
    await send(hub, child, adults=[mother])
    again = await send(hub, child, adults=[mother])
    assert (await told(hub, "GET", f"/v1/referrals/{again['reference']}/other-children"))["items"] == []


async def test_a_referral_without_adults_says_so_and_one_not_there_is_not_found(hub: Hub) -> None:
    said = await send(hub, a_known_child())
    found = await told(hub, "GET", f"/v1/referrals/{said['reference']}/other-children")
    assert (found["items"], found["adults_count"]) == ([], 0)
    assert (await ask(hub, "GET", "/v1/referrals/SH-00000000-0/other-children")).status_code == 404
