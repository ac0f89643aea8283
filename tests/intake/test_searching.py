"""Finding a family, the family on one page, and that nobody looks without a reason."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import delete

from deploy.local.postgres import PostgresServer
from services.intake.models import PersonKey
from shared.platform.database import transaction
from tests.hub import Hub
from tests.intake.correcting import correct
from tests.intake.known_people import (
    a_known_child,
    a_surname,
    a_telephone,
    an_address,
    an_adult,
    an_nhs_number,
    ask,
    link,
    links_of,
    record_of,
    records_in,
    send,
    told,
)
from tests.intake.looking import audited
from tests.intake.restricting import misspelt
from tests.referrals import a_referral


def looking_for(**terms: Any) -> dict[str, Any]:
    return {"purpose": "new_contact", "reason": "The grandmother rang."} | terms


async def found(hub: Hub, **terms: Any) -> list[str]:
    """Return the references of the referrals in which somebody was found."""
    said = await told(hub, "POST", "/v1/people/search", looking_for(**terms))
    return [record["reference"] for item in said["items"] for record in item["records"]]


async def test_a_child_is_found_by_a_name_however_it_is_spelt(hub: Hub) -> None:
    child = a_known_child(given_name="Catherine", family_name="Thistlewraith" + a_surname())
    said = await send(hub, child)
    family = child["family_name"].replace("ph", "f")
    for name in (f"Catherine {family}", f"{family} kathryn", f"Katie {family}", family.upper()):
        assert said["reference"] in await found(hub, name=name)
    assert said["reference"] not in await found(hub, name=f"Jakub {family}")


async def test_a_record_indexed_before_there_were_such_keys_is_found_after_a_correction(hub: Hub) -> None:
    child = a_known_child(family_name="Oldindex" + a_surname())
    referral = a_referral(children=[child])
    said = await hub.send(referral)
    await hub.carry_events()
    async with transaction(hub.sessions["intake"], "test") as tx:
        of_child = PersonKey.record_id == UUID(said["children"][0]["child_id"])
        await tx.execute(delete(PersonKey).where(of_child))
    before = await found(hub, name=child["family_name"])
    await correct(hub, said["reference"], referral | {"actions_taken": "Rang the school."})
    await hub.carry_events()
    after = await found(hub, name=child["family_name"])
    assert (said["reference"] in before, said["reference"] in after) == (False, True)


@pytest.mark.parametrize(
    ("given_name", "typed"),
    [
        ("Joanna", "Johanna {family}"),
        ("Joanna", "J {family}"),
        ("Joanna", "{family} Joan"),
        ("Joanna", "Mrs {family}"),
        ("Joanna", "Joanna {beginning}"),
        ("Baby", "{family} baby"),
        (None, "unborn {family}"),
        ("Екатерина", "Katya {family}"),
        ("Katya", "{family} Екатерина"),
        ("Yusuf", "Youssef {family}"),
    ],
)
async def test_a_name_half_heard_or_in_another_alphabet_finds_the_family(
    hub: Hub, given_name: str | None, typed: str
) -> None:
    family = "Thistlewraith" + a_surname()
    said = await send(hub, a_known_child(given_name=given_name, family_name=family))
    name = typed.format(family=family, beginning=family[:7])
    assert said["reference"] in await found(hub, name=name)


async def test_a_number_like_those_of_the_door_is_enough_of_a_reference(hub: Hub) -> None:
    number = str(10**6 + uuid4().int % 10**6)
    said = await send(hub, a_known_child(), police={"occurrence_number": f"14/{number}/26"})
    assert said["reference"] in await found(hub, reference=number)
    assert said["reference"] in await found(hub, reference=said["reference"].removeprefix("SH-"))


async def test_an_address_heard_on_the_telephone_finds_the_family(hub: Hub) -> None:
    street = a_surname()
    home = {"lines": ["Flat 3", f"112b St {street} Road"], "town": "Northtown", "postcode": "NT4 2QZ"}
    said = await send(hub, a_known_child(address=home))
    for part in (f"112 Saint {street}", f"flat 3 {street} rd", f"{street}, nt4", f"112B {street}"):
        assert said["reference"] in await found(hub, address=part), part
    assert said["reference"] not in await found(hub, address=f"113 {street}")


async def test_someone_is_found_by_an_alias(hub: Hub) -> None:
    # It begins as no other invented name does: by its sound or its beginning nobody else can be meant.
    alias = "Quixo" + a_surname().lower()
    said = await send(hub, a_known_child(other_names=[{"family_name": alias, "kind": "former"}]))
    assert await found(hub, name=f"Maisie {alias}") == [said["reference"]]


async def test_whoever_is_called_just_so_stands_before_those_who_only_sound_alike(hub: Hub) -> None:
    child = a_known_child(given_name=a_surname())
    # Somebody else: of one person, all records stand together.
    sounds_so = misspelt(child)["family_name"]
    exact, alike = await send(hub, child), await send(hub, a_known_child(family_name=sounds_so))
    order = await found(hub, name=child["family_name"])
    assert order.index(exact["reference"]) < order.index(alike["reference"])
    newest_first = await found(hub, name=sounds_so)
    assert newest_first.index(alike["reference"]) < newest_first.index(exact["reference"])


async def test_an_adult_is_found_by_the_end_of_a_telephone_number(hub: Hub) -> None:
    surname, number = a_surname(), a_telephone()
    said = await send(hub, a_known_child(), adults=[an_adult(family_name=surname, telephone=number)])
    for typed in (number, number.replace(" ", ""), f"+44 {number[1:]}", number[-6:]):
        assert said["reference"] in await found(hub, telephone=typed, name=surname)
    assert said["reference"] not in await found(hub, telephone=f"01222{number[-6:]}", name=surname)


async def test_a_family_is_found_by_part_of_its_address(hub: Hub) -> None:
    home = an_address()
    said = await send(hub, a_known_child(address=home))
    house, street, _ = home["lines"][0].split()
    outward = home["postcode"].split()[0]
    for part in (home["postcode"], f"{house} {street}", f"{street} Lane, {outward}", f"{street} ln"):
        assert said["reference"] in await found(hub, address=part)
    assert said["reference"] not in await found(hub, address=f"{house}9 {street}")


async def test_a_family_is_found_by_any_reference_that_somebody_has(hub: Hub) -> None:
    force = f"14/{uuid4().int % 10**6}/26"
    sender = f"NP {uuid4().hex[:12]}"
    said = await send(hub, a_known_child(), sender_reference=sender, police={"occurrence_number": force})
    heard = said["reference"].lower().replace("0", "o").replace("1", "l")
    for reference in (said["reference"], heard, sender, sender.upper(), force, force.replace("/", "-")):
        assert said["reference"] in await found(hub, reference=reference)


async def test_all_that_is_given_must_fit(hub: Hub) -> None:
    child = a_known_child()
    said = await send(hub, child)
    postcode = child["address"]["postcode"]
    assert said["reference"] in await found(hub, name=child["family_name"], address=postcode)
    assert said["reference"] not in await found(hub, name=child["family_name"], address="ZZ1 1ZZ")


async def test_why_somebody_looked_is_kept_and_what_was_typed_is_not(
    hub: Hub, server: PostgresServer
) -> None:
    child = a_known_child()
    said = await send(hub, child)
    record = await record_of(hub, said)
    answer = await told(hub, "POST", "/v1/people/search", looking_for(name=child["family_name"]))
    found = len(answer["items"])
    facts = await audited(server, "people.searched", record.record_id)
    assert facts == [{"purpose": "new_contact", "terms": ["name"], "found": found}]
    owner = await asyncpg.connect(server.url.replace("+asyncpg", ""))
    try:
        row = await owner.fetchrow(
            "SELECT * FROM intake.people_search WHERE search_id = $1", UUID(answer["search_id"])
        )
    finally:
        await owner.close()
    told_why = (row["purpose"], row["reason"], row["found_count"])
    assert told_why == ("new_contact", "The grandmother rang.", found)
    assert child["family_name"] not in str(dict(row))


@pytest.mark.parametrize(
    ("form", "pointer", "code"),
    [
        ({"purpose": "new_contact", "reason": "Why not."}, "#", "nothing_to_look_for"),
        ({"name": "Example", "reason": "Why not."}, "#/purpose", "missing"),
        ({"name": "Example", "purpose": "new_contact", "reason": " "}, "#/reason", "blank"),
        ({"name": "Example", "purpose": "curious", "reason": "Why not."}, "#/purpose", "not_in_list"),
        (looking_for(telephone="960"), "#/telephone", "too_short"),
        (looking_for(name="--"), "#/name", "nothing_to_look_for"),
        (looking_for(address="?"), "#/address", "nothing_to_look_for"),
        (looking_for(reference="//"), "#/reference", "nothing_to_look_for"),
    ],
)
async def test_a_search_for_nothing_or_without_a_purpose_is_refused(
    hub: Hub, form: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await ask(hub, "POST", "/v1/people/search", form)
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


async def test_whoever_finds_too_many_is_told_that_there_are_more(hub: Hub) -> None:
    family = a_surname()
    children = [a_known_child(f"c{place}", family_name=family) for place in range(20)]
    for _ in range(6):
        await send(hub, *children)
    said = await told(hub, "POST", "/v1/people/search", looking_for(name=family))
    assert said["has_more"] is True
    assert sum(len(item["records"]) for item in said["items"]) == 100


async def test_a_person_is_read_under_every_name(hub: Hub, server: PostgresServer) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first = await send(hub, child)
    second = await send(hub, child | {"given_name": "Maisey"})
    known = await record_of(hub, first)
    person = await told(hub, "GET", f"/v1/people/{known.person_id}", who="ben.ashworth")
    assert [name["given_name"] for name in person["names"]] == ["Maisey", "Maisie"]
    assert [record["reference"] for record in person["records"]] == [second["reference"], first["reference"]]
    newest, oldest = person["records"]
    assert (newest["link_state"], oldest["link_state"]) == ("provisional", "own")
    assert newest["likeness"]["fields"]
    assert oldest["likeness"] is None
    assert len(await audited(server, "person.read", known.record_id)) == 1


async def test_a_family_is_one_page_adults_first_with_their_other_households(hub: Hub) -> None:
    mother = an_adult(telephone=a_telephone(), address=an_address())
    here = await send(hub, a_known_child(), adults=[mother])
    there = await send(hub, a_known_child(given_name="Jakub"), adults=[mother])
    [known], child = await records_in(hub, here), await record_of(hub, here)
    family = await told(hub, "GET", f"/v1/families/{child.person_id}")
    assert [member["kind"] for member in family["members"]] == ["adult", "child"]
    adult = family["members"][0]
    assert adult["person_id"] == str(known.person_id)
    [home] = adult["other_households"]
    assert home["reference"] == there["reference"]
    assert [record["kind"] for record in home["records"]] == ["adult", "child"]
    assert family["members"][1]["other_households"] == []


async def test_triage_is_told_of_links_with_what_is_confirmed_told_apart(hub: Hub) -> None:
    child = a_known_child(nhs_number=an_nhs_number())
    first, second, third = [await send(hub, child) for _ in range(3)]
    known = await record_of(hub, first)
    await link(hub, (await record_of(hub, second)).record_id, known.person_id)
    said = await links_of(hub, first)
    assert (said["person_id"], said["link_state"]) == (str(known.person_id), "own")
    by_referral = {one["referral_id"]: one["is_confirmed"] for one in said["linked"]}
    assert by_referral == {second["referral_id"]: True, third["referral_id"]: False}
    from_third = {one["referral_id"]: one["is_confirmed"] for one in (await links_of(hub, third))["linked"]}
    assert set(from_third.values()) == {False}
