"""Undoing and redoing links: a person's records are a tree, and nothing is lost when it is cut."""

import asyncio
from uuid import UUID

from sqlalchemy import select, text

from deploy.local.postgres import PostgresServer
from services.intake.actions import link_trees
from services.intake.models import PersonRecord
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.schemas.words import LinkState
from tests.hub import Hub
from tests.intake.known_people import (
    a_known_child,
    an_nhs_number,
    ask,
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


async def test_a_link_can_be_undone_and_made_again_and_all_of_it_is_kept(
    hub: Hub, server: PostgresServer
) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second = await send(hub, child), await send(hub, child)
    record, known = await record_of(hub, second), await record_of(hub, first)
    undone = await unlink(hub, record.record_id)
    apart = await record_of(hub, second)
    assert undone.json()["decision"]["verdict"] == "unlinked"
    assert apart.link_state == "own"
    assert apart.person_id != known.person_id
    assert (await links_of(hub, second))["linked"] == []
    assert (await link(hub, record.record_id, known.person_id)).status_code == 200
    assert (await record_of(hub, second)).person_id == known.person_id
    history = (await told(hub, "GET", f"/v1/people/{known.person_id}"))["history"]
    assert [(line["verdict"], line["by_machine"]) for line in history] == [
        ("linked", False),
        ("unlinked", False),
        ("linked", True),
    ]
    assert history[1]["reason"] == "They are cousins."
    assert await audited(server, "person.unlinked", record.record_id) == [{"moved": 1}]


async def test_an_undone_link_gives_a_record_its_own_person_back(hub: Hub) -> None:
    first, second = await send(hub, a_known_child()), await send(hub, a_known_child())
    own, known = (await record_of(hub, second)).person_id, await record_of(hub, first)
    assert (await link(hub, UUID(second["children"][0]["child_id"]), known.person_id)).status_code == 200
    assert (await ask(hub, "GET", f"/v1/people/{own}")).status_code == 404
    await unlink(hub, UUID(second["children"][0]["child_id"]))
    assert (await record_of(hub, second)).person_id == own


async def test_what_is_linked_to_a_record_goes_along_and_comes_back(hub: Hub) -> None:
    married = a_known_child(nhs_number=an_nhs_number())
    other = a_known_child()
    first, second, third = await send(hub, married), await send(hub, married), await send(hub, other)
    root, follower, elsewhere = [await record_of(hub, said) for said in (first, second, third)]
    assert (await link(hub, root.record_id, elsewhere.person_id)).status_code == 200
    joined = [(await record_of(hub, said)).person_id for said in (first, second, third)]
    assert set(joined) == {elsewhere.person_id}
    assert [one["is_confirmed"] for one in (await links_of(hub, third))["linked"]].count(False) == 1
    undone = (await unlink(hub, root.record_id)).json()
    assert set(undone["decision"]["moved_record_ids"]) == {str(root.record_id), str(follower.record_id)}
    back = [(await record_of(hub, said)) for said in (first, second, third)]
    assert [one.person_id for one in back] == [root.person_id, root.person_id, elsewhere.person_id]
    assert back[1].link_state == "provisional"


async def test_the_first_record_of_a_person_can_be_taken_out_of_it(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second, third = [await send(hub, child) for _ in range(3)]
    known = await record_of(hub, first)
    assert (await unlink(hub, known.record_id)).status_code == 200
    alone, *others = [await record_of(hub, said) for said in (first, second, third)]
    assert alone.link_state == "own"
    assert alone.person_id != known.person_id
    assert {one.person_id for one in others} == {known.person_id}
    assert sorted(one.link_state for one in others) == ["own", "provisional"]


async def test_a_record_that_stands_alone_cannot_be_unlinked(hub: Hub) -> None:
    said = await send(hub, a_known_child())
    answer = await unlink(hub, (await record_of(hub, said)).record_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_linked")


async def test_a_record_confirmed_elsewhere_must_be_unlinked_first(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second, other = await send(hub, child), await send(hub, child), await send(hub, a_known_child())
    record, known = await record_of(hub, second), await record_of(hub, first)
    await link(hub, record.record_id, known.person_id)
    answer = await link(hub, record.record_id, (await record_of(hub, other)).person_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_linked")


async def test_two_who_link_at_once_do_not_tear_a_person_apart(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second = await send(hub, child), await send(hub, child)
    one, other = await send(hub, a_known_child()), await send(hub, a_known_child())
    root = await record_of(hub, first)
    targets = [(await record_of(hub, said)).person_id for said in (one, other)]
    answers = await asyncio.gather(*(link(hub, root.record_id, target) for target in targets))
    assert {answer.status_code for answer in answers} <= {200, 409, 503}
    assert [answer.status_code for answer in answers].count(200) == 1
    assert (await record_of(hub, first)).person_id == (await record_of(hub, second)).person_id


async def test_no_record_is_ever_likened_to_one_of_another_person(hub: Hub) -> None:
    async with transaction(hub.sessions["intake"], "test") as tx:
        rows = (await tx.scalars(select(PersonRecord))).all()
    whose = {row.record_id: row.person_id for row in rows}
    torn = [row for row in rows if row.likened_to and whose[row.likened_to] != row.person_id]
    assert torn == []


async def test_a_question_asks_about_the_person_whose_record_was_moved_while_it_was_raised(hub: Hub) -> None:
    child = a_known_child()
    alike, other = await send(hub, child), await send(hub, a_known_child())
    to = await record_of(hub, other)
    said = await hub.send(a_referral(children=[child | {"date_of_birth": None, "nhs_number": None}]))

    async with transaction(hub.sessions["intake"], "test") as tx:
        moved = await tx.get_one(PersonRecord, UUID(alike["children"][0]["child_id"]))
        await link_trees.attach(tx, moved, to, LinkState.CONFIRMED, None, now=utc_now())
        matching = asyncio.create_task(hub.carry_events())
        while not await tx.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            assert not matching.done()
            await asyncio.sleep(0.02)
    await matching

    task = await task_about(hub, said)
    assert task is not None
    shown = await told(hub, "GET", f"/v1/matches/{task.match_id}")
    assert [one["person_id"] for one in shown["candidates"]] == [str(to.person_id)]
    answer = await decide(hub, task, "linked", to.person_id)
    assert answer.status_code == 200, answer.text
