"""The work list of refused referrals: who sees it, who reads what was sent, and what becomes of it."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, text

from deploy.local.cast import demo_cast
from services.intake.models import HeldCopyOpening
from shared.platform.database import transaction
from shared.schemas.ids import new_id
from tests.hub import Hub
from tests.intake.kept import CANARY, COPIES, a_copy, opened, settled
from tests.referrals import a_referral

DEALERS = {"dana.reid", "ruth.adeyemi", "priya.nair", "marcus.bell"}
WATCHERS = DEALERS | {"ben.ashworth"}


async def listed(hub: Hub, username: str = "dana.reid", **query: Any) -> httpx.Response:
    return await hub.http.get(COPIES, params=query, headers=await hub.as_staff(username))


async def everything(hub: Hub, **query: Any) -> list[dict[str, Any]]:
    """Return the whole list, read in small pages."""
    items: list[dict[str, Any]] = []
    while True:
        page = (await listed(hub, limit=2, **query)).json()
        items += page["items"]
        if not page["has_more"]:
            return items
        query["cursor"] = page["next_cursor"]


@pytest.mark.parametrize("person", demo_cast().staff, ids=lambda person: person.username)
async def test_who_may_see_the_list_open_a_copy_and_settle_it(hub: Hub, person: Any) -> None:
    held_copy_id, who = await a_copy(hub), person.username
    said = [
        (await listed(hub, who)).status_code,
        (await opened(hub, held_copy_id, who)).status_code,
        (await settled(hub, held_copy_id, who)).status_code,
    ]
    assert said == [200 if who in WATCHERS else 403, *[200 if who in DEALERS else 403] * 2]


async def test_no_partner_sees_the_list_even_of_its_own(hub: Hub) -> None:
    answer = await hub.http.get(COPIES, headers=await hub.as_client("northshire-police"))
    assert answer.status_code == 403


async def test_immediate_danger_comes_first_then_what_waits_longest(hub: Hub) -> None:
    ids = [
        await a_copy(hub, json.dumps({"concerns": str(uuid4()), "immediate_danger": danger}).encode())
        for danger in (False, True, False, True)
    ]
    found = [copy for copy in await everything(hub) if copy["held_copy_id"] in ids]
    assert [ids.index(copy["held_copy_id"]) for copy in found] == [1, 3, 0, 2]
    whole = await hub.every(COPIES, await hub.as_staff("dana.reid"))
    assert whole == await everything(hub)
    assert CANARY not in repr(whole)


async def test_a_cursor_of_one_list_is_none_of_another(hub: Hub) -> None:
    await a_copy(hub)
    cursor = (await listed(hub, limit=1)).json()["next_cursor"]
    assert (await listed(hub, cursor=cursor, state="set_aside")).json()["code"] == "bad_cursor"
    assert (await listed(hub, state="lost")).status_code == 422


async def test_opening_shows_what_was_sent_and_notes_who_reads_it_and_why(hub: Hub) -> None:
    content = json.dumps({"kind": "worry", "concerns": CANARY}).encode()
    held_copy_id = await a_copy(hub, content)
    first = (await opened(hub, held_copy_id)).json()
    second = (await opened(hub, held_copy_id, "priya.nair")).json()
    assert (first["content"], first["path"], first["state"]) == (content.decode(), "/v1/referrals", "opened")
    assert "#/concerns: Input should be a valid array" in first["errors"]
    assert (first["opened_by"], second["opened_by"]) == ("Dana Reid", "Priya Nair")
    async with transaction(hub.sessions["intake"], "test") as tx:
        openings = select(HeldCopyOpening).order_by(HeldCopyOpening.opened_at)
        noted = [each for each in await tx.scalars(openings) if str(each.held_copy_id) == held_copy_id]
    assert [(each.opened_by_name, each.reason) for each in noted] == [
        ("Dana Reid", "It is on the list."),
        ("Priya Nair", "It is on the list."),
    ]
    settled_one = await settled(hub, held_copy_id)
    assert settled_one.json()["state"] == "set_aside"
    assert (await opened(hub, held_copy_id)).json()["state"] == "set_aside"


async def test_a_copy_is_set_aside_once_and_the_next_of_its_kind_is_a_new_one(hub: Hub) -> None:
    content = json.dumps({"concerns": str(uuid4())}).encode()
    held_copy_id = await a_copy(hub, content)
    told = (await settled(hub, held_copy_id)).json()
    assert (told["settled_by"], told["settled_reason"]) == ("Dana Reid", "Came again in the right shape.")
    again = await settled(hub, held_copy_id)
    assert (again.status_code, again.json()["code"]) == (409, "held_copy_settled")
    assert held_copy_id not in {copy["held_copy_id"] for copy in await everything(hub)}
    async with transaction(hub.sessions["intake"], "test") as tx:
        await tx.execute(
            text("UPDATE intake.held_copy SET size_bytes = 0 WHERE held_copy_id = :id"), {"id": held_copy_id}
        )
    assert await a_copy(hub, content) != held_copy_id


async def test_a_copy_lives_on_as_a_referral_that_is_here(hub: Hub) -> None:
    held_copy_id, referral = await a_copy(hub), await hub.send(a_referral())
    heard = referral["reference"].lower().replace("-", " ")
    told = await settled(hub, held_copy_id, state="taken_up", reference=heard)
    assert (told.status_code, told.json()["reference"]) == (200, referral["reference"])
    [found] = [
        copy for copy in await everything(hub, state="taken_up") if copy["held_copy_id"] == held_copy_id
    ]
    assert found["reference"] == referral["reference"]
    assert (await opened(hub, held_copy_id)).json()["reference"] == referral["reference"]


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"state": "taken_up"}, "missing"),
        ({"state": "taken_up", "reference": "SH-7K3QX9MA-9"}, "not_known"),
        ({"state": "taken_up", "reference": "the one of today"}, "not_a_reference"),
        ({"state": "set_aside", "reference": "SH-7K3QX9MA-9"}, "not_allowed"),
    ],
)
async def test_a_settlement_names_a_referral_or_none(hub: Hub, form: dict[str, str], code: str) -> None:
    held_copy_id = await a_copy(hub)
    answer = await settled(hub, held_copy_id, **form)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, "#/reference", code)
    assert (await settled(hub, held_copy_id)).status_code == 200


async def test_a_copy_that_is_not_there_is_not_found(hub: Hub) -> None:
    for unknown in (str(new_id()), "nothing"):
        assert (await opened(hub, unknown)).status_code == 404
        assert (await settled(hub, unknown)).status_code == 404
