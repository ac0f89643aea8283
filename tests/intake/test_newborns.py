"""A child who was expected is asked about when a baby comes, whatever has changed by then but the mother."""

from typing import Any

import pytest

from tests.hub import Hub
from tests.intake.correcting import correct
from tests.intake.expected import an_unborn_child, days_ago
from tests.intake.known_people import (
    a_known_child,
    a_surname,
    a_telephone,
    an_address,
    an_adult,
    decide,
    link,
    record_of,
    records_in,
    send,
    task_about,
    told,
)
from tests.referrals import a_referral

MOVED = {"address": "another"}
FATHERS_NAME = {"family_name": "the father's"}
NOTHING_TOLD = {"family_name": None, "address": None}


async def expected_then_born(
    hub: Hub, unborn: dict[str, Any], born: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Send an unborn child with its mother, then a newborn child with her."""
    mother = an_adult(address=an_address(), telephone=a_telephone())
    family = {"family_name": mother["family_name"], "address": mother["address"]}
    first = await send(hub, an_unborn_child(12, **(family | unborn)), adults=[mother])
    changed = {"another": an_address(), "the father's": a_surname()}
    born = {
        name: changed.get(value, value) if isinstance(value, str) else value for name, value in born.items()
    }
    baby = a_known_child(**(family | {"date_of_birth": days_ago(10), "voice": None} | born))
    if "address" in born:
        mother = mother | {"address": born["address"]}
    return first, await send(hub, baby, adults=[mother])


async def asked_about(hub: Hub, said: dict[str, Any], place: int = 0) -> set[str]:
    """Return the persons whom a child of a referral may be, by the newest task about it."""
    task = await task_about(hub, said, place)
    if task is None:
        return set()
    asked = await told(hub, "GET", f"/v1/matches/{task.match_id}")
    return {one["person_id"] for one in asked["candidates"]}


@pytest.mark.parametrize("given_name", ["Isla", "Baby", None])
@pytest.mark.parametrize(
    ("unborn", "born"),
    [
        ({}, {}),
        ({}, MOVED),
        ({}, FATHERS_NAME),
        ({}, MOVED | FATHERS_NAME),
        (NOTHING_TOLD, {}),
        (NOTHING_TOLD, NOTHING_TOLD),
        ({}, {"date_of_birth": days_ago(12 + 63)}),
        ({}, {"date_of_birth": None}),
    ],
    ids=[
        "as told",
        "moved",
        "father's name",
        "moved, father's name",
        "nothing told",
        "nothing told at all",
        "early",
        "no date",
    ],
)
async def test_a_newborn_child_is_never_lost(
    hub: Hub, unborn: dict[str, Any], born: dict[str, Any], given_name: str | None
) -> None:
    first, second = await expected_then_born(hub, unborn, born | {"given_name": given_name})
    baby, expected = await record_of(hub, second), await record_of(hub, first)
    if born == {"date_of_birth": None} and baby.person_id == expected.person_id:
        return
    assert str(expected.person_id) in await asked_about(hub, second)


async def test_the_task_says_in_words_how_due_date_birth_and_mother_fit(hub: Hub) -> None:
    first, second = await expected_then_born(
        hub, {"expected_date_of_birth": "2026-02-14"}, {"given_name": "Isla", "date_of_birth": "2026-02-16"}
    )
    task, expected = await task_about(hub, second), await record_of(hub, first)
    assert task is not None
    path = f"/v1/matches/{task.match_id}"
    candidate = (await told(hub, "GET", path))["candidates"][0]
    words = "An unborn child expected 14 February 2026, born 16 February 2026"
    unconfirmed = f"{words} to a mother the hub takes for the same; nobody has confirmed it."
    assert (candidate["birth"], candidate["person_id"]) == (unconfirmed, str(expected.person_id))
    [mother] = await records_in(hub, second)
    await link(hub, mother.record_id, mother.person_id)
    candidate = (await told(hub, "GET", path))["candidates"][0]
    assert candidate["birth"] == f"{words} to the same mother."


async def test_twins_who_were_expected_are_each_asked_about(hub: Hub) -> None:
    mother = an_adult(address=an_address(), telephone=a_telephone())
    first = await send(hub, an_unborn_child(12), an_unborn_child(12), adults=[mother])
    expected = {str((await record_of(hub, first, place)).person_id) for place in (0, 1)}
    born = [
        a_known_child(f"c{place}", given_name=name, date_of_birth=days_ago(10))
        for place, name in enumerate(("Isla", "Orla"))
    ]
    second = await send(hub, *born, adults=[mother])
    for place in (0, 1):
        assert expected <= await asked_about(hub, second, place)


async def test_a_later_child_of_the_same_mother_is_not_asked_about(hub: Hub) -> None:
    mother = an_adult(address=an_address(), telephone=a_telephone())
    first = await send(hub, an_unborn_child(700), adults=[mother])
    second = await send(hub, a_known_child(given_name="Isla", date_of_birth=days_ago(10)), adults=[mother])
    assert str((await record_of(hub, first)).person_id) not in await asked_about(hub, second)


async def test_a_child_that_a_person_told_apart_from_the_one_expected_is_not_asked_about_again(
    hub: Hub,
) -> None:
    mother = an_adult(address=an_address(), telephone=a_telephone())
    first = await send(hub, an_unborn_child(12), adults=[mother])
    sent = a_referral(
        children=[a_known_child(given_name="Isla", date_of_birth=days_ago(10))], adults=[mother]
    )
    second = await hub.send(sent)
    await hub.carry_events()
    task, expected = await task_about(hub, second), await record_of(hub, first)
    assert task is not None
    assert (await decide(hub, task, "not_the_same", expected.person_id)).status_code == 200
    renamed = sent["children"][0] | {"given_name": "Isolde"}
    await correct(hub, second["reference"], sent | {"children": [renamed]})
    await hub.carry_events()
    assert (await record_of(hub, second)).version == 2
    newest = await task_about(hub, second)
    assert newest is not None
    asked = (await told(hub, "GET", f"/v1/matches/{newest.match_id}"))["candidates"]
    assert [one["verdict"] for one in asked if one["person_id"] == str(expected.person_id)] in (
        [],
        ["not_the_same"],
    )
