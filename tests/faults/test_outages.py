"""What the hub stands on goes away, and comes back: what is refused, what is not, and that all heals."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.processes import list_children
from tests.faults.asking import Asker, World, someone, system, world_of
from tests.faults.stage import SERVICES, Stage, running_stage
from tests.faults.wire import Answer, NoAnswer
from tests.referrals import a_referral

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the services die with the process that forked them"
)

_WITH_PAGES = ("access", "intake", "triage", "notifications")
_HEALED_WITHIN_SECONDS = 5.0
#: The longest waits of a service for access, a connection and a statement, one after the other.
_ANSWERED_WITHIN_SECONDS = 20.0
#: A worker that was connected tries again within two seconds, and events wait to be handed over again.
_CAUGHT_UP_WITHIN_SECONDS = 20.0
#: Services ask access again after a second.
_LIVE_SECONDS = 1.0
_CONNECTIONS = 8


@pytest.fixture(scope="module")
def one_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running_stage(tmp_path_factory.mktemp("outages")) as running:
        yield running


@pytest.fixture
def stage(one_stage: Stage) -> Stage:
    """A hub with every service ready, whatever the test before left behind."""
    for service in SERVICES:
        if not one_stage.is_running(service):
            one_stage.start(service)
    one_stage.wait_ready(*SERVICES)
    return one_stage


@pytest.fixture
async def world(stage: Stage) -> AsyncIterator[World]:
    async with world_of(stage, seconds=30.0) as opened:
        yield opened


@pytest.fixture
async def police(world: World) -> Asker:
    """An agency's system that has a token already."""
    asker = system("northshire-police", world)
    assert (await asker.insist("GET", "intake", "/v1/referrals")).status == 200
    return asker


@pytest.fixture
async def decider(world: World) -> Asker:
    """A decision-maker who is signed in."""
    asker = someone("dana.reid", world)
    assert (await asker.insist("GET", "triage", "/v1/cases")).status == 200
    return asker


async def test_without_the_database_a_referral_is_refused_for_now_and_all_heals_by_itself(
    stage: Stage, police: Asker
) -> None:
    before = [stage.pid_of(service) for service in SERVICES]
    stage.postgres.stop()
    try:
        # The first may find a connection that has just ended, the second none at all.
        refused = [await _post(police) for _ in range(2)]
        assert [answer.status for answer in refused] == [503, 503]
        assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
        assert [stage.health(service, "live") for service in _WITH_PAGES] == [200] * 4
        assert [stage.health(service, "ready") for service in _WITH_PAGES] == [503] * 4
    finally:
        stage.postgres.start()
    await _within(_HEALED_WITHIN_SECONDS, lambda: _is_healed(stage, police))
    assert [stage.pid_of(service) for service in SERVICES if stage.is_running(service)] == before


async def test_a_database_that_is_killed_costs_no_service_its_life(stage: Stage, police: Asker) -> None:
    before = [stage.pid_of(service) for service in SERVICES]
    for _ in range(3):
        stage.postgres.kill()
        stage.postgres.start()
        await _within(_HEALED_WITHIN_SECONDS, lambda: _is_taken(police))
    assert [stage.pid_of(service) for service in SERVICES if stage.is_running(service)] == before


async def test_while_the_database_hangs_there_is_an_answer_all_the_same(stage: Stage, police: Asker) -> None:
    hanging = [stage.postgres.pid, *list_children(stage.postgres.pid)]
    _signal_all(hanging, signal.SIGSTOP)
    try:
        async with asyncio.timeout(_ANSWERED_WITHIN_SECONDS):
            asking = [asyncio.create_task(_post(police)) for _ in range(2 * _CONNECTIONS)]
            await asyncio.sleep(1)
            assert [stage.health(service, "live") for service in _WITH_PAGES] == [200] * 4
            assert {answer.status for answer in await asyncio.gather(*asking)} == {503}
    finally:
        _signal_all(hanging, signal.SIGCONT)
    await _within(_HEALED_WITHIN_SECONDS, lambda: _is_taken(police))


async def test_a_service_that_starts_while_the_database_is_away_serves_once_it_is_back(
    stage: Stage, police: Asker
) -> None:
    stage.postgres.stop()
    try:
        await _restart(stage, "intake")
        await _within(_HEALED_WITHIN_SECONDS, _holds(lambda: stage.health("intake", "live") == 200))
        assert stage.health("intake", "ready") == 503
        assert (await _post(police)).status == 503
    finally:
        stage.postgres.start()
    started = stage.pid_of("intake")
    await _within(_HEALED_WITHIN_SECONDS, lambda: _is_taken(police))
    assert stage.is_running("intake")
    assert stage.pid_of("intake") == started


async def test_while_access_is_away_a_referral_is_taken_and_nothing_is_shown(
    stage: Stage, police: Asker, decider: Asker
) -> None:
    stage.kill("access")
    try:
        await asyncio.sleep(_LIVE_SECONDS)
        assert (await _post(police)).status == 201
        for asker, service, path in (
            (police, "intake", "/v1/referrals"),
            (police, "notifications", "/v1/outcomes"),
            (decider, "triage", "/v1/cases"),
        ):
            answer = await asker.just_once("GET", service, path)
            assert answer.status == 503
            assert int(answer.headers["retry-after"]) > 0
    finally:
        stage.wait_gone("access", seconds=5)
        stage.start("access")
    stage.wait_ready("access")
    assert (await police.just_once("GET", "intake", "/v1/referrals")).status == 200


async def test_while_the_bus_is_away_a_referral_is_taken_and_it_is_considered_afterwards(
    stage: Stage, police: Asker, decider: Asker
) -> None:
    stage.nats.kill()
    try:
        sent = [await _post(police) for _ in range(5)]
        assert [answer.status for answer in sent] == [201] * 5
        assert [stage.health(service, "ready") for service in _WITH_PAGES] == [200] * 4
    finally:
        stage.nats.start()
    for answer in sent:
        await _within(_CAUGHT_UP_WITHIN_SECONDS, _has_case(decider, answer.json()["reference"]))


async def test_a_bus_that_forgot_everything_is_told_it_all_again(
    stage: Stage, police: Asker, decider: Asker
) -> None:
    stage.kill("triage")
    stage.wait_gone("triage", seconds=5)
    sent = [await _post(police) for _ in range(5)]
    await _within(_HEALED_WITHIN_SECONDS, _is_published(stage))
    stage.nats.kill()
    stage.nats.delete_store()
    stage.nats.start()
    stage.start("triage")
    stage.wait_ready("triage")
    for answer in sent:
        # The reconciler gives a handler ten seconds for an event, and more while it is busy.
        await _within(2 * _CAUGHT_UP_WITHIN_SECONDS, _has_case(decider, answer.json()["reference"]))


async def test_a_service_that_is_told_to_stop_answers_all_that_it_has_taken(
    stage: Stage, police: Asker
) -> None:
    acknowledged: set[str] = set()
    sending = [asyncio.create_task(_send_until_closed(police, acknowledged)) for _ in range(_CONNECTIONS)]
    await _within(_CAUGHT_UP_WITHIN_SECONDS, _holds(lambda: len(acknowledged) >= 2 * _CONNECTIONS))
    stage.ask_to_stop("intake")
    await asyncio.gather(*sending)
    stage.wait_gone("intake", seconds=10)
    stored = await _scalars(stage, "SELECT key FROM intake.idempotency_key WHERE key LIKE 'stop-%'")
    assert set(stored) == acknowledged
    stage.start("intake")
    stage.wait_ready("intake")
    assert (await _post(police)).status == 201


async def _post(sender: Asker, key: str | None = None) -> Answer:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return await sender.just_once("POST", "intake", "/v1/referrals", said=a_referral(), headers=headers)


async def _is_healed(stage: Stage, police: Asker) -> bool:
    """Say whether a referral is taken again and every service is ready: each heals in its own time."""
    return await _is_taken(police) and all(stage.health(service, "ready") == 200 for service in _WITH_PAGES)


async def _is_taken(sender: Asker) -> bool:
    return (await _post(sender)).status == 201


async def _send_until_closed(sender: Asker, acknowledged: set[str]) -> None:
    """Send one referral after the other, until nobody listens any more."""
    while True:
        key = f"stop-{uuid4()}"
        try:
            answer = await _post(sender, key)
        except NoAnswer:
            return
        assert answer.status == 201, answer.body
        acknowledged.add(key)


async def _restart(stage: Stage, service: str) -> None:
    stage.kill(service)
    stage.wait_gone(service, seconds=5)
    stage.start(service)


def _signal_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)


def _holds(condition: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return condition()

    return look


def _has_case(decider: Asker, reference: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        found = await decider.just_once("GET", "triage", f"/v1/cases?reference={reference}")
        return bool(found.status == 200 and found.json()["items"])

    return look


def _is_published(stage: Stage) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        return not await _scalars(stage, "SELECT event_id FROM intake.outbox WHERE published_at IS NULL")

    return look


async def _scalars(stage: Stage, query: str) -> list[Any]:
    engine = create_async_engine(make_url(stage.postgres.url))
    try:
        async with engine.connect() as connection:
            return list(await connection.scalars(text(query)))
    finally:
        await engine.dispose()


async def _within(seconds: float, holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it `holds`; fail when it does not in time."""
    give_up_at = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < give_up_at, f"not so after {seconds:.0f} s"
        await asyncio.sleep(0.1)
