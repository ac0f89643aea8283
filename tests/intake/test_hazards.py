"""What makes one child look like two and two like one, each sent as agencies send it."""

from typing import Any

import pytest

from services.intake.models import PersonRecord
from tests.hub import Hub
from tests.intake.correcting import correct
from tests.intake.known_people import (
    a_birthday,
    a_known_child,
    a_surname,
    a_telephone,
    an_address,
    an_adult,
    an_nhs_number,
    ask,
    decide,
    link,
    record_of,
    send,
    task_about,
    told,
    unlink,
)
from tests.referrals import a_referral

Child = dict[str, Any]


async def came_again(
    hub: Hub, first: Child, again: Child
) -> tuple[PersonRecord, PersonRecord, dict[str, Any] | None]:
    """Send two children in turn; return their records, and what is asked of one about the other."""
    one, other = await send(hub, first), await send(hub, again)
    known, record = await record_of(hub, one), await record_of(hub, other)
    task = await task_about(hub, other)
    if task is None:
        return known, record, None
    candidates = (await told(hub, "GET", f"/v1/matches/{task.match_id}"))["candidates"]
    return known, record, next((c for c in candidates if c["person_id"] == str(known.person_id)), None)


def words_of(candidate: dict[str, Any]) -> dict[str, str]:
    return {line["evidence"]: line["words"] for line in candidate["likeness"]["fields"]}


@pytest.mark.parametrize(
    ("given", "again", "evidence", "words"),
    [
        ({}, {"address": "another"}, "address", "other address"),
        ({"date_of_birth": "2016-05-08"}, {"date_of_birth": "2016-08-05"}, "birth", "swapped"),
        ({"given_name": "Yekaterina"}, {"given_name": "Екатерина"}, "given", "same given name"),
        ({"given_name": "Mohammed"}, {"given_name": "Muhammad"}, "given", "spelt another way"),
        ({"given_name": "Katherine"}, {"given_name": "Katie"}, "given", "short for"),
        ({}, {"turned": True}, "given", "wrong way round"),
        ({}, {"family_name": "another", "was": "former"}, "family", "same family name"),
        ({}, {"family_name": "another", "was": None}, "family", "other family name"),
    ],
    ids=[
        "a mover",
        "day and month swapped",
        "another alphabet",
        "transliterated otherwise",
        "nickname",
        "wrong way round",
        "changed name, the former one given",
        "adopted, the former name not given",
    ],
)
async def test_one_child_is_linked_or_asked_about_with_the_difference_in_words(
    hub: Hub, given: Child, again: Child, evidence: str, words: str
) -> None:
    child = a_known_child(**({"nhs_number": an_nhs_number()} | given))
    changed = child | {name: value for name, value in again.items() if name not in {"was", "turned"}}
    if again.get("address"):
        changed["address"] = an_address() | {"town": "Southport", "postcode": "SP1 1AA"}
    if again.get("family_name"):
        changed["family_name"] = a_surname()
    if again.get("was"):
        changed["other_names"] = [{"family_name": child["family_name"], "kind": again["was"]}]
    if again.get("turned"):
        changed |= {"given_name": child["family_name"], "family_name": child["given_name"]}
    known, record, asked = await came_again(hub, child, changed)
    if record.person_id == known.person_id:
        person = await told(hub, "GET", f"/v1/people/{known.person_id}")
        likeness = {"likeness": person["records"][0]["likeness"]}
        assert record.link_state == "provisional"
    else:
        assert asked is not None
        likeness = asked
    assert words in words_of(likeness)[evidence]


async def test_twins_are_asked_about_and_never_linked_to_each_other(hub: Hub) -> None:
    twin = a_known_child(given_name="Amira")
    known, record, asked = await came_again(hub, twin, twin | {"given_name": "Layla"})
    assert (record.link_state, record.person_id != known.person_id) == ("own", True)
    assert asked is None or any("twin" in words for words in asked["likeness"]["hazards"])


async def test_a_brother_is_nobody_elses_record(hub: Hub) -> None:
    child = a_known_child()
    brother = child | {"given_name": "Jakub", "date_of_birth": a_birthday(), "sex": "M"}
    known, record, asked = await came_again(hub, child, brother)
    assert (record.link_state, record.person_id != known.person_id, asked) == ("own", True, None)


async def test_the_new_family_at_an_old_address_is_not_the_one_that_left(hub: Hub) -> None:
    known, record, asked = await came_again(
        hub,
        child := a_known_child(),
        a_known_child(given_name="Jakub", sex="M", address=child["address"]),
    )
    assert (record.link_state, record.person_id != known.person_id, asked) == ("own", True, None)


async def test_a_default_date_is_never_sure_and_is_asked_about(hub: Hub) -> None:
    child = a_known_child(date_of_birth="2018-01-01")
    known, record, asked = await came_again(hub, child, child)
    assert (record.link_state, record.person_id != known.person_id) == ("own", True)
    assert asked is not None
    assert any("not known" in words for words in asked["likeness"]["hazards"])


async def test_two_children_with_one_number_are_both_kept_and_the_question_says_so(hub: Hub) -> None:
    number = an_nhs_number()
    child = a_known_child(given_name="Amira", nhs_number=number)
    known, record, asked = await came_again(
        hub, child, a_known_child(given_name="Jakub", sex="M", nhs_number=number)
    )
    assert (record.link_state, record.person_id != known.person_id) == ("own", True)
    assert asked is not None
    assert words_of(asked)["number"] == "same NHS number"
    assert (
        "One NHS number, but other names and dates: the number may be wrong in one."
        in (asked["likeness"]["hazards"])
    )
    for one in (known, record):
        assert len((await told(hub, "GET", f"/v1/people/{one.person_id}"))["records"]) == 1


async def test_a_rare_name_alone_is_never_sure(hub: Hub) -> None:
    child = a_known_child(given_name="Zephyrine")
    alone = {"date_of_birth": None, "address": None, "sex": None, "nhs_number": None}
    known, record, asked = await came_again(hub, child, child | alone)
    assert (record.link_state, record.person_id != known.person_id) == ("own", True)
    assert asked is not None


async def test_what_was_decided_is_remembered_for_a_third_referral_of_the_same_child(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    cousin = child | {"date_of_birth": None, "nhs_number": None}
    first, second = await send(hub, child), await send(hub, cousin)
    known, task = await record_of(hub, first), await task_about(hub, second)
    assert task is not None
    await decide(hub, task, "not_the_same", known.person_id)
    sent = a_referral(children=[child])
    third = await hub.send(sent)
    await hub.carry_events()
    assert (await record_of(hub, third)).person_id == known.person_id
    await correct(hub, third["reference"], sent | {"children": [child | {"sex": "U"}]})
    await hub.carry_events()
    assert (await record_of(hub, third)).person_id == known.person_id
    apart = await record_of(hub, second)
    assert apart.person_id not in {known.person_id, (await record_of(hub, third)).person_id}
    open_ones = await told(hub, "GET", f"/v1/people/{apart.person_id}")
    assert open_ones["open_matches"] == []


async def test_a_link_undone_leaves_exactly_what_was_before(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second = await send(hub, child), await send(hub, child | {"given_name": "Maisey"})
    known = await record_of(hub, first)
    other = await record_of(hub, await send(hub, a_known_child()))
    before = [await _as_it_stands(hub, one) for one in (known.person_id, other.person_id)]
    assert (await link(hub, other.record_id, known.person_id)).status_code == 200
    gone = await ask(hub, "GET", f"/v1/people/{other.person_id}")
    assert gone.status_code == 404
    assert (await unlink(hub, other.record_id)).status_code == 200
    after = [await _as_it_stands(hub, one) for one in (known.person_id, other.person_id)]
    assert after == before
    assert len(before[0]) == len({first["reference"], second["reference"]})


async def _as_it_stands(hub: Hub, person_id: Any) -> list[dict[str, Any]]:
    """Return the records of a person but for when they came to stand there."""
    records = (await told(hub, "GET", f"/v1/people/{person_id}"))["records"]
    return [{name: value for name, value in record.items() if name != "linked_at"} for record in records]


async def test_a_mother_under_her_former_name_is_known_again(hub: Hub) -> None:
    mother = an_adult(telephone=a_telephone(), address=an_address())
    married = mother | {
        "family_name": a_surname(),
        "other_names": [{"family_name": mother["family_name"], "kind": "former"}],
    }
    first = await send(hub, a_known_child(), adults=[mother])
    again = await send(hub, a_known_child(), adults=[married])
    people = [await told(hub, "GET", f"/v1/referrals/{said['reference']}/people") for said in (first, again)]
    persons = [
        item["record"]["person_id"]
        for said in people
        for item in said["items"]
        if item["record"]["kind"] == "adult"
    ]
    assert len(set(persons)) == 1
