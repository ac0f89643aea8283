"""Several notices of one incident: on a chronology each stays a line, and all say that they are one."""

from datetime import timedelta
from typing import Any

import httpx

from services.triage.app import create_app
from tests.hub import Hub
from tests.intake.known_people import a_known_child, an_nhs_number, record_of
from tests.intake.restricting import PRIYA, restrict
from tests.referrals import a_referral
from tests.triage.closing import let_in
from tests.triage.test_chronology import ask, confirm, read
from tests.triage.versions import send_version

POLICE, SCHOOL, HEALTH = "northshire-police", "example-primary", "northshire-health"
Said = dict[str, Any]


def a_worry(at: str | None = "2026-11-20T22:40:00Z", **given: Any) -> Said:
    return {
        "indicator": "domestic_abuse.child_present",
        "narrative": "Shouting, and a child on the stairs.",
        "occurred_at": at,
    } | given


def a_notice(child: Said, *concerns: Said, **given: Any) -> Said:
    return a_referral(children=[child], concerns=list(concerns) or [a_worry()], **given)


async def notices(hub: Hub, *sent: tuple[str, Said]) -> list[Said]:
    """Send contacts that are about one child, have a person confirm it, and return what senders were told."""
    answers = []
    for client_id, referral in sent:
        answers.append(await hub.send(referral, client_id))
        await hub.carry_events()
        if len(answers) > 1:
            await confirm(hub, answers[-1])
    return answers


async def chronology_of(hub: Hub, said: Said, who: str = "dana.reid") -> Said:
    return await read(hub, await hub.case_of(said["reference"]), who)


def contacts_in(found: Said) -> list[Said]:
    return [line for line in found["items"] if line["kind"] == "contact"]


def of_one_incident(found: Said) -> list[str]:
    return [line["reference"] for line in contacts_in(found) if line["incident"]]


def a_child() -> Said:
    return a_known_child(nhs_number=an_nhs_number())


async def test_three_notices_of_one_incident_stay_three_lines_and_are_counted_as_one(hub: Hub) -> None:
    child, number = a_child(), "14/88213/26"
    police, school, health = await notices(
        hub,
        (POLICE, a_notice(child, police={"occurrence_number": number})),
        (SCHOOL, a_notice(child, a_worry(None, since_on="2026-11-20"), sender_reference=f"EP {number}")),
        (HEALTH, a_notice(child, a_worry("2026-11-20T22:15:00Z"))),
    )
    found = await chronology_of(hub, school)
    marks = [line["incident"] for line in contacts_in(found)]
    assert of_one_incident(found) == [each["reference"] for each in (police, school, health)]
    assert {mark["incident_id"] for mark in marks} == {police["referral_id"]}
    assert {mark["words"] for mark in marks} == {
        "They give the same occurrence number, or tell of a worry of the same kind about the same child,"
        " within 60 minutes."
    }
    assert (found["contacts_12m"], found["incidents_12m"]) == (3, 1)
    assert {line["incident"] for line in found["items"] if line["kind"] != "contact"} == {None}
    assert found["items"] == (await chronology_of(hub, school))["items"]


async def test_what_only_goes_on_since_the_same_day_is_not_one_incident(hub: Hub) -> None:
    child = a_child()
    since = a_worry(None, since_on="2026-11-20")
    _, second = await notices(hub, (POLICE, a_notice(child, since)), (SCHOOL, a_notice(child, since)))
    found = await chronology_of(hub, second)
    assert of_one_incident(found) == []
    assert (found["contacts_12m"], found["incidents_12m"]) == (2, 2)


async def test_rules_go_on_counting_each_contact(hub: Hub) -> None:
    child = a_child()
    _, _, third = await notices(
        hub, *((who, a_notice(child, sender_reference="14/70001/26")) for who in (SCHOOL, HEALTH)),
        (POLICE, a_notice(child, police={"occurrence_number": "14/70001/26"})),
    )  # fmt: skip
    case = await hub.case_of(third["reference"])
    found = await read(hub, case)
    fired = [rule["rule_id"] for rule in case["children"][0]["recommendation"]["fired"]]
    assert (found["contacts_12m"], found["incidents_12m"]) == (3, 1)
    assert any("contacts" in rule for rule in fired), fired


async def test_a_link_that_nobody_has_confirmed_is_held_together_by_the_number_alone(hub: Hub) -> None:
    by_time, by_number = a_child(), a_child()
    numbered = {"police": {"occurrence_number": "14/70002/26"}}
    seen = []
    for child, given in ((by_time, {}), (by_number, numbered)):
        for client_id in (POLICE, SCHOOL):
            said = await hub.send(a_notice(child, **given), client_id)
            await hub.carry_events()
        found = await chronology_of(hub, said)
        assert {line["link"] for line in contacts_in(found)} == {"own", "provisional"}
        seen.append((len(of_one_incident(found)), found["incidents_12m"]))
    assert seen == [(0, 2), (2, 1)]


async def test_a_number_that_a_later_version_brings_ties_and_one_it_takes_away_does_not(hub: Hub) -> None:
    child, number = a_child(), {"occurrence_number": "14/70003/26"}
    sent = a_notice(child, a_worry(None))
    first, second = await notices(
        hub, (POLICE, sent), (SCHOOL, a_notice(child, a_worry(None), police=number))
    )
    before = await chronology_of(hub, second)
    await send_version(hub, first, sent | {"police": number})
    with_it = await chronology_of(hub, second)
    await send_version(hub, first, sent | {"police": {"occurrence_number": "14/70004/26"}})
    without = await chronology_of(hub, second)
    assert [of_one_incident(found) for found in (before, without)] == [[], []]
    assert of_one_incident(with_it) == [first["reference"], second["reference"]]


async def test_an_agency_is_not_told_of_an_incident_by_a_contact_it_is_not_shown(hub: Hub) -> None:
    child, number = a_child(), {"occurrence_number": "14/70005/26"}
    await hub.send(a_notice(child, police=number), SCHOOL)
    second = await hub.send(a_notice(child, police=number), POLICE)
    await hub.carry_events()
    found = await chronology_of(hub, second, "ines.moreau")
    assert (len(contacts_in(found)), of_one_incident(found), found["incidents_12m"]) == (1, [], 1)


async def test_the_window_is_the_deployments(hub: Hub) -> None:
    child = a_child()
    _, second = await notices(
        hub, (POLICE, a_notice(child)), (SCHOOL, a_notice(child, a_worry("2026-11-20T23:20:00Z")))
    )
    narrow = hub.settings["triage"].model_copy(update={"incident_window": timedelta(minutes=30)})
    case = await hub.case_of(second["reference"])
    app = create_app(narrow, with_workers=False, http=_another_way_to(hub))
    async with app.router.lifespan_context(app):
        answer = await ask(hub, case, http=httpx.AsyncClient(transport=httpx.ASGITransport(app)))
    assert of_one_incident(answer.json()) == []
    assert len(of_one_incident(await read(hub, case))) == 2


def _another_way_to(hub: Hub) -> httpx.AsyncClient:
    async def carry(request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        return await hub.http.request(request.method, request.url, headers=request.headers, content=body)

    return httpx.AsyncClient(transport=httpx.MockTransport(carry))


async def test_a_restricted_contact_ties_nothing_for_whoever_may_not_read_it(hub: Hub) -> None:
    child, number = a_child(), {"police": {"occurrence_number": "14/70006/26"}}
    first, second = await notices(hub, *((who, a_notice(child, **number)) for who in (POLICE, SCHOOL)))
    person_id = (await record_of(hub, first)).person_id
    assert (await restrict(hub, person_id)).status_code == 200
    case = await hub.case_of(second["reference"], PRIYA)
    await let_in(hub, case)
    seen = [await read(hub, case, who) for who in ("dana.reid", PRIYA)]
    assert [found["contacts_12m"] for found in seen] == [2, 2]
    assert [(len(of_one_incident(found)), found["incidents_12m"]) for found in seen] == [(0, 2), (2, 1)]
