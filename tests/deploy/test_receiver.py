"""The demo's receiver: it believes only signed calls, records each outcome once, and forgets nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.files import Folder
from deploy.local.keys import make_missing_key
from deploy.local.receiver.app import create_app
from deploy.local.receiver.settings import CLIENT_ID, Settings
from shared.schemas.ids import new_id
from tests.deploy.fake_hub import HUB, FakeHub


@pytest.fixture
def hub() -> FakeHub:
    return FakeHub()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = Folder(tmp_path)
    folder.prepare()
    make_missing_key(folder.key_of(CLIENT_ID))
    return Settings(
        host="127.0.0.1",
        port=8008,
        public_url="http://receiver.test:8008",
        access_url="http://access.test:8001",
        notifications_url=HUB,
        data_dir=tmp_path,
    )


@asynccontextmanager
async def _running(settings: Settings, hub: FakeHub) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings, httpx.AsyncClient(transport=httpx.MockTransport(hub.answer)))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://r") as http,
    ):
        yield http


async def _subscribed(http: httpx.AsyncClient) -> None:
    async def ready() -> bool:
        return (await http.get("/health/ready")).status_code == 200

    await _until(ready)


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await holds():  # noqa: ASYNC110 - what is waited for is behind HTTP
            await asyncio.sleep(0.02)


async def _post(http: httpx.AsyncClient, call: tuple[bytes, dict[str, str]]) -> int:
    body, headers = call
    return (await http.post("/hub/outcomes", content=body, headers=headers)).status_code


async def _finished(http: httpx.AsyncClient, count: int) -> list[dict[str, Any]]:
    async def all_finished() -> bool:
        items = (await http.get("/records")).json()["items"]
        return len(items) == count and all(each["acknowledged_at"] for each in items)

    await _until(all_finished)
    items: list[dict[str, Any]] = (await http.get("/records")).json()["items"]
    return items


async def test_a_signed_call_is_recorded_and_confirmed(settings: Settings, hub: FakeHub) -> None:
    event_id = str(new_id())
    async with _running(settings, hub) as http:
        await _subscribed(http)
        assert await _post(http, hub.call(event_id)) == 204
        [record] = await _finished(http, 1)
    assert (record["event_id"], record["child"], record["outcome"]) == (event_id, "c1", "early_help")
    assert hub.acknowledged == [(event_id, record["recorded_reference"])]


async def test_the_same_call_twice_is_one_record(settings: Settings, hub: FakeHub) -> None:
    call = event_id = str(new_id())
    async with _running(settings, hub) as http:
        await _subscribed(http)
        for _ in range(2):
            assert await _post(http, hub.call(call)) == 204
            await _finished(http, 1)
    assert hub.fetched == [event_id]
    assert len(hub.acknowledged) == 1


async def test_a_call_that_the_hub_did_not_sign_is_refused(settings: Settings, hub: FakeHub) -> None:
    async with _running(settings, hub) as http:
        await _subscribed(http)
        body, headers = hub.call(str(new_id()))
        forged = {**headers, "webhook-signature": "v1,bm90IGl0"}
        statuses = [
            await _post(http, (body, forged)),
            await _post(http, (body, {**headers, "webhook-signature": "no comma"})),
            await _post(http, (body + b" ", headers)),
            await _post(http, (body, {})),
        ]
        assert (await http.get("/records")).json() == {"items": []}
    assert statuses == [401] * 4
    assert hub.fetched == []


async def test_a_notice_is_read_and_nothing_is_confirmed(settings: Settings, hub: FakeHub) -> None:
    event_id = str(new_id())

    async def is_read() -> bool:
        items = (await http.get("/notices")).json()["items"]
        return [(each["event_id"], each["type"]) for each in items if each["read_at"]] == [
            (event_id, "referral.corrected")
        ]

    async with _running(settings, hub) as http:
        await _subscribed(http)
        assert await _post(http, hub.call_about_notice(event_id)) == 204
        await _until(is_read)
        assert (await http.get("/records")).json() == {"items": []}
    assert (hub.fetched, hub.acknowledged) == ([event_id], [])


async def test_a_webhook_from_before_there_were_notices_is_replaced(settings: Settings, hub: FakeHub) -> None:
    async with _running(settings, hub) as http:
        await _subscribed(http)
    [before] = hub.webhooks
    hub.asked_for = ["outcome.decided"]
    async with _running(settings, hub) as http:
        await _subscribed(http)
    assert len(hub.webhooks) == 1
    assert before not in hub.webhooks


async def test_our_token_is_shown_to_the_hub_alone(settings: Settings, hub: FakeHub) -> None:
    async with _running(settings, hub) as http:
        await _subscribed(http)
        await _post(http, hub.call(str(new_id()), url="http://elsewhere.test/v1/outcomes/1"))
        await _post(http, hub.call(last := str(new_id())))

        async def others_went_on() -> bool:
            return hub.fetched == [last]

        await _until(others_went_on)


async def test_what_was_taken_before_a_crash_is_finished_after_it(settings: Settings, hub: FakeHub) -> None:
    async with _running(settings, hub) as http:
        await _subscribed(http)
        call = hub.call(str(new_id()))
        hub.away = True
        assert await _post(http, call) == 204
    hub.away = False
    async with _running(settings, hub) as http:
        await _finished(http, 1)
    assert len(hub.webhooks) == 1


async def test_until_it_has_subscribed_it_is_not_ready_and_takes_nothing(
    settings: Settings, hub: FakeHub
) -> None:
    hub.away = True
    async with _running(settings, hub) as http:
        assert (await http.get("/health/ready")).status_code == 503
        assert (await http.post("/hub/outcomes", content=b"{}")).status_code == 503
        hub.away = False
        await _subscribed(http)


async def test_a_lost_secret_is_replaced_with_its_webhook(settings: Settings, hub: FakeHub) -> None:
    async with _running(settings, hub) as http:
        await _subscribed(http)
    [before] = hub.webhooks
    (settings.own_folder / "webhook.json").unlink()
    async with _running(settings, hub) as http:
        await _subscribed(http)
        assert await _post(http, hub.call(str(new_id()))) == 204
    assert len(hub.webhooks) == 1
    assert before not in hub.webhooks


async def test_what_it_keeps_is_for_its_owner_alone(settings: Settings, hub: FakeHub) -> None:
    async with _running(settings, hub) as http:
        await _subscribed(http)
    assert (settings.own_folder / "webhook.json").stat().st_mode & 0o077 == 0
    assert settings.own_folder.stat().st_mode & 0o077 == 0
