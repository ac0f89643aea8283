"""The receiver put together: take a call, answer at once, then fetch, record and confirm."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Final

import httpx
import structlog
from fastapi import FastAPI, Request
from pydantic import Field, TypeAdapter
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.responses import JSONResponse, Response

from deploy.local.receiver.hub import ForeignAddress, PartnersHub, Subscription
from deploy.local.receiver.records import Records
from deploy.local.receiver.settings import Settings
from shared.clock import utc_now
from shared.platform import log
from shared.platform.peers import http_client
from shared.platform.process import run_workers
from shared.schemas.notices import Notice
from shared.schemas.outcomes import Outcome, WebhookBody, WebhookNoticeBody

_LONGEST_PAUSE_SECONDS = 15.0
_ASK_AGAIN = {"Retry-After": "5"}

_AnyBody = Annotated[WebhookBody | WebhookNoticeBody, Field(discriminator="type")]
_BODIES: Final[TypeAdapter[WebhookBody | WebhookNoticeBody]] = TypeAdapter(_AnyBody)


class Receiver:
    """A partner's system, from the hub's call to an outcome recorded and confirmed, or a notice read."""

    def __init__(self, hub: PartnersHub, records: Records, settings: Settings) -> None:
        self.records = records
        self.subscription: Subscription | None = None
        self._hub = hub
        self._settings = settings
        self._called = asyncio.Event()

    def take(self, body: bytes, headers: dict[str, str]) -> int:
        """Keep a call for later and return the status to answer it with.

        The signature is checked on the bytes as they came: parsed and written again they would differ.
        """
        if self.subscription is None:
            return 503
        try:
            Webhook(self.subscription.secret).verify(body, headers)
            call = _BODIES.validate_json(body)
        except (WebhookVerificationError, ValueError):
            return 401
        take = self.records.take if isinstance(call, WebhookBody) else self.records.take_notice
        take(call.data, at=utc_now())
        self._called.set()
        return 204

    async def work(self, stop: asyncio.Event) -> None:
        """Subscribe, then finish what was called about, until `stop`; what fails is tried again later."""
        pause = 0.5
        while not stop.is_set():
            try:
                await self._catch_up()
                pause = 0.5
                await _first_of(stop, self._called)
                self._called.clear()
            except (httpx.HTTPError, TimeoutError) as error:
                structlog.get_logger().warning("hub_away", error_type=type(error).__name__)
                await _first_of(stop, seconds=pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    async def _catch_up(self) -> None:
        if self.subscription is None:
            self.subscription = await self._hub.subscribe(self._settings.own_folder / "webhook.json")
        waiting = [(self._finish, *call) for call in self.records.list_unfinished()]
        waiting += [(self._read, *call) for call in self.records.list_unread()]
        failure: httpx.HTTPError | TimeoutError | None = None
        for see_to, event_id, url in waiting:
            try:
                await see_to(event_id, url)
            except ForeignAddress:
                structlog.get_logger().error("foreign_address", event_id=event_id)
            except (httpx.HTTPError, TimeoutError) as error:
                # One that cannot be had must not hold up the others.
                failure = error
        if failure is not None:
            raise failure

    async def _finish(self, event_id: str, url: str) -> None:
        """Fetch, record, confirm. Done twice it changes nothing: the first record and confirmation stand."""
        outcome = await self._hub.fetch(url, Outcome)
        recorded_reference, recorded_at = self.records.record(outcome, at=utc_now())
        await self._hub.acknowledge(event_id, recorded_reference, recorded_at)
        self.records.finish(event_id, at=utc_now())
        structlog.get_logger().info("outcome_recorded", event_id=event_id)

    async def _read(self, event_id: str, url: str) -> None:
        """Fetch a notice and note that it was read; it is not confirmed."""
        self.records.record_notice(await self._hub.fetch(url, Notice), at=utc_now())
        structlog.get_logger().info("notice_read", event_id=event_id)


async def _first_of(*events: asyncio.Event, seconds: float | None = None) -> None:
    """Wait until one of `events` is set, or for so many seconds."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def create_app(settings: Settings, http: httpx.AsyncClient | None = None) -> FastAPI:
    """Return the receiver's web application.

    Args:
        http: how the hub is reached; left out, over the network.
    """

    @asynccontextmanager
    async def live(app: FastAPI) -> AsyncIterator[None]:
        log.configure("receiver")
        stop = asyncio.Event()
        records = Records(settings.own_folder / "records.sqlite")
        async with http or http_client() as client:
            receiver = app.state.receiver = Receiver(PartnersHub(client, settings), records, settings)
            working = asyncio.create_task(run_workers({"receiver": receiver.work}, stop))
            yield
            stop.set()
            await working
        records.close()

    app = FastAPI(lifespan=live, openapi_url=None)

    @app.post("/hub/outcomes")
    async def take_call(request: Request) -> Response:
        """Take a call of the hub."""
        status = request.app.state.receiver.take(await request.body(), dict(request.headers))
        return Response(status_code=status, headers=_ASK_AGAIN if status == 503 else None)

    @app.get("/records")
    async def list_records(request: Request) -> Response:
        """List what was recorded, for the demo."""
        return JSONResponse({"items": request.app.state.receiver.records.list_all()})

    @app.get("/notices")
    async def list_notices(request: Request) -> Response:
        """List the notices that were read, for the demo."""
        return JSONResponse({"items": request.app.state.receiver.records.list_notices()})

    @app.get("/health/live")
    async def say_live() -> Response:
        """Say that the process runs."""
        return JSONResponse({"status": "live"})

    @app.get("/health/ready")
    async def say_ready(request: Request) -> Response:
        """Say whether the hub will call us."""
        subscribed = request.app.state.receiver.subscription is not None
        return JSONResponse({"status": "ready" if subscribed else "subscribing"}, 200 if subscribed else 503)

    return app
