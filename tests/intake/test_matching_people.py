"""Who a child is, as it comes through the door: linked, asked about or new, on the real database."""

import asyncio
from uuid import UUID

from sqlalchemy import select

from deploy.local.postgres import PostgresServer
from services.intake import app as intake
from services.intake import events
from services.intake.models import MAILBOX, PersonKey, PersonRecord
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.platform.delivery import deliver
from shared.platform.subscriptions import Workplace
from shared.schemas.events import ReferralReceived
from shared.schemas.ids import AgencyId, ReferralId
from tests.hub import Hub, agency_id_of
from tests.intake.correcting import POLICE, correct
from tests.intake.known_people import (
    a_known_child,
    a_surname,
    a_telephone,
    an_address,
    an_adult,
    an_nhs_number,
    link,
    links_of,
    record_of,
    records_in,
    send,
    task_about,
)
from tests.intake.looking import audited
from tests.referrals import a_referral


async def test_a_child_nobody_knows_is_a_new_person(hub: Hub) -> None:
    said = await send(hub, a_known_child())
    record = await record_of(hub, said)
    assert (record.kind, record.link_state, record.likened_to) == ("child", "own", None)
    assert record.own_person_id == record.person_id
    assert await task_about(hub, said) is None


async def test_a_child_surely_known_is_linked_until_someone_confirms_it(
    hub: Hub, server: PostgresServer
) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second = await send(hub, child), await send(hub, child)
    known, record = await record_of(hub, first), await record_of(hub, second)
    assert (record.person_id, record.link_state) == (known.person_id, "provisional")
    assert record.likened_to == known.record_id
    assert record.evidence is not None
    assert record.evidence["weights"]
    assert record.evidence["probability"] > 0.95
    assert await task_about(hub, second) is None
    assert await audited(server, "people.matched", second["referral_id"]) == [
        {"version": 1, "provisional": 1}
    ]


async def test_a_name_written_another_way_and_swapped_days_find_the_child(hub: Hub) -> None:
    child = a_known_child(given_name="Catherine", date_of_birth="2016-05-08", nhs_number=an_nhs_number())
    first = await send(hub, child)
    again = await send(hub, child | {"given_name": "Kathryn", "date_of_birth": "2016-08-05"})
    assert (await record_of(hub, again)).person_id == (await record_of(hub, first)).person_id


async def test_a_name_alone_links_nobody(hub: Hub) -> None:
    child = a_known_child()
    first = await send(hub, child)
    again = await send(hub, child | {"date_of_birth": None, "address": None, "sex": None})
    assert (await record_of(hub, again)).link_state == "own"
    assert (await record_of(hub, again)).person_id != (await record_of(hub, first)).person_id


async def test_twins_are_two_persons_and_each_is_found_again(hub: Hub) -> None:
    twin = a_known_child("c1", given_name="Amira")
    other = twin | {"sender_child_reference": "c2", "given_name": "Layla"}
    first = await send(hub, twin, other)
    again = await send(hub, twin, other)
    known = [await record_of(hub, first, place) for place in (0, 1)]
    found = [await record_of(hub, again, place) for place in (0, 1)]
    assert known[0].person_id != known[1].person_id
    assert [record.person_id for record in found] == [record.person_id for record in known]


async def test_a_twin_who_is_not_known_is_never_linked_to_the_other(hub: Hub) -> None:
    twin = a_known_child(given_name="Amira")
    first = await send(hub, twin)
    again = await send(hub, twin | {"given_name": "Layla"})
    assert (await record_of(hub, again)).link_state == "own"
    assert (await record_of(hub, again)).person_id != (await record_of(hub, first)).person_id


async def test_two_children_who_share_a_number_by_error_are_not_linked(hub: Hub) -> None:
    number = an_nhs_number()
    first = await send(hub, a_known_child(given_name="Amira", nhs_number=number))
    again = await send(hub, a_known_child(given_name="Jakub", sex="M", nhs_number=number))
    record = await record_of(hub, again)
    assert record.link_state == "own"
    assert record.person_id != (await record_of(hub, first)).person_id


async def test_an_unborn_child_later_born_is_asked_about(hub: Hub) -> None:
    home, family = an_address(), a_surname()
    unborn = a_known_child(
        given_name="Unborn",
        family_name=family,
        date_of_birth=None,
        expected_date_of_birth="2026-12-20",
        sex="U",
        address=home,
    )
    first = await send(hub, unborn)
    born = a_known_child(
        given_name="Isla", family_name=family, date_of_birth="2026-12-14", sex="F", address=home
    )
    again = await send(hub, born)
    assert (await record_of(hub, again)).person_id != (await record_of(hub, first)).person_id
    task = await task_about(hub, again)
    assert task is not None
    assert task.state == "open"


async def test_two_persons_who_exist_are_never_joined_by_the_machine(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    vague = child | {"date_of_birth": None, "nhs_number": None, "address": None}
    first = await send(hub, child)
    sent = a_referral(children=[vague])
    second = await hub.send(sent)
    await hub.carry_events()
    await correct(hub, second["reference"], sent | {"children": [child]})
    await hub.carry_events()
    record = await record_of(hub, second)
    assert (record.version, record.link_state) == (2, "own")
    assert record.person_id != (await record_of(hub, first)).person_id
    task = await task_about(hub, second)
    assert task is not None
    assert task.state == "open"


async def test_one_referrals_own_people_are_never_each_other(hub: Hub) -> None:
    child = a_known_child("c1", nhs_number=an_nhs_number())
    said = await send(hub, child, child | {"sender_child_reference": "c2"})
    records = [await record_of(hub, said, place) for place in (0, 1)]
    assert records[0].person_id != records[1].person_id
    assert {record.link_state for record in records} == {"own"}


async def test_two_of_one_referral_who_may_be_the_same_person_are_asked_about(hub: Hub) -> None:
    child = a_known_child("c1", nhs_number=an_nhs_number())
    await send(hub, child)
    said = await send(hub, child, child | {"sender_child_reference": "c2"})
    for place in (0, 1):
        assert (await record_of(hub, said, place)).link_state == "own"
        assert await task_about(hub, said, place) is not None


async def test_adults_are_known_again_in_another_family(hub: Hub) -> None:
    mother = an_adult(telephone=a_telephone(), address=an_address())
    first = await send(hub, a_known_child(), adults=[mother])
    again = await send(hub, a_known_child(), adults=[mother])
    [known], [record] = await records_in(hub, first), await records_in(hub, again)
    assert (record.person_id, record.link_state) == (known.person_id, "provisional")


async def test_a_later_version_keeps_its_people_and_takes_in_new_ones(hub: Hub) -> None:
    mother, child = an_adult(), a_known_child()
    sent = a_referral(children=[child], adults=[mother])
    said = await hub.send(sent)
    await hub.carry_events()
    [before] = await records_in(hub, said)
    uncle = an_adult(given_name="Peter")
    await correct(hub, said["reference"], sent | {"adults": [uncle, mother | {"telephone": "01632 960555"}]})
    await hub.carry_events()
    after = {record.told["name"]["given_name"]: record for record in await records_in(hub, said)}
    assert set(after) == {"Joanna", "Peter"}
    assert (after["Joanna"].record_id, after["Joanna"].version) == (before.record_id, 2)
    assert after["Joanna"].told["telephone"] == "01632 960555"


async def test_a_correction_undoes_a_link_that_nobody_confirmed(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first = await send(hub, child)
    sent = a_referral(children=[child])
    second = await hub.send(sent)
    await hub.carry_events()
    assert (await record_of(hub, second)).link_state == "provisional"
    other = a_known_child(given_name="Jakub", sex="M", nhs_number=an_nhs_number())
    await correct(hub, second["reference"], sent | {"children": [other]})
    await hub.carry_events()
    record = await record_of(hub, second)
    assert record.link_state == "own"
    assert record.person_id != (await record_of(hub, first)).person_id
    assert (await links_of(hub, first))["linked"] == []


async def test_a_correction_leaves_what_a_person_confirmed(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first = await send(hub, child)
    sent = a_referral(children=[child])
    second = await hub.send(sent)
    await hub.carry_events()
    record, known = await record_of(hub, second), await record_of(hub, first)
    assert (await link(hub, record.record_id, known.person_id)).status_code == 200
    other = a_known_child(given_name="Jakub", sex="M")
    await correct(hub, second["reference"], sent | {"children": [other]})
    await hub.carry_events()
    after = await record_of(hub, second)
    assert (after.person_id, after.link_state, after.version) == (known.person_id, "confirmed", 2)


async def test_versions_heard_of_in_any_order_end_the_same(hub: Hub) -> None:
    sent = a_referral(children=[a_known_child()])
    said = await hub.send(sent)
    await correct(hub, said["reference"], sent | {"children": [a_known_child(given_name="Renamed")]})
    for version in (2, 1):
        await _hear(hub, said["referral_id"], version)
    record = await record_of(hub, said)
    assert (record.version, record.told["name"]["given_name"]) == (2, "Renamed")


async def test_an_event_delivered_twice_makes_one_record(hub: Hub) -> None:
    said = await send(hub, a_known_child(), adults=[an_adult()])
    keys = await _keys_of(hub, said)
    hub.forget_carried("intake")
    await hub.carry_events()
    assert len(await records_in(hub, said)) == 1
    assert await _keys_of(hub, said) == keys


async def test_one_new_child_told_of_twice_at_once_is_one_person_or_a_question(hub: Hub) -> None:
    for _ in range(4):
        child = a_known_child(nhs_number=an_nhs_number())
        said = [await hub.send(a_referral(children=[child])) for _ in range(3)]
        await asyncio.gather(*(_hear(hub, one["referral_id"], 1) for one in said))
        people = {(await record_of(hub, one)).person_id for one in said}
        assert len(people) == 1


async def test_a_child_sent_hundreds_of_times_is_still_found(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    known = await record_of(hub, await send(hub, child))
    async with transaction(hub.sessions["intake"], "test") as tx:
        keys = list(await tx.scalars(select(PersonKey.k).where(PersonKey.record_id == known.record_id)))
        for number in range(250):
            copy = PersonRecord(
                **{column.name: getattr(known, column.name) for column in PersonRecord.__table__.columns}
                | {
                    "record_id": UUID(int=known.record_id.int + number + 1),
                    "link_state": "confirmed",
                    "likened_to": known.record_id,
                    "own_person_id": None,
                }
            )
            tx.add(copy)
            tx.add_all(PersonKey(k=key, record_id=copy.record_id) for key in keys)
    again = await record_of(hub, await send(hub, child))
    assert (again.person_id, again.link_state) == (known.person_id, "provisional")


async def test_what_is_announced_carries_ids_alone(hub: Hub) -> None:
    child = a_known_child()
    said = await send(hub, child)
    outbox = hub.mailboxes["intake"].outbox
    async with transaction(hub.sessions["intake"], "test") as tx:
        rows = await tx.scalars(
            select(outbox.c.payload).where(outbox.c.event_type == "intake.people_matched.v1")
        )
        [payload] = [row for row in rows if row["referral_id"] == said["referral_id"]]
    record = await record_of(hub, said)
    assert payload["person_ids"] == [str(record.person_id)]
    assert child["family_name"] not in str(payload)


async def _hear(hub: Hub, referral_id: str, version: int) -> None:
    event = ReferralReceived(
        referral_id=ReferralId(UUID(referral_id)),
        version=version,
        agency_id=AgencyId(agency_id_of(POLICE)),
        occurred_at=utc_now(),
    )
    [handler] = events.SUBSCRIPTIONS[ReferralReceived]
    here = intake.here_of(hub.settings["intake"])
    await deliver(event, handler, Workplace(MAILBOX, hub.sessions["intake"], here))


async def _keys_of(hub: Hub, said: dict[str, object]) -> int:
    records = await records_in(hub, said)
    async with transaction(hub.sessions["intake"], "test") as tx:
        mine = PersonKey.record_id.in_([record.record_id for record in records])
        return len(list(await tx.scalars(select(PersonKey.k).where(mine))))
