"""Whoever is no manager reads, on no page about people, anything that tells who a restricted child is."""

from typing import Any

import httpx
import pytest

from tests.hub import URLS, Hub
from tests.intake.known_people import an_adult, ask, link, record_of, records_in, send
from tests.intake.restricting import (
    PRIYA,
    a_question,
    a_rare_child,
    a_restricted_child,
    leaked,
    marks_of,
    misspelt,
    restrict,
)

INTAKE, TRIAGE = URLS["intake"], URLS["triage"]
#: A decision-maker, a practice auditor, an administrator, and the representative of the sender.
OTHERS = ("dana.reid", "ben.ashworth", "sam.field", "omar.khan", "helen.cho", "lucy.grant")
Said = dict[str, Any]


async def every_list(hub: Hub, state: str, who: str) -> list[httpx.Response]:
    """Return each page of the questions of a state."""
    pages = [await ask(hub, "GET", f"/v1/matches?state={state}&limit=200", who=who)]
    while pages[-1].status_code == 200 and pages[-1].json()["has_more"]:
        cursor = pages[-1].json()["next_cursor"]
        pages.append(await ask(hub, "GET", f"/v1/matches?state={state}&limit=200&cursor={cursor}", who=who))
    return pages


@pytest.mark.parametrize("who", OTHERS)
async def test_nobody_but_a_manager_is_told_who_a_restricted_child_is(hub: Hub, who: str) -> None:
    child, said, person_id = await a_restricted_child(hub)
    marks = marks_of(child, said)
    # A question that waits, a contact that a manager linked, and a mother who is known from elsewhere.
    asked, task = await a_question(hub, child)
    mother = an_adult()
    linked = await send(hub, misspelt(child) | {"given_name": "Otto"}, adults=[mother])
    record = await record_of(hub, linked)
    assert (await link(hub, record.record_id, person_id, PRIYA)).status_code == 200
    [adult] = await records_in(hub, linked)
    case = await hub.case_of(linked["reference"], PRIYA)
    of_child = f"{TRIAGE}/v1/cases/{case['case_id']}/children/{record.record_id}/chronology"
    searches = [
        {"name": child["family_name"]},
        {"name": f"{child['given_name']} {child['family_name']}"},
        {"address": child["address"]["postcode"]},
        {"address": child["address"]["lines"][0]},
        {"reference": said["reference"]},
        {"reference": said["referral_id"]},
        {"name": mother["family_name"]},
    ]
    why = {"purpose": "audit", "reason": "I wonder."}
    answers = [
        *[await ask(hub, "POST", "/v1/people/search", why | terms, who) for terms in searches],
        await ask(hub, "GET", f"/v1/people/{person_id}", who=who),
        await ask(hub, "GET", f"/v1/people/{adult.person_id}", who=who),
        await ask(hub, "GET", f"/v1/families/{person_id}", who=who),
        await ask(hub, "GET", f"/v1/families/{adult.person_id}", who=who),
        await ask(hub, "GET", f"/v1/referrals/{said['reference']}/people", who=who),
        await ask(hub, "GET", f"/v1/referrals/{asked['reference']}/people", who=who),
        await ask(hub, "GET", f"/v1/referrals/{linked['reference']}/people", who=who),
        await ask(hub, "GET", f"/v1/matches/{task.match_id}", who=who),
        *await every_list(hub, "open", who),
        *await every_list(hub, "overtaken", who),
        await hub.http.get(of_child, headers=await hub.as_staff(who)),
        await hub.http.get(f"{TRIAGE}/v1/cases/{case['case_id']}/beside", headers=await hub.as_staff(who)),
        await ask(hub, "GET", f"/v1/referrals/{linked['reference']}/other-children", who=who),
        await ask(hub, "GET", f"/v1/referrals/{asked['reference']}/other-children", who=who),
        await ask(hub, "GET", "/v1/people/overdue-births?limit=200", who=who),
        await ask(hub, "GET", "/v1/people/searches?limit=200", who=who),
        await ask(hub, "POST", f"/v1/people/{person_id}/restriction", {"restricted": False} | why, who),
    ]
    assert [leaked(answer, marks) for answer in answers] == [set()] * len(answers)
    assert len({answer.status_code for answer in answers} & {200, 403, 404, 422}) > 0
    assert all(answer.status_code in {200, 403, 404, 422} for answer in answers)


async def test_the_sweep_would_see_what_leaks(hub: Hub) -> None:
    child = a_rare_child()
    said = await send(hub, child)
    person_id = (await record_of(hub, said)).person_id
    open_to_all = await ask(hub, "GET", f"/v1/people/{person_id}")
    assert (await restrict(hub, person_id)).status_code == 200
    managers = await ask(hub, "GET", f"/v1/people/{person_id}", who=PRIYA)
    assert leaked(open_to_all, marks_of(child, said)) == marks_of(child, said)
    assert leaked(managers, marks_of(child, said)) == marks_of(child, said)
    assert leaked(await ask(hub, "GET", f"/v1/people/{person_id}"), marks_of(child, said)) == set()
