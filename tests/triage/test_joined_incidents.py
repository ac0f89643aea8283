"""A case that several contacts joined says which of them tell of one incident; relations follow a join."""

from tests.hub import Hub
from tests.intake.known_people import a_known_child, send
from tests.triage.joined import Said, join, one_child_twice, one_mother_twice, undo
from tests.triage.test_relations import relate, related


def of_number(number: str) -> tuple[Said, Said]:
    """Return what the police say beside the rest, giving a number, and the school, quoting it."""
    return {"police": {"occurrence_number": number}}, {"sender_reference": f"EP-1 {number}"}


def a_worry(at: str | None) -> Said:
    worry = {"indicator": "domestic_abuse.child_present", "narrative": "Shouting.", "occurred_at": at}
    return {"concerns": [worry]}


async def joint(hub: Hub, first: Said, second: Said) -> tuple[Said, Said, Said, Said]:
    """Return the joint case of one child whom police and school sent, what each was told, and the join."""
    police, school = await one_child_twice(hub, first, second)
    case = await hub.case_of(police["reference"])
    made = await join(hub, school, case)
    return await hub.get_case(case["case_id"]), police, school, made


async def test_contacts_that_give_one_number_are_one_incident_and_stay_two_contacts(hub: Hub) -> None:
    case, police, school, _ = await joint(hub, *of_number("14/60001/26"))
    ids = [said["referral_id"] for said in (police, school)]
    assert case["incidents"] == [{"referral_ids": ids, "words": "They give the same occurrence number."}]
    assert [contact["referral_id"] for contact in case["contacts"]] == ids


async def test_a_child_that_a_person_confirmed_ties_contacts_of_the_same_hour(hub: Hub) -> None:
    near = a_worry("2026-11-20T22:40:00Z"), a_worry("2026-11-20T23:10:00Z")
    far = a_worry("2026-11-20T22:40:00Z"), a_worry("2026-11-21T22:40:00Z")
    cases = [(await joint(hub, *worries))[0] for worries in (near, far)]
    assert [len(case["incidents"]) for case in cases] == [1, 0]


async def test_children_who_are_not_one_are_not_tied_by_the_hour(hub: Hub) -> None:
    police, school = await one_mother_twice(hub)
    case = await hub.case_of(police["reference"])
    await join(hub, school, case)
    joint_case = await hub.get_case(case["case_id"])
    assert (len(joint_case["contacts"]), joint_case["incidents"]) == (2, [])


async def test_an_agency_is_told_of_no_incident_whose_other_contact_it_is_not_shown(hub: Hub) -> None:
    case, _, _, _ = await joint(hub, *of_number("14/60002/26"))
    for who in ("omar.khan", "ines.moreau"):
        seen = await hub.get_case(case["case_id"], who)
        known = {contact["referral_id"] for contact in seen["contacts"]}
        told = {referral_id for one in seen["incidents"] for referral_id in one["referral_ids"]}
        assert told <= known


async def test_an_incident_falls_apart_when_a_wrong_join_is_undone(hub: Hub) -> None:
    case, _, school, made = await joint(hub, *of_number("14/60003/26"))
    await undo(hub, made)
    assert (await hub.get_case(case["case_id"]))["incidents"] == []
    assert (await hub.case_of(school["reference"]))["incidents"] == []


async def test_what_was_related_to_a_case_is_related_to_the_one_its_contacts_joined(hub: Hub) -> None:
    police, school = await one_child_twice(hub)
    elsewhere = await hub.case_of((await send(hub, a_known_child()))["reference"])
    emptied = await hub.case_of(school["reference"])
    assert (await relate(hub, emptied["case_id"], elsewhere["case_id"])).status_code == 201
    case = await hub.case_of(police["reference"])
    made = await join(hub, school, case)
    here, there, gone = [await related(hub, one) for one in (case, elsewhere, emptied)]
    assert [line["related"]["case_id"] for line in here] == [elsewhere["case_id"]]
    assert [line["related"]["case_id"] for line in there] == [case["case_id"]]
    assert there[0]["related"]["references"] == [police["reference"], school["reference"]]
    assert [line["relation_id"] for line in gone] == [here[0]["relation_id"]]
    await undo(hub, made)
    assert await related(hub, case) == []
    assert [line["related"]["case_id"] for line in await related(hub, elsewhere)] == [emptied["case_id"]]
