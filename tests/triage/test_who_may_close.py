"""Nobody ends the hub's part while it is open who the child is; some of it only a manager ends."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest

from deploy.local.postgres import PostgresServer
from tests.hub import Hub
from tests.intake.known_people import decide, record_of, send
from tests.intake.restricting import PRIYA, a_question, misspelt, restrict
from tests.triage.closing import a_child_linked_to_a_restricted_one, a_mild_child, intake_away, try_to

NO_ACTION = ("advice", "universal")
OTHERS = ("early_help", "child_in_need", "strategy_discussion", "other_authority", "allocated_worker")
CLOSING = (*NO_ACTION, "early_help")
Said = dict[str, Any]


def codes(answers: Sequence[httpx.Response]) -> set[tuple[int, str]]:
    return {(answer.status_code, answer.json().get("code", "")) for answer in answers}


@pytest.mark.parametrize("who", ["dana.reid", PRIYA])
async def test_no_action_waits_for_the_question_who_the_child_is(hub: Hub, who: str) -> None:
    child, first, _ = await a_mild_child(hub)
    said, task = await a_question(hub, child)
    case = await hub.case_of(said["reference"])
    refused = [await try_to(hub, case, pathway, who) for pathway in NO_ACTION]
    [error] = refused[0].json()["errors"]
    person_id = (await record_of(hub, first)).person_id
    assert codes(refused) == {(409, "possible_match_open")}
    assert (error["pointer"], error["code"]) == ("#/pathway", "possible_match_open")
    assert f"/v1/matches/{task.match_id}" in error["detail"]
    assert (await decide(hub, task, "not_the_same", person_id)).status_code == 200
    assert (await try_to(hub, case, "advice", who)).status_code == 201


@pytest.mark.parametrize("pathway", OTHERS)
async def test_whatever_else_protects_or_helps_waits_for_nothing(hub: Hub, pathway: str) -> None:
    child, _, _ = await a_mild_child(hub)
    said, _ = await a_question(hub, child)
    assert (await try_to(hub, await hub.case_of(said["reference"]), pathway)).status_code == 201


async def test_it_waits_too_where_somebody_else_may_be_this_child(hub: Hub) -> None:
    child, _, known = await a_mild_child(hub)
    _, task = await a_question(hub, child)
    refused = await try_to(hub, known, "advice")
    assert codes([refused]) == {(409, "possible_match_open")}
    assert str(task.match_id) in refused.text


async def test_a_child_that_nobody_was_compared_with_is_not_known_to_be_new(hub: Hub) -> None:
    unmatched = replace(hub, listeners=hub.listeners[1:])
    _, said, case = await a_mild_child(unmatched)
    refused, helped = await try_to(hub, case, "advice"), await try_to(hub, case, "early_help")
    assert codes([refused]) == {(409, "possible_match_open")}
    assert said["reference"] not in refused.text
    assert helped.status_code == 201


async def test_a_decision_that_replaces_another_waits_as_well(hub: Hub) -> None:
    child, _, _ = await a_mild_child(hub)
    said, _ = await a_question(hub, child)
    case = await hub.case_of(said["reference"])
    assert (await try_to(hub, case, "child_in_need")).status_code == 201
    assert codes([await try_to(hub, case, "universal")]) == {(409, "possible_match_open")}


async def test_while_intake_is_away_only_what_needs_it_waits(hub: Hub, server: PostgresServer) -> None:
    assert server.url
    _, _, case = await a_mild_child(hub)
    async with intake_away(hub) as http:
        away = [await try_to(hub, case, pathway, http=http) for pathway in CLOSING]
        managers = await try_to(hub, case, "early_help", PRIYA, http)
        protects = await try_to(hub, case, "strategy_discussion", http=http)
    assert codes(away) == {(503, "links_not_known")}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in away)
    assert [managers.status_code, protects.status_code] == [201, 201]


@pytest.mark.parametrize("pathway", CLOSING)
async def test_what_a_restricted_record_may_change_is_a_managers_to_close(hub: Hub, pathway: str) -> None:
    child, first, case = await a_child_linked_to_a_restricted_one(hub)
    refused = await try_to(hub, case, pathway)
    told = refused.text.casefold()
    assert codes([refused]) == {(409, "needs_second_decider")}
    assert not any(word in told for word in ("restrict", "record", "link", first["reference"].casefold()))
    assert child["family_name"].casefold() not in told
    assert (await try_to(hub, case, pathway, PRIYA)).status_code == 201


async def test_a_restricted_child_of_one_contact_is_a_managers_to_close_until_it_is_lifted(hub: Hub) -> None:
    _, said, case = await a_mild_child(hub)
    person_id = (await record_of(hub, said)).person_id
    assert (await restrict(hub, person_id)).status_code == 200
    assert codes([await try_to(hub, case, "early_help")]) == {(409, "needs_second_decider")}
    assert (await restrict(hub, person_id, to=False)).status_code == 200
    assert (await try_to(hub, case, "early_help")).status_code == 201


@pytest.mark.parametrize("pathway", OTHERS[1:])
async def test_nobody_waits_for_a_manager_to_protect_a_restricted_child(hub: Hub, pathway: str) -> None:
    _, _, case = await a_child_linked_to_a_restricted_one(hub)
    assert (await try_to(hub, case, pathway)).status_code == 201


async def test_a_child_of_no_such_case_is_not_asked_about(hub: Hub) -> None:
    _, _, case = await a_mild_child(hub)
    _, _, other = await a_mild_child(hub)
    mixed = case | {"children": other["children"]}
    headers = await hub.as_staff("dana.reid") | {"If-Match": '"1"'}
    url = f"http://triage/v1/cases/{mixed['case_id']}/children/{mixed['children'][0]['child_id']}/decisions"
    body = {"level": 1, "pathway": "advice", "rag": "green", "rationale": "Nothing more."}
    assert (await hub.http.post(url, json=body, headers=headers)).status_code == 404
    assert (
        await hub.http.post(url, json=body, headers=await hub.as_staff("ben.ashworth"))
    ).status_code == 403


async def test_a_child_that_is_misspelt_and_known_to_nobody_is_closed_at_once(hub: Hub) -> None:
    child, _, _ = await a_mild_child(hub)
    stranger = misspelt(child) | {
        "family_name": child["family_name"][::-1].capitalize(),
        "given_name": "Otto",
    }
    case = await hub.case_of((await send(hub, stranger | {"date_of_birth": "2011-03-17"}))["reference"])
    assert (await try_to(hub, case, "advice")).status_code == 201
