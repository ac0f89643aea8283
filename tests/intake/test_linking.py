"""What staff decide about who is who: asked once, done in one step, undone without loss."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from deploy.local.postgres import PostgresServer
from services.intake.models import LinkDecision
from shared.platform.database import transaction
from tests.hub import Hub
from tests.intake.correcting import correct
from tests.intake.known_people import (
    DANA,
    a_known_child,
    an_adult,
    an_nhs_number,
    decide,
    link,
    links_of,
    record_of,
    send,
    task_about,
    told,
    unlink,
)
from tests.intake.looking import audited
from tests.referrals import a_referral

#: What two descriptions of one child may look like without anybody being sure.
VAGUE: dict[str, Any] = {"date_of_birth": None, "nhs_number": None}


async def a_question(hub: Hub) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return a child, the referral that made it known, and another that leaves a question."""
    child = a_known_child()
    first = await send(hub, child)
    second = await send(hub, child | VAGUE)
    assert await task_about(hub, second) is not None
    return child, first, second


async def test_a_task_shows_the_candidates_side_by_side_with_words_and_history(hub: Hub) -> None:
    _, first, second = await a_question(hub)
    task, known = await task_about(hub, second), await record_of(hub, first)
    assert task is not None
    shown = await told(hub, "GET", f"/v1/matches/{task.match_id}")
    [candidate] = shown["candidates"]
    assert shown["record"]["record_id"] == second["children"][0]["child_id"]
    assert shown["record"]["told"]["date_of_birth"] is None
    assert (candidate["person_id"], candidate["referrals_count"]) == (str(known.person_id), 1)
    assert [record["reference"] for record in candidate["records"]] == [first["reference"]]
    words = {line["evidence"]: line["words"] for line in candidate["likeness"]["fields"]}
    assert words["given"] == "same given name"
    assert words["birth"] == "date of birth not told in one of them"
    assert candidate["likeness"]["hazards"]
    assert candidate["likeness"]["weights_version"]


async def test_open_tasks_are_listed_the_longest_waiting_first(hub: Hub) -> None:
    _, _, one = await a_question(hub)
    _, _, other = await a_question(hub)
    listed = await _listed(hub)
    ours = [item["record"]["reference"] for item in listed]
    assert ours.index(one["reference"]) < ours.index(other["reference"])
    assert listed[0]["candidates_count"] >= 1


async def test_a_link_joins_the_record_to_the_person_and_closes_the_task(
    hub: Hub, server: PostgresServer
) -> None:
    _, first, second = await a_question(hub)
    task, known = await task_about(hub, second), await record_of(hub, first)
    assert task is not None
    answer = await decide(hub, task, "linked", known.person_id)
    assert answer.status_code == 200, answer.text
    record = await record_of(hub, second)
    assert (record.person_id, record.link_state) == (known.person_id, "confirmed")
    assert answer.json()["state"] == "decided"
    assert answer.json()["decision"]["verdict"] == "linked"
    assert await audited(server, "person.linked", record.record_id) == [{"moved": 1}]
    [linked] = (await links_of(hub, first))["linked"]
    assert (linked["record_id"], linked["is_confirmed"]) == (str(record.record_id), True)


async def test_saying_the_same_again_writes_nothing_and_otherwise_is_a_conflict(hub: Hub) -> None:
    _, first, second = await a_question(hub)
    task, known = await task_about(hub, second), await record_of(hub, first)
    assert task is not None
    for _ in range(2):
        assert (await decide(hub, task, "not_the_same", known.person_id)).status_code == 200
    otherwise = await decide(hub, task, "linked", known.person_id)
    assert (otherwise.status_code, otherwise.json()["code"]) == (409, "match_decided")
    assert len(await _decisions(hub, second)) == 1


async def test_only_a_candidate_of_the_task_can_be_decided_on(hub: Hub) -> None:
    _, _, second = await a_question(hub)
    task = await task_about(hub, second)
    assert task is not None
    answer = await decide(hub, task, "linked", uuid4())
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("#/person_id", "not_a_candidate")
    ]


@pytest.mark.parametrize("verdict", ["not_the_same", "unsure"])
async def test_what_a_person_said_is_not_asked_again(hub: Hub, verdict: str) -> None:
    child = a_known_child()
    first = await send(hub, child)
    sent = a_referral(children=[child | VAGUE])
    second = await hub.send(sent)
    await hub.carry_events()
    task, known = await task_about(hub, second), await record_of(hub, first)
    assert task is not None
    await decide(hub, task, verdict, known.person_id)
    # The sender says more: by itself this would be enough to be sure.
    await correct(hub, second["reference"], sent | {"children": [child]})
    await hub.carry_events()
    record, newest = await record_of(hub, second), await task_about(hub, second)
    assert newest is not None
    assert (record.version, record.link_state) == (2, "own")
    assert (newest.match_id, newest.state) == (task.match_id, "decided")


async def test_those_told_apart_are_not_asked_about_from_the_other_side_either(hub: Hub) -> None:
    child = a_known_child()
    sent = a_referral(children=[child])
    first = await hub.send(sent)
    await hub.carry_events()
    second = await send(hub, child | VAGUE)
    task, known = await task_about(hub, second), await record_of(hub, first)
    assert task is not None
    await decide(hub, task, "not_the_same", known.person_id)
    await correct(hub, first["reference"], sent | {"children": [child | {"sex": "U"}]})
    await hub.carry_events()
    assert await task_about(hub, first) is None


async def test_a_person_confirms_what_the_machine_linked(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second = await send(hub, child), await send(hub, child)
    record, known = await record_of(hub, second), await record_of(hub, first)
    before = (await links_of(hub, first))["linked"]
    answer = await link(hub, record.record_id, known.person_id)
    after = (await links_of(hub, first))["linked"]
    assert answer.json()["record"]["link_state"] == "confirmed"
    assert [one["is_confirmed"] for one in before + after] == [False, True]
    again = await link(hub, record.record_id, known.person_id)
    assert (again.status_code, again.json()["code"]) == (409, "already_linked")


async def test_the_machine_does_not_link_again_what_a_person_unlinked(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first = await send(hub, child)
    sent = a_referral(children=[child])
    second = await hub.send(sent)
    await hub.carry_events()
    await unlink(hub, UUID(second["children"][0]["child_id"]))
    await correct(hub, second["reference"], sent | {"children": [child | {"sex": "U"}]})
    await hub.carry_events()
    record = await record_of(hub, second)
    assert (record.version, record.link_state) == (2, "own")
    assert record.person_id != (await record_of(hub, first)).person_id
    assert await task_about(hub, second) is None


async def test_a_link_made_elsewhere_leaves_a_question_with_nothing_to_ask(hub: Hub) -> None:
    _, first, second = await a_question(hub)
    known, record = await record_of(hub, first), await record_of(hub, second)
    assert (await links_of(hub, second))["open_match_ids"] != []
    await link(hub, record.record_id, known.person_id)
    task = await task_about(hub, second)
    assert task is not None
    assert task.state == "overtaken"
    assert (await links_of(hub, second))["open_match_ids"] == []


async def test_a_changed_link_is_announced_with_every_child_it_touches(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second = await send(hub, child, adults=[an_adult()]), await send(hub, child)
    record = await record_of(hub, second)
    await unlink(hub, record.record_id)
    outbox = hub.mailboxes["intake"].outbox
    async with transaction(hub.sessions["intake"], "test") as tx:
        rows = await tx.scalars(
            select(outbox.c.payload)
            .where(outbox.c.event_type == "intake.link_changed.v1")
            .order_by(outbox.c.position)
        )
        payload = list(rows)[-1]
    expected = {said["children"][0]["child_id"] for said in (first, second)}
    assert set(payload["child_ids"]) == expected
    assert payload["person_id"] == str((await record_of(hub, second)).person_id)


async def _listed(hub: Hub) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = await told(hub, "GET", "/v1/matches?limit=1000", who=DANA)
    found += page["items"]
    while page["has_more"]:
        page = await told(hub, "GET", f"/v1/matches?limit=1000&cursor={page['next_cursor']}")
        found += page["items"]
    return found


async def _decisions(hub: Hub, said: dict[str, Any]) -> list[LinkDecision]:
    async with transaction(hub.sessions["intake"], "test") as tx:
        mine = LinkDecision.record_id == UUID(said["children"][0]["child_id"])
        return list(await tx.scalars(select(LinkDecision).where(mine)))
