"""Webhooks over HTTP: only public addresses, the secret once, everything of another agency absent."""

from typing import Any, get_args

import httpx
import pytest

from services.notifications.actions.webhooks import WEBHOOKS_PER_AGENCY
from services.notifications.webhooks.signing import Vault
from shared.platform.database import Sessions
from shared.schemas.ids import new_id
from shared.schemas.notices import NoticeType
from shared.schemas.words import Role, Scope
from tests.notifications.conftest import Door, ask, give, tell
from tests.notifications.making import SCHOOL, a_client, a_member_of_staff, some_news, some_notice

FORM = {"url": "https://police.example/hub", "event_types": ["outcome.decided"]}


async def create(client: httpx.AsyncClient, **changed: Any) -> dict[str, Any]:
    answer = await client.post("/v1/webhooks", json=FORM | changed)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_webhook_is_made_with_a_secret_that_is_shown_once(
    sessions: Sessions, door: Door, vault: Vault
) -> None:
    async with door.for_caller(a_client()) as client:
        made = await create(client)
        read = (await client.get(f"/v1/webhooks/{made['webhook_id']}")).json()
        (listed,) = (await client.get("/v1/webhooks")).json()["items"]
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert read == listed == made
    stored = await ask(sessions, "SELECT secret FROM notifications.webhook")
    assert isinstance(stored, bytes)
    assert secret.encode() not in stored
    assert vault.open(stored) == secret


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://police.example/hub", "not_https"),
        ("https://police.example:9000/hub", "bad_port"),
        ("https://name:word@police.example/hub", "not_https"),
        ("https://localhost/hub", "bad_host"),
        ("https://127.0.0.1/hub", "not_public"),
        ("https://[::ffff:10.0.0.1]/hub", "not_public"),
        ("https://inside.example/hub", "not_public"),
        ("https://mixed.example/hub", "not_public"),
        ("https://nowhere.example/hub", "not_public"),
        ("https://metadata.google.internal/", "not_public"),
        ("https://hub.example/hub", "not_public"),
        ("https://police.example/" + "a" * 2000, "too_long"),
        ("", "too_short"),
    ],
)
async def test_an_address_the_hub_must_not_call_is_refused(
    sessions: Sessions, door: Door, url: str, code: str
) -> None:
    async with door.for_caller(a_client()) as client:
        answer = await client.post("/v1/webhooks", json=FORM | {"url": url})
    (error,) = answer.json()["errors"]
    expected = "string_too_long" if code == "too_long" else code
    assert (answer.status_code, error["pointer"]) == (422, "#/url")
    assert error["code"] in {code, expected}
    assert url == "" or url not in answer.text
    assert await ask(sessions, "SELECT count(*) FROM notifications.webhook") == 0


@pytest.mark.parametrize(
    "types",
    [
        [],
        ["outcome.unknown"],
        ["outcome.decided", "referral.seen"],
        "outcome.decided",
        ["outcome.decided"] * 11,
    ],
)
async def test_only_known_events_can_be_asked_for(door: Door, types: Any) -> None:
    async with door.for_caller(a_client()) as client:
        answer = await client.post("/v1/webhooks", json=FORM | {"event_types": types})
    assert answer.status_code == 422


async def test_outcomes_and_every_kind_of_notice_can_be_asked_for_and_sent_again(
    sessions: Sessions, door: Door
) -> None:
    types = ["outcome.decided", *get_args(NoticeType)]
    async with door.for_caller(a_client()) as client:
        made = await create(client, event_types=types)
        await tell(sessions, some_news())
        (event_id,) = await give(sessions, some_notice())
        listed = (await client.get(f"/v1/webhooks/{made['webhook_id']}/deliveries")).json()["items"]
        (of_notice,) = [item for item in listed if item["event_id"] == str(event_id)]
        resent = await client.post(f"/v1/deliveries/{of_notice['delivery_id']}/resend")
    assert made["event_types"] == types
    assert {item["type"] for item in listed} == set(types[:2])
    assert (resent.status_code, resent.json()["type"]) == (202, types[1])


async def test_a_deleted_webhook_has_nothing_due_and_keeps_its_history(
    sessions: Sessions, door: Door
) -> None:
    async with door.for_caller(a_client()) as client:
        address = f"/v1/webhooks/{(await create(client))['webhook_id']}"
        await tell(sessions, some_news())
        gone = [await client.delete(address) for _ in range(2)]
        await tell(sessions, some_news())
        read = (await client.get(address)).json()
        (delivery,) = (await client.get(f"{address}/deliveries")).json()["items"]
        again = await client.post(f"/v1/deliveries/{delivery['delivery_id']}/resend")
        assert (await client.get("/v1/webhooks")).json()["items"] == []
    assert [answer.status_code for answer in gone] == [204, 204]
    assert (read["ended_because"], delivery["state"]) == ("deleted", "failed")
    assert (again.status_code, again.json()["code"]) == (409, "webhook_ended")


async def test_an_agency_has_no_more_webhooks_than_it_may(door: Door) -> None:
    async with door.for_caller(a_client()) as client, door.for_caller(a_client(SCHOOL)) as school:
        made = [await create(client) for _ in range(WEBHOOKS_PER_AGENCY)]
        refused = await client.post("/v1/webhooks", json=FORM)
        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_webhooks")
        await create(school)
        await client.delete(f"/v1/webhooks/{made[0]['webhook_id']}")
        await create(client)


async def test_webhooks_are_listed_page_by_page(door: Door) -> None:
    async with door.for_caller(a_client()) as client:
        made = {(await create(client))["webhook_id"] for _ in range(5)}
        first = (await client.get("/v1/webhooks?limit=3")).json()
        rest = (await client.get(f"/v1/webhooks?limit=3&cursor={first['next_cursor']}")).json()
        forged = await client.get("/v1/webhooks?cursor=forged")
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert {item["webhook_id"] for item in first["items"] + rest["items"]} == made
    assert (forged.status_code, forged.json()["code"]) == (400, "bad_cursor")


async def test_deliveries_are_listed_newest_first_and_can_be_made_due_again(
    sessions: Sessions, door: Door
) -> None:
    async with door.for_caller(a_client()) as client:
        address = f"/v1/webhooks/{(await create(client))['webhook_id']}/deliveries"
        told = [event_id for _ in range(3) for event_id in await tell(sessions, some_news())]
        first = (await client.get(f"{address}?limit=2")).json()
        rest = (await client.get(f"{address}?limit=2&cursor={first['next_cursor']}")).json()
        items = first["items"] + rest["items"]
        resent = await client.post(f"/v1/deliveries/{items[0]['delivery_id']}/resend")
    assert {item["event_id"] for item in items} == {str(event_id) for event_id in told}
    assert resent.status_code == 202
    assert resent.json() == items[0] | {"state": "due"}


async def test_another_agencys_webhook_and_deliveries_do_not_exist(sessions: Sessions, door: Door) -> None:
    async with door.for_caller(a_client()) as client, door.for_caller(a_client(SCHOOL)) as school:
        webhook_id = (await create(client))["webhook_id"]
        await tell(sessions, some_news())
        (delivery,) = (await client.get(f"/v1/webhooks/{webhook_id}/deliveries")).json()["items"]
        headers = {"X-Request-Id": "the-same-for-all"}
        answers = [
            await school.request(verb, path.format(name), headers=headers)
            for verb, path, own in (
                ("GET", "/v1/webhooks/{}", webhook_id),
                ("DELETE", "/v1/webhooks/{}", webhook_id),
                ("GET", "/v1/webhooks/{}/deliveries", webhook_id),
                ("POST", "/v1/deliveries/{}/resend", delivery["delivery_id"]),
            )
            for name in (own, new_id(), "not-an-id")
        ]
        assert (await school.get("/v1/webhooks")).json()["items"] == []
        assert (await client.get(f"/v1/webhooks/{webhook_id}")).json()["ended_at"] is None
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


async def test_webhooks_are_for_systems_that_may_manage_them(door: Door) -> None:
    others = [a_member_of_staff(role) for role in Role] + [a_client(SCHOOL, Scope.OUTCOME_READ)]
    for caller in others:
        async with door.for_caller(caller) as client:
            for verb, path in (
                ("POST", ""),
                ("GET", ""),
                ("GET", f"/{new_id()}"),
                ("DELETE", f"/{new_id()}"),
            ):
                assert (await client.request(verb, f"/v1/webhooks{path}", json=FORM)).status_code == 403
            assert (await client.post(f"/v1/deliveries/{new_id()}/resend")).status_code == 403
