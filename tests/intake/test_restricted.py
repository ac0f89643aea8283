"""A restricted person: managers read and decide as before, everybody else sees that somebody is there."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.local.postgres import PostgresServer
from tests.hub import URLS, Hub
from tests.intake.known_people import (
    a_known_child,
    an_adult,
    an_nhs_number,
    ask,
    decide,
    link,
    links_of,
    record_of,
    records_in,
    send,
    told,
    unlink,
)
from tests.intake.looking import audited
from tests.intake.restricting import PRIYA, a_question, a_rare_child, a_restricted_child, restrict

LEFT_OUT = (
    "record_id",
    "referral_id",
    "reference",
    "sender_reference",
    "agency_id",
    "received_at",
    "likeness",
)


def looking_for(**terms: Any) -> dict[str, Any]:
    return {"purpose": "new_contact", "reason": "The grandmother rang."} | terms


async def test_a_manager_restricts_a_person_and_lifts_it_and_both_are_kept(
    hub: Hub, server: PostgresServer
) -> None:
    _, said, person_id = await a_restricted_child(hub)
    path = f"/v1/people/{person_id}"
    before, after = await told(hub, "GET", path, who=PRIYA), await restrict(hub, person_id, to=False)
    opened = await told(hub, "GET", path)
    history = (await told(hub, "GET", path, who=PRIYA))["restrictions"]
    assert (before["restricted"], after.status_code, opened["restricted"]) == (True, 200, False)
    assert [line["restricted"] for line in history] == [False, True]
    assert {line["decided_by"] for line in history} == {"Priya Nair"}
    assert all(line["reason"] for line in history)
    assert (opened["records"][0]["reference"], opened["restrictions"]) == (said["reference"], [])
    for action in ("person.restricted", "person.restriction_lifted"):
        assert await audited(server, action, person_id) == [{"records": 1}]


@pytest.mark.parametrize("to", [True, False])
async def test_what_stands_already_is_not_said_again(hub: Hub, to: bool) -> None:
    _, _, person_id = await a_restricted_child(hub)
    if not to:
        assert (await restrict(hub, person_id, to=False)).status_code == 200
    again = await restrict(hub, person_id, to=to)
    assert (again.status_code, again.json()["code"]) == (409, "restriction_stands")


async def test_nobody_but_a_manager_restricts_and_never_without_a_reason(hub: Hub) -> None:
    person_id = (await record_of(hub, await send(hub, a_known_child()))).person_id
    path = f"/v1/people/{person_id}/restriction"
    blank = await ask(hub, "POST", path, {"restricted": True, "reason": " "}, PRIYA)
    assert (await restrict(hub, person_id, who="dana.reid")).status_code == 403
    assert (blank.status_code, blank.json()["errors"][0]["pointer"]) == (422, "#/reason")
    assert (await restrict(hub, uuid4())).status_code == 404


@pytest.mark.parametrize("who", ["dana.reid", "ben.ashworth"])
async def test_others_see_that_somebody_is_there_and_nothing_more(hub: Hub, who: str) -> None:
    _, said, person_id = await a_restricted_child(hub)
    known = await told(hub, "GET", f"/v1/people/{person_id}", who=who)
    [record] = known["records"]
    [item] = (await told(hub, "GET", f"/v1/referrals/{said['reference']}/people", who=who))["items"]
    assert (known["restricted"], known["names"], known["history"], known["open_matches"]) == (
        True,
        [],
        [],
        [],
    )
    assert known["restrictions"] == []
    assert record["restricted"]
    assert not any(record[name] for name in LEFT_OUT)
    assert (item["record"], item["linked"]) == (record, [])


async def test_a_manager_reads_all_of_it(hub: Hub) -> None:
    child, said, person_id = await a_restricted_child(hub)
    known = await told(hub, "GET", f"/v1/people/{person_id}", who=PRIYA)
    assert known["names"][0]["family_name"] == child["family_name"]
    assert (known["records"][0]["reference"], known["records"][0]["restricted"]) == (said["reference"], True)


async def test_only_managers_find_them_and_others_are_told_that_these_were_not_searched(hub: Hub) -> None:
    child, said, _ = await a_restricted_child(hub)
    for terms in ({"name": child["family_name"]}, {"reference": said["reference"]}):
        theirs = await told(hub, "POST", "/v1/people/search", looking_for(**terms))
        managers = await told(hub, "POST", "/v1/people/search", looking_for(**terms), PRIYA)
        assert said["reference"] not in str(theirs["items"])
        assert not theirs["restricted_searched"]
        assert said["reference"] in [one["records"][0]["reference"] for one in managers["items"]]
        assert managers["restricted_searched"]
    nobody = await told(hub, "POST", "/v1/people/search", looking_for(name=uuid4().hex))
    assert {name: nobody[name] for name in ("items", "has_more", "restricted_searched")} == {
        name: theirs[name] for name in ("items", "has_more", "restricted_searched")
    }


async def test_a_mother_is_found_by_her_name_but_not_by_the_contact_she_shares(hub: Hub) -> None:
    mother = an_adult()
    child = a_known_child()
    said = await send(hub, child, adults=[mother])
    assert (await restrict(hub, (await record_of(hub, said)).person_id)).status_code == 200
    by_name = await told(hub, "POST", "/v1/people/search", looking_for(name=mother["family_name"]))
    terms = looking_for(reference=said["reference"])
    by_reference = await told(hub, "POST", "/v1/people/search", terms)
    [record] = by_name["items"][0]["records"]
    assert (record["restricted"], record["reference"], record["referral_id"]) == (False, None, None)
    assert record["told"]["name"]["family_name"] == mother["family_name"]
    assert by_reference["items"] == []


async def test_a_family_names_no_restricted_member_and_leads_to_no_contact_of_theirs(hub: Hub) -> None:
    mother = an_adult(telephone="01632 960002")
    elsewhere = await send(hub, a_known_child(), adults=[mother])
    child = a_known_child()
    said = await send(hub, child, adults=[mother])
    person_id = (await record_of(hub, said)).person_id
    [adult] = await records_in(hub, elsewhere)
    assert (await restrict(hub, person_id)).status_code == 200
    of_child = await told(hub, "GET", f"/v1/families/{person_id}")
    of_mother = await told(hub, "GET", f"/v1/families/{adult.person_id}")
    hidden = [one for one in of_mother["members"] if one["person_id"] == str(person_id)]
    assert [one["person_id"] for one in of_child["members"]] == [str(person_id)]
    assert all(one["names"] == [] and one["records"][0]["restricted"] for one in hidden)
    assert child["family_name"] not in str(of_mother)
    assert said["reference"] not in str(of_mother)
    assert elsewhere["reference"] in str(of_mother)
    managers = await told(hub, "GET", f"/v1/families/{person_id}", who=PRIYA)
    assert mother["family_name"] in str(managers)


async def test_a_question_with_somebody_restricted_in_it_is_a_managers(hub: Hub) -> None:
    child, _, person_id = await a_restricted_child(hub)
    _, task = await a_question(hub, child)
    queue = await hub.every(f"{URLS['intake']}/v1/matches", await hub.as_staff("dana.reid"))
    line = next(one for one in queue if one["match_id"] == str(task.match_id))
    shown = await told(hub, "GET", f"/v1/matches/{task.match_id}")
    [candidate] = shown["candidates"]
    refused = await decide(hub, task, "not_the_same", person_id)
    assert (line["restricted"], line["best_probability"], line["candidates_count"]) == (True, None, 1)
    assert (shown["restricted"], candidate["restricted"], candidate["likeness"]) == (True, True, None)
    assert (refused.status_code, refused.json()["code"]) == (409, "restricted_record")
    queue = await hub.every(f"{URLS['intake']}/v1/matches", await hub.as_staff(PRIYA))
    line = next(one for one in queue if one["match_id"] == str(task.match_id))
    assert line["restricted"]
    assert line["best_probability"] > 0
    assert (await decide(hub, task, "linked", person_id, PRIYA)).status_code == 200


async def test_of_a_restricted_record_others_are_not_told_whom_it_is_like(hub: Hub) -> None:
    child = a_rare_child()
    first = await send(hub, child)
    said, task = await a_question(hub, child)
    assert (await restrict(hub, (await record_of(hub, said)).person_id)).status_code == 200
    shown = await told(hub, "GET", f"/v1/matches/{task.match_id}")
    refused = await decide(hub, task, "linked", (await record_of(hub, first)).person_id)
    assert (shown["record"]["restricted"], shown["candidates"]) == (True, [])
    assert refused.json()["code"] == "restricted_record"


async def test_what_was_said_of_them_stays_in_the_history_without_the_words(hub: Hub) -> None:
    child, _, person_id = await a_restricted_child(hub)
    said, task = await a_question(hub, child)
    assert (await decide(hub, task, "not_the_same", person_id, PRIYA)).status_code == 200
    other = (await record_of(hub, said)).person_id
    [line] = (await told(hub, "GET", f"/v1/people/{other}"))["history"]
    [managers] = (await told(hub, "GET", f"/v1/people/{other}", who=PRIYA))["history"]
    assert (line["verdict"], line["restricted"], line["reason"], line["person_id"]) == (
        "not_the_same",
        True,
        None,
        None,
    )
    assert managers["reason"]
    assert managers["person_id"] == str(person_id)


async def test_others_neither_link_to_them_nor_take_from_them(hub: Hub) -> None:
    _, said, person_id = await a_restricted_child(hub)
    stranger = await record_of(hub, await send(hub, a_known_child()))
    restricted = UUID(said["children"][0]["child_id"])
    refused = [
        await link(hub, stranger.record_id, person_id),
        await link(hub, restricted, stranger.person_id),
    ]
    assert (await link(hub, stranger.record_id, person_id, PRIYA)).status_code == 200
    refused.append(await unlink(hub, restricted))
    assert {answer.json()["code"] for answer in refused} == {"restricted_record"}
    assert (await unlink(hub, stranger.record_id, PRIYA)).status_code == 200


async def test_what_is_linked_to_them_is_redacted_too_and_opens_again_when_it_is_unlinked(hub: Hub) -> None:
    child, first, person_id = await a_restricted_child(hub)
    second = await send(hub, child)
    linked = await record_of(hub, second)
    path = f"/v1/referrals/{second['reference']}/people"
    [while_linked] = (await told(hub, "GET", path))["items"]
    assert (linked.person_id, linked.link_state) == (person_id, "provisional")
    assert (await unlink(hub, linked.record_id, PRIYA)).status_code == 200
    [alone] = (await told(hub, "GET", path))["items"]
    assert (while_linked["record"]["restricted"], alone["record"]["restricted"]) == (True, False)
    assert (await told(hub, "GET", f"/v1/people/{person_id}"))["restricted"]
    assert (await links_of(hub, first))["is_restricted"]


async def test_what_was_marked_keeps_its_mark_wherever_it_goes(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    await send(hub, child)
    record = await record_of(hub, await send(hub, child))
    assert (await restrict(hub, record.person_id)).json()["restricted"]
    assert (await unlink(hub, record.record_id, PRIYA)).status_code == 200
    moved = await ask(hub, "GET", f"/v1/people/{record.person_id}")
    now = await ask(
        hub, "GET", f"/v1/referrals/{(await _reference(hub, record.record_id))}/people", who=PRIYA
    )
    alone = now.json()["items"][0]["record"]["person_id"]
    assert moved.json()["restricted"]
    assert (await told(hub, "GET", f"/v1/people/{alone}"))["restricted"]
    history = (await told(hub, "GET", f"/v1/people/{alone}", who=PRIYA))["restrictions"]
    assert [line["person_id"] for line in history] == [str(record.person_id)]


async def _reference(hub: Hub, record_id: UUID) -> str:
    found = await hub.every(f"{URLS['intake']}/v1/referrals", await hub.as_staff(PRIYA))
    return next(
        str(one["reference"])
        for one in found
        if str(record_id) in [child["child_id"] for child in one["children"]]
    )


async def test_triage_is_told_of_their_links_in_full_and_that_they_are_restricted(hub: Hub) -> None:
    child, first, _ = await a_restricted_child(hub)
    second = await send(hub, child)
    links = await links_of(hub, second)
    assert links["is_restricted"]
    assert [(one["reference"], one["is_restricted"]) for one in links["linked"]] == [
        (first["reference"], True)
    ]
