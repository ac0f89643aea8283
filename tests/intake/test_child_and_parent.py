"""A girl who expects a child is child and parent in one case: one person, however often she is described."""

from typing import Any

from services.intake.models import PersonRecord
from tests.hub import Hub
from tests.intake.correcting import correct
from tests.intake.expected import an_unborn_child
from tests.intake.known_people import (
    a_known_child,
    an_adult,
    record_of,
    records_in,
    send,
    told,
    unlink,
)
from tests.referrals import a_referral


def a_girl(**given: Any) -> dict[str, Any]:
    return a_known_child("girl", given_name="Keira", date_of_birth="2011-05-17", **given)


def as_a_mother(girl: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Return the girl once more, as the mother of the child she expects."""
    same = {name: girl[name] for name in ("given_name", "family_name", "date_of_birth")}
    tie = [{"child": "baby", "relationship": "mother"}]
    return an_adult(**{**same, "relationships": tie, **given})


async def mother_in(hub: Hub, said: dict[str, Any]) -> PersonRecord:
    [mother] = await records_in(hub, said)
    return mother


async def test_a_child_who_is_the_mother_in_the_same_referral_is_one_person_provisionally(hub: Hub) -> None:
    girl = a_girl()
    baby = an_unborn_child(-60, sender_child_reference="baby")
    said = await send(hub, girl, baby, adults=[as_a_mother(girl)])
    child, mother = await record_of(hub, said), await mother_in(hub, said)
    assert (mother.person_id, mother.link_state) == (child.person_id, "provisional")
    assert (await record_of(hub, said, 1)).person_id != child.person_id
    person = await told(hub, "GET", f"/v1/people/{child.person_id}")
    assert {record["kind"] for record in person["records"]} == {"child", "adult"}
    await unlink(hub, mother.record_id)
    assert (await mother_in(hub, said)).person_id != child.person_id


async def test_she_is_known_again_as_child_and_as_mother(hub: Hub) -> None:
    girl = a_girl()
    first = await send(hub, girl)
    second = await send(
        hub, girl, an_unborn_child(-60, sender_child_reference="baby"), adults=[as_a_mother(girl)]
    )
    known = await record_of(hub, first)
    assert (await record_of(hub, second)).person_id == known.person_id
    assert (await mother_in(hub, second)).person_id == known.person_id


async def test_she_is_known_as_a_mother_from_another_referral_than_as_a_child(hub: Hub) -> None:
    girl = a_girl()
    first = await send(hub, girl)
    mother = as_a_mother(girl, address=girl["address"])
    second = await send(hub, an_unborn_child(-60, sender_child_reference="baby"), adults=[mother])
    found = await mother_in(hub, second)
    assert (found.person_id, found.link_state) == ((await record_of(hub, first)).person_id, "provisional")


async def test_what_the_sender_alone_says_is_asked_of_a_person(hub: Hub) -> None:
    girl = a_girl()
    mother = as_a_mother(girl, date_of_birth=None, same_as_child="girl")
    said = await send(hub, girl, an_unborn_child(-60, sender_child_reference="baby"), adults=[mother])
    child, adult = await record_of(hub, said), await mother_in(hub, said)
    assert adult.person_id != child.person_id
    people = await told(hub, "GET", f"/v1/referrals/{said['reference']}/people")
    [asked] = [item["open_match_ids"] for item in people["items"] if item["record"]["kind"] == "adult"]
    [candidate] = (await told(hub, "GET", f"/v1/matches/{asked[0]}"))["candidates"]
    assert candidate["person_id"] == str(child.person_id)


async def test_a_later_version_that_changes_little_keeps_her_one_person(hub: Hub) -> None:
    girl = a_girl()
    sent = a_referral(
        children=[girl, an_unborn_child(-60, sender_child_reference="baby")], adults=[as_a_mother(girl)]
    )
    said = await hub.send(sent)
    await hub.carry_events()
    changed = as_a_mother(girl, telephone="01632 960444")
    await correct(hub, said["reference"], sent | {"adults": [changed]})
    await hub.carry_events()
    child, mother = await record_of(hub, said), await mother_in(hub, said)
    assert (mother.person_id, mother.link_state, mother.version) == (child.person_id, "provisional", 2)


async def test_a_reference_to_no_child_is_a_finding(hub: Hub) -> None:
    said = await hub.send(a_referral(adults=[an_adult(same_as_child="nobody")]))
    found = [(one["pointer"], one["code"]) for one in said["findings"]]
    assert ("#/adults/0/same_as_child", "child_not_in_referral") in found
