"""Deliveries from the database to a real server and back: at least once, one id, nobody held up."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from standardwebhooks import Webhook

from services.notifications import worker
from services.notifications.actions.deliveries import Bell, resend
from services.notifications.actions.telling import News, make_outcomes
from services.notifications.actions.webhooks import create_webhook
from services.notifications.rules import Answered, AttemptError, DeliveryState
from services.notifications.webhooks.sending import Guard, Sender
from services.notifications.webhooks.signing import Vault
from services.notifications.worker import Courier, Round
from shared.clock import utc_now
from shared.platform.database import Sessions, transaction
from shared.schemas.ids import AgencyId, DeliveryId, EventId
from shared.schemas.outcomes import MessageType, WebhookCreated, WebhookForm
from tests.notifications.conftest import ask, eventually, give
from tests.notifications.making import POLICE, SCHOOL, TERMS, a_client, some_news, some_notice
from tests.notifications.receiver import Receiver

OK = Answered(200, None)
NOT_TAKEN = Answered(500, AttemptError.NOT_ACCEPTED)


def a_sender() -> Sender:
    return Sender(Guard(allow_loopback=True), deadline_seconds=1.0)


@dataclass
class Post:
    """A courier on a clock of its own, with what it delivers."""

    sessions: Sessions
    vault: Vault
    bell: Bell = field(default_factory=Bell)
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return utc_now() + self.ahead

    def courier(self, **changed: Any) -> Courier:
        facts: dict[str, Any] = {
            "schedule": (0.0, 5.0, 300.0),
            "deadline": timedelta(seconds=1),
            "at_once": 8,
            "at_once_per_webhook": 2,
            "public_url": "https://hub.example/",
        }
        plan = Round(**facts | changed)
        return Courier(self.sessions, a_sender, self.vault, self.bell, plan, now=self.now)

    async def webhook(
        self, url: str, agency_id: AgencyId = POLICE, types: tuple[MessageType, ...] = ("outcome.decided",)
    ) -> WebhookCreated:
        form = WebhookForm(url=url, event_types=types)
        async with transaction(self.sessions, "tests") as tx:
            return await create_webhook(tx, form, a_client(agency_id), self.vault, now=self.now())

    async def tell(self, news: News | None = None) -> EventId:
        async with transaction(self.sessions, "tests") as tx:
            self.bell.ring_after(tx)
            (event_id,) = await make_outcomes(tx, news or some_news(), TERMS, now=self.now())
        return event_id

    async def states(self) -> object:
        return await ask(
            self.sessions, "SELECT array_agg(state ORDER BY delivery_id) FROM notifications.delivery"
        )

    def all_are(self, state: str) -> Callable[[], Awaitable[bool]]:
        async def holds() -> bool:
            states = await self.states()
            return isinstance(states, list) and set(states) == {state}

        return holds


@pytest.fixture
def post(sessions: Sessions, vault: Vault) -> Post:
    return Post(sessions, vault)


@asynccontextmanager
async def working(courier: Courier) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(courier.work(stop))
    try:
        yield
    finally:
        stop.set()
        await running


async def test_an_outcome_reaches_a_webhook_thin_signed_and_at_once(
    post: Post, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It does not look again by itself for as long as the test waits.
    monkeypatch.setattr(worker, "_POLL_SECONDS", 3600.0)
    made = await post.webhook(receiver.url())
    async with working(post.courier()):
        await asyncio.sleep(0.1)
        event_id = await post.tell()
        await eventually(post.all_are("delivered"))
    (call,) = receiver.calls
    body = Webhook(made.secret).verify(call.body, call.headers)
    assert call.headers["webhook-id"] == body["data"]["event_id"] == str(event_id)
    assert set(body["data"]) == {
        "event_id", "reference", "sender_reference", "child_id", "outcome", "url",
    }  # fmt: skip
    assert body["data"]["url"] == f"https://hub.example/v1/outcomes/{event_id}"


async def test_a_crash_between_sending_and_recording_sends_again_under_the_same_id(
    post: Post, receiver: Receiver
) -> None:
    await post.webhook(receiver.url())
    event_id = await post.tell()
    courier = post.courier()
    async with a_sender() as sender:
        lost = await courier.claim()
        assert lost is not None
        assert await courier.send(sender, lost) == OK
        assert await courier.claim() is None
        post.ahead = timedelta(minutes=2)
        again = await courier.claim()
        assert again is not None
        assert await courier.send(sender, again) == OK
    assert await courier.record(again, OK) is DeliveryState.DELIVERED
    assert [call.headers["webhook-id"] for call in receiver.calls] == [str(event_id)] * 2
    assert receiver.calls[0].body == receiver.calls[1].body


async def test_whoever_lost_the_lease_records_nothing(post: Post, receiver: Receiver) -> None:
    await post.webhook(receiver.url())
    await post.tell()
    courier = post.courier()
    late = await courier.claim()
    post.ahead = timedelta(minutes=2)
    ours = await courier.claim()
    assert late is not None
    assert ours is not None
    assert await courier.record(late, NOT_TAKEN) is None
    assert await courier.record(ours, OK) is DeliveryState.DELIVERED
    assert await courier.record(late, NOT_TAKEN) is None
    assert await ask(post.sessions, "SELECT count(*) FROM notifications.attempt") == 1


async def test_one_delivery_is_claimed_by_one_courier(post: Post, receiver: Receiver) -> None:
    await post.webhook(receiver.url())
    for _ in range(5):
        await post.tell()
    claims = await asyncio.gather(*(post.courier().claim() for _ in range(12)))
    claimed = [claim.delivery_id for claim in claims if claim is not None]
    assert len(claimed) == len(set(claimed)) == 5


async def test_tries_that_are_spent_leave_it_failed_until_it_is_resent(
    post: Post, receiver: Receiver
) -> None:
    receiver.says("/hub", 500)
    await post.webhook(receiver.url())
    await post.tell()
    courier = post.courier(schedule=(0.0, 0.05, 0.1))
    async with working(courier):
        await eventually(post.all_are("failed"))
        assert len(receiver.calls) == 3
        receiver.says("/hub", 200)
        delivery_id = await ask(post.sessions, "SELECT delivery_id FROM notifications.delivery")
        async with transaction(post.sessions, "tests") as tx:
            await resend(tx, DeliveryId(delivery_id), a_client(), now=post.now())  # type: ignore[arg-type]
        await eventually(post.all_are("delivered"))
    errors = await ask(
        post.sessions, "SELECT array_agg(error ORDER BY attempted_at) FROM notifications.attempt"
    )
    assert errors == ["not_accepted"] * 3 + [None]
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1


async def test_a_try_that_failed_is_due_again_by_the_schedule(post: Post, receiver: Receiver) -> None:
    await post.webhook(receiver.url())
    await post.tell()
    courier = post.courier()
    claimed = await courier.claim()
    assert claimed is not None
    began = post.now()
    assert await courier.record(claimed, NOT_TAKEN) is DeliveryState.DUE
    due_at = await ask(post.sessions, "SELECT next_attempt_at FROM notifications.delivery")
    assert isinstance(due_at, datetime)
    assert 4.0 <= (due_at - began).total_seconds() <= 6.5


async def test_a_receiver_that_is_gone_is_never_called_again(post: Post, receiver: Receiver) -> None:
    receiver.says("/hub", 410)
    await post.webhook(receiver.url())
    for _ in range(3):
        await post.tell()
    async with working(post.courier(at_once_per_webhook=1)):
        await eventually(post.all_are("failed"))
        await asyncio.sleep(0.2)
    assert len(receiver.calls) == 1
    assert await ask(post.sessions, "SELECT ended_because FROM notifications.webhook") == "gone"


async def test_receivers_that_hang_or_drip_hold_up_nobody_else(post: Post, receiver: Receiver) -> None:
    receiver.hangs("/hangs")
    receiver.says_raw(
        "/drips", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", b"x", every_seconds=0.3, times=9
    )
    for path in ("/hangs", "/drips"):
        await post.webhook(receiver.url(path))
    await post.webhook(receiver.url("/well"), SCHOOL)
    for _ in range(10):
        await post.tell()
    for _ in range(10):
        await post.tell(some_news(agency_id=SCHOOL))

    async def the_well_has_all() -> bool:
        return len(receiver.calls_to("/well")) == 10

    async with working(post.courier()):
        await eventually(the_well_has_all, within_seconds=20.0)
        # Long before the one that hangs has been tried for all of its own.
        assert len(receiver.calls_to("/hangs")) < 10
        receiver.closing.set()


async def test_a_blocked_address_uses_up_tries_without_being_dialled(post: Post, receiver: Receiver) -> None:
    await post.webhook(f"http://127.0.0.1:{receiver.port}/hub")
    await post.tell()
    courier = post.courier()
    claimed = await courier.claim()
    assert claimed is not None
    async with Sender(Guard(), deadline_seconds=1.0) as strict:
        answered = await courier.send(strict, claimed)
    assert answered == Answered(None, AttemptError.BLOCKED_ADDRESS)
    assert receiver.calls == []


async def test_every_try_is_on_record_without_what_the_receiver_said(post: Post, receiver: Receiver) -> None:
    receiver.says("/hub", 200, body=b'{"name": "Maisie Example"}')
    await post.webhook(receiver.url())
    event_id = await post.tell()
    async with working(post.courier()):
        await eventually(post.all_are("delivered"))
    found = "SELECT {} FROM audit.entry WHERE action = 'delivery.attempted'"
    assert event_id in await ask(post.sessions, found.format("subject_ids"))  # type: ignore[operator]
    facts = await ask(post.sessions, found.format("facts"))
    assert json.dumps(facts) == json.dumps({"error": None, "state": "delivered", "status": 200})


async def test_a_notice_reaches_the_webhooks_that_want_its_type_thin_and_signed(
    post: Post, receiver: Receiver
) -> None:
    wanted: Final = "referral.further_information_requested"
    made = await post.webhook(receiver.url("/both"), types=("outcome.decided", wanted))
    await post.webhook(receiver.url("/outcomes"))
    await post.webhook(receiver.url("/others"), types=("referral.corrected",))
    (event_id,) = await give(post.sessions, some_notice(), now=post.now())
    async with working(post.courier()):
        await eventually(post.all_are("delivered"))
    (call,) = receiver.calls
    body = Webhook(made.secret).verify(call.body, call.headers)
    assert (call.path, body["type"]) == ("/both", wanted)
    assert call.headers["webhook-id"] == body["data"]["event_id"] == str(event_id)
    assert set(body["data"]) == {"event_id", "reference", "sender_reference", "url"}
    assert body["data"]["url"] == f"https://hub.example/v1/notices/{event_id}"


async def test_an_outcome_and_a_notice_are_due_to_one_webhook_each_by_its_own_name(
    post: Post, receiver: Receiver
) -> None:
    receiver.says("/hub", 500)
    await post.webhook(receiver.url(), types=("outcome.decided", "referral.further_information_requested"))
    told = {str(await post.tell()), *map(str, await give(post.sessions, some_notice(), now=post.now()))}
    async with working(post.courier(schedule=(0.0, 0.05))):
        await eventually(post.all_are("failed"))
    paths = {json.loads(call.body)["data"]["url"].split("/")[4] for call in receiver.calls}
    assert {call.headers["webhook-id"] for call in receiver.calls} == told
    assert (len(receiver.calls), paths) == (4, {"outcomes", "notices"})
